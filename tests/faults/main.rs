//! Faults of connections, credentials and responses: the error of a call, the number of requests
//! that reach the server, and that a request that may have been processed is never sent again.

#![allow(clippy::unwrap_used)]

mod bulk_reads;
mod bulk_streams;
mod connections;
mod credentials;
mod fault_matrix;
#[path = "../support/log.rs"]
mod log;
#[path = "../support/server.rs"]
mod server;
mod throttling;
mod timeouts;

use std::time::Duration;

use server::{DESKTOP, Script, Server, Step, json, response};
use workspace_api::types::DetachInstancesDesktopInfo;
use workspace_api::{Client, ClientBuilder, Error, Outcome, RetryPolicy};

use Call::{Detach, Read};

/// A GET, which may be retried, or a POST, which may not if it may have been processed.
#[derive(Clone, Copy, Debug)]
enum Call {
    Read,
    Detach,
}

fn send(response: Vec<u8>) -> Script {
    vec![Step::Send(response)]
}

fn ok() -> Script {
    send(json("200 OK", "X-Request-Id: rid\r\n", "{}"))
}

fn html(status: &str) -> Script {
    send(response(
        status,
        "content-type: text/html\r\nX-Request-Id: rid\r\n",
        "<h1>Bad gateway</h1>",
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

/// Makes the call, and checks that its outcome and its error agree.
async fn perform(client: &Client, call: Call) -> Result<(), Error> {
    match call {
        Read => client.desktops().detach_info(DESKTOP).await.map(drop),
        Detach => {
            let desktop = DetachInstancesDesktopInfo::all_users(DESKTOP).unwrap();
            let outcome = client.desktops().detach([desktop]).await?;
            match &outcome.desktops[0].outcome {
                Outcome::Succeeded | Outcome::Accepted { .. } => Ok(()),
                Outcome::NotSent(error) => panic!("the first batch is always sent: {error}"),
                Outcome::Failed(error) => {
                    assert!(!error.may_have_been_processed(), "{error}");
                    Err(error.clone())
                }
                Outcome::Unknown(error) => {
                    assert!(error.may_have_been_processed(), "{error}");
                    Err(error.clone())
                }
                outcome => panic!("{outcome:?}"),
            }
        }
    }
}
