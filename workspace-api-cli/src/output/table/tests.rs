//! Tables in terminals of every width.

#![allow(clippy::unwrap_used)]

use std::borrow::Cow;
use std::ops::RangeInclusive;

use super::*;

struct Failure([&'static str; 5]);

impl Row for Failure {
    const HEADINGS: &'static [&'static str] = &[
        "desktop_id",
        "outcome",
        "error_code",
        "error_msg",
        "request_id",
    ];
    const SHOWN: RangeInclusive<usize> = 4..=5;

    fn cells(&self) -> Vec<Cow<'_, str>> {
        self.0.map(Cow::from).to_vec()
    }
}

const ID: &str = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001";

fn table(width: usize) -> String {
    let rows = [
        Failure([ID, "succeeded", "", "", "9a45cd888d59f0d601445b6a189663f5"]),
        Failure([
            ID,
            "failed",
            "WKS.00010032",
            "The desktop is starting. 桌面正在重启，请稍后再试。",
            "9a45cd888d59f0d601445b6a189663f5",
        ]),
    ];
    let mut out = Vec::new();
    write_within(&mut out, rows.iter(), width).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn columns_fit_every_width() {
    for width in [50, 60, 72, 80, 100, 120, 160, 200] {
        let table = table(width);
        let widths = table.lines().map(measure_text_width);
        assert!(widths.max().unwrap() <= width, "{width}:\n{table}");
        for word in [ID, "succeeded", "failed", "WKS.00010032", "starting."] {
            assert!(table.contains(word), "{word} at {width}:\n{table}");
        }
    }
}

#[test]
fn messages_are_wrapped_between_words() {
    insta::assert_snapshot!(table(100), @r"
    DESKTOP_ID                            OUTCOME    ERROR_CODE    ERROR_MSG
    4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001  succeeded
    4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001  failed     WKS.00010032  The desktop is starting.
                                                                   桌面正在重启，请稍后再试。
    ");
}

#[test]
fn narrow_terminals_get_one_value_per_line() {
    insta::assert_snapshot!(table(40), @r"
    desktop_id  4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001
    outcome     succeeded
    request_id  9a45cd888d59f0d601445b6a189663f5

    desktop_id  4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001
    outcome     failed
    error_code  WKS.00010032
    error_msg   The desktop is starting.
                桌面正在重启，请稍后再试。
    request_id  9a45cd888d59f0d601445b6a189663f5
    ");
}

#[test]
fn empty_columns_are_left_out() {
    let rows = [Failure([ID, "succeeded", "", "", ""])];
    let mut out = Vec::new();
    write_within(&mut out, rows.iter(), 200).unwrap();
    let header = String::from_utf8(out).unwrap();
    assert!(header.starts_with("DESKTOP_ID"), "{header}");
    assert!(!header.contains("ERROR_CODE"), "{header}");
}

#[test]
fn name_follows_the_id() {
    struct Named;
    impl Row for Named {
        const HEADINGS: &'static [&'static str] = &["desktop_id", "outcome", "desktop_name"];
        const SHOWN: RangeInclusive<usize> = 2..=3;

        fn cells(&self) -> Vec<Cow<'_, str>> {
            vec![ID.into(), "failed".into(), "design-01".into()]
        }
    }
    let mut out = Vec::new();
    write_within(&mut out, [Named].iter(), 80).unwrap();
    let table = String::from_utf8(out).unwrap();
    assert!(
        table.contains(&format!("{ID}  design-01     failed")),
        "{table}"
    );
}
