//! The time limits of a request: without data, and in total. They hold for the service and for IAM.

use std::error::Error as _;
use std::time::{Duration, Instant};

use workspace_api::credentials::PasswordLogin;
use workspace_api::{ErrorKind, RetryPolicy};

use crate::Call::{Detach, Read};
use crate::server::{Script, Server, Step, json};
use crate::{builder, ok, perform};

const PAUSE: Duration = Duration::from_millis(60);
const READ_TIMEOUT: Duration = Duration::from_millis(400);

/// The head of a response, and its body of 10 bytes with a pause before each.
fn slow() -> Script {
    let response = json("200 OK", "X-Request-Id: rid\r\n", "{        }");
    let (head, body) = response.split_at(response.len() - 10);
    vec![Step::Send(head.to_vec()), Step::Drip(body.to_vec(), PAUSE)]
}

fn begun() -> Script {
    let head = b"HTTP/1.1 200 OK\r\nX-Request-Id: rid\r\ncontent-length: 9\r\n\r\n{".to_vec();
    vec![Step::Send(head), Step::Stall]
}

/// A slow response is read to its end, however often nothing arrives for a shorter time.
#[tokio::test]
async fn data_restarts_the_read_timeout() {
    let server = Server::start([slow()]).await;
    let client = builder(&server).read_timeout(READ_TIMEOUT).build().unwrap();
    for call in [Read, Detach] {
        let started = Instant::now();
        perform(&client, call).await.unwrap();
        assert!(started.elapsed() > READ_TIMEOUT);
    }
}

#[tokio::test]
async fn each_limit_ends_a_request() {
    let long = Duration::from_secs(30);
    let silent = "nothing was received for 400ms";
    let incomplete = "the response was not complete after 400ms";
    for (script, read, total, cause, status) in [
        (vec![Step::Stall], READ_TIMEOUT, long, silent, None),
        (begun(), READ_TIMEOUT, long, silent, Some(200)),
        (vec![Step::Stall], long, READ_TIMEOUT, incomplete, None),
        (begun(), long, READ_TIMEOUT, incomplete, Some(200)),
        // Data arrives all the time.
        (slow(), long, READ_TIMEOUT, incomplete, Some(200)),
    ] {
        let server = Server::start([script.clone()]).await;
        let client = builder(&server)
            .read_timeout(read)
            .timeout(total)
            .retry(RetryPolicy::never())
            .build()
            .unwrap();
        for call in [Read, Detach] {
            let started = Instant::now();
            let error = perform(&client, call).await.unwrap_err();
            let elapsed = started.elapsed();
            assert!(elapsed >= READ_TIMEOUT && elapsed < long / 2, "{elapsed:?}");
            assert_eq!(error.kind(), ErrorKind::Timeout, "{script:?}: {error:?}");
            assert!(error.may_have_been_processed());
            let message = "timed out; the service may still have processed the request";
            assert_eq!(error.message(), Some(message));
            assert_eq!(error.source().unwrap().to_string(), cause, "{script:?}");
            assert_eq!(error.status().map(|status| status.as_u16()), status);
        }
        let path = "/v2/p/desktops";
        let raw = client.request(reqwest::Method::GET, path, None).await;
        assert_eq!(raw.unwrap_err().kind(), ErrorKind::Timeout, "{script:?}");
    }
}

#[tokio::test]
async fn the_limits_hold_for_iam() {
    for script in [vec![Step::Stall], begun()] {
        let iam = Server::start([script.clone()]).await;
        let service = Server::start([ok()]).await;
        let login = || PasswordLogin::new("account", "operator", "password-1", "xx-1");
        let with_login = builder(&service).iam_endpoint(&iam.url).login(login());
        let with_token = builder(&service).iam_endpoint(&iam.url);
        for (builder, is_login) in [(with_login, true), (with_token, false)] {
            let client = builder.read_timeout(READ_TIMEOUT).build().unwrap();
            let started = Instant::now();
            let error = if is_login {
                client.authenticate().await.unwrap_err()
            } else {
                client.account().await.unwrap_err()
            };
            // Each of three attempts.
            assert!(started.elapsed() >= 3 * READ_TIMEOUT, "{error:?}");
            assert!(started.elapsed() < Duration::from_secs(15), "{error:?}");
            assert_eq!(error.kind(), ErrorKind::Credentials);
            assert!(format!("{error:?}").contains("nothing was received for 400ms"));
        }
        assert_eq!(iam.requests().len(), 6, "{script:?}");
        assert!(service.requests().is_empty());
    }
}
