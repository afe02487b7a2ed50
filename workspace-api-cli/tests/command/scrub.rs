//! Replaces the parts of an output that differ from run to run.

/// The only time in the sandbox's seed. It does not differ, and stays.
const SEEDED_TIME: &str = "2026-03-10T12:02:11Z";

/// Length of a time down to its seconds.
const SECONDS: usize = SEEDED_TIME.len() - 1;

/// Replaces free ports and the times of new unbindings.
pub fn scrub(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some(port) = rest.strip_prefix("127.0.0.1:") {
            out.push_str("127.0.0.1:PORT");
            rest = port.trim_start_matches(|c: char| c.is_ascii_digit());
        } else if starts_with_time(rest) && !rest.starts_with(SEEDED_TIME) {
            out.push_str("TIME");
            rest = rest[SECONDS..].trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
            rest = rest.strip_prefix('Z').unwrap_or(rest);
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    out
}

fn starts_with_time(text: &str) -> bool {
    let matches = |(byte, pattern): (u8, u8)| {
        byte == pattern || (byte.is_ascii_digit() && pattern.is_ascii_digit())
    };
    let pattern = SEEDED_TIME.bytes().take(SECONDS);
    text.len() > SECONDS && text.bytes().zip(pattern).all(matches)
}
