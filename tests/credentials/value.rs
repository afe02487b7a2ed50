//! Credentials on a real request: the signature that a server receives must verify.

use std::time::{Duration, UNIX_EPOCH};

use reqwest::header::HeaderName;
use workspace_api::credentials::Credentials;
use workspace_api::signing::{self, Authorization, SecretKey};

use crate::server::{Received, ScriptedResponse, Server};
use crate::{AK, SK, http};

fn verifies(received: &Received) -> bool {
    let header = |name: &str| {
        received
            .headers
            .get(name)
            .map(|value| value.to_str().unwrap())
    };
    let authorization = Authorization::parse(header("authorization").unwrap()).unwrap();
    let request = signing::Request {
        method: &received.method,
        path: &received.path,
        query: &received.query,
        headers: &received.headers,
        body: &received.body,
    };
    let canonical = signing::canonical_request(&request, authorization.signed_headers);
    let string_to_sign = signing::string_to_sign(&canonical, header("x-sdk-date").unwrap());
    authorization.access_key == AK
        && signing::signature(&SecretKey::new(SK).unwrap(), &string_to_sign)
            == authorization.signature
}

#[tokio::test]
async fn a_signed_request_verifies_as_received() {
    let server = Server::start(|_| ScriptedResponse::json(200, "{}")).await;
    // The HTTP library adds a user agent and `Accept` after signing.
    let http = http();
    let keys = Credentials::temporary(AK, SK, "TOKEN").unwrap();
    let url = format!(
        "{}/v2/p/desktops/d%201~%E4%BA%91/detach-info?b=2&a=x+y&b=1&c=%2F",
        server.url
    );
    for (body, time) in [("", 0), ("{\"message\":\"再见\"}", 1_136_214_245)] {
        let mut request = http
            .post(&url)
            .header("Content-Type", "application/json")
            .header("X-Project-Id", "p")
            .header("Accept", "application/json")
            .body(body)
            .build()
            .unwrap();
        // The second signature replaces the first.
        keys.apply(&mut request, UNIX_EPOCH);
        keys.apply(&mut request, UNIX_EPOCH + Duration::from_secs(time));
        http.execute(request).await.unwrap();
    }
    for received in server.received() {
        assert!(verifies(&received), "{:?}", received.headers);
        assert_eq!(received.headers["x-security-token"], "TOKEN");
        assert_eq!(received.headers.get_all("authorization").iter().count(), 1);
        let authorization = received.headers["authorization"].to_str().unwrap();
        let signed = Authorization::parse(authorization).unwrap().signed_headers;
        assert_eq!(
            signed,
            "content-type;host;x-project-id;x-sdk-date;x-security-token"
        );
    }
    let mut forged = server.received().pop().unwrap();
    assert_eq!(forged.headers["x-sdk-date"], "20060102T150405Z");
    forged.body.push(b' ');
    assert!(!verifies(&forged));
}

#[test]
fn new_credentials_replace_all_headers_of_the_first() {
    let mut request = http()
        .get("https://workspace.example.com/")
        .build()
        .unwrap();
    Credentials::temporary(AK, SK, "TOKEN")
        .unwrap()
        .apply(&mut request, UNIX_EPOCH);
    Credentials::user_token("user")
        .unwrap()
        .apply(&mut request, UNIX_EPOCH);
    let names: Vec<_> = request.headers().keys().map(HeaderName::as_str).collect();
    assert_eq!(names, ["x-auth-token"]);
    assert!(request.headers()["x-auth-token"].is_sensitive());
}

#[test]
fn secrets_are_redacted_in_text() {
    let keys = Credentials::temporary(AK, "A-SECRET-KEY", "A-TOKEN-OF-KEYS").unwrap();
    assert_eq!(
        keys.redact("x-security-token:A-TOKEN-OF-KEYS A-SECRET-KEY"),
        "x-security-token:[redacted] [redacted]"
    );
    let token = Credentials::user_token("A-USER-TOKEN").unwrap();
    assert_eq!(token.redact("<A-USER-TOKEN>"), "<[redacted]>");
    let placeholder = Credentials::user_token("t").unwrap();
    assert_eq!(placeholder.redact("not found"), "not found");
}
