//! Compares what was sent or read with what was meant.

use serde_json::Value;

use super::json::Json;

/// Returns the first difference of two values and its position. The order of keys is one. A number
/// may be an integer or a fraction.
pub fn difference(found: &Json, meant: &Json) -> Option<String> {
    match (found, meant) {
        (Json::Object(entries), Json::Object(others)) => {
            let [keys, other_keys] =
                [entries, others].map(|it| it.iter().map(|(key, _)| key).collect::<Vec<_>>());
            if keys != other_keys {
                return Some(format!(": has {keys:?} instead of {other_keys:?}"));
            }
            let mut both = entries.iter().zip(others);
            both.find_map(|((key, value), (_, other))| {
                Some(format!("/{key}{}", difference(value, other)?))
            })
        }
        (Json::List(items), Json::List(others)) if items.len() == others.len() => {
            let mut both = items.iter().zip(others).enumerate();
            both.find_map(|(index, (item, other))| {
                Some(format!("/{index}{}", difference(item, other)?))
            })
        }
        (Json::Scalar(Value::Number(number)), Json::Scalar(Value::Number(other)))
            if (number.is_f64() || other.is_f64()) && number.as_f64() == other.as_f64() =>
        {
            None
        }
        _ if found == meant => None,
        _ => {
            let [found, meant] = [found, meant].map(|it| serde_json::to_string(it).unwrap());
            Some(format!(": is {found} instead of {meant}"))
        }
    }
}

/// Returns a value of a response without what is the same as nothing: an absent property, `null`, and
/// an empty list or map mean the same, and so do keys in another order.
pub fn pruned(value: &Json) -> Json {
    match value {
        Json::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| (key.clone(), pruned(value)));
            let nothing = [Json::NULL, Json::List(Vec::new()), Json::Object(Vec::new())];
            let mut entries: Vec<_> = entries
                .filter(|(_, value)| !nothing.contains(value))
                .collect();
            entries.sort_by(|(one, _), (other, _)| one.cmp(other));
            Json::Object(entries)
        }
        Json::List(items) => Json::List(items.iter().map(pruned).collect()),
        Json::Scalar(_) => value.clone(),
    }
}
