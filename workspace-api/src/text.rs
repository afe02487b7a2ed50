//! Text that others wrote, made harmless for a terminal and a log.
//!
//! A server can put anything into a message. A control character could move the cursor, change
//! colors or write to the clipboard, a line break could look like the next line of a program, and
//! some characters make the text around them read as something else. `Display` of every error of
//! this crate shows them as escapes; the parts of an error, such as
//! [`Error::message`](crate::Error::message), have them as they came.

use std::borrow::Cow;
use std::fmt::Write;

/// Returns whether a character acts on the text around it, or on a terminal, instead of being
/// shown: control characters, line and paragraph separators, and what Unicode has to direct or hide
/// text.
///
/// ```
/// use workspace_api::text::is_control;
///
/// assert!(is_control('\x1b') && is_control('\u{202e}') && is_control('\n'));
/// assert!(!is_control('设') && !is_control(' '));
/// ```
pub fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// Returns a text on one line: with `⏎` for a line break, and other
/// [control characters](is_control) as escapes.
///
/// ```
/// use workspace_api::text::visible;
///
/// assert_eq!(visible("no\r\n300 of 300 done"), "no⏎300 of 300 done");
/// assert_eq!(visible("\x1b[2J\u{9b}31m\u{202e}"), r"\x1b[2J\x9b31m\u{202e}");
/// ```
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_control) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        if c == '\n' {
            shown.push('⏎');
        } else {
            push_visible(&mut shown, c);
        }
    }
    shown.into()
}

/// Returns a text with its line breaks, and other [control characters](is_control) as escapes.
///
/// Every line after the first begins with two spaces, so that it cannot be taken for another
/// message.
///
/// ```
/// use workspace_api::text::visible_lines;
///
/// assert_eq!(visible_lines("tried:\n  a\nb\x07"), "tried:\n  a\n  b\\x07");
/// ```
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    if !text.contains(is_control) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len());
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            shown.push('\n');
            if !line.is_empty() && !line.starts_with("  ") {
                shown.push_str("  ");
            }
        }
        for c in line.strip_suffix('\r').unwrap_or(line).chars() {
            push_visible(&mut shown, c);
        }
    }
    shown.into()
}

fn push_visible(shown: &mut String, c: char) {
    // Writing to a string cannot fail.
    let _ = match c {
        '\t' => shown.write_str("\\t"),
        '\r' => shown.write_str("\\r"),
        '\n' => shown.write_str("\\n"),
        c if !is_control(c) => shown.write_char(c),
        c if u32::from(c) < 0x100 => write!(shown, "\\x{:02x}", u32::from(c)),
        c => write!(shown, "\\u{{{:x}}}", u32::from(c)),
    };
}
