use super::*;

#[test]
fn control_characters_are_replaced() {
    for (text, expected) in [
        ("plain\ntext — 设计部", "plain\ntext — 设计部"),
        ("\x1b[2Jcleared", "\u{fffd}[2Jcleared"),
        ("a\rb\tc\u{9b}d", "a\u{fffd}b\u{fffd}c\u{fffd}d"),
        ("left\u{202e}thgir\u{200f}", "left\u{fffd}thgir\u{fffd}"),
    ] {
        assert_eq!(sanitize_for_terminal(text), expected);
    }
}
