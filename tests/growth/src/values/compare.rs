//! Compares what was sent or read with what was meant.

use serde_json::Value;

use super::json::Json;

/// Compares values with the order of their keys. Numbers may be integers or fractions.
pub fn is_same(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Object(one), Json::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|((key, one), (name, other))| key == name && is_same(one, other))
        }
        (Json::List(one), Json::List(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|(one, other)| is_same(one, other))
        }
        (Json::Scalar(Value::Number(one)), Json::Scalar(Value::Number(other)))
            if one.is_f64() || other.is_f64() =>
        {
            one.as_f64() == other.as_f64()
        }
        _ => one == other,
    }
}

/// Compares values of a response: an absent property, `null`, and an empty list or map mean the same.
pub fn is_same_response(one: &Json, other: &Json) -> bool {
    is_same(&pruned(one), &pruned(other))
}

fn pruned(value: &Json) -> Json {
    match value {
        Json::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| (key.clone(), pruned(value)));
            let mut entries: Vec<_> = entries
                .filter(|(_, value)| {
                    ![Json::NULL, Json::List(Vec::new()), Json::Object(Vec::new())].contains(value)
                })
                .collect();
            entries.sort_by(|(one, _), (other, _)| one.cmp(other));
            Json::Object(entries)
        }
        Json::List(items) => Json::List(items.iter().map(pruned).collect()),
        Json::Scalar(_) => value.clone(),
    }
}
