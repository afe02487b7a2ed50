//! The command on a terminal: confirmation, table, progress bar and Ctrl-C.

use std::process::Command;
use std::time::Duration;

use rexpect::process::WaitStatus;
use rexpect::session::{PtySession, spawn_command};
use workspace_api_sandbox::Fault;

use crate::fixture::{DETACH_LIST, DETACH_TENS, Fixture, id, outcomes};
use crate::scrub::scrub;

const TIMEOUT_MS: Option<u64> = Some(30_000);

/// Starts the command on a terminal of 100 columns.
fn on_terminal(fixture: &Fixture, arguments: &[&str]) -> PtySession {
    let workspace = fixture.workspace(arguments);
    let mut shell = Command::new("/bin/sh");
    shell
        .env_clear()
        .env("TERM", "xterm-256color")
        .env("PATH", "/usr/bin:/bin")
        .args(["-c", "stty cols 100 rows 40 && exec \"$@\"", "sh"])
        .current_dir(&fixture.folder)
        .arg(workspace.get_program())
        .args(workspace.get_args());
    for (name, value) in workspace.get_envs() {
        shell.env(name, value.unwrap_or_default());
    }
    spawn_command(shell, TIMEOUT_MS).unwrap()
}

fn exit_code(session: &PtySession) -> i32 {
    match session.process().wait().unwrap() {
        WaitStatus::Exited(_, code) => code,
        other => panic!("{other:?}"),
    }
}

#[test]
fn nothing_is_sent_without_confirmation() {
    let fixture = Fixture::with_desktops(120, Duration::ZERO);
    fixture.list(120);
    let arguments = [
        "detach",
        "--from",
        "list.txt",
        "--user",
        "li-na,omar",
        "--group",
        "designers",
    ];
    let mut session = on_terminal(&fixture, &arguments);
    let question = session.exp_string("Continue? [y/N] ").unwrap();
    insta::assert_snapshot!(scrub(&question.replace('\r', "")));
    session.send_line("").unwrap();
    session.exp_string("Cancelled. Nothing was sent.").unwrap();
    session.exp_eof().unwrap();
    assert_eq!(exit_code(&session), 1);
    assert!(fixture.detachments().is_empty());
}

#[test]
fn confirmed_run_prints_a_table() {
    let fixture = Fixture::with_desktops(2, Duration::ZERO);
    let mut session = on_terminal(
        &fixture,
        &["detach", "d-0001", "d-0002", "d-0003", "--all-users"],
    );
    session.exp_string("Continue? [y/N] ").unwrap();
    session.send_line("y").unwrap();
    let rest = session.exp_eof().unwrap();
    insta::assert_snapshot!(scrub(&rest.replace('\r', "")));
    assert_eq!(exit_code(&session), 3);
}

#[test]
fn progress_bar_appears_after_a_second() {
    let fixture = Fixture::with_desktops(30, Duration::from_millis(600));
    fixture.list(30);
    let mut session = on_terminal(&fixture, &DETACH_TENS);
    let (_, bar) = session
        .exp_regex(r"\[=+> +\] \d+/30 desktops, \d+/s, \d+s left")
        .unwrap();
    assert!(bar.contains("0/30"), "{bar}");
    session.exp_string("30 of 30 desktops unbound.").unwrap();
    session.exp_eof().unwrap();
    assert_eq!(exit_code(&session), 0);
}

#[test]
fn the_log_is_above_the_progress_bar() {
    let fixture = Fixture::with_desktops(12, Duration::from_millis(200));
    fixture.list(12);
    let arguments = [DETACH_LIST.as_slice(), &["--batch-size", "1", "--verbose"]].concat();
    let mut session = on_terminal(&fixture, &arguments);
    let output = session.exp_eof().unwrap();
    assert_eq!(exit_code(&session), 0);
    assert!(output.contains("] 9/12 desktops"), "{output}");
    // Where the bar was, a line begins after the bar was cleared.
    for line in output.split(['\r', '\n']) {
        let has_both = line.contains(" desktops") && line.contains("call operation=");
        assert!(!has_both, "{line}");
    }
}

#[test]
fn throttling_is_shown_while_it_lasts() {
    let fixture = Fixture::with_rate_limit(32, "30/m");
    fixture.list(32);
    let arguments = [DETACH_LIST.as_slice(), &["--batch-size", "1"]].concat();
    let mut session = on_terminal(&fixture, &arguments);
    session
        .exp_regex(r"3\d/32 desktops, throttled, continuing in [12] s")
        .unwrap();
    session.exp_string("32 of 32 desktops unbound.").unwrap();
    session.exp_eof().unwrap();
    assert_eq!(exit_code(&session), 0);
}

#[test]
fn first_ctrl_c_finishes_the_current_batch() {
    let fixture = Fixture::with_desktops(30, Duration::from_millis(300));
    fixture.list(30);
    let arguments = [DETACH_TENS.as_slice(), &["--report", "r.jsonl"]].concat();
    let mut session = on_terminal(&fixture, &arguments);
    fixture.wait_until(|fixture| fixture.detachments().len() == 1);
    session.send_control('c').unwrap();
    session
        .exp_string("Stopping after the current batch.")
        .unwrap();
    session
        .exp_string("10 of 30 desktops unbound, 20 not sent.")
        .unwrap();
    session
        .exp_string(&format!(
            "To resume, run: workspace detach --endpoint {} --resume r.jsonl",
            fixture.sandbox.base_url()
        ))
        .unwrap();
    session.exp_eof().unwrap();
    assert_eq!(exit_code(&session), 130);
    assert_eq!(outcomes(&fixture.folder.path().join("r.jsonl")).len(), 10);
    fixture
        .assert(&["detach", "--resume", "r.jsonl", "--yes"])
        .code(0);
    assert!(fixture.unbindings().values().all(|count| *count == 1));
}

#[test]
fn second_ctrl_c_exits_immediately() {
    let fixture = Fixture::with_desktops(1, Duration::ZERO);
    fixture.fault(Fault::stall());
    let mut session = on_terminal(&fixture, &["detach", &id(1), "--all-users", "--yes"]);
    fixture.wait_until(|fixture| fixture.detachments().len() == 1);
    session.send_control('c').unwrap();
    session
        .exp_string("Press Ctrl-C again to stop now")
        .unwrap();
    session.send_control('c').unwrap();
    session
        .exp_string("0 of 1 desktop unbound, 1 unknown.")
        .unwrap();
    session.exp_eof().unwrap();
    assert_eq!(exit_code(&session), 130);
}

#[test]
fn a_no_leaves_no_report() {
    let fixture = Fixture::with_desktops(1, Duration::ZERO);
    let arguments = ["detach", &id(1), "--all-users", "--report", "r.jsonl"];
    let mut session = on_terminal(&fixture, &arguments);
    session.exp_string("Report: r.jsonl").unwrap();
    session.exp_string("Continue? [y/N]").unwrap();
    session.send_line("n").unwrap();
    session.exp_eof().unwrap();
    assert_eq!(exit_code(&session), 1);
    assert!(!fixture.folder.path().join("r.jsonl").exists());
}

#[test]
fn a_table_has_the_first_failures_only() {
    let fixture = Fixture::with_desktops(2, Duration::ZERO);
    let ids: Vec<_> = (1..=32).map(id).collect();
    fixture.file("list.txt", ids.join("\n"));
    let mut session = on_terminal(&fixture, &DETACH_LIST);
    let shown = session.exp_eof().unwrap();
    assert!(!shown.contains("succeeded"), "{shown}");
    let rows = shown.lines().filter(|line| line.starts_with("d-00"));
    assert_eq!(rows.count(), 20, "{shown}");
    assert!(shown.contains("\nand 10 more\r\n"), "{shown}");
    assert!(
        shown.contains("2 of 32 desktops unbound, 30 failed."),
        "{shown}"
    );

    let all = [DETACH_LIST.as_slice(), &["--all"]].concat();
    let mut session = on_terminal(&fixture, &all);
    let shown = session.exp_eof().unwrap();
    let rows = shown.lines().filter(|line| line.starts_with("d-00"));
    assert_eq!(rows.count(), 32, "{shown}");
}

#[test]
fn ctrl_c_at_a_question_sends_nothing() {
    let fixture = Fixture::with_desktops(150, Duration::ZERO);
    fixture.list(150);
    let report = ["--report", "r.jsonl"];
    let start = ["detach", "--all-users", "--from", "list.txt"];
    let start = [&start[..], &report].concat();
    let cancel = |arguments: &[&str]| {
        let mut session = on_terminal(&fixture, arguments);
        session.exp_string("Continue? [y/N] ").unwrap();
        session.send_control('c').unwrap();
        session.exp_string("Cancelled. Nothing was sent.").unwrap();
        session.exp_eof().unwrap();
        assert_eq!(exit_code(&session), 130);
    };
    cancel(&start);
    assert!(!fixture.folder.path().join("r.jsonl").exists());
    // A run is resumed only after an answer, too.
    let busy = Fault::status(409)
        .operation("BatchDetachInstances")
        .times(1);
    fixture.fault(busy);
    fixture.assert(&[DETACH_LIST.as_slice(), &report].concat());
    let sent = fixture.detachments().len();
    cancel(&["detach", "--resume", "r.jsonl"]);
    assert_eq!(fixture.detachments().len(), sent);
}

#[test]
fn an_old_report_is_asked_about_also_with_yes() {
    let fixture = Fixture::with_desktops(1, Duration::ZERO);
    fixture.list(1);
    let busy = Fault::status(409)
        .operation("BatchDetachInstances")
        .times(1);
    fixture.fault(busy);
    fixture.assert(&[DETACH_LIST.as_slice(), &["--report", "r.jsonl"]].concat());
    let path = fixture.folder.path().join("r.jsonl");
    let report = std::fs::read_to_string(&path).unwrap();
    let start = report.find("\"started\":\"").unwrap() + 11;
    let year = format!("\"{}-", &report[start..start + 4]);
    std::fs::write(&path, report.replace(&year, "\"2020-")).unwrap();
    let mut session = on_terminal(&fixture, &["detach", "-q", "--yes", "--resume", "r.jsonl"]);
    let question = session.exp_string("Continue? [y/N] ").unwrap();
    let warning = " months old, and other users may have been bound since.";
    assert!(question.contains(warning), "{question}");
    session.send_line("y").unwrap();
    session.exp_eof().unwrap();
    assert_eq!(exit_code(&session), 0);
    assert_eq!(fixture.unbindings()[&id(1)], 1);
}

/// A bar on the same terminal is cleared before results are printed.
#[test]
fn results_are_above_the_progress_bar() {
    let fixture = Fixture::with_desktops(12, Duration::from_millis(200));
    fixture.list(12);
    let lines = ["--batch-size", "1", "--output", "tsv"];
    let detach = [DETACH_LIST.as_slice(), &lines].concat();
    let read = [
        "detach-info",
        "--from",
        "list.txt",
        "--jobs",
        "1",
        "--output",
        "tsv",
    ];
    for arguments in [detach.as_slice(), &read] {
        let mut session = on_terminal(&fixture, arguments);
        let output = session.exp_eof().unwrap();
        assert_eq!(exit_code(&session), 0);
        assert!(output.contains("] 9/12 desktops"), "{output}");
        let lines: Vec<_> = output.split(['\r', '\n']).collect();
        let lines = lines
            .iter()
            .map(|line| line.trim_start_matches("\u{1b}[2K"));
        let results = lines.clone().filter(|line| line.contains('\t'));
        let ids: Vec<_> = results.clone().map(|line| line[..6].to_owned()).collect();
        assert_eq!(ids, (1..=12).map(id).collect::<Vec<_>>(), "{output}");
        assert!(
            !results.clone().any(|line| line.contains(" desktops")),
            "{output}"
        );
    }
}
