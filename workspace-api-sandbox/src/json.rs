//! JSON whose objects keep the order of their keys, so that responses are as the contract and the
//! service's documentation have them. `serde_json::Map` sorts them, unless another crate of the
//! program enables a feature.

use std::fmt;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    Object(Vec<(String, Json)>),
    List(Vec<Json>),
    Scalar(Value),
}

impl Json {
    pub(crate) const NULL: Self = Self::Scalar(Value::Null);

    pub(crate) fn object<const N: usize>(entries: [(&str, Self); N]) -> Self {
        let entries = entries.into_iter();
        Self::Object(
            entries
                .map(|(key, value)| (key.to_owned(), value))
                .collect(),
        )
    }

    /// Returns the entries of an object, and no entries for any other value.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&String, &Self)> {
        let entries = match self {
            Self::Object(entries) => entries.as_slice(),
            Self::List(_) | Self::Scalar(_) => &[],
        };
        entries.iter().map(|(key, value)| (key, value))
    }

    /// Returns the items of a list, and no items for any other value.
    pub(crate) fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            Self::Object(_) | Self::Scalar(_) => &[],
        }
    }

    /// Returns the value of a key of this object.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        let mut entries = self.entries();
        entries.find_map(|(known, value)| (known == key).then_some(value))
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Scalar(value) => value.as_str(),
            Self::Object(_) | Self::List(_) => None,
        }
    }

    /// Whether this is the value `true`.
    pub(crate) fn is_true(&self) -> bool {
        *self == Self::from(true)
    }

    /// Returns the value that a JSON pointer, such as `/paths/~1lamps`, refers to.
    pub(crate) fn pointer(&self, pointer: &str) -> Option<&Self> {
        if pointer.is_empty() {
            return Some(self);
        }
        let mut value = self;
        for step in pointer.strip_prefix('/')?.split('/') {
            let step = step.replace("~1", "/").replace("~0", "~");
            value = match value {
                Self::List(items) => items.get(step.parse::<usize>().ok()?)?,
                _ => value.get(&step)?,
            };
        }
        Some(value)
    }

    /// Returns the value without the order of its keys.
    pub(crate) fn to_value(&self) -> Value {
        match self {
            Self::Object(entries) => {
                let entries = entries.iter();
                entries
                    .map(|(key, value)| (key.clone(), value.to_value()))
                    .collect()
            }
            Self::List(items) => items.iter().map(Self::to_value).collect(),
            Self::Scalar(value) => value.clone(),
        }
    }
}

impl<T: Into<Value>> From<T> for Json {
    fn from(scalar: T) -> Self {
        Self::Scalar(scalar.into())
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Object(entries) => {
                serializer.collect_map(entries.iter().map(|(key, value)| (key, value)))
            }
            Self::List(items) => items.serialize(serializer),
            Self::Scalar(value) => value.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Json::Object(entries))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::NULL)
    }
}
