//! The date of a signature, `YYYYMMDDTHHMMSSZ`: RFC 3339 without punctuation.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use humantime::{format_rfc3339_seconds, parse_rfc3339};

/// The last second of the year 9999, after which a year has five digits.
const LAST: Duration = Duration::from_secs(253_402_300_799);

/// Formats `time` as the value of `X-Sdk-Date`, in UTC. A time before 1970 or after 9999 becomes
/// the first or last second of that range.
pub fn format_date(time: SystemTime) -> String {
    let mut date = format_time(time);
    date.retain(|character| !matches!(character, '-' | ':'));
    date
}

/// Formats `time` as RFC 3339, in UTC and with the same limits.
pub(crate) fn format_time(time: SystemTime) -> String {
    let since_epoch = time
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .min(LAST);
    format_rfc3339_seconds(UNIX_EPOCH + since_epoch).to_string()
}

/// Parses the value of an `X-Sdk-Date`; `None` if it is not exactly of that form.
pub fn parse_date(date: &str) -> Option<SystemTime> {
    let part = |range| date.get::<std::ops::Range<usize>>(range);
    let (year, month, day) = (part(0..4)?, part(4..6)?, part(6..8)?);
    let (hour, minute, second) = (part(9..11)?, part(11..13)?, part(13..15)?);
    let time = parse_rfc3339(&format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z")).ok()?;
    (format_date(time) == date).then_some(time)
}
