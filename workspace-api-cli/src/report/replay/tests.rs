#![allow(clippy::unwrap_used)]

use super::*;

const HEAD: &str = r#"{"operation":"BatchDetachInstances","desktops":[{"desktop_id":"d-1","is_detach_all_users":true},{"desktop_id":"d-2","is_detach_all_users":true},{"desktop_id":"d-3","is_detach_all_users":true},{"desktop_id":"d-4","is_detach_all_users":true}],"endpoint":"https://e","project_id":"p","started":"2026-03-10T20:00:00.000Z"}"#;
const SENDING: &str = r#"{"sending":["d-1","d-2","d-3"],"time":"2026-03-10T20:00:00.100Z"}"#;

fn outcome(id: &str, outcome: &str) -> String {
    format!(r#"{{"desktop_id":"{id}","outcome":"{outcome}"}}"#)
}

/// Returns the number of desktops that succeeded, the unknown ones and the remaining ones.
fn state(lines: &[&str]) -> (usize, Vec<String>, Vec<String>) {
    let replay = read(&format!("{}\n", lines.join("\n"))).unwrap();
    let names = |ids: Vec<DesktopId>| ids.iter().map(ToString::to_string).collect();
    (
        replay.succeeded(),
        names(replay.unknown().into_iter().map(|(id, _)| id).collect()),
        names(replay.remaining().desktop_ids()),
    )
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
        (&format!("{SENDING}\n"), "line 1 is not a plan"),
        (
            &format!("{HEAD}\n{SENDING}\n{{}}\n"),
            "line 3 is not a report entry",
        ),
        (
            &format!("{HEAD}\n{}\n", outcome("d-4", "succeeded")),
            "it has an outcome for d-4, which was not sent",
        ),
        (&format!("{HEAD}\n{HEAD}\n"), "it contains two plans"),
        (
            &format!("{HEAD}\n{}\n", SENDING.replace("2026-", "x")),
            r#"line 2 has an invalid time "x03-10T20:00:00.100Z""#,
        ),
    ] {
        let error = read(text).err().unwrap_or_default();
        assert!(error.contains(expected), "{text}: {error}");
    }
}
