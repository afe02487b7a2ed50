//! Text that comes from a server, made harmless for a terminal.

/// Characters that turn the direction of a text, so that it reads as something else.
const BIDI_CONTROLS: [char; 9] = [
    '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}', '\u{2068}',
    '\u{2069}',
];

/// The text without control characters but line ends: what a server says must not steer the terminal.
pub fn sanitize_for_terminal(text: &str) -> String {
    text.chars()
        .map(
            |c| match c.is_control() && c != '\n' || BIDI_CONTROLS.contains(&c) {
                true => '\u{fffd}',
                false => c,
            },
        )
        .collect()
}
