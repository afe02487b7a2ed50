//! Rules for every text: no characters that an editor does not show.
//!
//! Rust rejects some of them in comments and strings, and the readers of other languages reject
//! others. A variation selector is visible after an emoji: it says how that looks.

use std::ops::RangeInclusive;

use serde_json::Value;

use crate::codegen::diagnostic::{Diagnostic, Position};
use crate::codegen::shared::{EMOJI, INVISIBLE_CHARACTERS};
use crate::codegen::yaml::{Data, Node};

/// The selectors of text and of emoji.
const SELECTORS: RangeInclusive<u32> = 0xfe0e..=0xfe0f;

type Ranges = Vec<RangeInclusive<u32>>;

pub fn check(node: &Node, diagnostics: &mut Vec<Diagnostic>) {
    check_node(
        node,
        &ranges(INVISIBLE_CHARACTERS),
        &ranges(EMOJI),
        diagnostics,
    );
}

fn check_node(node: &Node, invisible: &Ranges, emoji: &Ranges, diagnostics: &mut Vec<Diagnostic>) {
    let mut check_text = |text: &str, emoji: &Ranges, position: Position| {
        let before = text.chars().map(|character| is_in(character, emoji));
        let mut characters = text.chars().zip(std::iter::once(false).chain(before));
        let found = characters.find(|(character, is_after_emoji)| {
            let is_seen = *is_after_emoji && SELECTORS.contains(&u32::from(*character));
            is_in(*character, invisible) && !is_seen
        });
        if let Some((character, _)) = found {
            diagnostics.push(position.error(format!(
                "this text has the invisible character U+{:04X}. Remove it.",
                u32::from(character)
            )));
        }
    };
    if let Data::Scalar(Value::String(text)) = &node.data {
        check_text(text, emoji, node.position);
    }
    for (key, _) in node.entries() {
        check_text(&key.name, &Vec::new(), key.position);
    }
    let values = node.entries().map(|(_, value)| value);
    for child in values.chain(node.items()) {
        check_node(child, invisible, emoji, diagnostics);
    }
}

fn ranges(ranges: &[[&str; 2]]) -> Ranges {
    let code = |text| u32::from_str_radix(text, 16).unwrap_or_default();
    let ranges = ranges.iter();
    ranges
        .map(|[first, last]| code(first)..=code(last))
        .collect()
}

fn is_in(character: char, ranges: &Ranges) -> bool {
    // Most characters are none of them.
    let is_ascii = (' '..='~').contains(&character);
    !is_ascii
        && ranges
            .iter()
            .any(|range| range.contains(&u32::from(character)))
}
