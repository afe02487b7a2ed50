//! Patterns are matched as regex-lite matches them.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;

/// Texts that distinguish patterns.
const TEXTS: &[&str] = &[
    "",
    ".",
    "..",
    "...",
    "....",
    "a",
    "b",
    "ab",
    "aab",
    "abab",
    "ababab",
    "a.b",
    "..a",
    "...a",
    "/",
    "a/b",
    "a%",
    "a\\b",
    "\n",
    "a\u{7f}",
    "A",
    "Z9",
    "_",
    "-",
    "a-b",
    "é",
    "一",
    "a一",
    "]",
    "^",
    "$",
    "12",
    "123",
    "1234",
    "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001",
];

/// Asserts that a pattern matches the same texts as regex-lite.
fn check(pattern: &str, texts: &[&str]) {
    let (ours, theirs) = (Pattern::new(pattern).unwrap(), Regex::new(pattern).unwrap());
    for text in texts {
        assert_eq!(
            ours.matches(text),
            theirs.is_match(text),
            "{pattern}: {text:?}"
        );
    }
}

#[test]
fn simple_patterns_become_an_automaton_that_matches_the_same() {
    for pattern in [
        r"^(\.{0,2}[^./?#%\\\x00-\x1f\x7f]|\.{3})[^/?#%\\\x00-\x1f\x7f]*$",
        "^$",
        "^a$",
        "^[a-z]+$",
        "^[^a-z]*$",
        "^[-a]+$",
        "^[a-]+$",
        r"^[\-a]+$",
        r"^[\]\[^$]$",
        "^(a|ab)(b|)$",
        "^(?:a)?b??$",
        "^(ab){2}$",
        "^(ab){2,}$",
        "^(ab){0,2}$",
        "^(a{1,2}b?){1,3}$",
        "^((a*)*b+)*$",
        "^a{0}b$",
        r"^\d{2,3}?$",
        r"^\w+\W?\D*$",
        r"^\x41|\u0042$",
        r"^(\x41|\u0061)[\w\-]*$",
        r"^[^\d]$",
        r"^\/$",
    ] {
        let is_simple = matches!(Pattern::new(pattern), Ok(Pattern(Matcher::Automaton(_))));
        assert_eq!(is_simple, pattern != r"^\x41|\u0042$", "{pattern}");
        check(pattern, TEXTS);
    }
}

#[test]
fn other_patterns_are_matched_by_regex_lite() {
    for pattern in [
        "",
        "a",
        "^a",
        "a$",
        r"^a\$",
        "^a|b$",
        "^(a$|b)$",
        "^[一-龥]+$",
        "^é$",
        r"^\b$",
        "^.$",
        "^[0-9]{65}$",
    ] {
        assert!(
            matches!(Pattern::new(pattern), Ok(Pattern(Matcher::Regex(_)))),
            "{pattern}"
        );
        check(pattern, TEXTS);
    }
    for pattern in ["^a{3,2}$", "^($", "^[b-a]$"] {
        assert!(Pattern::new(pattern).is_err(), "{pattern}");
    }
}

/// Patterns of all that an automaton can express.
fn patterns() -> impl Strategy<Value = String> {
    let once = prop_oneof![
        Just("a".to_owned()),
        Just("b".to_owned()),
        Just("[ab]".to_owned()),
        Just("[^a]".to_owned()),
        Just(r"\.".to_owned()),
    ];
    let nested = once.prop_recursive(3, 12, 3, |inner| {
        let limits = prop_oneof![
            Just("*"),
            Just("+"),
            Just("?"),
            Just("{2}"),
            Just("{1,}"),
            Just("{0,2}"),
            Just("*?"),
        ];
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(one, other)| format!("{one}{other}")),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| format!("({one}|{other})")),
            (inner, limits).prop_map(|(inner, limits)| format!("(?:{inner}){limits}")),
        ]
    });
    nested.prop_map(|inner| format!("^{inner}$"))
}

proptest! {
    #[test]
    fn an_automaton_and_regex_lite_match_the_same(pattern in patterns(), text in "[ab.é]{0,8}") {
        check(&pattern, &[&text]);
    }
}
