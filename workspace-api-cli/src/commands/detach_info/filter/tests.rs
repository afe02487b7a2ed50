//! The times and names that records are filtered by.

#![allow(clippy::unwrap_used)]

use humantime::parse_rfc3339;

use super::*;

fn record(user: &str, time: &str) -> DesktopDetachInfo {
    let mut record = DesktopDetachInfo::default();
    record.user_name = Some(user.to_owned());
    record.detach_time = Some(time.to_owned());
    record
}

fn shown(filter: &Filter) -> Vec<String> {
    let mut records = vec![
        record("omar", "2026-03-10T12:02:11Z"),
        record("li-na", "2026-03-12T08:00:00+08:00"),
        record("omar", "not a time"),
        record("Li-Na", "2026-03-11T09:00:00Z"),
    ];
    filter.apply(&mut records);
    let times = records.into_iter().filter_map(|record| record.detach_time);
    times.collect()
}

fn since(text: &str) -> Option<SystemTime> {
    parse_since(text, parse_rfc3339("2026-03-12T00:00:00Z").unwrap())
}

#[test]
fn ages_dates_and_times_are_understood() {
    for (text, expected) in [
        ("2h", "2026-03-11T22:00:00Z"),
        ("1d", "2026-03-11T00:00:00Z"),
        ("2026-03-10", "2026-03-10T00:00:00Z"),
        ("2026-03-10T20:00", "2026-03-10T20:00:00Z"),
        ("2026-03-10 20:00:30", "2026-03-10T20:00:30Z"),
        ("2026-03-10T20:00:30Z", "2026-03-10T20:00:30Z"),
        ("2026-03-10T20:00+08:00", "2026-03-10T12:00:00Z"),
    ] {
        assert_eq!(
            since(text),
            Some(parse_rfc3339(expected).unwrap()),
            "{text}"
        );
    }
    for text in [
        "",
        "yesterday",
        "2026-13-10",
        "10.03.2026",
        "2026-03-10T25:00",
    ] {
        assert_eq!(since(text), None, "{text}");
    }
}

#[test]
fn filters_combine() {
    let mut filter = Filter {
        since: None,
        users: Vec::new(),
        is_latest_only: false,
    };
    assert_eq!(shown(&filter).len(), 4);
    filter.since = since("2026-03-11");
    assert_eq!(
        shown(&filter),
        [
            "2026-03-12T08:00:00+08:00",
            "not a time",
            "2026-03-11T09:00:00Z"
        ]
    );
    filter.users = vec!["li-na".to_owned()];
    assert_eq!(shown(&filter).len(), 2);
    filter.is_latest_only = true;
    assert_eq!(shown(&filter), ["2026-03-12T08:00:00+08:00"]);
    filter.since = since("2026-03-13");
    assert!(shown(&filter).is_empty());
}
