//! Text of servers and files, harmless for every output.
//!
//! A control character could move the cursor, change colors or write to the clipboard, a line break
//! could look like the next line of this command, and a character that changes the direction could
//! make text read as something else. Each output shows them in its own way: a terminal as `⏎` and
//! `\x1b`, tab-separated values as `\n` and `\x1b`, JSON as `\n` and `\u001b`.

use std::fmt::Write as _;
use std::io::{self, Write};

use workspace_api::text::{is_control, visible, visible_lines};

/// Returns text of others on one line.
pub fn sanitize_for_terminal(text: &str) -> String {
    visible(text).into_owned()
}

/// Returns a message with its line breaks. Every line after the first is indented, so that none
/// looks like another message.
pub fn sanitize_lines(text: &str) -> String {
    visible_lines(text).into_owned()
}

/// Returns a text of this command, which has several lines, without the control characters in them.
pub fn sanitize_each_line(text: &str) -> String {
    let lines: Vec<_> = text.split('\n').map(visible).collect();
    lines.join("\n")
}

/// Returns a document of others with its line ends and tabs.
pub fn sanitize_document(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\n' | '\t' => shown.push(c),
            '\r' if characters.peek() == Some(&'\n') => shown.push(c),
            c => shown.push_str(&visible(c.encode_utf8(&mut [0; 4]))),
        }
    }
    shown
}

/// Returns a value for a list of tab-separated values. A backslash is doubled, so that the value can
/// be read back.
pub fn escape_value(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '\n' => escaped.push_str("\\n"),
            '\\' => escaped.push_str("\\\\"),
            c => escaped.push_str(&visible(c.encode_utf8(&mut [0; 4]))),
        }
    }
    escaped
}

/// Returns JSON in which every character that is not shown is an escape. The values stay the same.
pub fn escape_json(json: String) -> String {
    if !json.contains(is_hidden) {
        return json;
    }
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        if !is_hidden(c) {
            escaped.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            // Writing to a string cannot fail.
            let _ = write!(escaped, "\\u{unit:04x}");
        }
    }
    escaped
}

/// JSON has escapes for control characters below, and characters above can only be in strings.
fn is_hidden(c: char) -> bool {
    c >= '\x7f' && is_control(c)
}

/// Writes JSON as [`escape_json`] returns it, without holding it.
pub struct EscapedJson<W>(pub W);

impl<W: Write> Write for EscapedJson<W> {
    /// Writes a piece of JSON. The serializer passes strings in pieces of whole characters.
    fn write(&mut self, json: &[u8]) -> io::Result<usize> {
        match std::str::from_utf8(json) {
            Ok(text) if text.contains(is_hidden) => {
                let escaped = escape_json(text.to_owned());
                self.0.write_all(escaped.as_bytes())?;
            }
            _ => self.0.write_all(json)?,
        }
        Ok(json.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests;
