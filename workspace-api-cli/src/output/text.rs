//! Counts and lists as they read in a sentence.

/// How many users or desktops are named before the others are only counted.
const PREVIEW_LENGTH: usize = 5;

/// The first few of a list, and how many more there are.
pub fn list_preview(names: &[String], more: &str) -> String {
    match names.len() {
        0..=PREVIEW_LENGTH => names.join(", "),
        count => format!(
            "{} and {} {more}",
            names[..PREVIEW_LENGTH].join(", "),
            count - PREVIEW_LENGTH
        ),
    }
}

/// `1 desktop`, `2 desktops`.
pub fn pluralize(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    }
}
