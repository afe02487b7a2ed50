//! The contract has every property that a handler reads: a renamed one would be read as
//! absent here.

use serde::de::value::Error;
use serde::de::{Deserialize, Deserializer, Error as _, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Value;

use super::{BatchDetach, DesktopToDetach, HANDLERS, LogOff, UserToDetach};

/// A deserializer that collects the names of the fields of a struct, and has no values.
struct Fields<'a>(&'a mut Vec<&'static str>);

impl<'de> Deserializer<'de> for Fields<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Error> {
        Err(Error::custom("not a struct"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, Error> {
        self.0.extend(fields);
        Err(Error::custom("read"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// Returns the properties that a type reads.
fn properties<'de, T: Deserialize<'de>>() -> Vec<&'static str> {
    let mut fields = Vec::new();
    assert!(T::deserialize(Fields(&mut fields)).is_err());
    assert!(!fields.is_empty());
    fields
}

#[test]
fn handlers_read_properties_of_the_contract() {
    let contract: Value = serde_saphyr::from_str(workspace_api::OPENAPI_YAML).unwrap();
    for (schema, properties) in [
        ("BatchDetachInstancesReq", properties::<BatchDetach>()),
        (
            "DetachInstancesDesktopInfo",
            properties::<DesktopToDetach>(),
        ),
        ("DetachInstancesUserInfo", properties::<UserToDetach>()),
        ("LogoffDesktopsReq", properties::<LogOff>()),
    ] {
        let documented = &contract["components"]["schemas"][schema]["properties"];
        for property in properties {
            assert!(
                documented.get(property).is_some(),
                "the sandbox reads `{property}`, which the contract's `{schema}` does not have: \
                 adapt workspace-api-sandbox/src/service/handlers.rs"
            );
        }
    }
}

#[test]
fn handlers_are_of_operations_of_the_contract() {
    for (id, _) in HANDLERS {
        assert!(
            workspace_api::OPERATIONS.iter().any(|known| known.id == id),
            "the sandbox emulates `{id}`, which the contract does not have: \
             adapt workspace-api-sandbox/src/service/handlers.rs"
        );
    }
}

/// A parameter that is renamed would be missing at the first request.
#[test]
fn handlers_read_path_parameters_of_the_contract() {
    let source = include_str!("../handlers.rs");
    let read = source.split("call.path(\"").skip(1);
    let names: Vec<&str> = read.filter_map(|rest| rest.split('"').next()).collect();
    assert!(!names.is_empty());
    for name in names {
        let parameter = format!("{{{name}}}");
        let mut operations = workspace_api::OPERATIONS.iter();
        assert!(
            operations.any(|operation| operation.path.contains(&parameter)),
            "the sandbox reads the path parameter `{name}`, which the contract does not have: \
             adapt workspace-api-sandbox/src/service/handlers.rs"
        );
    }
}
