//! The failures that the body of a success reports, whether or not the contract documents them.

use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;

use memchr::memchr;
use memchr::memmem::Finder;
use serde::Deserialize;
use serde::de::{Deserializer as _, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

/// The key under which the service lists the desktops that failed.
const LIST: &str = "failed_operation_list";

/// The failures that the body of a success reports, from those that a caller sees to those that it
/// would miss.
#[derive(Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum ReportedFailures {
    None,
    /// Properties of the contract, which the caller reads.
    Documented,
    /// A list of desktops, which the contract does not have.
    List,
    /// Something else that speaks of a failure. It may concern any desktop of the batch.
    Other,
}

impl ReportedFailures {
    /// Looks for failures in a body that is a JSON object. `is_documented` returns whether the
    /// contract has a property.
    pub(super) fn of(object: &[u8], is_documented: &dyn Fn(&str) -> bool) -> Self {
        // Most successes have none of the keys, and are parsed only once.
        static KEYS: LazyLock<[Finder<'_>; 4]> =
            LazyLock::new(|| ["ail", "AIL", "rror", "RROR"].map(Finder::new));
        let may_have_key =
            memchr(b'\\', object).is_some() || KEYS.iter().any(|key| key.find(object).is_some());
        if !may_have_key {
            return Self::None;
        }
        let mut json = serde_json::Deserializer::from_slice(object);
        let reported = json.deserialize_map(FailureVisitor { is_documented });
        let reported = reported.and_then(|reported| json.end().map(|()| reported));
        reported.unwrap_or(Self::Other)
    }
}

/// Reads only the values of keys that speak of a failure.
struct FailureVisitor<'a> {
    is_documented: &'a dyn Fn(&str) -> bool,
}

impl<'de> Visitor<'de> for FailureVisitor<'_> {
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
            let is_list = value.is_array();
            reported = reported.max(match (key == LIST, (self.is_documented)(&key)) {
                (true, _) if !is_list => ReportedFailures::Other,
                (_, true) => ReportedFailures::Documented,
                (true, false) => ReportedFailures::List,
                (false, false) => ReportedFailures::Other,
            });
        }
        Ok(reported)
    }
}

/// A key, copied only if it has escapes.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// Returns whether the name of a property is about a failure.
pub(super) fn speaks_of_failure(key: &str) -> bool {
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
            let reported = ReportedFailures::of(body.as_bytes(), &|_| false);
            assert_eq!(reported, expected, "{body}");
        }
    }

    #[test]
    fn the_caller_reads_the_failures_that_the_contract_documents() {
        let is_documented = |key: &str| ["failed_count", LIST].contains(&key);
        for (body, expected) in [
            (r#"{"failed_count":0}"#, ReportedFailures::None),
            (r#"{"failed_count":1}"#, ReportedFailures::Documented),
            (
                r#"{"failed_operation_list":[{}],"failed_count":1}"#,
                ReportedFailures::Documented,
            ),
            (
                r#"{"failed_operation_list":{"desktop_id":"d"}}"#,
                ReportedFailures::Other,
            ),
            (
                r#"{"errors":["e"],"failed_count":1}"#,
                ReportedFailures::Other,
            ),
        ] {
            let reported = ReportedFailures::of(body.as_bytes(), &is_documented);
            assert_eq!(reported, expected, "{body}");
        }
    }
}
