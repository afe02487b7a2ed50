//! Counts and lists as parts of a sentence.

use indicatif::HumanCount;

use crate::output::sanitize::sanitize_for_terminal;

/// Number of list entries that are shown before the others are only counted.
const PREVIEW_LENGTH: usize = 5;

/// Returns the first few names of a list and the number of the others: `a, b, c, d, e and 95 more`.
///
/// The names may come from a server or a file.
pub fn list_preview(names: &[String]) -> String {
    let (shown, others) = names.split_at(names.len().min(PREVIEW_LENGTH));
    let shown: Vec<_> = shown
        .iter()
        .map(|name| sanitize_for_terminal(name))
        .collect();
    let shown = shown.join(", ");
    if others.is_empty() {
        return shown;
    }
    format!("{shown} and {} more", group_digits(others.len()))
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
