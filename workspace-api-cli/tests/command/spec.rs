//! The contract as YAML and JSON, of the command and of its sandbox: the same values, and at every
//! depth the same keys in the same order.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use workspace_api::OPENAPI_YAML;
use workspace_api_sandbox::Sandbox;

use crate::workspace;

/// A value that knows the order of its keys, which `Value` sorts.
#[derive(Debug, PartialEq)]
enum Ordered {
    Map(Vec<(String, Ordered)>),
    List(Vec<Ordered>),
    Scalar(Value),
}

impl<'de> Deserialize<'de> for Ordered {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OrderedVisitor)
    }
}

struct OrderedVisitor;

impl<'de> Visitor<'de> for OrderedVisitor {
    type Value = Ordered;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Ordered, M::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Ordered::Map(entries))
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut list: S) -> Result<Ordered, S::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Ordered::List(items))
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Ordered, E> {
        Ok(Ordered::Scalar(flag.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Ordered, E> {
        Ok(Ordered::Scalar(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Ordered, E> {
        Ok(Ordered::Scalar(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Ordered, E> {
        Ok(Ordered::Scalar(number.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Ordered, E> {
        Ok(Ordered::Scalar(text.into()))
    }

    fn visit_unit<E>(self) -> Result<Ordered, E> {
        Ok(Ordered::Scalar(Value::Null))
    }
}

/// Checks that JSON is the contract, with its keys in their order.
fn assert_contract(json: &str) {
    let json: Ordered = serde_json::from_str(json).unwrap();
    let yaml: Ordered = serde_saphyr::from_str(OPENAPI_YAML).unwrap();
    assert_eq!(json, yaml);
}

fn stdout(arguments: &[&str]) -> String {
    let output = workspace().args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn spec_prints_the_contract_as_yaml_and_json() {
    assert_eq!(stdout(&["spec"]), OPENAPI_YAML);
    assert_contract(&stdout(&["spec", "--json"]));
}

#[tokio::test]
async fn the_sandbox_serves_the_contract_as_yaml_and_json() {
    let sandbox = Sandbox::start().await.unwrap();
    let get = async |path: &str| {
        let response = reqwest::get(format!("{}{path}", sandbox.base_url())).await;
        response.unwrap().text().await.unwrap()
    };
    assert_eq!(get("/openapi.yaml").await, OPENAPI_YAML);
    assert_contract(&get("/openapi.json").await);
}
