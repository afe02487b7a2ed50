//! Each client sends and reads what its contract says, and nothing else.
//!
//! For each schema of a request or a response, values at and near every limit are enumerated, valid
//! and invalid ones. An independent validator judges each. What is valid must be sent or read, with
//! its meaning; what is invalid must not be sent.

use std::fmt::Debug;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use reqwest::Url;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Error;
use crate::client::{BaseUrl, Inner};
use crate::http::Shapes;

mod cases;
mod checks;
mod compare;
mod contract;
#[allow(dead_code)]
#[path = "../../../../workspace-api-sandbox/src/json.rs"]
mod json;
mod objects;
#[allow(dead_code)]
#[path = "../../../../workspace-api-sandbox/src/contract/schema.rs"]
mod schema;

use checks::{check_call, check_response};
use contract::Contract;
use json::Json;

/// The values of a call as JSON, by their locations and names.
pub struct Values(Vec<(String, Json)>);

impl Values {
    pub fn read<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, String> {
        let found = self.0.iter().find(|(it, _)| it == name);
        let read = found.map(|(_, value)| {
            let json = serde_json::to_string(value).unwrap();
            serde_json::from_str(&json).map_err(|error| error.to_string())
        });
        read.transpose()
    }
}

/// Returns the request of a call, or the reason why none is sent.
pub fn request<T: Debug>(call: impl Future<Output = Result<T, Error>>) -> Result<String, String> {
    let mut context = Context::from_waker(Waker::noop());
    let Poll::Ready(Err(Error(text))) = pin!(call).poll(&mut context) else {
        unreachable!("the request is the error")
    };
    if text.contains(" http://") {
        Ok(text)
    } else {
        Err(text)
    }
}

/// Reads a response as the client does, and writes it again.
pub fn read_again<T: DeserializeOwned + Serialize>(
    shapes: &Shapes,
    operation: &str,
    body: &str,
) -> Result<String, String> {
    let read = serde_json::from_str::<T>(body).or_else(|error| {
        let tolerant = shapes.read(operation, body.as_bytes());
        let tolerant = tolerant.ok_or_else(|| error.to_string())?;
        serde_json::from_str(&tolerant.json).map_err(|error| error.to_string())
    })?;
    serde_json::to_string(&read).map_err(|error| error.to_string())
}

/// Checks every call of a client of these tests, with at least so many values.
macro_rules! check {
    ($module:ident, $contract:expr, $least:literal) => {{
        use crate::$module::{Client, calls};
        let client = Client {
            baseurl: BaseUrl(Url::parse("http://host.example/base").unwrap()),
            client: reqwest::Client::new(),
            inner: Inner,
        };
        let contract = Contract::read($contract);
        let mut wrong = Vec::new();
        let mut count = 0;
        for operation in contract.operations() {
            let send = |id: &str, values: &Values| calls::send(&client, id, values);
            count += check_call(&contract, &operation, &send, &mut wrong);
            count += check_response(&contract, &operation, calls::read, &mut wrong);
        }
        // The shortest values say most.
        wrong.sort_by_key(String::len);
        wrong.truncate(20);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(count > $least, "{count} values");
    }};
}

#[test]
fn constructs() {
    check!(constructs, include_str!("../../../constructs.yaml"), 2_000);
}

#[test]
fn values_that_are_alone() {
    check!(alone, include_str!("../../alone.yaml"), 80);
}

#[test]
fn enums() {
    check!(enums, &crate::enum_tests::contract::contract(), 3_000);
}

#[test]
fn responses() {
    check!(
        responses,
        &crate::response_tests::contract::contract(),
        2_000
    );
}

#[test]
fn operations() {
    let contract = include_str!("../../25-operations.yaml");
    // The client has one type for both, so that every id fits into a path.
    let contract = contract.replace("schemas/BatchDesktopId'", "schemas/DesktopId'");
    check!(operations, &contract, 15_000);
}
