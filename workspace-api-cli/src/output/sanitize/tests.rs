//! Text of others on a terminal and in JSON.

use super::*;

/// Everything that acts on a terminal or on the direction of text, and a line of this command.
const HOSTILE: &str = "a\r\nb\nc\td\re\x1b[2J\x07\x7f\u{9b}31m\u{85}\u{202e}\u{200f}\u{61c}\u{2028}\u{2066}\u{feff}\u{e0041}\\";

#[test]
fn terminal_text_is_one_line() {
    assert_eq!(
        sanitize_for_terminal(HOSTILE),
        r"a⏎b⏎c\td\re\x1b[2J\x07\x7f\x9b31m\x85\u{202e}\u{200f}\u{61c}\u{2028}\u{2066}\u{feff}\u{e0041}\"
    );
    assert_eq!(
        sanitize_for_terminal("plain — 设计部 é"),
        "plain — 设计部 é"
    );
}

#[test]
fn later_lines_of_a_message_are_indented() {
    let message = "no:\n  a\n300 of 300 desktops unbound.\n\x1b[2J";
    let expected = "no:\n  a\n  300 of 300 desktops unbound.\n  \\x1b[2J";
    assert_eq!(sanitize_lines(message), expected);
}

#[test]
fn a_value_can_be_read_back() {
    assert_eq!(
        escape_value("a\tb\nc\r\\d\x1b\u{9b}\u{202e}设"),
        r"a\tb\nc\r\\d\x1b\x9b\u{202e}设"
    );
}

#[test]
fn json_keeps_its_values() {
    let value = serde_json::json!({ HOSTILE: [HOSTILE, "设计部"] });
    let pretty = serde_json::to_string_pretty(&value).unwrap();
    let escaped = escape_json(pretty);
    assert!(
        !escaped.contains(|c| c != '\n' && is_control(c)),
        "{escaped}"
    );
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&escaped).unwrap(),
        value
    );
}

#[test]
fn a_document_keeps_its_lines() {
    let text = "a\tb\r\nc\n\rd\x1b[2J\u{202e}\u{2028}";
    let expected = "a\tb\r\nc\n\\rd\\x1b[2J\\u{202e}\\u{2028}";
    assert_eq!(sanitize_document(text), expected);
}
