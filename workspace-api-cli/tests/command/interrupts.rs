//! Two signals at any moment lose nothing: what is known is printed and reported, and the run
//! resumes.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use serde_json::Value;

use crate::fixture::{Fixture, id};

const DETACH_SINGLY: [&str; 7] = [
    "detach",
    "--all-users",
    "--yes",
    "--from",
    "list.txt",
    "--batch-size",
    "1",
];
const DESKTOPS: usize = 400;

/// Returns the same numbers below `limit` in each run.
struct Moments(u64);

impl Moments {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % limit
    }
}

fn interrupt(process: u32) {
    let process = process.to_string();
    let mut kill = Command::new("/bin/kill");
    // The process may have ended by now.
    kill.args(["-INT", &process])
        .stderr(Stdio::null())
        .status()
        .unwrap();
}

/// Starts the command with a default report below this folder.
fn start(fixture: &Fixture, arguments: &[&str]) -> Child {
    fixture
        .workspace(arguments)
        .env("XDG_STATE_HOME", fixture.folder.path().join("state"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// When the signals are sent: milliseconds after the service received this number of requests, and
/// milliseconds after the first signal. How far a run is after a time depends on the machine.
#[derive(Debug)]
struct Signals {
    requests: usize,
    first: u64,
    second: u64,
}

/// Runs the command and interrupts it twice.
fn interrupted(fixture: &Fixture, arguments: &[&str], signals: &Signals) -> Output {
    let run = start(fixture, arguments);
    let process = run.id();
    thread::scope(|scope| {
        scope.spawn(|| {
            fixture.wait_until(|fixture| fixture.detachments().len() >= signals.requests);
            thread::sleep(Duration::from_millis(signals.first));
            interrupt(process);
            thread::sleep(Duration::from_millis(signals.second));
            interrupt(process);
        });
        run.wait_with_output().unwrap()
    })
}

/// Returns the outcome of each desktop in the results.
fn outcomes(stdout: &str) -> BTreeMap<String, String> {
    let document: Option<Value> = serde_json::from_str(stdout).ok();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    if let Some(document) = document {
        let desktops = document["desktops"].as_array().unwrap().iter();
        return desktops
            .map(|desktop| (text(&desktop["desktop_id"]), text(&desktop["outcome"])))
            .collect();
    }
    let rows = stdout.lines().filter(|line| line.starts_with("d-"));
    rows.map(|row| {
        let mut words = row.split_whitespace();
        let mut word = || words.next().unwrap().to_owned();
        (word(), word())
    })
    .collect()
}

fn only_report(fixture: &Fixture) -> Option<PathBuf> {
    let folder = fixture.folder.path().join("state/workspace");
    let files = fs::read_dir(folder).ok()?;
    let mut reports: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    assert!(reports.len() < 2, "{reports:?}");
    reports.pop()
}

#[test]
fn two_signals_at_any_moment_lose_nothing() {
    let mut moments = Moments(2026);
    let formats = [&[][..], &["--json"], &["--output", "table", "--all"]];
    let mut interrupted_runs = 0;
    for round in 0..10 {
        let fixture = Fixture::with_desktops(DESKTOPS, Duration::from_millis(25));
        fixture.list(DESKTOPS);
        let detach = ["detach", "--all-users", "--yes", "--from", "list.txt"];
        let size = ["--batch-size", "25"];
        let arguments = [&detach[..], &size, formats[round % formats.len()]].concat();
        // A run sends 16 requests. The first one is interrupted while it starts.
        let signals = Signals {
            requests: round,
            first: moments.below(25),
            second: moments.below(40),
        };
        let output = interrupted(&fixture, &arguments, &signals);
        let context = format!("round {round}: {signals:?}: {output:?}");
        let unbound = fixture.unbindings();
        let Some(code) = output.status.code() else {
            // Before the plan was reported, nothing can have been sent.
            assert!(fixture.detachments().is_empty(), "{context}");
            continue;
        };
        let stdout = String::from_utf8(output.stdout).unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        let found = outcomes(&stdout);
        assert_eq!(found.len(), DESKTOPS, "{context}");
        let count = |outcome| found.values().filter(|found| *found == outcome).count();
        for (desktop, outcome) in &found {
            match outcome.as_str() {
                "succeeded" => assert_eq!(unbound[desktop], 1, "{desktop}: {context}"),
                "not_sent" => assert_eq!(unbound[desktop], 0, "{desktop}: {context}"),
                "unknown" => {}
                other => panic!("{desktop} is {other}: {context}"),
            }
        }
        let counts = format!("{} of 400 desktops unbound", count("succeeded"));
        assert!(stderr.contains(&counts), "{context}");
        let report = only_report(&fixture).unwrap();
        // The signals came too late to stop anything.
        if code == 0 || count("succeeded") == DESKTOPS {
            continue;
        }
        interrupted_runs += 1;
        assert_eq!(code, 130, "{context}");
        assert!(count("unknown") <= 25, "{context}");
        let resume = stderr
            .lines()
            .find_map(|line| line.strip_prefix("To resume, run: "));
        let resume = resume.unwrap_or_else(|| panic!("{context}"));
        assert!(resume.ends_with(report.to_str().unwrap()), "{context}");
        let words: Vec<_> = resume.split(' ').skip(1).collect();
        let mut command = fixture.workspace(&[]);
        command = {
            let mut plain = Command::new(command.get_program());
            for (name, value) in command.get_envs() {
                plain.env(name, value.unwrap_or_default());
            }
            plain.current_dir(&fixture.folder);
            plain
        };
        let resumed = command.args(words).arg("--yes").output().unwrap();
        assert_eq!(resumed.status.code(), Some(0), "{resumed:?}");
        let once = fixture.unbindings().into_values().all(|count| count == 1);
        assert!(once, "{context}");
    }
    assert!(interrupted_runs >= 3, "{interrupted_runs}");
}

#[test]
fn a_second_signal_reports_the_batch_in_flight_as_unknown() {
    let fixture = Fixture::with_desktops(3, Duration::from_secs(30));
    fixture.list(3);
    let signals = Signals {
        requests: 1,
        first: 0,
        second: 100,
    };
    let output = interrupted(&fixture, &DETACH_SINGLY, &signals);
    assert_eq!(output.status.code(), Some(130), "{output:?}");
    let stdout = String::from_utf8(output.stdout).unwrap();
    let expected = [(id(1), "unknown"), (id(2), "not_sent"), (id(3), "not_sent")];
    let expected = expected.map(|(id, outcome)| (id, outcome.to_owned()));
    assert_eq!(outcomes(&stdout), BTreeMap::from(expected));
    let report = fs::read_to_string(only_report(&fixture).unwrap()).unwrap();
    let last: Value = serde_json::from_str(report.lines().last().unwrap()).unwrap();
    assert_eq!(last["result"], "interrupted");
    let stderr = String::from_utf8(output.stderr).unwrap();
    let counts = "0 of 3 desktops unbound, 1 unknown, 2 not sent.\nTo resume, run: ";
    assert!(stderr.contains(counts), "{stderr}");
}

#[test]
fn a_signal_ends_the_wait_while_the_service_throttles() {
    let fixture = Fixture::with_rate_limit(4, "2/m");
    fixture.list(4);
    let run = start(&fixture, &DETACH_SINGLY);
    let count = |fixture: &Fixture, status| {
        let detachments = fixture.detachments();
        let counted = detachments
            .iter()
            .filter(|detachment| detachment.status == Some(status));
        counted.count()
    };
    fixture.wait_until(|fixture| count(fixture, 429) > 0);
    let interrupted = Instant::now();
    interrupt(run.id());
    let output = run.wait_with_output().unwrap();
    assert!(interrupted.elapsed() < Duration::from_secs(10));
    assert_eq!(output.status.code(), Some(130), "{output:?}");
    let stdout = String::from_utf8(output.stdout).unwrap();
    let expected = [
        (id(1), "succeeded"),
        (id(2), "succeeded"),
        (id(3), "not_sent"),
        (id(4), "not_sent"),
    ];
    let expected = expected.map(|(id, outcome)| (id, outcome.to_owned()));
    assert_eq!(outcomes(&stdout), BTreeMap::from(expected));
    assert_eq!(count(&fixture, 200), 2);
    let stderr = String::from_utf8(output.stderr).unwrap();
    let counts = "2 of 4 desktops unbound, 2 not sent.\nTo resume, run: ";
    assert!(stderr.contains(counts), "{stderr}");
}
