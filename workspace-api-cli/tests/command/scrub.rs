//! Takes out of an output what differs from run to run, and nothing else.

/// The text with the times of this year's unbindings and the free port replaced.
pub fn scrub(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some(port) = rest.strip_prefix("127.0.0.1:") {
            out.push_str("127.0.0.1:PORT");
            rest = port.trim_start_matches(|c: char| c.is_ascii_digit());
        } else if is_time(rest) && !rest.starts_with(SEEDED) {
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

/// The one time that is in the sandbox's seed.
const SEEDED: &str = "2026-03-10T12:02:11Z";

/// How long a time is down to its seconds.
const SECONDS: usize = SEEDED.len() - 1;

fn is_time(text: &str) -> bool {
    let same = |(c, pattern): (u8, u8)| match pattern.is_ascii_digit() {
        true => c.is_ascii_digit(),
        false => c == pattern,
    };
    let pattern = SEEDED.bytes().take(SECONDS);
    text.len() > SECONDS && text.bytes().zip(pattern).all(same)
}
