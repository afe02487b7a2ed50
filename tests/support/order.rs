//! The order of the keys in JSON, compared with that of the contract's properties.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

/// Panics unless the keys of each object in the text are properties of a schema, in its order.
pub fn assert_is_of_contract(json: &str) {
    let contract: Contract = serde_saphyr::from_str(workspace_api::OPENAPI_YAML).unwrap();
    let schemas: Vec<_> = contract.components.schemas.into_values().collect();
    let mut objects = Vec::new();
    let value: Value = serde_json::from_str(json).unwrap();
    value.collect(&mut objects);
    for keys in objects {
        let is_of = |schema: &Schema| {
            let mut properties = schema.properties.keys().into_iter();
            keys.iter().all(|key| properties.any(|known| known == *key))
        };
        assert!(
            schemas.iter().any(is_of),
            "no schema has {keys:?} in this order: {json}"
        );
    }
}

#[derive(Deserialize)]
struct Contract {
    components: Components,
}

#[derive(Deserialize)]
struct Components {
    schemas: BTreeMap<String, Schema>,
}

#[derive(Deserialize)]
struct Schema {
    #[serde(default)]
    properties: Value,
}

/// A value without its scalars.
#[derive(Default)]
enum Value {
    #[default]
    Scalar,
    List(Vec<Value>),
    Object(Vec<(String, Value)>),
}

impl Value {
    fn keys(&self) -> Vec<&str> {
        match self {
            Self::Object(entries) => entries.iter().map(|(key, _)| key.as_str()).collect(),
            Self::Scalar | Self::List(_) => Vec::new(),
        }
    }

    /// Collects the keys of each object.
    fn collect<'v>(&'v self, objects: &mut Vec<Vec<&'v str>>) {
        match self {
            Self::Scalar => {}
            Self::List(items) => {
                for item in items {
                    item.collect(objects);
                }
            }
            Self::Object(entries) => {
                objects.push(self.keys());
                for (_, value) in entries {
                    value.collect(objects);
                }
            }
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Value, M::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Value::Object(entries))
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut list: S) -> Result<Value, S::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Value, E> {
        Ok(Value::Scalar)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Value, E> {
        Ok(Value::Scalar)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Value, E> {
        Ok(Value::Scalar)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Value, E> {
        Ok(Value::Scalar)
    }

    fn visit_str<E>(self, _: &str) -> Result<Value, E> {
        Ok(Value::Scalar)
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Scalar)
    }
}
