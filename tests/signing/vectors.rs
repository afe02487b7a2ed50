//! The vendor's vectors: `tests/vectors/signing-stages.json` by stage, `tests/vectors/signing.json`
//! and `tests/vectors/signing-edge-cases.json` as a whole. The edge cases are rare in real requests
//! and are signed with `huaweicloudsdkcore` 3.1.219.

use std::collections::BTreeMap;

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use workspace_api::signing::{self, AccessKey, Authorization, Request, SecretKey, SecurityToken};

/// A published or computed signature with its stages.
#[derive(Deserialize)]
struct Staged {
    source: String,
    method: String,
    path: String,
    query: String,
    signed_headers: BTreeMap<String, String>,
    body: String,
    access_key: String,
    secret_key: String,
    canonical_request: String,
    string_to_sign: String,
    signature: String,
}

/// A request and its `Authorization` header, made by the vendor's signer.
#[derive(Deserialize)]
struct Signed {
    name: String,
    access_key: String,
    secret_key: String,
    method: String,
    path: String,
    query: Vec<(String, String)>,
    headers: BTreeMap<String, String>,
    body: String,
    authorization: String,
}

fn header_map(headers: &BTreeMap<String, String>) -> HeaderMap {
    let name = |name: &String| name.parse::<HeaderName>().unwrap();
    let value = |value: &String| HeaderValue::from_bytes(value.as_bytes()).unwrap();
    headers.iter().map(|(k, v)| (name(k), value(v))).collect()
}

fn staged() -> Vec<Staged> {
    serde_json::from_str(include_str!("../vectors/signing-stages.json")).unwrap()
}

fn signed() -> impl Iterator<Item = Signed> {
    let read = |text| serde_json::from_str::<Vec<Signed>>(text).unwrap();
    let common = read(include_str!("../vectors/signing.json"));
    let edge_cases = read(include_str!("../vectors/signing-edge-cases.json"));
    common.into_iter().chain(edge_cases)
}

#[test]
fn stage_1_canonical_request() {
    for vector in staged() {
        let headers = header_map(&vector.signed_headers);
        let Staged {
            method,
            path,
            query,
            body,
            ..
        } = &vector;
        let request = Request {
            method,
            path,
            query,
            headers: &headers,
            body: body.as_bytes(),
        };
        let names = signing::signed_headers(&headers);
        let canonical = signing::canonical_request(&request, &names);
        let canonical = String::from_utf8_lossy(canonical.as_ref());
        assert_eq!(canonical, vector.canonical_request, "{}", vector.source);
    }
}

#[test]
fn stage_2_string_to_sign() {
    for vector in staged() {
        let date = &vector.signed_headers["x-sdk-date"];
        let string_to_sign = signing::string_to_sign(vector.canonical_request, date);
        assert_eq!(string_to_sign, vector.string_to_sign, "{}", vector.source);
    }
}

#[test]
fn stage_3_signature() {
    for vector in staged() {
        let secret_key = SecretKey::new(vector.secret_key).unwrap();
        let signature = signing::signature(&secret_key, &vector.string_to_sign);
        assert_eq!(signature, vector.signature, "{}", vector.source);
    }
}

#[test]
fn signatures_match_the_vectors_and_verify_on_a_server() {
    let staged = staged().into_iter().map(|v| Signed {
        authorization: format!(
            "SDK-HMAC-SHA256 Access={}, SignedHeaders={}, Signature={}",
            v.access_key,
            v.signed_headers
                .keys()
                .cloned()
                .collect::<Vec<_>>()
                .join(";"),
            v.signature
        ),
        name: v.source,
        access_key: v.access_key,
        secret_key: v.secret_key,
        method: v.method,
        path: v.path,
        query: form_urlencoded::parse(v.query.as_bytes())
            .into_owned()
            .collect(),
        headers: v.signed_headers,
        body: v.body,
    });
    let mut checked = 0;
    for vector in signed().chain(staged) {
        let Signed {
            name,
            method,
            path,
            body,
            authorization,
            ..
        } = &vector;
        let mut headers = header_map(&vector.headers);
        let date = headers["x-sdk-date"].to_str().unwrap().to_owned();
        let token = headers.remove("x-security-token");
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&vector.query)
            .finish();
        let request = Request {
            method,
            path,
            query: &query,
            headers: &headers,
            body: body.as_bytes(),
        };
        let access_key = AccessKey::new(vector.access_key.as_str()).unwrap();
        let secret_key = SecretKey::new(vector.secret_key.as_str()).unwrap();
        let token = token.map(|token| SecurityToken::new(token.to_str().unwrap()).unwrap());
        let time = signing::parse_date(&date).unwrap();

        let added = signing::sign(&request, &access_key, &secret_key, token.as_ref(), time);
        assert_eq!(added["x-sdk-date"], date, "{name}");
        assert_eq!(
            added[AUTHORIZATION].to_str().unwrap(),
            authorization,
            "{name}"
        );

        let mut sent = headers.clone();
        sent.extend(added);
        let parsed = Authorization::parse(sent[AUTHORIZATION].to_str().unwrap()).unwrap();
        assert_eq!(parsed.access_key, access_key.as_str(), "{name}");
        let canonical = signing::canonical_request(
            &Request {
                headers: &sent,
                ..request
            },
            parsed.signed_headers,
        );
        let expected = signing::signature(&secret_key, &signing::string_to_sign(&canonical, &date));
        assert_eq!(parsed.signature, expected, "{name}");
        checked += 1;
    }
    assert_eq!(checked, 41);
}
