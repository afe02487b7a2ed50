//! The time at which credentials expire, as RFC 3339 writes it: in UTC, or with another offset.

use std::time::{Duration, SystemTime};

use humantime::parse_rfc3339;

/// Reads a time; `None` if it is not in RFC 3339.
pub(super) fn parse(text: &str) -> Option<SystemTime> {
    if let Ok(time) = parse_rfc3339(text) {
        return Some(time);
    }
    let (local, offset) = text.split_at_checked(text.len().checked_sub(6)?)?;
    if !local.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (sign, offset) = offset.split_at_checked(1)?;
    let (hours, minutes) = offset.split_once(':')?;
    let offset = Duration::from_secs(number(hours, 23)? * 3600 + number(minutes, 59)? * 60);
    let local = parse_rfc3339(&format!("{local}Z")).ok()?;
    match sign {
        "+" => local.checked_sub(offset),
        "-" => local.checked_add(offset),
        _ => None,
    }
}

fn number(digits: &str, max: u64) -> Option<u64> {
    let is_number = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = digits.parse().ok()?;
    (is_number && number <= max).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_read() {
        let expected = parse_rfc3339("2026-03-10T12:00:00Z").ok();
        for text in [
            "2026-03-10T12:00:00Z",
            "2026-03-10T12:00:00.000000Z",
            "2026-03-10T12:00:00+00:00",
            "2026-03-10T12:00:00-00:00",
            "2026-03-10T20:00:00+08:00",
            "2026-03-10T20:00:00.000+08:00",
            "2026-03-10T06:30:00-05:30",
            "2026-03-11T01:45:00+13:45",
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
        for text in [
            "",
            "never",
            "2026-03-10",
            "2026-03-10T12:00:00",
            "2026-03-10 12:00:00+08:00",
            "2026-03-10T12:00:00+0800",
            "2026-03-10T12:00:00+24:00",
            "2026-03-10T12:00:00+08:60",
            "2026-03-10T12:00:00*08:00",
            "2026-03-10T12:00:00Z+08:00",
            "é:00:00",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
