//! The sandbox over real HTTP, as a client of any language sees it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod concurrency;
mod contract;
mod documented;
mod examples;
mod faults;
mod iam;
mod inspection;
mod neighbour;
mod operations;
mod readme;
mod seed;
mod signatures;
mod sockets;
mod temporary_keys;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::LazyLock;
use std::time::Duration;

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;
use workspace_api_sandbox::{Sandbox, defaults};

/// Returns the IAM action of an operation.
fn iam_action(id: &str) -> &'static str {
    let mut operations = workspace_api::OPERATIONS.iter();
    let operation = operations.find(|operation| operation.id == id).unwrap();
    operation.iam_action.unwrap()
}

/// Returns the success status that the contract documents for an operation.
fn success(id: &str) -> StatusCode {
    let contract: Value = serde_saphyr::from_str(workspace_api::OPENAPI_YAML).unwrap();
    let paths = contract["paths"].as_object().unwrap().values();
    let mut operations = paths.flat_map(|path| path.as_object().unwrap().values());
    let operation = operations.find(|operation| operation["operationId"] == id);
    let mut statuses = operation.unwrap()["responses"].as_object().unwrap().keys();
    let status = statuses.find(|status| status.starts_with('2'));
    status.unwrap().parse().unwrap()
}

/// A request with the default token, for a path below the default project.
fn request(sandbox: &Sandbox, method: Method, path: &str) -> RequestBuilder {
    let url = format!("{}/v2/{}{path}", sandbox.base_url(), defaults::PROJECT_ID);
    client()
        .request(method, url)
        .header("X-Auth-Token", defaults::TOKEN)
}

/// One client for all tests, because creating one reads the system's certificates. It keeps no
/// connections: they would belong to the runtime of the test that opened them.
fn client() -> &'static reqwest::Client {
    static CLIENT: LazyLock<reqwest::Client> = LazyLock::new(|| {
        let client = reqwest::Client::builder().no_proxy();
        client.pool_max_idle_per_host(0).build().unwrap()
    });
    &CLIENT
}

/// Sends bytes unchanged, and reads until the sandbox closes the connection.
fn send_raw(sandbox: &Sandbox, bytes: &[u8]) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(sandbox.address())?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    stream.write_all(bytes)?;
    let mut response = Vec::new();
    stream.read_to_end(&mut response)?;
    Ok(String::from_utf8_lossy(&response).into_owned())
}

/// Sends a request, and returns the status and the JSON body (`null` if it is empty).
async fn send(request: RequestBuilder) -> (StatusCode, Value) {
    let response = request.send().await.unwrap();
    let status = response.status();
    let body = response.bytes().await.unwrap();
    let body = if body.is_empty() {
        Value::Null
    } else {
        serde_json::from_slice(&body).unwrap()
    };
    (status, body)
}

async fn post(sandbox: &Sandbox, path: &str, body: Value) -> (StatusCode, Value) {
    send(request(sandbox, Method::POST, path).json(&body)).await
}

async fn get(sandbox: &Sandbox, path: &str) -> (StatusCode, Value) {
    send(request(sandbox, Method::GET, path)).await
}
