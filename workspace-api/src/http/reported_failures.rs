//! What the body of a success says about failures, whatever the contract promises.

use std::sync::LazyLock;

use memchr::memchr;
use memchr::memmem::Finder;
use serde_json::{Map, Value};

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
        match serde_json::from_slice::<Map<String, Value>>(object) {
            Ok(object) => Self::in_object(&object),
            Err(_) => Self::Other,
        }
    }

    fn in_object(object: &Map<String, Value>) -> Self {
        let mut reported = Self::None;
        for (key, value) in object {
            if says_nothing(value) || !speaks_of_failure(key) {
                continue;
            }
            if key != LIST || !value.is_array() {
                return Self::Other;
            }
            reported = Self::List;
        }
        reported
    }
}

fn speaks_of_failure(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key.contains("fail") || key.contains("error")
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
