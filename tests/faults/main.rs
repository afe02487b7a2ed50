//! What a bad day does to a call: what the error is, how many requests reach the server, and that a request which may
//! have been processed is never sent again.

#![allow(clippy::unwrap_used)]

mod bulk_reads;
mod connections;
mod credentials;
mod fault_matrix;
#[path = "../support/server.rs"]
mod server;

use std::time::Duration;

use server::{DESKTOP, Script, Server, Step, answer, json};
use workspace_api::types::DetachInstancesDesktopInfo;
use workspace_api::{Client, ClientBuilder, Error, Outcome, RetryPolicy};

use Call::{Detach, Read};

/// A GET may be sent again; a POST only if it cannot have been processed.
#[derive(Clone, Copy, Debug)]
enum Call {
    Read,
    Detach,
}

fn send(bytes: Vec<u8>) -> Script {
    vec![Step::Send(bytes)]
}

fn ok() -> Script {
    send(json("200 OK", "X-Request-Id: rid\r\n", "{}"))
}

fn html(status: &str) -> Script {
    send(answer(
        status,
        "content-type: text/html\r\nX-Request-Id: rid\r\n",
        "<h1>Bad day</h1>",
    ))
}

fn client(server: &Server) -> Client {
    builder(server).build().unwrap()
}

fn builder(server: &Server) -> ClientBuilder {
    let retry = RetryPolicy::default()
        .attempts(3)
        .total_time(Duration::from_secs(20))
        .delays(Duration::from_millis(1), Duration::from_millis(5));
    server.builder().retry(retry).response_limit(4_000)
}

async fn perform(client: &Client, call: Call) -> Result<(), Error> {
    match call {
        Read => client.desktops().detach_info(DESKTOP).await.map(drop),
        Detach => {
            let desktop = DetachInstancesDesktopInfo::all_users(DESKTOP).unwrap();
            let outcome = client.desktops().detach([desktop]).await?;
            match &outcome.desktops[0].outcome {
                Outcome::Succeeded => Ok(()),
                Outcome::NotSent(error) => panic!("the first batch is always sent: {error}"),
                Outcome::Failed(error) => {
                    assert!(!error.may_have_been_processed(), "{error}");
                    Err(error.clone())
                }
                Outcome::Unknown(error) => {
                    assert!(error.may_have_been_processed(), "{error}");
                    Err(error.clone())
                }
            }
        }
    }
}
