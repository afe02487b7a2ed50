//! The errors that are shown, and the count of all.

#![allow(clippy::unwrap_used)]

use super::*;

#[test]
fn the_first_errors_are_shown_and_all_are_counted() {
    let mut errors = InputErrors::of_lines();
    for line in 2..=100_001 {
        errors.add(line, format!("message {}", line / 2));
    }
    for line in [7, 9, 8, 6, 5, 11, 10] {
        errors.add(line, "late");
    }
    errors.add(1, "about the header");
    let error = errors.into_result("list.csv").unwrap_err().to_string();
    let error = anstream::adapter::strip_str(&error).to_string();
    let lines: Vec<_> = error.lines().map(str::trim).collect();
    assert_eq!(
        lines[..4],
        [
            "error: list.csv has 100,008 errors; nothing was sent:",
            "line 1: about the header",
            "lines 2, 3: message 1",
            "lines 4, 5: message 2",
        ]
    );
    assert_eq!(lines[4], "lines 5, 6, 7, 8, 9 and 2 more: late");
    assert_eq!(lines[21], "and 49,982 more", "{error}");
}
