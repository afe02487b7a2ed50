//! The status of a desktop that follows from its unbinding records.

#![allow(clippy::unwrap_used)]

use humantime::parse_rfc3339;
use workspace_api::types::DetachInstancesUserInfo;

use super::*;

const SENT: &str = "2026-03-10T20:00:00Z";

fn record(user: &str, type_: &str, time: &str) -> DesktopDetachInfo {
    serde_json::from_value(serde_json::json!({
        "user_name": user, "type": type_, "detach_time": time
    }))
    .unwrap()
}

/// Returns what the records show at a time of this machine, whose clock the service's is ahead of
/// by this many milliseconds.
fn status_with_offset(
    desktop: &DetachInstancesDesktopInfo,
    records: &[DesktopDetachInfo],
    offset: Option<RangeInclusive<i64>>,
) -> Status {
    let sent = parse_rfc3339(SENT).unwrap();
    let now = sent + Duration::from_secs(24 * 3600);
    let run = ServiceClock::new(offset).run(sent, now);
    classify(desktop, records, &run).0
}

fn status(desktop: &DetachInstancesDesktopInfo, records: &[DesktopDetachInfo]) -> Status {
    status_with_offset(desktop, records, Some(-400..=500))
}

fn everyone() -> DetachInstancesDesktopInfo {
    DetachInstancesDesktopInfo::all_users("d-1").unwrap()
}

fn two() -> DetachInstancesDesktopInfo {
    let users = [
        DetachInstancesUserInfo::user("li-na").unwrap(),
        DetachInstancesUserInfo::group("designers").unwrap(),
    ];
    DetachInstancesDesktopInfo::users("d-1", users).unwrap()
}

#[test]
fn record_time_decides_the_status() {
    for (time, expected) in [
        ("2026-03-10T20:00:01Z", Status::Succeeded),
        ("2026-03-10T20:00:00.001Z", Status::Succeeded),
        // A fraction of a second may have been cut off: this or an earlier unbinding.
        ("2026-03-10T19:59:59Z", Status::Unknown),
        ("2026-03-10T19:59:20Z", Status::Failed),
        ("2026-03-10T19:50:00Z", Status::Failed),
        // Numeric offsets.
        ("2026-03-10T20:00:01.000+00:00", Status::Succeeded),
        ("2026-03-11T04:00:01+08:00", Status::Succeeded),
        ("2026-03-10T16:00:01-04:00", Status::Succeeded),
        ("2026-03-08T04:00:01+08:00", Status::Failed),
        // Later than now.
        ("2026-03-12T00:00:00Z", Status::Unknown),
        ("2026-03-10T19:40:00Z", Status::Failed),
        ("2025-12-24T08:00:00Z", Status::Failed),
        // Times without a zone.
        ("2026-03-10 20:00:01", Status::Unknown),
        ("2026-03-11 12:00:00", Status::Succeeded),
        ("2026-03-09 04:00:00", Status::Failed),
        ("yesterday", Status::Unknown),
        ("", Status::Unknown),
    ] {
        let records = [record("li-na", "USER", time)];
        assert_eq!(status(&everyone(), &records), expected, "{time}");
    }
    assert_eq!(status(&everyone(), &[]), Status::Failed);
}

#[test]
fn every_named_user_needs_a_record() {
    let old = "2026-01-01T00:00:00Z";
    let new = "2026-03-10T20:00:02Z";
    let (user, group) = (
        record("Li-Na", "USER", new),
        record("designers", "GROUP", new),
    );
    for (records, expected) in [
        (vec![user.clone(), group.clone()], Status::Succeeded),
        (vec![user.clone()], Status::Unknown),
        (
            vec![user, record("designers", "GROUP", old)],
            Status::Unknown,
        ),
        (
            vec![
                record("li-na", "USER", old),
                record("designers", "GROUP", old),
            ],
            Status::Failed,
        ),
        // A user with the name of the group, and another user.
        (
            vec![
                record("designers", "USER", new),
                record("omar", "USER", new),
            ],
            Status::Failed,
        ),
        (vec![], Status::Failed),
    ] {
        assert_eq!(status(&two(), &records), expected, "{records:?}");
    }
}

#[test]
fn a_desktop_without_users_has_no_evidence() {
    let mut nobody = everyone();
    nobody.is_detach_all_users = false;
    assert_eq!(status(&nobody, &[]), Status::Failed);
}

#[test]
fn new_record_outweighs_an_ambiguous_one() {
    let records = [
        record("li-na", "USER", "?"),
        record("li-na", "USER", "2026-03-10T20:00:02Z"),
    ];
    assert_eq!(status(&everyone(), &records), Status::Succeeded);
}

#[test]
fn the_offset_of_the_clocks_decides_which_unbinding_a_record_is_of() {
    let before = [record("li-na", "USER", "2026-03-10T20:05:00Z")];
    let after = [record("li-na", "USER", "2026-03-10T20:10:02Z")];
    for (offset, of_before, of_after) in [
        // This machine's clock is ten minutes slow.
        (Some(599_500..=600_500), Status::Failed, Status::Succeeded),
        (Some(-100..=900), Status::Succeeded, Status::Succeeded),
        (None, Status::Unknown, Status::Unknown),
    ] {
        let of = |records: &[_]| status_with_offset(&everyone(), records, offset.clone());
        assert_eq!(
            (of(&before), of(&after)),
            (of_before, of_after),
            "{offset:?}"
        );
    }
}

#[test]
fn a_record_without_a_fraction_is_compared_in_whole_seconds() {
    let sent = parse_rfc3339("2026-03-10T20:00:00.700Z").unwrap();
    let run = ServiceClock::new(Some(0..=0)).run(sent, sent + Duration::from_secs(60));
    for (time, expected) in [
        ("2026-03-10T20:00:00Z", Status::Succeeded),
        ("2026-03-10T20:00:00.699Z", Status::Unknown),
        ("2026-03-10T20:00:00.700Z", Status::Succeeded),
    ] {
        let records = [record("li-na", "USER", time)];
        assert_eq!(classify(&everyone(), &records, &run).0, expected, "{time}");
    }
}
