//! A response is read tolerantly: each type, at each position, from each kind of JSON.

use serde_json::{Value, json};

use crate::responses::{RESPONSES, types};

#[path = "../responses.rs"]
pub mod contract;

use contract::{POSITIONS, TYPES};

/// The value in a response, and the value that each type reads, in the order of `TYPES`; `-` stands
/// for a value that is left out.
const READ: &[(&str, [&str; 8])] = &[
    ("null", ["-", "-", "-", "-", "-", "-", "-", "-"]),
    ("true", ["'true'", "-", "-", "true", "-", "-", "[]", "-"]),
    (
        "'FALSE'",
        ["'FALSE'", "-", "-", "false", "-", "-", "[]", "-"],
    ),
    ("0", ["'0'", "0", "0", "-", "-", "-", "[0]", "-"]),
    ("-7", ["'-7'", "-7", "-7", "-", "-", "-", "[-7]", "-"]),
    ("'7'", ["'7'", "7", "7", "-", "-", "-", "[7]", "-"]),
    ("7.0", ["'7.0'", "7", "7.0", "-", "-", "-", "[7]", "-"]),
    ("'7.0'", ["'7.0'", "7", "7.0", "-", "-", "-", "[7]", "-"]),
    ("-0.0", ["'-0.0'", "0", "-0.0", "-", "-", "-", "[0]", "-"]),
    ("1.50", ["'1.50'", "-", "1.5", "-", "-", "-", "[]", "-"]),
    ("'1.5'", ["'1.5'", "-", "1.5", "-", "-", "-", "[]", "-"]),
    ("'+7'", ["'+7'", "-", "-", "-", "-", "-", "[]", "-"]),
    ("'0x7'", ["'0x7'", "-", "-", "-", "-", "-", "[]", "-"]),
    (
        "9007199254740994.0",
        [
            "'9007199254740994.0'",
            "-",
            "9007199254740994.0",
            "-",
            "-",
            "-",
            "[]",
            "-",
        ],
    ),
    (
        "9223372036854775807",
        [
            "'9223372036854775807'",
            "9223372036854775807",
            "9223372036854775807",
            "-",
            "-",
            "-",
            "[9223372036854775807]",
            "-",
        ],
    ),
    (
        "18446744073709551615",
        [
            "'18446744073709551615'",
            "-",
            "18446744073709551615",
            "-",
            "-",
            "-",
            "[]",
            "-",
        ],
    ),
    ("1e999", ["'1e999'", "-", "-", "-", "-", "-", "[]", "-"]),
    ("NaN", ["'NaN'", "-", "-", "-", "-", "-", "[]", "-"]),
    ("''", ["''", "-", "-", "-", "-", "-", "[]", "-"]),
    ("'none'", ["'none'", "-", "-", "-", "-", "-", "[]", "-"]),
    (
        "'a\\ud800b'",
        ["'a\u{fffd}b'", "-", "-", "-", "-", "-", "[]", "-"],
    ),
    ("[]", ["'[]'", "-", "-", "-", "-", "-", "[]", "-"]),
    (
        "['1',null,2.5,3]",
        [
            "'[\\'1\\',null,2.5,3]'",
            "-",
            "-",
            "-",
            "-",
            "-",
            "[1,3]",
            "-",
        ],
    ),
    ("{}", ["'{}'", "-", "-", "-", "{}", "{}", "[]", "{}"]),
    (
        "{'a':'2','b':'x'}",
        [
            "'{\\'a\\':\\'2\\',\\'b\\':\\'x\\'}'",
            "-",
            "-",
            "-",
            "{'a':'2','b':'x'}",
            "{'a':2}",
            "[]",
            "{'a':2}",
        ],
    ),
];

/// Returns a value in which apostrophes stand for quotes.
fn quoted(text: &str) -> String {
    let text = text.replace("\\'", "\u{1}").replace('\'', "\"");
    text.replace('\u{1}', "\\\"")
}

/// Reads a body as the client does.
fn read(body: &str) -> Option<Value> {
    let read = |json: &str| serde_json::from_str::<types::Everything>(json).ok();
    let tolerant = RESPONSES.read("ReadEverything", body.as_bytes())?;
    let tolerant = read(&tolerant.json)?;
    // A body that is as the contract says is not changed.
    if let Some(strict) = read(body) {
        assert_eq!(strict, tolerant, "{body}");
    }
    serde_json::to_value(tolerant).ok()
}

/// Returns a response with the sent value at a position, and the value that the client reads there.
fn placed(position: &str, kind: &str, sent: &str, read: Option<&Value>) -> (String, Value) {
    let valid = r#"[{"a":1}]"#;
    let valid = match kind {
        "text" => "\"v\"",
        "boolean" => "true",
        "free" | "object" | "map" => valid.trim_matches(['[', ']']),
        "list" => "[1]",
        _ => "1",
    };
    let next: Value = serde_json::from_str(valid).unwrap();
    let next = if kind == "number" { json!(1.0) } else { next };
    let is_object = kind == "object";
    let or_null = read.cloned().unwrap_or_default();
    let mut items = vec![next.clone()];
    // An entry of a list of objects is never lost.
    items.extend(read.cloned().or(is_object.then(|| json!({}))));
    items.push(next.clone());
    let mut inner = json!({});
    let is_empty = [json!([]), json!({})].contains(&or_null) && !is_object;
    if let Some(read) = read.filter(|_| !is_empty) {
        inner["inner"] = read.clone();
    }
    let mut values = json!({ "v": next });
    if let Some(read) = read {
        values["s"] = read.clone();
    }
    match position {
        "property" | "nullable" | "named" => (sent.to_owned(), or_null),
        "nested" | "part" => (format!("{{\"inner\":{sent}}}"), inner),
        "item" => (format!("[{valid},{sent},{valid}]"), json!(items)),
        "nullable_item" => (
            format!("[{valid},{sent},{valid}]"),
            json!([next, or_null, next]),
        ),
        "value" => (format!("{{\"v\":{valid},\"s\":{sent}}}"), values),
        "nullable_value" => (
            format!("{{\"v\":{valid},\"s\":{sent}}}"),
            json!({ "v": next, "s": or_null }),
        ),
        "other" => {
            values["outer"] = json!("o");
            (
                format!("{{\"outer\":\"o\",\"v\":{valid},\"s\":{sent}}}"),
                values,
            )
        }
        "item_of_item" => (format!("[[{valid},{sent},{valid}]]"), json!([items])),
        "item_of_value" => (
            format!("{{\"k\":[{valid},{sent},{valid}]}}"),
            json!({ "k": items }),
        ),
        "value_of_item" => (format!("[{{\"v\":{valid},\"s\":{sent}}}]"), json!([values])),
        "property_of_item" => (
            format!("[{{\"inner\":{sent}}},{{\"inner\":{valid}}}]"),
            json!([inner, { "inner": next }]),
        ),
        _ => unreachable!("{position}"),
    }
}

#[test]
fn each_type_is_read_at_each_position() {
    let mut wrong = Vec::new();
    for (sent, expected) in READ {
        for ((kind, _), expected) in TYPES.iter().zip(expected) {
            let expected = (*expected != "-").then(|| {
                let json = quoted(expected);
                serde_json::from_str(&json).unwrap_or_else(|error| panic!("{json}: {error}"))
            });
            for (position, _) in POSITIONS {
                let (sent, expected) = placed(position, kind, &quoted(sent), expected.as_ref());
                let name = format!("{kind}_{position}");
                let body = format!("{{\"{name}\":{sent},\"kept\":\"k\"}}");
                let read = read(&body).unwrap_or_default();
                let is_empty = |value: &Value| {
                    [json!(null), json!([]), json!({})].contains(value) && *kind != "object"
                };
                let value = read.get(&name).cloned().unwrap_or_default();
                let is_equal = equal(&value, &expected) || is_empty(&value) && is_empty(&expected);
                if read.get("kept") != Some(&json!("k")) || !is_equal {
                    wrong.push(format!("{body}: {value} instead of {expected}"));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} are wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Compares values whose numbers may be integers or fractions.
fn equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            one == other || one.is_f64() && one.as_f64() == other.as_f64()
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| equal(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(key, one)| other.get(key).is_some_and(|it| equal(one, it)))
        }
        _ => one == other,
    }
}

/// Such as `error_code`: in a success, it is an error only if the contract does not have it.
#[test]
fn the_properties_of_a_body_are_those_of_the_contract() {
    assert!(RESPONSES.has_property("ReadEverything", "kept"));
    assert!(!RESPONSES.has_property("ReadEverything", "error_code"));
    assert_eq!(RESPONSES.properties("ReadNothing").len(), 0);
}

#[test]
fn operations_with_a_partial_success_are_those_with_a_body() {
    assert_eq!(RESPONSES.multi_status, ["ReadEverything"]);
}

/// A list of objects that is one value has one entry: it is not empty.
#[test]
fn a_value_in_place_of_a_list_of_objects_is_an_entry() {
    for sent in ["5", "\"none\"", "{\"a\":5}", "true"] {
        let body = format!("{{\"object_item\":{sent}}}");
        let read = RESPONSES.read("ReadEverything", body.as_bytes()).unwrap();
        let is_object = sent.starts_with('{');
        let expected = if is_object { sent } else { "{}" };
        assert_eq!(read.json, format!("{{\"object_item\":[{expected}]}}"));
        assert_eq!(read.left_out.is_empty(), is_object, "{sent}");
        assert_eq!(read.lacks_list, !is_object, "{sent}");
    }
}

#[test]
fn values_that_are_left_out_are_named() {
    let body = r#"{"integer_item_of_value":{"k":[1,"x"]},"boolean_nested":{"inner":2},"new":[]}"#;
    let read = RESPONSES.read("ReadEverything", body.as_bytes()).unwrap();
    assert_eq!(
        read.left_out,
        ["integer_item_of_value.k[1]", "boolean_nested.inner"]
    );
}

#[test]
fn a_body_that_is_no_response_stays_an_error() {
    let deep = format!("{{\"free_property\":{}}}", "[".repeat(200_000));
    for body in [
        "",
        "null",
        "[]",
        "5",
        "<html>",
        "{\"kept\":\"k\"",
        "{\"kept\":\"k\"} {}",
        "{\"kept\":\"k\",}",
        "{\"kept\" \"k\"}",
        "{'kept':1}",
        "{\"kept\":\"\\x\"}",
        "{\"kept\":1,\"kept\":2}",
        "{\"free_nested\":{\"a\":1,\"a\":1}}",
        deep.as_str(),
    ] {
        assert!(
            RESPONSES.read("ReadEverything", body.as_bytes()).is_none(),
            "{body:.40}"
        );
    }
}

/// A text that was cut inside of a character, and one with a line break.
#[test]
fn texts_are_read_as_far_as_they_are_text() {
    let body = b"{\"text_property\":\"\xe4\xba\",\"text_item\":[\"a\nb\",\"\\ud83d\\ude00\",\"\\ud83d\\u0041\"],\"integer_property\":\"x\"}";
    let read = RESPONSES.read("ReadEverything", body).unwrap();
    let read: types::Everything = serde_json::from_str(&read.json).unwrap();
    assert_eq!(read.text_property.as_deref(), Some("\u{fffd}"));
    assert_eq!(read.text_item, ["a\nb", "😀", "\u{fffd}A"]);
}
