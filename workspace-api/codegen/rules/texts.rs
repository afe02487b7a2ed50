//! Rules for every text: no characters that an editor does not show.
//!
//! Rust rejects some of them in comments and strings, and the readers of other languages reject
//! others.

use std::ops::RangeInclusive;

use serde_json::Value;

use crate::codegen::diagnostic::{Diagnostic, Position};
use crate::codegen::shared::INVISIBLE_CHARACTERS;
use crate::codegen::yaml::{Data, Node};

pub fn check(node: &Node, diagnostics: &mut Vec<Diagnostic>) {
    check_node(node, &invisible(), diagnostics);
}

fn check_node(node: &Node, invisible: &[RangeInclusive<u32>], diagnostics: &mut Vec<Diagnostic>) {
    let mut check_text = |text: &str, position: Position| {
        let mut characters = text.chars().map(u32::from);
        if let Some(code) = characters.find(|code| is_in(*code, invisible)) {
            diagnostics.push(position.error(format!(
                "this text has the invisible character U+{code:04X}. Remove it."
            )));
        }
    };
    if let Data::Scalar(Value::String(text)) = &node.data {
        check_text(text, node.position);
    }
    for (key, _) in node.entries() {
        check_text(&key.name, key.position);
    }
    let values = node.entries().map(|(_, value)| value);
    for child in values.chain(node.items()) {
        check_node(child, invisible, diagnostics);
    }
}

fn invisible() -> Vec<RangeInclusive<u32>> {
    let code = |text| u32::from_str_radix(text, 16).unwrap_or_default();
    let ranges = INVISIBLE_CHARACTERS.iter();
    ranges
        .map(|[first, last]| code(first)..=code(last))
        .collect()
}

fn is_in(code: u32, ranges: &[RangeInclusive<u32>]) -> bool {
    // Most characters are none of them.
    let is_ascii = (0x20..0x7f).contains(&code);
    !is_ascii && ranges.iter().any(|range| range.contains(&code))
}
