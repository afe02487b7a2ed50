//! Rust code as text, for comparisons.

use quote::ToTokens;

/// Returns code on one line, without the paths of the standard library.
///
/// `replaced` are texts with their replacements, in addition to the blanks between tokens.
pub fn on_one_line(code: &impl ToTokens, replaced: &[(&str, &str)]) -> String {
    let code = code.to_token_stream().to_string();
    let mut text = code.split_whitespace().collect::<Vec<_>>().join(" ");
    let blanks = [
        (" ::", "::"),
        (":: ", "::"),
        (" <", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" ,", ","),
        (",>", ">"),
        ("& ", "&"),
        (" :", ":"),
        (" (", "("),
    ];
    for (from, to) in blanks.iter().chain(replaced) {
        text = text.replace(from, to);
    }
    for module in ["convert", "fmt", "ops", "option", "result", "string", "vec"] {
        for path in [format!("::std::{module}::"), format!("std::{module}::")] {
            text = text.replace(&path, "");
        }
    }
    text
}
