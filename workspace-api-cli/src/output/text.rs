//! Counts and lists as they read in a sentence.

/// How many users or desktops are named before the others are only counted.
const NAMED: usize = 5;

/// The first few of a list, and how many more there are.
pub fn some(names: &[String], more: &str) -> String {
    match names.len() {
        0..=NAMED => names.join(", "),
        count => format!("{} and {} {more}", names[..NAMED].join(", "), count - NAMED),
    }
}

/// `1 desktop`, `2 desktops`.
pub fn counted(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    }
}
