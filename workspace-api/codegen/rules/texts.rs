//! Rules for every text: no characters that an editor does not show.
//!
//! Rust rejects some of them in comments and strings, and the readers of other languages reject
//! others.

use serde_json::Value;

use crate::codegen::diagnostic::{Diagnostic, Position};
use crate::codegen::yaml::{Data, Node};

pub fn check(node: &Node, diagnostics: &mut Vec<Diagnostic>) {
    if let Data::Scalar(Value::String(text)) = &node.data {
        check_text(text, node.position, diagnostics);
    }
    for (key, value) in node.entries() {
        check_text(&key.name, key.position, diagnostics);
        check(value, diagnostics);
    }
    for item in node.items() {
        check(item, diagnostics);
    }
}

fn check_text(text: &str, position: Position, diagnostics: &mut Vec<Diagnostic>) {
    if let Some(character) = text.chars().find(|c| is_invisible(*c)) {
        diagnostics.push(position.error(format!(
            "this text has the invisible character U+{:04X}. Remove it.",
            u32::from(character)
        )));
    }
}

/// Whether this is a control character other than a line break or a tab, a separator of lines, or a
/// character that changes the direction of the text.
fn is_invisible(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        '\u{2028}'
        | '\u{2029}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => true,
        _ => character.is_control(),
    }
}
