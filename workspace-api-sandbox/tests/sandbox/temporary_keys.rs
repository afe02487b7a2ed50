//! Temporary access keys from IAM, STS and pod identity: how they are issued, and that they expire.

use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use workspace_api_sandbox::Sandbox;
use workspace_api_sandbox::defaults::{
    AGENCY, AGENCY_URN, ID_TOKEN, IDENTITY_PROVIDER, LOGIN_DOMAIN, LOGIN_DOMAIN_ID,
    POD_IDENTITY_PATH, POD_TOKEN, PROVIDER_URN, TOKEN,
};

use crate::signatures::{Keys, TestClock, VALID, read, read_signed, signed};
use crate::{client, iam_action, send};

const SECURITY_TOKENS: &str = "/v3.0/OS-CREDENTIAL/securitytokens";
const ASSUME: &str = "/v5/agencies/assume";
const ASSUME_WITH_OIDC: &str = "/v5/agencies/assume-with-oidc";

fn at(sandbox: &Sandbox, path: &str) -> RequestBuilder {
    client().request(Method::POST, format!("{}{path}", sandbox.base_url()))
}

/// A request that is signed by the access key of the default seed.
fn signed_post(sandbox: &Sandbox, clock: &TestClock, path: &str, body: &Value) -> RequestBuilder {
    let body = body.to_string();
    let headers = signed(sandbox, &VALID, "POST", path, "", &body, clock.now());
    at(sandbox, path).headers(headers).body(body)
}

/// Checks that a key of a response is valid for `lifetime` seconds and no longer.
async fn assert_valid_for(sandbox: &Sandbox, clock: &TestClock, keys: &Keys<'_>, lifetime: u64) {
    let without_token = Keys {
        token: None,
        ..*keys
    };
    for wrong in [
        without_token,
        Keys {
            token: Some("another"),
            ..*keys
        },
    ] {
        let (status, _) = read_signed(sandbox, &wrong, clock.now()).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
    }
    clock.advance(lifetime - 1);
    let (status, message) = read_signed(sandbox, keys, clock.now()).await;
    assert_eq!(status, StatusCode::OK, "{message}");
    clock.advance(1);
    let (status, message) = read_signed(sandbox, keys, clock.now()).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(message.contains("decrypt token fail"), "{message}");
}

/// The key in a response of IAM.
fn iam_keys(body: &Value) -> Keys<'_> {
    let text = |name: &str| body["credential"][name].as_str().unwrap();
    assert!(text("expires_at").ends_with(".000000Z"), "{body}");
    Keys {
        access: text("access"),
        secret: text("secret"),
        token: Some(text("securitytoken")),
    }
}

/// The key in a response of STS.
fn sts_keys(body: &Value) -> Keys<'_> {
    let text = |name: &str| body["credentials"][name].as_str().unwrap();
    assert!(text("expiration").ends_with(".000000Z"), "{body}");
    Keys {
        access: text("access_key_id"),
        secret: text("secret_access_key"),
        token: Some(text("security_token")),
    }
}

fn token_body(token: &str, duration: u64) -> Value {
    json!({ "auth": { "identity": {
        "methods": ["token"],
        "token": { "id": token, "duration_seconds": duration },
    } } })
}

fn role_body(role: &Value) -> Value {
    json!({ "auth": { "identity": { "methods": ["assume_role"], "assume_role": role } } })
}

#[tokio::test]
async fn federation_exchanges_an_id_token_for_a_key() {
    let clock = TestClock::new();
    let sandbox = clock.sandbox().await;
    let id_token = |id: &str| json!({ "auth": { "id_token": { "id": id } } });
    let path = "/v3.0/OS-AUTH/id-token/tokens";
    let request = at(&sandbox, path).json(&id_token(ID_TOKEN));
    let request = request.header("X-Idp-Id", IDENTITY_PROVIDER);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), StatusCode::CREATED);
    let token = response.headers()["x-subject-token"].clone();
    // The token is for IAM: it has no project.
    let headers = HeaderMap::from_iter([("x-auth-token".parse().unwrap(), token.clone())]);
    assert_eq!(read(&sandbox, headers).await.0, StatusCode::FORBIDDEN);

    let body = token_body(token.to_str().unwrap(), 21600);
    let (status, body) = send(at(&sandbox, SECURITY_TOKENS).json(&body)).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_valid_for(&sandbox, &clock, &iam_keys(&body), 21600).await;
    assert!(
        sandbox.requests()[..3]
            .iter()
            .all(|logged| logged.body.is_empty()),
        "tokens are not logged"
    );

    for (provider, id, expected) in [
        (None, ID_TOKEN, StatusCode::BAD_REQUEST),
        (Some("another"), ID_TOKEN, StatusCode::UNAUTHORIZED),
        (Some(IDENTITY_PROVIDER), "another", StatusCode::UNAUTHORIZED),
    ] {
        let mut request = at(&sandbox, path).json(&id_token(id));
        if let Some(provider) = provider {
            request = request.header("X-Idp-Id", provider);
        }
        let (status, body) = send(request).await;
        assert_eq!(status, expected);
        assert_eq!(body["error"]["code"], expected.as_u16());
    }
}

#[tokio::test]
async fn a_temporary_key_for_a_token_lasts_15_minutes_by_default_and_a_day_at_most() {
    let clock = TestClock::new();
    let sandbox = clock.sandbox().await;
    for (token, duration, expected) in [
        (TOKEN, 899, StatusCode::BAD_REQUEST),
        (TOKEN, 86401, StatusCode::BAD_REQUEST),
        (TOKEN, 86400, StatusCode::CREATED),
        ("another", 900, StatusCode::UNAUTHORIZED),
    ] {
        let request = at(&sandbox, SECURITY_TOKENS).json(&token_body(token, duration));
        assert_eq!(send(request).await.0, expected);
    }
    // Without an id in the body, the token is in the header.
    let body = json!({ "auth": { "identity": { "methods": ["token"] } } });
    let request = at(&sandbox, SECURITY_TOKENS).json(&body);
    let (_, body) = send(request.header("X-Auth-Token", TOKEN)).await;
    assert_valid_for(&sandbox, &clock, &iam_keys(&body), 900).await;
}

#[tokio::test]
async fn iam_gives_a_key_of_an_agency_to_a_signed_request() {
    let clock = TestClock::new();
    let sandbox = clock.sandbox().await;
    let role =
        json!({ "agency_name": AGENCY, "domain_name": LOGIN_DOMAIN, "duration_seconds": 3600 });
    let (status, _) = send(at(&sandbox, SECURITY_TOKENS).json(&role_body(&role))).await;
    assert_eq!(
        status,
        StatusCode::UNAUTHORIZED,
        "the request is not signed"
    );
    for (role, expected) in [
        (
            json!({ "agency_name": AGENCY, "domain_id": LOGIN_DOMAIN_ID }),
            StatusCode::CREATED,
        ),
        (
            json!({ "agency_name": AGENCY, "domain_name": "another" }),
            StatusCode::NOT_FOUND,
        ),
        (
            json!({ "agency_name": "another", "domain_name": LOGIN_DOMAIN }),
            StatusCode::NOT_FOUND,
        ),
        (json!({ "agency_name": AGENCY }), StatusCode::BAD_REQUEST),
    ] {
        let request = signed_post(&sandbox, &clock, SECURITY_TOKENS, &role_body(&role));
        assert_eq!(send(request).await.0, expected);
    }
    let request = signed_post(&sandbox, &clock, SECURITY_TOKENS, &role_body(&role));
    let (status, body) = send(request).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_valid_for(&sandbox, &clock, &iam_keys(&body), 3600).await;
}

#[tokio::test]
async fn sts_gives_a_key_of_an_agency_for_an_id_token_or_a_signed_request() {
    let clock = TestClock::new();
    let sandbox = clock.sandbox().await;
    let proof = json!({
        "provider_urn": PROVIDER_URN,
        "agency_urn": AGENCY_URN,
        "agency_session_name": "oidc-sts-session",
        "id_token": ID_TOKEN,
        "duration_seconds": 3600,
    });
    let (status, body) = send(at(&sandbox, ASSUME_WITH_OIDC).json(&proof)).await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        sandbox.requests()[0].body.is_empty(),
        "the id token is not logged"
    );
    assert_valid_for(&sandbox, &clock, &sts_keys(&body), 3600).await;
    for (property, value, expected) in [
        (
            "provider_urn",
            json!("iam::x:oidcProvider:y"),
            StatusCode::UNAUTHORIZED,
        ),
        ("id_token", json!("another"), StatusCode::UNAUTHORIZED),
        (
            "agency_urn",
            json!("iam::x:agency:sandbox-agency"),
            StatusCode::FORBIDDEN,
        ),
        ("agency_session_name", json!("x"), StatusCode::BAD_REQUEST),
        ("duration_seconds", json!(43201), StatusCode::BAD_REQUEST),
        ("duration_seconds", json!("3600"), StatusCode::BAD_REQUEST),
    ] {
        let mut changed = proof.clone();
        changed[property] = value;
        let (status, body) = send(at(&sandbox, ASSUME_WITH_OIDC).json(&changed)).await;
        assert_eq!(status, expected, "{property}");
        assert!(body["error_code"].as_str().unwrap().starts_with("STS."));
    }

    let role = json!({ "agency_urn": AGENCY_URN, "agency_session_name": "session" });
    let (status, _) = send(at(&sandbox, ASSUME).json(&role)).await;
    assert_eq!(
        status,
        StatusCode::UNAUTHORIZED,
        "the request is not signed"
    );
    let (status, body) = send(signed_post(&sandbox, &clock, ASSUME, &role)).await;
    assert_eq!(status, StatusCode::OK);
    assert_valid_for(&sandbox, &clock, &sts_keys(&body), 3600).await;
}

#[tokio::test]
async fn pod_identity_responds_at_every_free_path() {
    let clock = TestClock::new();
    let sandbox = clock.sandbox().await;
    for path in [POD_IDENTITY_PATH, "/v1/credentials"] {
        let request = at(&sandbox, path).json(&json!({}));
        let (status, body) = send(request.header("Authorization", POD_TOKEN)).await;
        assert_eq!(status, StatusCode::OK);
        assert_valid_for(&sandbox, &clock, &iam_keys(&body), 24 * 60 * 60).await;
    }
    for (path, expected) in [
        (POD_IDENTITY_PATH, StatusCode::UNAUTHORIZED),
        ("/v1/credentials", StatusCode::NOT_FOUND),
    ] {
        let request = at(&sandbox, path).header("Authorization", "another");
        assert_eq!(send(request.json(&json!({}))).await.0, expected);
    }
}

#[tokio::test]
async fn a_key_has_the_permissions_of_its_owner() {
    let clock = TestClock::new();
    let with_clock = clock.clone();
    let sandbox = Sandbox::builder()
        .clock(move || with_clock.now())
        .change_seed(|seed| {
            let denied = iam_action("ListDesktopDetachInfo").to_owned();
            seed.credentials.agencies[0].deny.push(denied);
        })
        .start()
        .await
        .unwrap();
    let role = json!({ "agency_urn": AGENCY_URN, "agency_session_name": "session" });
    let (_, body) = send(signed_post(&sandbox, &clock, ASSUME, &role)).await;
    let (status, _) = read_signed(&sandbox, &sts_keys(&body), clock.now()).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(
        read_signed(&sandbox, &VALID, clock.now()).await.0,
        StatusCode::OK
    );
}
