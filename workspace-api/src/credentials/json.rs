//! The bodies of the requests that fetch credentials, with their keys in the order of the vendor's
//! documentation. `serde_json::Map` sorts them, unless another crate of the program enables a
//! feature.

use serde::{Serialize, Serializer};

/// A part of a body.
pub(super) enum Json {
    Object(Vec<(&'static str, Json)>),
    List(Vec<Json>),
    Text(String),
    Number(u32),
}

impl Json {
    pub(super) fn object<const N: usize>(entries: [(&'static str, Self); N]) -> Self {
        Self::Object(entries.into())
    }

    /// Returns the `identity` of a request to IAM: a method, and what it needs.
    pub(super) fn method(name: &'static str, method: Self) -> Self {
        let methods = Self::List(vec![name.into()]);
        Self::object([("methods", methods), (name, method)])
    }

    /// Returns the body of a request to IAM without a scope.
    pub(super) fn identity(name: &'static str, method: Self) -> Self {
        let identity = Self::method(name, method);
        Self::object([("auth", Self::object([("identity", identity)]))])
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<u32> for Json {
    fn from(number: u32) -> Self {
        Self::Number(number)
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Object(entries) => {
                serializer.collect_map(entries.iter().map(|(key, value)| (key, value)))
            }
            Self::List(items) => items.serialize(serializer),
            Self::Text(text) => text.serialize(serializer),
            Self::Number(number) => number.serialize(serializer),
        }
    }
}
