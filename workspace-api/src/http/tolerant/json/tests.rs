//! Strings with every escape, and text that is no JSON.

use super::*;

#[test]
fn strings_are_read_with_every_escape() {
    for (text, expected) in [
        (r#""""#, ""),
        (r#""\b\f\n\r\t\"\\\/\u0041""#, "\u{8}\u{c}\n\r\t\"\\/A"),
        (r#""a\ud83d\ude00b""#, "a😀b"),
        (r#""\ud83d\u0041""#, "\u{fffd}A"),
        (r#""\ud83d""#, "\u{fffd}"),
        (r#""\ude00\ud83d""#, "\u{fffd}\u{fffd}"),
        (r#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"),
        ("\"a\nb\u{1}桌😀\"", "a\nb\u{1}桌😀"),
    ] {
        let json = Json::parse(text);
        let read = json.map(|json| json.data);
        assert!(
            matches!(&read, Some(Data::Text(read)) if read == expected),
            "{text}"
        );
    }
}

#[test]
fn other_text_is_no_json() {
    for text in [
        r#""\x""#,
        r#""\u12g4""#,
        r#""\u12""#,
        r#""abc"#,
        "[1,]",
        "[1",
        r#"{"a":1,"a":2}"#,
        r#"{"a":1,"b"}"#,
        "1 2",
        "",
    ] {
        assert!(Json::parse(text).is_none(), "{text}");
    }
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(Json::parse(&nested(MAX_DEPTH)).is_some());
    assert!(Json::parse(&nested(MAX_DEPTH + 1)).is_none());
}
