//! The readable beginning of a body that has no known form.

use std::borrow::Cow;

/// Maximum length of an excerpt, in characters.
const MAX_LENGTH: usize = 300;
/// How much of a body is read for an excerpt, in characters: enough for the head of an HTML page.
const READ: usize = MAX_LENGTH * 16;

/// Returns the beginning of `body` on one line, without the tags of HTML.
pub(super) fn excerpt(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let text = if text.trim_start().starts_with('<') {
        without_tags(&text)
    } else {
        text
    };
    let mut printable = String::new();
    for c in text.chars().take(READ) {
        printable.push(if c.is_control() { ' ' } else { c });
    }
    let words = printable.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(MAX_LENGTH) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words,
    }
}

fn without_tags(html: &str) -> Cow<'_, str> {
    let mut text = String::new();
    for part in html.split('<') {
        let (_, between_tags) = part.split_once('>').unwrap_or_default();
        text.push_str(between_tags);
        text.push(' ');
    }
    text.into()
}
