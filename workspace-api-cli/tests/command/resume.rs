//! Runs that are killed and resumed: no desktop is unbound twice, and none is lost.

use std::collections::{HashMap, HashSet};
#[cfg(unix)]
use std::path::Path;
#[cfg(unix)]
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;
use std::{fs, thread};

use workspace_api_sandbox::{Fault, defaults};

use crate::fixture::{DETACH_LIST, DETACH_TENS, Fixture, id, outcomes};

const DESKTOPS: usize = 1000;
const RESUME: [&str; 4] = ["detach", "--yes", "--resume", "r.jsonl"];
const RESUME_TENS: [&str; 6] = [
    "detach",
    "--yes",
    "--resume",
    "r.jsonl",
    "--batch-size",
    "10",
];

fn assert_unbound_once(fixture: &Fixture) {
    let unbindings = fixture.unbindings();
    let others: Vec<_> = unbindings
        .iter()
        .filter(|(_, count)| **count != 1)
        .collect();
    assert!(others.is_empty(), "not unbound exactly once: {others:?}");
}

/// Kills a run after each of these times in milliseconds, and resumes it.
fn killed_after(times: &[u64]) {
    let fixture = Fixture::with_desktops(DESKTOPS, Duration::from_millis(20));
    fixture.list(DESKTOPS);
    let start = [DETACH_LIST.as_slice(), &["--report", "r.jsonl"]].concat();
    let report = fixture.folder.path().join("r.jsonl");
    for time in times {
        // A run that was killed before its report has a first line has sent nothing and starts
        // anew.
        let has_plan = fs::read_to_string(&report).is_ok_and(|text| text.contains('\n'));
        let arguments = if has_plan {
            RESUME.as_slice()
        } else {
            start.as_slice()
        };
        let mut run = fixture
            .workspace(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        thread::sleep(Duration::from_millis(*time));
        run.kill().unwrap();
        run.wait().unwrap();
    }
    if fs::read_to_string(&report).is_ok_and(|text| text.contains('\n')) {
        fixture.assert(&RESUME).code(0);
    } else {
        fixture.assert(&start).code(0);
    }
    assert_unbound_once(&fixture);
    let mut done = HashSet::new();
    for request in fixture.detachments() {
        let again: Vec<_> = request.desktops.intersection(&done).collect();
        assert!(again.is_empty(), "sent again after a response: {again:?}");
        if request.status == Some(200) {
            done.extend(request.desktops);
        }
    }
    let succeeded = outcomes(&report)
        .into_iter()
        .filter(|(_, outcome)| outcome == "succeeded")
        .map(|(desktop, _)| desktop)
        .collect::<Vec<_>>();
    assert_eq!(succeeded.len(), DESKTOPS, "one outcome for each desktop");
    assert_eq!(succeeded.into_iter().collect::<HashSet<_>>(), done);
}

#[test]
fn killed_runs_unbind_each_desktop_once() {
    killed_after(&[40, 80, 120, 30, 95, 61, 150]);
}

/// Kills a run while its first batch is in flight, as soon as the condition holds.
fn killed_in_flight(
    desktops: usize,
    fault: Fault,
    condition: impl Fn(&Fixture) -> bool,
) -> Fixture {
    let fixture = Fixture::with_desktops(desktops, Duration::ZERO);
    fixture.list(desktops);
    fixture.fault(fault.operation("BatchDetachInstances").times(1));
    let mut run = fixture
        .workspace(&[DETACH_TENS.as_slice(), &["--report", "r.jsonl"]].concat())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    fixture.wait_until(condition);
    run.kill().unwrap();
    run.wait().unwrap();
    fixture
}

fn is_received(fixture: &Fixture) -> bool {
    fixture.detachments().len() == 1
}

#[test]
fn desktops_with_a_new_record_are_not_sent_again() {
    // The sandbox processes the request and sends no response.
    let is_processed = |fixture: &Fixture| fixture.unbindings()[&id(10)] == 1;
    let fixture = killed_in_flight(30, Fault::stall().after(), is_processed);
    let assert = fixture.assert(&RESUME_TENS).code(0);
    assert_unbound_once(&fixture);
    let batches = fixture.detachments();
    assert_eq!(batches.len(), 3, "each batch is sent once");
    assert!(batches[1].desktops.contains(&id(11)));
    let stdout = String::from_utf8_lossy(&assert.get_output().stdout).into_owned();
    let first = "d-0001\tsucceeded\t\t\t\td-0001\t\t\tyes\n";
    assert!(stdout.starts_with(first), "{stdout}");
    assert_eq!(stdout.lines().count(), 30);
    let stderr = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    let expected = "Report: 0 of 30 desktops unbound, 10 unknown, last written ";
    assert!(stderr.starts_with(expected), "{stderr}");
    let expected = "ago).\nChecking the unbinding records of 10 desktops …\n";
    assert!(stderr.contains(expected), "{stderr}");
    let expected = "\n30 of 30 desktops unbound (20 of them now).\n";
    assert!(stderr.ends_with(expected), "{stderr}");
    let assert = fixture
        .assert(&[&RESUME[..], &["--verify"]].concat())
        .code(0);
    let stderr = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    assert!(stderr.contains("Verifying 20 desktops …\n"), "{stderr}");
    let expected = "30 of 30 desktops unbound (0 of them now), 30 verified.\n";
    assert!(stderr.ends_with(expected), "{stderr}");
}

/// The summary and the exit code of a resumed run are about its whole report.
#[test]
fn a_resumed_run_counts_its_whole_report() {
    let fixture = Fixture::with_seed(3, |seed| seed.projects[0].desktops[2].pool = true);
    let run = |arguments: &[&str], code| {
        let assert = fixture.assert(arguments).code(code);
        String::from_utf8_lossy(&assert.get_output().stderr).into_owned()
    };
    fixture.file("list.txt", "d-0001\ngone\nd-0002\nd-0003\n");
    let start = ["--report", "r.jsonl", "--batch-size", "3"];
    run(&[&DETACH_LIST[..], &start].concat(), 3);
    for (more, counts) in [
        (&[][..], ""),
        (&["--verify"], ", 3 verified"),
        // Nothing is left to verify, but it counts.
        (&["--verify"], ", 3 verified"),
    ] {
        let stderr = run(&[&RESUME[..], more].concat(), 3);
        let expected = format!(
            "\n2 of 4 desktops unbound (0 of them now), 1 accepted (0 of them now){counts}, 1 failed.\n"
        );
        assert!(stderr.contains(&expected), "{expected}\n{stderr}");
        let state = "Report: 2 of 4 desktops unbound, 1 accepted, 1 failed, last written ";
        assert!(stderr.starts_with(state), "{stderr}");
    }
    assert_eq!(fixture.detachments().len(), 5);
}

#[test]
fn nothing_is_left_after_a_complete_run() {
    let fixture = Fixture::with_desktops(2, Duration::ZERO);
    fixture.list(2);
    let start = [DETACH_LIST.as_slice(), &["--report", "r.jsonl"]].concat();
    fixture.assert(&start).code(0);
    let assert = fixture.assert(&RESUME).code(0);
    let stderr = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    let expected = "Nothing left to do: 2 of 2 desktops unbound.\n";
    assert!(stderr.ends_with(expected), "{stderr}");
}

#[test]
fn unreadable_records_leave_desktops_unknown() {
    let fixture = killed_in_flight(15, Fault::stall(), is_received);
    fixture.fault(Fault::status(403).operation("ListDesktopDetachInfo"));
    let assert = fixture.assert(&RESUME).code(3);
    let stdout = String::from_utf8_lossy(&assert.get_output().stdout).into_owned();
    assert_eq!(stdout.matches("\tunknown\t").count(), 10);
    assert_eq!(stdout.matches("\tsucceeded\t").count(), 5);
    let stderr = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    let expected = "\n5 of 15 desktops unbound, 10 unknown.\n";
    assert!(stderr.contains(expected), "{stderr}");
    let second = &fixture.detachments()[1].desktops;
    assert_eq!(*second, (11..=15).map(id).collect());

    // Once the records can be read, they show that no desktop was unbound.
    fixture.sandbox.clear_faults();
    fixture.assert(&RESUME).code(0);
    assert_unbound_once(&fixture);
}

#[test]
fn rejected_credentials_stop_before_sending() {
    let fixture = killed_in_flight(15, Fault::stall(), is_received);
    let mut resume = fixture.workspace(&RESUME);
    let output = resume.env("HW_AUTH_TOKEN", "invalid").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(fixture.detachments().len(), 1);
    fixture.assert(&RESUME).code(0);
    assert_unbound_once(&fixture);
}

/// Returns the command that a run prints to resume it.
fn printed_resume_command(stderr: &[u8]) -> String {
    let stderr = String::from_utf8_lossy(stderr).into_owned();
    let line = stderr
        .lines()
        .find_map(|line| line.strip_prefix("To resume, run: "));
    line.unwrap_or_else(|| panic!("{stderr}")).to_owned()
}

#[cfg(unix)]
#[test]
fn resume_command_repeats_the_connection_options() {
    let fixture = Fixture::with_desktops(15, Duration::ZERO);
    fixture.list(15);
    let rejection = Fault::status(400).operation("BatchDetachInstances");
    fixture.fault(rejection.times(1));
    let report = "it's friday.jsonl";
    let mut run = fixture.workspace(&[DETACH_TENS.as_slice(), &["--report", report]].concat());
    run.args([
        "--region",
        "xx-test-1",
        "--project-id",
        defaults::PROJECT_ID,
    ]);
    run.args(["--iam-endpoint", "https://iam.example/a b"]);
    run.env_remove("HUAWEICLOUD_SDK_PROJECT_ID");
    let output = run.output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    let command = printed_resume_command(&output.stderr);
    let (project, endpoint) = (defaults::PROJECT_ID, fixture.sandbox.base_url());
    assert_eq!(
        command,
        format!(
            "workspace detach --region xx-test-1 --project-id {project} --endpoint {endpoint} \
             --iam-endpoint 'https://iam.example/a b' --resume \"it's friday.jsonl\""
        )
    );
    // It works in a shell, in an environment that has only the credentials.
    let folder = Path::new(env!("CARGO_BIN_EXE_workspace")).parent().unwrap();
    let output = Command::new("/bin/sh")
        .args(["-c", &format!("{command} --yes")])
        .env_clear()
        .env("PATH", folder)
        .env("HW_AUTH_TOKEN", defaults::TOKEN)
        .current_dir(&fixture.folder)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_unbound_once(&fixture);
}

#[test]
fn ephemeral_sandbox_run_resumes_on_a_sandbox() {
    let folder = tempfile::TempDir::new().unwrap();
    let output = crate::workspace()
        .current_dir(&folder)
        .args(["detach", "--sandbox", defaults::BUSY_DESKTOP, "--all-users"])
        .args(["--yes", "--report", "r.jsonl"])
        .output()
        .unwrap();
    let command = "workspace detach --sandbox --resume r.jsonl";
    assert_eq!(printed_resume_command(&output.stderr), command);
    let words = command.split(' ').skip(1).chain(["--yes"]);
    let again = crate::workspace()
        .current_dir(&folder)
        .args(words)
        .output()
        .unwrap();
    assert_eq!(printed_resume_command(&again.stderr), command);
}

#[test]
fn desktops_are_not_sent_again_after_a_status_that_proves_nothing() {
    for status in [408, 425, 460, 499] {
        let fixture = Fixture::with_desktops(15, Duration::ZERO);
        fixture.list(15);
        let fault = Fault::status(status).operation("BatchDetachInstances");
        fixture.fault(fault.after().times(1));
        let start = [DETACH_TENS.as_slice(), &["--report", "r.jsonl"]].concat();
        fixture.assert(&start).code(3);
        fixture.assert(&RESUME).code(0);
        assert_unbound_once(&fixture);
        assert_eq!(fixture.detachments().len(), 2, "{status}");
    }
}

#[test]
fn failed_desktops_with_a_new_record_are_not_sent_again() {
    let fixture = Fixture::with_desktops(2, Duration::ZERO);
    fixture.list(2);
    let fault = Fault::status(400).operation("BatchDetachInstances");
    fixture.fault(fault.after().times(1));
    let start = [DETACH_LIST.as_slice(), &["--report", "r.jsonl"]].concat();
    fixture.assert(&start).code(1);
    fixture.assert(&RESUME).code(0);
    assert_eq!(fixture.detachments().len(), 1);
}

/// Statuses that a server may send although it has unbound the desktops, and statuses that it sends
/// before it does anything. Each proves nothing, so the report says unknown.
const AFTER: [u16; 4] = [408, 460, 499, 500];
const BEFORE: [u16; 3] = [425, 451, 502];

/// Runs and resumes, and kills most runs, until all desktops are unbound.
fn killed_with_faults(seed: u64) {
    const DESKTOPS: usize = 180;
    const LATENCY: Duration = Duration::from_millis(4);
    let fixture = Fixture::with_desktops(DESKTOPS, LATENCY);
    fixture.list(DESKTOPS);
    for status in AFTER {
        fixture.fault(post(Fault::status(status).after().probability(0.1)));
    }
    for status in BEFORE {
        fixture.fault(post(Fault::status(status).probability(0.05)));
    }
    fixture.fault(post(Fault::reset().after().probability(0.05)));
    fixture.fault(post(Fault::truncate().after().probability(0.05)));
    let report = fixture.folder.path().join("r.jsonl");
    let start = ["--report", "r.jsonl", "--batch-size", "12"];
    let start = [DETACH_LIST.as_slice(), &start].concat();
    let resume = [RESUME.as_slice(), &["--batch-size", "12"]].concat();
    let mut random = seed;
    let mut rounds = 0;
    loop {
        rounds += 1;
        assert!(rounds < 100, "the run does not end");
        let has_plan = fs::read_to_string(&report).is_ok_and(|text| text.contains('\n'));
        let mut run = fixture
            .workspace(if has_plan { &resume } else { &start })
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        // Killed after its first, second, third or fourth batch was sent, and in some rounds not.
        let batches = fixture.detachments().len() + 1 + (random >> 33) as usize % 6;
        let status = loop {
            if let Some(status) = run.try_wait().unwrap() {
                break status;
            }
            if fixture.detachments().len() >= batches {
                thread::sleep(Duration::from_millis(random >> 40 & 7));
                run.kill().unwrap();
                break run.wait().unwrap();
            }
            thread::sleep(Duration::from_millis(1));
        };
        if status.success() {
            break;
        }
        // Requests in flight end before their records are read.
        thread::sleep(10 * LATENCY);
    }
    assert_unbound_once(&fixture);
    let mut done = HashSet::new();
    for request in fixture.detachments() {
        let again: Vec<_> = request.desktops.intersection(&done).collect();
        assert!(again.is_empty(), "sent again after it was done: {again:?}");
        if matches!(request.status, Some(status) if status == 200 || AFTER.contains(&status)) {
            done.extend(request.desktops);
        }
    }
    let all: HashSet<_> = (1..=DESKTOPS).map(id).collect();
    let mut last: HashMap<_, _> = outcomes(&report).into_iter().collect();
    last.retain(|_, outcome| outcome == "succeeded");
    assert_eq!(last.into_keys().collect::<HashSet<_>>(), all);
}

/// Limits a fault to unbindings.
fn post(fault: Fault) -> Fault {
    fault.operation("BatchDetachInstances")
}

#[test]
fn killed_runs_with_responses_that_prove_nothing_unbind_each_desktop_once() {
    let seeds = (1..=3).map(|seed| thread::spawn(move || killed_with_faults(seed)));
    for run in seeds.collect::<Vec<_>>() {
        run.join().unwrap();
    }
}
