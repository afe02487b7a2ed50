//! Properties of the canonical form of every request.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use reqwest::header::{AUTHORIZATION, HeaderMap};
use workspace_api::signing::{self, Authorization};

use crate::sign;

/// Few cases and a fixed seed, so that each run is the same and takes milliseconds.
fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 64,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    }
}

/// Returns whether `text` has only unreserved characters, upper-case escapes and those of `also`.
fn is_canonical(text: &str, also: &str) -> bool {
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let upper_hex = |b: Option<u8>| b.is_some_and(|b| matches!(b, b'0'..=b'9' | b'A'..=b'F'));
        match byte {
            b'%' if upper_hex(rest.next()) && upper_hex(rest.next()) => {}
            b'-' | b'.' | b'_' | b'~' => {}
            _ if byte.is_ascii_alphanumeric() || also.as_bytes().contains(&byte) => {}
            _ => return false,
        }
    }
    true
}

/// Percent-encodes every byte, in lower-case hex.
fn encode_every_byte(text: &str) -> String {
    text.bytes().fold(String::new(), |encoded, byte| {
        encoded + &format!("%{byte:02x}")
    })
}

fn path_of(segments: impl Iterator<Item = String>) -> String {
    segments.fold(String::new(), |path, segment| path + "/" + &segment)
}

fn serialize_query(pairs: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

fn sign_headers(headers: &[(String, String)]) -> HeaderMap {
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    sign("/", "", &headers, b"")
}

/// A list and the same list in another order.
fn shuffled<T: Clone + std::fmt::Debug>(
    list: impl Strategy<Value = Vec<T>>,
) -> impl Strategy<Value = (Vec<T>, Vec<T>)> {
    list.prop_flat_map(|list| (Just(list.clone()), Just(list).prop_shuffle()))
}

fn query_pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    prop::collection::vec(("\\PC{0,3}", "\\PC{0,4}"), 0..6)
}

fn headers() -> impl Strategy<Value = Vec<(String, String)>> {
    let value = "[ \t]{0,2}[!-~]([ -~é]{0,6}[!-~])?[ \t]{0,2}";
    prop::collection::btree_map("[A-Za-z][A-Za-z0-9-]{0,6}", value, 1..6)
        .prop_map(|map| map.into_iter().collect())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_canonical_path_does_not_change_again(
        path in "(/\\PC{0,8}|/%[0-9a-fA-F]{2}|/[a-z%/]{0,4}){0,5}"
    ) {
        let canonical = signing::canonical_path(&path);
        prop_assert!(is_canonical(&canonical, "/"), "{}", canonical);
        prop_assert!(canonical.ends_with('/'));
        // A literal `%` is `%25` in canonical form, which is decoded and encoded again.
        prop_assert_eq!(signing::canonical_path(&canonical), canonical);
    }

    #[test]
    fn spellings_of_a_path_have_one_canonical_form(
        segments in prop::collection::vec("[^/\\pC]{1,8}", 1..4)
    ) {
        let plain = path_of(segments.iter().map(|segment| segment.replace('%', "%25")));
        let encoded = path_of(segments.iter().map(|segment| encode_every_byte(segment)));
        let canonical = signing::canonical_path(&plain);
        prop_assert_eq!(signing::canonical_path(&encoded), canonical.clone());
        prop_assert_eq!(signing::canonical_path(&format!("{plain}/")), canonical);
    }

    #[test]
    fn a_canonical_query_is_sorted_encoded_and_independent_of_order(
        (pairs, shuffled) in shuffled(query_pairs())
    ) {
        let canonical = signing::canonical_query(&serialize_query(&pairs));
        prop_assert!(is_canonical(&canonical, "=&"), "{}", canonical);
        prop_assert_eq!(&signing::canonical_query(&serialize_query(&shuffled)), &canonical);
        prop_assert_eq!(&signing::canonical_query(&canonical), &canonical);
        let mut sorted = pairs;
        sorted.sort();
        let parsed: Vec<_> = form_urlencoded::parse(canonical.as_bytes()).into_owned().collect();
        prop_assert_eq!(parsed, sorted);
    }

    #[test]
    fn headers_are_trimmed_lower_cased_and_independent_of_order(
        (headers, shuffled) in shuffled(headers())
    ) {
        // A name in upper and lower case is one header with two values, whose order does not
        // matter.
        let signed = sign_headers(&headers);
        let trimmed: Vec<_> = headers
            .iter()
            .map(|(name, value)| {
                (name.to_lowercase(), value.trim_matches([' ', '\t']).to_owned())
            })
            .collect();
        prop_assert_eq!(&sign_headers(&shuffled), &signed);
        prop_assert_eq!(&sign_headers(&trimmed), &signed);
        let authorization = signed[AUTHORIZATION].to_str().unwrap();
        let names = Authorization::parse(authorization).unwrap().signed_headers;
        let names: Vec<_> = names.split(';').collect();
        prop_assert!(names.is_sorted());
        prop_assert_eq!(names.len(), names.iter().collect::<BTreeSet<_>>().len());
    }
}
