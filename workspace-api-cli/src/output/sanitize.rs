//! Makes text from a server harmless for a terminal.
//!
//! A control character could move the cursor, change colors or write to the clipboard, and a
//! bidirectional control could make text read as something else. Both are replaced by `�`, so that
//! the reader sees that something was there.

/// All characters with the Unicode property `Bidi_Control`.
const BIDI_CONTROLS: [char; 12] = [
    '\u{061c}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}',
    '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}',
];

/// Returns the text with every control character but the line feed replaced.
pub fn sanitize_for_terminal(text: &str) -> String {
    let replace = |c: char| {
        if is_harmful(c) {
            char::REPLACEMENT_CHARACTER
        } else {
            c
        }
    };
    text.chars().map(replace).collect()
}

fn is_harmful(c: char) -> bool {
    (c.is_control() && c != '\n') || BIDI_CONTROLS.contains(&c)
}

#[cfg(test)]
mod tests;
