//! Times for people.

use std::time::{Duration, SystemTime};

use humantime::format_rfc3339_seconds;

use crate::output::text::pluralize;

/// Units of an age, from the largest to the smallest, in seconds.
const UNITS: [(&str, u64); 4] = [
    ("month", 30 * 24 * 3600),
    ("day", 24 * 3600),
    ("hour", 3600),
    ("minute", 60),
];

/// Returns a duration in its largest unit of which there are at least two: `47 hours`, `2 days`.
pub fn rounded(age: Duration) -> String {
    let seconds = age.as_secs();
    for (noun, length) in UNITS {
        let count = usize::try_from(seconds / length).unwrap_or(usize::MAX);
        if count >= 2 {
            return pluralize(count, noun);
        }
    }
    pluralize(usize::try_from(seconds).unwrap_or(usize::MAX), "second")
}

/// Returns the time since then; zero for a time in the future.
pub fn age(time: SystemTime) -> Duration {
    SystemTime::now().duration_since(time).unwrap_or_default()
}

/// Returns a time such as `2026-03-10 12:02 UTC (3 hours ago)`.
pub fn with_age(time: SystemTime) -> String {
    let text = format_rfc3339_seconds(time).to_string();
    let (date, clock) = text.split_once('T').unwrap_or((&text, ""));
    let minutes = clock.get(..5).unwrap_or(clock);
    format!("{date} {minutes} UTC ({} ago)", rounded(age(time)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_has_the_largest_unit_of_which_there_are_two() {
        for (seconds, expected) in [
            (0, "0 seconds"),
            (1, "1 second"),
            (119, "119 seconds"),
            (120, "2 minutes"),
            (3 * 3600 + 59, "3 hours"),
            (47 * 3600, "47 hours"),
            (48 * 3600, "2 days"),
            (60 * 24 * 3600, "2 months"),
            (670 * 24 * 3600, "22 months"),
        ] {
            assert_eq!(rounded(Duration::from_secs(seconds)), expected);
        }
    }
}
