//! `workspace report`, and how old reports, final failures and broken disks are treated.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use workspace_api_sandbox::Fault;

use crate::fixture::{DETACH_LIST, DETACH_TENS, Fixture, id};

fn with<'a>(arguments: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [arguments, more].concat()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Runs a report of three desktops, of which one does not exist.
fn with_report() -> Fixture {
    let fixture = Fixture::with_desktops(2, Duration::ZERO);
    fixture.file("list.txt", "d-0001\nd-0002\nnosuch\n");
    fixture
        .assert(&with(&DETACH_LIST, &["--report", "r.jsonl"]))
        .code(3);
    fixture
}

fn report(fixture: &Fixture, arguments: &[&str]) -> String {
    let output = fixture
        .workspace(&with(&["report"], arguments))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    text(&output.stdout)
}

#[test]
fn report_shows_who_where_when_and_what() {
    let fixture = with_report();
    let shown = report(&fixture, &["r.jsonl", "--output", "table"]);
    for expected in [
        "Report     r.jsonl\n",
        concat!(
            "Format     1, of workspace ",
            env!("CARGO_PKG_VERSION"),
            "\n"
        ),
        "Command    workspace detach for 3 desktops\n",
        " ago)\n",
        "By         unknown user on ",
        ", with user token, from environment variable HW_AUTH_TOKEN\n",
        "End        completed\n",
        &format!("Endpoint   {}\n", fixture.sandbox.base_url()),
        "failed: 1 desktop: WKS.0202: The desktop does not exist.\n  nosuch\n  request id ",
        "2 of 3 desktops unbound, 1 failed.\n",
    ] {
        assert!(shown.contains(expected), "{expected}\n{shown}");
    }
    assert!(
        !shown.contains("To resume"),
        "the only failure is final: {shown}"
    );

    let rows = report(&fixture, &["r.jsonl"]);
    assert!(rows.starts_with("d-0001\tsucceeded\t"), "{rows}");
    assert_eq!(rows.lines().count(), 3);
    let json: Value = serde_json::from_str(&report(&fixture, &["r.jsonl", "--json"])).unwrap();
    assert_eq!(json["result"], "completed");
    assert_eq!(json["counts"]["succeeded"], 2);
    assert_eq!(
        json["by"]["credentials"],
        "user token, from environment variable HW_AUTH_TOKEN"
    );
    for desktop in json["desktops"].as_array().unwrap() {
        assert!(
            desktop["request_id"].is_string() && desktop["time"].is_string(),
            "{desktop}"
        );
    }
}

#[test]
fn killed_and_running_runs_have_unknown_desktops() {
    let fixture = Fixture::with_desktops(15, Duration::ZERO);
    fixture.list(15);
    fixture.fault(Fault::stall());
    let mut run = fixture
        .workspace(&with(&DETACH_TENS, &["--report", "r.jsonl"]))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    fixture.wait_until(|fixture| fixture.detachments().len() == 1);
    let running = report(&fixture, &["r.jsonl", "--output", "table"]);
    run.kill().unwrap();
    run.wait().unwrap();
    assert!(running.contains("End        still running\n"), "{running}");
    assert!(!running.contains("To resume"), "{running}");
    let killed = report(&fixture, &["r.jsonl", "--output", "table"]);
    assert!(
        killed.contains("End        killed before its end\n"),
        "{killed}"
    );
    let counts = "0 of 15 desktops unbound, 10 unknown, 5 not sent.\nTo resume, run: workspace \
                  detach --project-id ";
    assert!(killed.contains(counts), "{killed}");
    assert!(
        killed.contains("unknown: 10 desktops: sent, but its outcome was not"),
        "{killed}"
    );
}

#[test]
fn list_has_the_latest_report_first() {
    let fixture = Fixture::with_desktops(2, Duration::ZERO);
    fixture.list(2);
    let state = fixture.folder.path().join("state");
    let run = |arguments: &[&str]| {
        let mut command = fixture.workspace(arguments);
        let output = command.env("XDG_STATE_HOME", &state).output().unwrap();
        (
            output.status.code().unwrap(),
            text(&output.stdout),
            text(&output.stderr),
        )
    };
    assert_eq!(run(&["report", "--list"]).1, "", "no folder, no reports");
    run(&["logoff", "--yes", "--from", "list.txt"]);
    std::thread::sleep(Duration::from_millis(20));
    run(&DETACH_LIST);
    fs::write(state.join("workspace/broken.jsonl"), "{}\n").unwrap();
    let (code, stdout, stderr) = run(&["report", "--list"]);
    assert_eq!(code, 0);
    assert!(
        stderr.contains("broken.jsonl: the file is not a report"),
        "{stderr}"
    );
    let rows: Vec<Vec<_>> = stdout
        .lines()
        .map(|row| row.split('\t').collect())
        .collect();
    let columns: Vec<_> = rows.iter().map(|row| row[1..9].join(" ")).collect();
    assert_eq!(
        columns,
        [
            "detach completed 2 2 0 0 0 0",
            "logoff completed 2 2 0 0 0 0"
        ]
    );
    assert!(fs::metadata(rows[0][9]).unwrap().is_file());
    let (_, shown, _) = run(&["report", "--list", "-o", "table"]);
    let folder = state.join("workspace");
    let first = format!(
        " ago): detach, completed. 2 of 2 desktops unbound.\n  {}",
        folder.display()
    );
    assert!(shown.contains(&first), "{shown}");
    let json: Value = serde_json::from_str(&run(&["report", "--list", "--json"]).1).unwrap();
    assert_eq!(json[0]["counts"]["succeeded"], 2);
}

#[test]
fn report_needs_a_file_or_the_list() {
    let fixture = Fixture::with_desktops(0, Duration::ZERO);
    for arguments in [
        &["report"][..],
        &["report", "r.jsonl", "--list"],
        &["report", "none"],
    ] {
        fixture.assert(arguments).code(2);
    }
}

/// Makes a report look as old as this.
fn set_year(fixture: &Fixture, year: &str) {
    let path = fixture.folder.path().join("r.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    let this_year = &text[text.find("\"started\":\"").unwrap() + 11..][..4].to_owned();
    fs::write(
        &path,
        text.replace(&format!("\"{this_year}-"), &format!("\"{year}-")),
    )
    .unwrap();
}

#[test]
fn an_old_report_is_not_resumed_without_a_question() {
    let fixture = Fixture::with_desktops(2, Duration::ZERO);
    fixture.list(2);
    let rejection = Fault::status(400).operation("BatchDetachInstances");
    fixture.fault(rejection.times(1));
    fixture
        .assert(&with(&DETACH_LIST, &["--report", "r.jsonl"]))
        .code(1);
    set_year(&fixture, "2020");
    let resume = ["detach", "--yes", "--resume", "r.jsonl"];
    let assert = fixture.assert(&resume).code(2);
    let stderr = text(&assert.get_output().stderr);
    assert!(
        stderr.contains("months old, and other users may have been bound since"),
        "{stderr}"
    );
    assert!(stderr.contains("--max-age"), "{stderr}");
    fixture.assert(&with(&resume, &["--max-age", "1d"])).code(2);
    assert_eq!(fixture.detachments().len(), 1);
    let assert = fixture
        .assert(&with(&resume, &["--max-age", "100years"]))
        .code(0);
    let stderr = text(&assert.get_output().stderr);
    assert!(stderr.contains("last written 2020-"), "{stderr}");
    // Nothing is left to send, so its age does not matter.
    set_year(&fixture, "2020");
    fixture.assert(&resume).code(0);
}

#[test]
fn resuming_is_offered_only_if_it_can_change_something() {
    for (desktops, is_offered) in [("nosuch", false), ("d-0001\nnosuch", true)] {
        let fixture = Fixture::with_desktops(1, Duration::ZERO);
        fixture.file("list.txt", desktops);
        if is_offered {
            let fault = Fault::status(409).operation("BatchDetachInstances");
            fixture.fault(fault);
        }
        let arguments = with(&DETACH_LIST, &["--report", "r.jsonl"]);
        let output = fixture.workspace(&arguments).output().unwrap();
        let stderr = text(&output.stderr);
        assert_eq!(stderr.contains("To resume, run"), is_offered, "{stderr}");
    }
}

#[test]
fn max_failures_stops_the_run() {
    let fixture = Fixture::with_desktops(10, Duration::ZERO);
    let ids: Vec<_> = (1..=2)
        .map(id)
        .chain((0..4).map(|n| format!("gone-{n}")))
        .collect();
    fixture.file(
        "list.txt",
        [ids, (3..=6).map(id).collect()].concat().join("\n"),
    );
    let limit = [
        "--batch-size",
        "2",
        "--max-failures",
        "3",
        "--report",
        "r.jsonl",
    ];
    let output = fixture
        .workspace(&with(&DETACH_LIST, &limit))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let stderr = text(&output.stderr);
    for expected in [
        "2 of 10 desktops unbound, 4 failed, 4 not sent.\n",
        "stopped, because 4 desktops failed or are unknown (--max-failures 3)",
        "To resume, run: workspace detach",
    ] {
        assert!(stderr.contains(expected), "{expected}\n{stderr}");
    }
    assert_eq!(fixture.detachments().len(), 3);
    // The resumed run has a limit of its own.
    fixture
        .assert(&["detach", "--yes", "--resume", "r.jsonl"])
        .code(3);
    assert_eq!(fixture.unbindings().values().sum::<usize>(), 6);
}

#[test]
fn an_unknown_key_prevents_resuming() {
    let fixture = with_report();
    let path = fixture.folder.path().join("r.jsonl");
    let report = fs::read_to_string(&path).unwrap();
    fs::write(
        &path,
        report.replacen("\"by\":", "\"dry_run_only\":true,\"by\":", 1),
    )
    .unwrap();
    let assert = fixture
        .assert(&["detach", "--yes", "--resume", "r.jsonl"])
        .code(2);
    let stderr = text(&assert.get_output().stderr);
    assert!(stderr.contains("unknown key `dry_run_only`"), "{stderr}");
    assert!(stderr.contains("nothing was sent"), "{stderr}");
}

#[test]
fn names_of_the_list_are_in_results_and_report() {
    let fixture = Fixture::with_desktops(1, Duration::ZERO);
    let list = "desktop_id,desktop_name\nd-0001,design-01\nnosuch,design-02\n";
    fixture.file("list.txt", list);
    let output = fixture
        .workspace(&with(&DETACH_LIST, &["--report", "r.jsonl"]))
        .output()
        .unwrap();
    let rows = text(&output.stdout);
    assert!(
        rows.lines().next().unwrap().contains("\tdesign-01\t"),
        "{rows}"
    );
    let stderr = text(&output.stderr);
    assert!(stderr.contains("  design-02 (nosuch)\n"), "{stderr}");
    let shown = report(&fixture, &["r.jsonl", "--output", "table"]);
    assert!(shown.contains("  design-02 (nosuch)\n"), "{shown}");
    let json = report(&fixture, &["r.jsonl", "--json"]);
    assert!(json.contains("\"design-01\""), "{json}");
}
