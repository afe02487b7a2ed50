//! The names that the values of an `enum` have in the client.
//!
//! progenitor drops symbols and the case of letters, so `asc` and `ASC`, or `<` and `>`, would have
//! one name. Where its name does not distinguish a value, the client is generated from another
//! text, which has the value in it, and the value is restored afterwards.
//!
//! Each value gets the plainest name that no value before it has. So a value that is added at the
//! end renames none.

use std::collections::HashSet;

use super::names::{is_kept, separated, type_name};

/// The extension with the names that a contract gives the values of an enum.
pub const VARIANT_NAMES: &str = "x-enum-varnames";

/// Separates the name from the value in a text. The value follows as a private character for each
/// byte, which progenitor drops from the name.
const SEPARATOR: char = '\u{e100}';

/// The private character of the byte 0.
const FIRST_BYTE: u32 = 0xe000;

/// The words for symbols, those of openapi-generator.
const WORDS: [(&str, &str); 36] = [
    ("<=", "less-than-or-equal-to"),
    (">=", "greater-than-or-equal-to"),
    ("!=", "not-equal"),
    ("<>", "not-equal"),
    (" ", "space"),
    ("!", "exclamation"),
    ("\"", "double-quote"),
    ("#", "hash"),
    ("$", "dollar"),
    ("%", "percent"),
    ("&", "ampersand"),
    ("'", "quote"),
    ("(", "left-parenthesis"),
    (")", "right-parenthesis"),
    ("*", "star"),
    ("+", "plus"),
    (",", "comma"),
    ("-", "minus"),
    (".", "period"),
    ("/", "slash"),
    (":", "colon"),
    (";", "semicolon"),
    ("<", "less-than"),
    ("=", "equal"),
    (">", "greater-than"),
    ("?", "question-mark"),
    ("@", "at"),
    ("[", "left-square-bracket"),
    ("\\", "back-slash"),
    ("]", "right-square-bracket"),
    ("^", "caret"),
    ("_", "underscore"),
    ("`", "backtick"),
    ("{", "left-curly-bracket"),
    ("|", "pipe"),
    ("}", "right-curly-bracket"),
];

/// Returns the texts to generate the values of an enum from. `names` are those that the contract
/// gives them, or empty.
pub fn texts(values: &[&str], names: &[&str]) -> Vec<String> {
    let mut taken = HashSet::new();
    let mut texts = Vec::new();
    for (index, value) in values.iter().enumerate() {
        let given = names.get(index).map(|name| (*name).to_owned());
        let fitting = candidates(value);
        let plain = fitting.first().cloned().unwrap_or_default();
        let numbered = (2..).map(|number| format!("{plain}-variant-{number}"));
        let mut candidates = given.into_iter().chain(fitting).chain(numbered);
        let chosen = candidates.find(|text| taken.insert(type_name(text)));
        let chosen = chosen.unwrap_or_default();
        let is_plain = type_name(value) == type_name(&chosen) && !value.contains(SEPARATOR);
        texts.push(if is_plain {
            (*value).to_owned()
        } else {
            hide(&chosen, value)
        });
    }
    texts
}

/// Returns the texts whose names fit a value, the plainest first.
fn candidates(value: &str) -> Vec<String> {
    let is_letter = |c: char| is_kept(c) && c != '_';
    let spelled = spelled(value, |_, _, _| true);
    let plain = if value.is_empty() {
        "empty".to_owned()
    } else if value.contains(is_letter) {
        // The sign and the point of a number distinguish it from others.
        self::spelled(value, |before, symbol, after| match symbol {
            '+' | '-' => before.is_none() && after.is_some_and(|c| c.is_ascii_digit()),
            '.' => [before, after]
                .iter()
                .all(|c| c.is_some_and(|c| c.is_ascii_digit())),
            _ => false,
        })
    } else {
        spelled.clone()
    };
    let mut candidates = vec![plain, spelled.clone()];
    let has = |is_case: fn(char) -> bool| value.contains(is_case);
    match (has(char::is_lowercase), has(char::is_uppercase)) {
        (true, false) => candidates.push(format!("{spelled}-lower")),
        (false, true) => candidates.push(format!("{spelled}-upper")),
        _ => {}
    }
    candidates
}

/// Returns the value with words for the symbols that are to be spelled, given those before and
/// after them.
fn spelled(value: &str, is_spelled: impl Fn(Option<char>, char, Option<char>) -> bool) -> String {
    let mut text = String::new();
    let mut before = None;
    let mut rest = value;
    while let Some(symbol) = rest.chars().next() {
        let known = WORDS.iter().find(|(symbol, _)| rest.starts_with(symbol));
        let length = known.map_or(symbol.len_utf8(), |(symbol, _)| symbol.len());
        let (start, after) = rest.split_at(length);
        let is_letter = is_kept(symbol) && symbol != '_';
        if is_letter || !is_spelled(before, symbol, after.chars().next()) {
            text.push_str(start);
        } else if let Some((_, word)) = known {
            text = format!("{text}-{word}-");
        } else {
            text = format!("{text}-u{:x}-", u32::from(symbol));
        }
        before = start.chars().last();
        rest = after;
    }
    text
}

/// Returns a text of this name that has the value in it.
pub fn hide(name: &str, value: &str) -> String {
    let mut text = separated(name);
    text.push(SEPARATOR);
    let bytes = value.bytes().map(|byte| FIRST_BYTE + u32::from(byte));
    text.extend(bytes.filter_map(char::from_u32));
    text
}

/// Returns the value in a text, or `None` if the text is the value.
pub fn value(text: &str) -> Option<String> {
    let (_, hidden) = text.split_once(SEPARATOR)?;
    let bytes = hidden
        .chars()
        .map(|c| u8::try_from(u32::from(c).checked_sub(FIRST_BYTE)?).ok());
    String::from_utf8(bytes.collect::<Option<_>>()?).ok()
}

// The benchmark of the generator compiles this without the test harness.
#[cfg(test)]
#[allow(dead_code, unused_imports)]
mod tests {
    use super::*;

    fn names(values: &[&str]) -> Vec<String> {
        let texts = texts(values, &[]);
        let restored = texts
            .iter()
            .map(|text| value(text).unwrap_or_else(|| text.clone()));
        assert_eq!(restored.collect::<Vec<_>>(), values);
        texts.iter().map(|text| type_name(text)).collect()
    }

    #[test]
    fn each_value_has_a_name_of_its_own() {
        for (values, expected) in [
            ("USER GROUP", "User Group"),
            ("asc ASC Asc aSC", "Asc AscUpper AscVariant2 ASc"),
            ("ASC asc", "Asc AscLower"),
            (
                "< <= > >= = != <>",
                "LessThan LessThanOrEqualTo GreaterThan GreaterThanOrEqualTo Equal NotEqual \
                 NotEqualVariant2",
            ),
            ("1 +1 -1 -2 2nd", "X1 Plus1 Minus1 Minus2 X2nd"),
            ("15 1.5 1.5.0 .5", "X15 X1Period5 X1Period5Period0 X5"),
            ("a_b a-b a.b aB", "AB AMinusB APeriodB ABVariant2"),
            ("C C++ C# c", "C CPlusPlus CHash CLower"),
            ("self Self SELF", "Self_ SelfVariant2 SelfUpper"),
            ("* ** - _ ~", "Star StarStar Minus Underscore U7e"),
            ("云 😀 ü Ü", "云 U1f600 Ü ÜUpper"),
            ("Other other", "Other OtherLower"),
        ] {
            let values: Vec<_> = values.split(' ').collect();
            let expected: Vec<_> = expected.split(' ').collect();
            assert_eq!(names(&values), expected, "{values:?}");
        }
        assert_eq!(names(&["", " ", "empty"]), ["Empty", "Space", "EmptyLower"]);
        let hostile = "\u{e100}\u{e041}";
        assert_eq!(names(&[hostile, "A"]), ["Ue100Ue041", "A"]);
    }

    #[test]
    fn a_value_at_the_end_renames_none() {
        let values = [
            "b", "B", "=", "==", "", "1.0", "10", "b-upper", "BUpper", "_", "__", "b",
        ];
        for length in 1..values.len() {
            let before = texts(&values[..length], &[]);
            assert_eq!(texts(&values[..=length], &[])[..length], before);
        }
    }

    #[test]
    fn given_names_are_used() {
        let texts = texts(&["asc", "ASC", "x"], &["UP", "UPPER_CASE", "x"]);
        let names: Vec<_> = texts.iter().map(|text| type_name(text)).collect();
        assert_eq!(names, ["Up", "UpperCase", "X"]);
        assert_eq!(value(&texts[1]).as_deref(), Some("ASC"));
        assert_eq!(texts[2], "x");
    }
}
