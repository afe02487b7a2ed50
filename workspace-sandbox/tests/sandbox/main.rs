//! The sandbox over real HTTP, as a client of any language sees it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod authentication;
mod contract;
mod faults;
mod inspection;
mod operations;
mod sockets;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;
use workspace_sandbox::{Sandbox, defaults};

/// A request with the default token, for a path inside the default project.
fn request(sandbox: &Sandbox, method: Method, path: &str) -> RequestBuilder {
    let url = format!("{}/v2/{}{path}", sandbox.base_url(), defaults::PROJECT_ID);
    client()
        .request(method, url)
        .header("X-Auth-Token", defaults::TOKEN)
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// Sends bytes as they are, and reads until the sandbox closes the connection.
fn exchange(sandbox: &Sandbox, bytes: &[u8]) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(sandbox.address())?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    stream.write_all(bytes)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// Sends it, and gives the status with the body as JSON (`null` where there is none).
async fn send(request: RequestBuilder) -> (StatusCode, Value) {
    let response = request.send().await.unwrap();
    let status = response.status();
    let body = response.bytes().await.unwrap();
    let body = match body.is_empty() {
        true => Value::Null,
        false => serde_json::from_slice(&body).unwrap(),
    };
    (status, body)
}

async fn post(sandbox: &Sandbox, path: &str, body: Value) -> (StatusCode, Value) {
    send(request(sandbox, Method::POST, path).json(&body)).await
}

async fn get(sandbox: &Sandbox, path: &str) -> (StatusCode, Value) {
    send(request(sandbox, Method::GET, path)).await
}
