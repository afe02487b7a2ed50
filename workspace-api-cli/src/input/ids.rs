//! The ids of desktops: what looks like one, and what certainly is none.

use workspace_api::types::DesktopId;

use crate::desktops::ids::DesktopIds;
use crate::input::errors::excerpt;
use crate::output::text::{group_digits, pluralize};

/// Returns the id in a cell, or why it is invalid.
pub fn parse(cell: &str) -> Result<DesktopId, String> {
    if cell == "-" {
        return Err("`-` is not an id; to read ids from standard input, use --from -".to_owned());
    }
    let separators = [' ', '\t', ',', ';', '|'];
    if cell.contains(separators) && cell.len() > 1 {
        return Err(format!(
            "`{}` is not one id; write one id per line",
            excerpt(cell)
        ));
    }
    DesktopId::try_from(cell).map_err(|error| error.to_string())
}

/// Returns the part of a line before a comment, or `None` if it has no comment.
pub fn without_comment(line: &str) -> Option<&str> {
    let (id, _) = line.split_once('#')?;
    let trimmed = id.trim();
    let is_separated = id.ends_with([' ', '\t']);
    (is_separated && !trimmed.is_empty()).then_some(trimmed)
}

/// Returns true for a UUID, with or without hyphens, as the service assigns ids.
pub fn looks_like_id(text: &str) -> bool {
    let digits: String = text.chars().filter(|c| *c != '-').collect();
    digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Returns a note about ids that may be names.
pub fn note_about_names(ids: &DesktopIds) -> Option<String> {
    let all = ids.len();
    let count = ids.texts().filter(|id| !looks_like_id(id)).count();
    if count == 0 {
        return None;
    }
    let all = pluralize(all, "id");
    Some(match count {
        1 => format!("1 of {all} does not look like a desktop id (a UUID): is it a name?"),
        count => format!(
            "{} of {all} do not look like desktop ids (UUIDs): are they names?",
            group_digits(count)
        ),
    })
}
