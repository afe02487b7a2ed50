//! The failures that the body of a success reports, whether or not the contract promises a body.

use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;

use memchr::memchr;
use memchr::memmem::Finder;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// The key under which the service lists the desktops that failed.
const LIST: &str = "failed_operation_list";

/// The failures that the body of a success reports.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum ReportedFailures {
    None,
    /// A list of desktops, in the documented form.
    List,
    /// Something else that speaks of a failure. It may concern any desktop of the batch.
    Other,
}

impl ReportedFailures {
    /// Looks for failures in a body that is a JSON object.
    pub(super) fn of(object: &[u8]) -> Self {
        // Most successes have none of the keys, and are parsed only once.
        static KEYS: LazyLock<[Finder<'_>; 4]> =
            LazyLock::new(|| ["ail", "AIL", "rror", "RROR"].map(Finder::new));
        let may_have_key =
            memchr(b'\\', object).is_some() || KEYS.iter().any(|key| key.find(object).is_some());
        if !may_have_key {
            return Self::None;
        }
        serde_json::from_slice(object).unwrap_or(Self::Other)
    }
}

/// Reads only the values of keys that speak of a failure.
impl<'de> Deserialize<'de> for ReportedFailures {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FailureVisitor)
    }
}

struct FailureVisitor;

impl<'de> Visitor<'de> for FailureVisitor {
    type Value = ReportedFailures;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut reported = ReportedFailures::None;
        while let Some(Key(key)) = object.next_key()? {
            if !speaks_of_failure(&key) {
                object.next_value::<IgnoredAny>()?;
                continue;
            }
            let value: Value = object.next_value()?;
            if says_nothing(&value) {
                continue;
            }
            if key != LIST || !value.is_array() {
                reported = ReportedFailures::Other;
            } else if reported == ReportedFailures::None {
                reported = ReportedFailures::List;
            }
        }
        Ok(reported)
    }
}

/// A key, copied only if it has escapes.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

fn speaks_of_failure(key: &str) -> bool {
    let contains = |word: &str| {
        let mut parts = key.as_bytes().windows(word.len());
        parts.any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
    };
    contains("fail") || contains("error")
}

/// Returns whether a value has no content: a response without failures may have the key.
fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Bool(true) => false,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty() || text == "0",
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.values().all(says_nothing),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_list_of_failures_or_nothing_is_understood() {
        for (body, expected) in [
            ("{}", ReportedFailures::None),
            (r#"{"job_id":"j"}"#, ReportedFailures::None),
            (r#"{"failed_operation_list":[]}"#, ReportedFailures::None),
            (r#"{"failed_operation_list":null}"#, ReportedFailures::None),
            (
                r#"{"failed_count":0,"error_msg":""}"#,
                ReportedFailures::None,
            ),
            (r#"{"failed_operation_list":[{}]}"#, ReportedFailures::List),
            (
                r#"{"f\u0061iled_operation_list":[{}]}"#,
                ReportedFailures::List,
            ),
            (
                r#"{"failed_operation_list":{"desktop_id":"d"}}"#,
                ReportedFailures::Other,
            ),
            (r#"{"failed_count":1}"#, ReportedFailures::Other),
            (r#"{"FAILED":["d"]}"#, ReportedFailures::Other),
            (
                r#"{"failed_operation_list":[{}],"failed_desktop_ids":["d"]}"#,
                ReportedFailures::Other,
            ),
        ] {
            assert_eq!(ReportedFailures::of(body.as_bytes()), expected, "{body}");
        }
    }
}
