//! The state of a run, as its report shows it.

#![allow(clippy::unwrap_used)]

use std::borrow::Cow;

use super::*;

const HEAD: &str = r#"{"format":1,"version":"0.1.0","started":"2026-03-10T20:00:00.000Z","by":{"user":"li"},"endpoint":"https://e","project_id":"p","plan":{"BatchDetachInstances":{"desktops":[{"desktop_id":"d-1","is_detach_all_users":true},{"desktop_id":"d-2","is_detach_all_users":true},{"desktop_id":"d-3","is_detach_all_users":true},{"desktop_id":"d-4","is_detach_all_users":true}]}}}"#;
const SENDING: &str = r#"{"sending":["d-1","d-2","d-3"],"time":"2026-03-10T20:00:00.100Z"}"#;

fn outcome(id: &str, outcome: &str) -> String {
    format!(r#"{{"desktop_id":"{id}","outcome":"{outcome}"}}"#)
}

fn read(text: &str) -> Result<Replay, String> {
    let text = format!("{text}\n");
    let mut input = text.as_bytes();
    let start = Start::read(&mut input)?;
    let (replay, end) = Replay::read(start, &mut input, &mut |_, _| {})?;
    let replay = replay.ok_or_else(|| NO_LINE.to_owned())?;
    assert_eq!(end, text.len() as u64);
    Ok(replay)
}

/// Returns the number of desktops that succeeded, the unknown ones and the remaining ones.
fn state(lines: &[&str]) -> (usize, Vec<String>, Vec<String>) {
    let replay = read(&format!("{}\n", lines.join("\n"))).unwrap();
    let ids = replay.plan().ids();
    let unknown = replay.with_status(Status::Unknown);
    let unknown = unknown.map(|place| ids.text(place).into_owned());
    let remaining = replay.remaining();
    let remaining = remaining.ids().texts().map(Cow::into_owned);
    let done = replay.count(Status::Succeeded) + replay.count(Status::Accepted);
    (done, unknown.collect(), remaining.collect())
}

fn texts<const N: usize>(ids: [&str; N]) -> Vec<String> {
    ids.map(str::to_owned).to_vec()
}

#[test]
fn unsent_desktops_remain() {
    assert_eq!(
        state(&[HEAD]),
        (0, vec![], texts(["d-1", "d-2", "d-3", "d-4"]))
    );
}

#[test]
fn sent_desktops_without_an_outcome_are_unknown() {
    assert_eq!(
        state(&[HEAD, SENDING]),
        (0, texts(["d-1", "d-2", "d-3"]), texts(["d-4"]))
    );
}

#[test]
fn failed_desktops_remain_and_succeeded_ones_do_not() {
    let (one, two, three) = (
        outcome("d-1", "succeeded"),
        outcome("d-2", "failed"),
        outcome("d-3", "unknown"),
    );
    let jobs = r#"{"job_ids":["j"]}"#;
    let lines = [HEAD, SENDING, &one, &two, &three, jobs];
    assert_eq!(state(&lines), (1, texts(["d-3"]), texts(["d-2", "d-4"])));
    // The remaining desktops are sent, and the run is killed again.
    let again = r#"{"sending":["d-2","d-4"],"time":"2026-03-10T20:05:00.000Z"}"#;
    let lines = [HEAD, SENDING, &one, &two, &three, again];
    assert_eq!(state(&lines), (1, texts(["d-2", "d-3", "d-4"]), vec![]));
}

#[test]
fn invalid_reports_are_rejected_with_the_line() {
    for (text, expected) in [
        (
            "",
            "it has no complete line: the run ended before anything was sent",
        ),
        ("desktop_id\n", "the file is not a report of this command"),
        (
            &format!("{SENDING}\n"),
            "the file is not a report of this command",
        ),
        (
            &format!("{HEAD}\n{SENDING}\n{{}}\n"),
            "line 3 is not a report entry",
        ),
        (
            &format!("{HEAD}\n{}\n", outcome("d-4", "succeeded")),
            "line 2 has an outcome for d-4, which was not sent",
        ),
        (
            &format!("{HEAD}\n{}\n", SENDING.replace("d-3", "d-5")),
            "line 2 sends d-5, which is not in the plan",
        ),
        (
            &format!("{HEAD}\n{HEAD}\n"),
            "line 2 is the start of another report",
        ),
        (
            &format!("{HEAD}\n{}\n", SENDING.replace("2026-", "x")),
            r#"line 2 has an invalid time "x03-10T20:00:00.100Z""#,
        ),
    ] {
        let error = read(text).err().unwrap_or_default();
        assert!(error.contains(expected), "{text}: {error}");
    }
}

#[test]
fn unknown_keys_are_rejected_unless_the_format_is_newer() {
    let unknown_keys = [
        (
            HEAD.replace("\"by\":", "\"dry_run_only\":true,\"by\":"),
            String::new(),
        ),
        (
            HEAD.replace(
                "\"desktop_id\":\"d-2\"",
                "\"dry_run_only\":true,\"desktop_id\":\"d-2\"",
            ),
            String::new(),
        ),
        (
            HEAD.to_owned(),
            SENDING.replace("\"time\"", "\"dry_run_only\":true,\"time\""),
        ),
        (
            HEAD.to_owned(),
            format!(
                "{SENDING}\n{}",
                outcome("d-1", "succeeded")
                    .replace('}', ",\"dry_run_only\":{\"a\":[1,null,1.5,-1]}}")
            ),
        ),
    ];
    for (head, lines) in unknown_keys {
        let error = read(&format!("{head}\n{lines}")).err().unwrap_or_default();
        assert!(error.contains("unknown key `dry_run_only`"), "{error}");
        let newer = head.replace("\"format\":1", "\"format\":2");
        read(&format!("{newer}\n{lines}\n{{\"added\":1}}")).unwrap();
    }
}

#[test]
fn names_of_desktops_are_no_keys() {
    let head = HEAD.replace(
        "\"plan\":",
        "\"names\":{\"d-1\":\"design-01\",\"d-2\":\"a\\\"}:{\"},\"plan\":",
    );
    assert_eq!(
        read(&head).unwrap().head.names.get("d-1"),
        Some("design-01")
    );
}

#[test]
fn a_report_ends_until_it_is_resumed() {
    let ended = r#"{"ended":"2026-03-10T20:05:00.000Z","result":"interrupted"}"#;
    let resumed =
        r#"{"resumed":"2026-03-10T20:06:00.000Z","version":"0.1.0","by":{"user":"omar"}}"#;
    let replay = read(&[HEAD, SENDING, ended].join("\n")).unwrap();
    assert_eq!(replay.ended, Some(RunResult::Interrupted));
    let replay = read(&[HEAD, SENDING, ended, resumed].join("\n")).unwrap();
    assert_eq!(replay.ended, None);
    assert_eq!(replay.resumed_by.unwrap().user.as_deref(), Some("omar"));
    assert_eq!(
        replay.latest,
        parse_rfc3339("2026-03-10T20:06:00Z").unwrap()
    );
}

#[test]
fn a_record_that_was_found_is_a_proof() {
    let found = outcome("d-1", "succeeded").replace('}', ",\"verified\":true}");
    let two = outcome("d-2", "succeeded");
    let replay = read(&[HEAD, SENDING, &found, &two].join("\n")).unwrap();
    assert_eq!((replay.count(Status::Succeeded), replay.verified()), (2, 1));
}

#[test]
fn done_desktops_stay_unverified_until_they_are_checked() {
    let (one, two) = (outcome("d-1", "succeeded"), outcome("d-2", "accepted"));
    let checked = r#"{"checked":"d-1","verified":true,"time":"2026-03-10T20:05:00.000Z"}"#;
    let replay = read(&[HEAD, SENDING, &one, &two, checked].join("\n")).unwrap();
    let unverified = replay.unverified();
    let unverified: Vec<_> = unverified
        .map(|place| replay.plan().ids().text(place))
        .collect();
    assert_eq!(unverified, ["d-2"]);
}

/// A batch that is announced and not sent changes nothing for a desktop that had failed.
#[test]
fn failed_desktops_stay_failed_until_they_are_sent_again() {
    let failed = outcome("d-1", "failed");
    let again = SENDING.replace("00.100Z", "09.100Z");
    let not_sent = ["d-1", "d-2"].map(|id| outcome(id, "not_sent"));
    let lines = [HEAD, SENDING, &failed, &again, &not_sent[0], &not_sent[1]];
    let replay = read(&lines.join("\n")).unwrap();
    let statuses: Vec<_> = (0..4).map(|place| replay.status(place)).collect();
    let expected = [
        Status::Failed,
        Status::NotSent,
        Status::Unknown,
        Status::NotSent,
    ];
    assert_eq!(statuses, expected);
    let sent = parse_rfc3339("2026-03-10T20:00:00.100Z").unwrap();
    assert_eq!(replay.times().get(0), Some(sent));
    // Once it is sent, the earlier failure is void.
    let lines = [&lines[..], &[&again]].concat();
    let replay = read(&lines.join("\n")).unwrap();
    assert_eq!(replay.status(0), Status::Unknown);
}
