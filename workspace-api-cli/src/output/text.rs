//! Counts and lists as parts of a sentence.

use indicatif::HumanCount;

use crate::output::sanitize::sanitize_for_terminal;

/// Number of list entries that are shown before the others are only counted.
pub const PREVIEW_LENGTH: usize = 5;

/// Returns the first few names of a list and the number of the others: `a, b, c, d, e and 95 more`.
///
/// The names may come from a server or a file.
pub fn list_preview(names: &[String]) -> String {
    let shown = &names[..names.len().min(PREVIEW_LENGTH)];
    preview(shown, names.len())
}

/// Returns the first names of a list that has this many.
pub fn preview(first: &[String], count: usize) -> String {
    let shown: Vec<_> = first
        .iter()
        .map(|name| sanitize_for_terminal(name))
        .collect();
    let shown = shown.join(", ");
    match count - first.len() {
        0 => shown,
        others => format!("{shown} and {} more", group_digits(others)),
    }
}

/// Returns a count with its noun: `1 desktop`, `2 desktops`, `1,000 desktops`.
pub fn pluralize(count: usize, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{} {noun}s", group_digits(count))
    }
}

/// Returns a count with its digits grouped by thousands: `1,000`.
pub fn group_digits(count: usize) -> String {
    HumanCount(count as u64).to_string()
}

#[cfg(test)]
mod tests;
