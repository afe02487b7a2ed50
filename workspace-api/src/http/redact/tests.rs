//! Secrets in every form in which a server may repeat them.

use std::fmt::Write;

use reqwest::header::{HeaderMap, HeaderValue};

use super::*;

fn redacted(secret: &str, body: &'static str) -> String {
    let body = redact_body(Bytes::from_static(body.as_bytes()), &Secret::new(secret));
    String::from_utf8(body.to_vec()).unwrap()
}

#[test]
fn a_secret_is_replaced_wherever_it_occurs() {
    for (secret, body, expected) in [
        ("token-of-1", "token-of-1", "[redacted]"),
        (
            "token-of-1",
            "a token-of-1 token-of-1.",
            "a [redacted] [redacted].",
        ),
        ("token-of-1", "token-of-2", "token-of-2"),
        ("token-of-1", "token-of-", "token-of-"),
        ("TOKEN-of-1", "token-OF-1", "[redacted]"),
        // Twelve characters of a secret are replaced, eleven are not.
        (
            "MIIFvgYJKoZIhvcN-token",
            "<YJKoZIhvcN-t> <YJKoZIhvcN->",
            "<[redacted]> <YJKoZIhvcN->",
        ),
        (
            "MIIFvgYJKoZIhvcN-token",
            "gYJKoZIhvcN-tok gYJKoZIhvcN-t0k",
            "[redacted] [redacted]0k",
        ),
        // A short password is replaced where it stands alone.
        (
            "abc123",
            "the password abc123, ABC123.",
            "the password [redacted], [redacted].",
        ),
        (
            "abc123",
            r#"{"a":"abc123","b":"\nabc123"}"#,
            r#"{"a":"[redacted]","b":"\n[redacted]"}"#,
        ),
        (
            "ab/12+3",
            r#"{"a":"ab\/12\u002b3"}"#,
            r#"{"a":"[redacted]"}"#,
        ),
        (
            "abc123",
            "abc1234 xabc123 éabc123 abc12",
            "abc1234 xabc123 éabc123 abc12",
        ),
        // Shorter secrets, and words, are placeholders.
        ("ab123", "ab123", "ab123"),
        ("secret", "a secret", "a secret"),
        ("123456", "123456", "123456"),
    ] {
        assert_eq!(redacted(secret, body), expected, "{body}");
    }
}

#[test]
fn a_secret_is_replaced_in_json_whatever_its_escapes() {
    for (secret, body, expected) in [
        (
            "MIIF/token",
            r#"{"a":["MIIF\/token"]}"#,
            r#"{"a":["[redacted]"]}"#,
        ),
        (
            "MIIF/token",
            r#"{"\u004dIIF/token":1}"#,
            r#"{"[redacted]":1}"#,
        ),
        (
            "pass\"word",
            r#"{"a":"pass\"word"}"#,
            r#"{"a":"[redacted]"}"#,
        ),
        (
            "pass\"word",
            r#"{"a":"{\"b\":\"pass\\\"word\"}"}"#,
            r#"{"a":"{\"b\":\"[redacted]\"}"}"#,
        ),
        // This is not JSON, because it ends early.
        ("pass\"word", r#"{"a":"pass\"word"#, r#"{"a":"[redacted]"#),
        (
            "MIIF=/+token",
            r#"{"a":"MIIF\u003d\/\u002btoken"}"#,
            r#"{"a":"[redacted]"}"#,
        ),
        // Nothing to redact: the body stays as it came.
        ("MIIF/token", r#"{ "a": "\u00e9" }"#, r#"{ "a": "\u00e9" }"#),
    ] {
        assert_eq!(redacted(secret, body), expected, "{body}");
    }
}

#[test]
fn a_body_without_a_secret_is_not_copied() {
    let body = Bytes::from_static(b"{\"desktop_detach_infos\":[]}");
    let same = redact_body(body.clone(), &Secret::new("token-of-1"));
    assert_eq!(body.as_ptr(), same.as_ptr());
}

#[test]
fn headers_are_redacted() {
    let mut headers = HeaderMap::new();
    headers.insert("x-echo", HeaderValue::from_static("Bearer token-of-1"));
    headers.insert("x-other", HeaderValue::from_static("token"));
    redact_headers(&mut headers, &Secret::new("token-of-1"));
    assert_eq!(headers["x-echo"], "Bearer [redacted]");
    assert_eq!(headers["x-other"], "token");
}

#[test]
fn a_secret_is_found_at_every_position_of_a_long_text() {
    let secret = "MIIFvgYJKoZI/token=";
    let finder = Secrets::new([secret]);
    let encoded = spell(secret, &[percent, json]);
    // Around the end of a block.
    for position in (0..130_000)
        .step_by(9_007)
        .chain((64_400..65_600).step_by(61))
    {
        let text = ["x".repeat(position), encoded.clone(), "x".repeat(100)].concat();
        let found = finder.find(text.as_bytes());
        assert_eq!(found.len(), 1);
        assert_eq!(found[0], position..position + encoded.len());
    }
}

#[test]
fn a_signature_is_replaced_in_every_spelling() {
    let digits = "0123456789abcdef".repeat(4);
    for text in [
        "Access=AKID, SignedHeaders=host, Signature=@",
        "signature: @",
        r#"{"Signature":"@","b":1}"#,
        r#"{"a":"Signature\u003d@"}"#,
        r#"{"a":"{\"signature\": \"@\"}"}"#,
        "X-Signature%3D@&a=b",
        "Signature&#61;@ ",
        "SIGNATURE=@",
    ] {
        for digits in [
            digits.clone(),
            digits.to_uppercase(),
            spell(&digits, &[percent_all]),
        ] {
            let text = text.replace('@', &digits);
            let redacted = redact_signatures(text.as_bytes().into());
            let redacted = std::str::from_utf8(&redacted).unwrap();
            assert_eq!(redacted, text.replace(&digits, REDACTED));
        }
    }
    for text in [
        "Signature=abc",
        "verify signature fail",
        "a deadbeefdeadbeefdeadbeef",
    ] {
        let kept = redact_signatures(text.as_bytes().into());
        assert!(matches!(kept, Cow::Borrowed(_)), "{text}");
    }
}

#[test]
fn several_secrets_are_found_in_one_pass() {
    let finder = Secrets::new(["first-secret-key", "MIIFvgYJKoZI-token", "password"]);
    let text = b"first-secret-key, PassWord and MIIFvgYJKoZI-token; second-secret-k";
    let redacted = finder.redact_bytes(Cow::Borrowed(text));
    let expected = "[redacted], [redacted] and [redacted]; second-secret-k";
    assert_eq!(std::str::from_utf8(&redacted).unwrap(), expected);
}

/// One way to spell a character.
type Spell = fn(char) -> String;

fn plain(c: char) -> String {
    c.to_string()
}

fn upper(c: char) -> String {
    c.to_uppercase().to_string()
}

fn lower(c: char) -> String {
    c.to_lowercase().to_string()
}

fn json(c: char) -> String {
    match c {
        '"' | '\\' | '/' => format!("\\{c}"),
        c if c.is_ascii_alphanumeric() => c.to_string(),
        c => unicode(c),
    }
}

fn unicode(c: char) -> String {
    format!("\\u{:04X}", u32::from(c))
}

fn percent(c: char) -> String {
    if c.is_ascii_alphanumeric() {
        return c.to_string();
    }
    percent_all(c)
}

fn percent_all(c: char) -> String {
    let mut bytes = [0; 4];
    let mut escapes = String::new();
    for byte in c.encode_utf8(&mut bytes).bytes() {
        write!(escapes, "%{byte:02x}").unwrap();
    }
    escapes
}

fn form(c: char) -> String {
    if c == ' ' { "+".to_owned() } else { percent(c) }
}

fn decimal_entity(c: char) -> String {
    format!("&#{};", u32::from(c))
}

fn hexadecimal_entity(c: char) -> String {
    format!("&#x{:X};", u32::from(c))
}

fn html(c: char) -> String {
    match c {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        '\'' => "&#39;".to_owned(),
        '=' => "&equals;".to_owned(),
        '+' => "&plus;".to_owned(),
        c => c.to_string(),
    }
}

fn javascript(c: char) -> String {
    if c.is_ascii() {
        format!("\\x{:02x}", u32::from(c))
    } else {
        unicode(c)
    }
}

fn utf_16(c: char) -> String {
    format!("{c}\0")
}

const SPELLINGS: [Spell; 13] = [
    plain,
    upper,
    lower,
    json,
    unicode,
    percent,
    percent_all,
    form,
    decimal_entity,
    hexadecimal_entity,
    html,
    javascript,
    utf_16,
];

/// Spells a text in one way, the result in the next way, and so on.
fn spell(text: &str, ways: &[Spell]) -> String {
    ways.iter().fold(text.to_owned(), |text, spell| {
        text.chars().map(spell).collect()
    })
}

mod properties {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    /// Tokens and keys.
    fn token() -> impl Strategy<Value = String> {
        "[A-Za-z0-9+/=_.~!@#$^*()<>'\"-]{12,200}"
    }

    /// Passwords too, which may have characters of escapes.
    fn secret() -> impl Strategy<Value = String> {
        "[A-Za-z0-9+/=_.~!@#$%^&*()<>'\"\\\\-]{12,200}"
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        /// No twelve characters of a secret are left, in any spelling, alone or around another.
        #[test]
        fn no_part_is_left(
            secret in token(),
            ways in prop::collection::vec(select(SPELLINGS.to_vec()), 1..3),
            before in "[ -~]{0,30}",
            after in "[ -~]{0,30}",
            (start, length) in (0..200_usize, 12..200_usize),
        ) {
            let start = start.min(secret.len() - 12);
            let end = secret.len().min(start + length);
            let part = spell(&secret[start..end], &ways);
            let text = format!("{before}|{part}|{after}");
            let redacted = Secret::new(&*secret).redact_bytes(text.as_bytes().into());
            let redacted = String::from_utf8(redacted.to_vec()).unwrap();
            prop_assert!(redacted.contains(REDACTED), "{} in {}", secret, redacted);
            for left in part.as_bytes().windows(part.len().min(40)) {
                let left = std::str::from_utf8(left).unwrap();
                prop_assert!(!redacted.contains(left), "{} in {}", left, redacted);
            }
        }

        /// A secret may contain something like an escape.
        #[test]
        fn no_escape_hides_a_secret(secret in secret(), way in select(SPELLINGS.to_vec())) {
            let text = format!("|{}|", spell(&secret, &[way]));
            let redacted = Secret::new(&*secret).redact_bytes(text.as_bytes().into());
            let redacted = String::from_utf8(redacted.to_vec()).unwrap();
            let left = redacted.replace(REDACTED, "");
            prop_assert!(redacted.starts_with("|[redacted]") && left.len() < 12, "{}", redacted);
        }

        /// JSON stays JSON.
        #[test]
        fn the_form_of_a_body_is_kept(secret in secret(), nested in any::<bool>()) {
            let mut body = serde_json::json!({ "error_msg": format!("sent: {secret}, no") }).to_string();
            if nested {
                body = serde_json::json!({ "error_msg": body }).to_string();
            }
            let redacted = redact_body(body.clone().into(), &Secret::new(&*secret));
            let value: serde_json::Value = serde_json::from_slice(&redacted).unwrap();
            let message = value["error_msg"].as_str().unwrap();
            prop_assert!(message.contains("sent: [redacted], no"), "{}", message);
        }

        /// Text that has no part of a secret stays as it is.
        #[test]
        fn other_text_is_kept(secret in "[a-z]{12,40}", text in "[0-9 ,.:%&\\\\{}\"-]{0,300}") {
            let kept = Secret::new(secret).redact_bytes(text.as_bytes().into());
            prop_assert!(matches!(kept, Cow::Borrowed(_)));
        }

        #[test]
        fn any_bytes_are_accepted(secret in secret(), text in prop::collection::vec(any::<u8>(), 0..500)) {
            Secret::new(secret).redact_bytes(text.into());
        }

        /// The parts that are found are those that a simple search finds.
        #[test]
        fn the_search_is_complete(
            secret in "[aA+]{8,20}",
            text in "[aA+ c]{0,80}",
        ) {
            let folded = |text: &str| text.to_ascii_lowercase().replace(' ', "+");
            let finder = Secrets::new([&*secret]);
            let parts = finder.find(text.as_bytes());
            let (secret, text) = (folded(&secret), folded(&text));
            let length = secret.len().min(12);
            let mut expected = vec![false; text.len()];
            for start in 0..(text.len() + 1).saturating_sub(length) {
                if secret.contains(&text[start..start + length]) {
                    expected[start..start + length].fill(true);
                }
            }
            let mut found = vec![false; text.len()];
            for part in parts {
                found[part].fill(true);
            }
            prop_assert_eq!(found, expected);
        }
    }
}

#[test]
fn an_escape_is_noticed_at_every_position_of_short_and_long_texts() {
    for length in 1..100 {
        // Every byte that begins no escape.
        let text: Vec<u8> = (1..=u8::MAX)
            .filter(|byte| !b"\\%&".contains(byte))
            .cycle()
            .skip(length)
            .take(length)
            .collect();
        assert!(!spelling::has_marks(&text));
        for position in 0..length {
            for mark in [b'\\', b'%', b'&', 0] {
                let mut escaped = text.clone();
                escaped[position] = mark;
                assert!(spelling::has_marks(&escaped), "{length}, {position}");
            }
        }
    }
}
