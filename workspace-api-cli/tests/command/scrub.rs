//! Replaces the parts of an output that differ from run to run.

/// The only time in the sandbox's seed. It does not differ, and stays.
const SEEDED_TIME: &str = "2026-03-10T12:02:11Z";

/// Length of a time down to its seconds.
const SECONDS: usize = SEEDED_TIME.len() - 1;

/// Replaces free ports and the times of new unbindings, and the texts that differ on Windows.
pub fn scrub(text: &str) -> String {
    let text = as_on_linux(text);
    let mut out = String::new();
    let mut rest = text.as_str();
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

/// Replaces the separators of escaped paths, and the words for a missing file.
fn as_on_linux(text: &str) -> String {
    if cfg!(not(windows)) {
        return text.to_owned();
    }
    let missing_file = "(os error 2)";
    let mut out = String::new();
    let text = text
        .replace(r"/nowhere\\.huaweicloud\\", "/nowhere/.huaweicloud/")
        .replace(r"/nowhere\\.hcloud\\", "/nowhere/.hcloud/");
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once(missing_file) {
        let (before, _words) = before.rsplit_once(": ").unwrap_or_default();
        out.push_str(before);
        out.push_str(": No such file or directory ");
        out.push_str(missing_file);
        rest = after;
    }
    out + rest
}

fn starts_with_time(text: &str) -> bool {
    let matches = |(byte, pattern): (u8, u8)| {
        byte == pattern || (byte.is_ascii_digit() && pattern.is_ascii_digit())
    };
    let pattern = SEEDED_TIME.bytes().take(SECONDS);
    text.len() > SECONDS && text.bytes().zip(pattern).all(matches)
}
