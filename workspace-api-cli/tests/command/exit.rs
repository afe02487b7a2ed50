//! The exit codes, as the help promises them: 1 if nothing was done, 3 if something was or may have been.

use std::fs;
use std::time::Duration;

use workspace_api_sandbox::Fault;

use crate::cloud::{Cloud, DETACH_LIST};

/// 150 desktops, so that there are two batches, and a list with some of them and some that do not exist.
fn cloud(existing: usize, missing: usize) -> Cloud {
    let cloud = Cloud::with_desktops(150, Duration::ZERO);
    let ids: Vec<_> = (1..=existing)
        .chain(1001..=1000 + missing)
        .map(crate::cloud::id)
        .collect();
    cloud.file("list.txt", ids.join("\n"));
    cloud
}

/// The exit code, and how many desktops were unbound.
fn run(cloud: &Cloud) -> (i32, usize) {
    let output = cloud.workspace(&DETACH_LIST).output().unwrap();
    let unbound = cloud.unbindings().values().sum();
    (output.status.code().unwrap(), unbound)
}

#[test]
fn is_0_if_all_was_done() {
    assert_eq!(run(&cloud(150, 0)), (0, 150));
}

#[test]
fn is_1_if_all_failed_one_by_one() {
    assert_eq!(run(&cloud(0, 150)), (1, 0));
}

#[test]
fn is_1_if_every_batch_was_refused() {
    let cloud = cloud(150, 0);
    cloud.fault(Fault::status(400));
    assert_eq!(run(&cloud), (1, 0));
    assert_eq!(cloud.detachments().len(), 2);
}

#[test]
fn is_1_if_some_failed_and_the_others_were_refused() {
    let cloud = cloud(0, 150);
    cloud.fault(Fault::status(400).times(1));
    assert_eq!(run(&cloud), (1, 0));
}

#[test]
fn is_3_if_some_failed() {
    assert_eq!(run(&cloud(149, 1)), (3, 149));
    assert_eq!(run(&cloud(1, 149)), (3, 1));
}

#[test]
fn is_3_if_all_are_unknown() {
    for (fault, unbound) in [(Fault::reset(), 0), (Fault::reset().after(), 150)] {
        let cloud = cloud(150, 0);
        cloud.fault(fault);
        assert_eq!(run(&cloud), (3, unbound));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn is_3_if_the_results_of_what_was_done_cannot_be_written() {
    let full = || fs::File::options().write(true).open("/dev/full").unwrap();
    // Midway, in lines, and at the end, as JSON.
    for (arguments, unbound) in [(vec![], 100), (vec!["--json"], 150)] {
        let cloud = cloud(150, 0);
        let mut run = cloud.workspace(&[&DETACH_LIST[..], &arguments].concat());
        let output = run.stdout(full()).output().unwrap();
        assert_eq!(output.status.code(), Some(3));
        assert_eq!(cloud.unbindings().values().sum::<usize>(), unbound);
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        let is_more = stderr.contains("--report");
        assert_eq!(is_more, unbound < 150, "{stderr}");
    }
    let cloud = cloud(0, 1);
    let mut run = cloud.workspace(&DETACH_LIST);
    let output = run.stdout(full()).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "nothing was done");
}

#[test]
fn of_reading_is_1_if_nothing_was_read_and_3_if_something_was() {
    for (existing, missing, code) in [(2, 0, 0), (1, 1, 3), (0, 2, 1)] {
        cloud(existing, missing)
            .assert(&["detach-info", "--from", "list.txt"])
            .code(code);
    }
}
