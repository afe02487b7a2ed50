//! What holds for the canonical form of every request.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use reqwest::header::AUTHORIZATION;
use workspace_api::signing::{self, Authorization};

use crate::sign;

/// Few cases and a fixed seed: the same run everywhere, in milliseconds.
fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 64,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    }
}

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

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_canonical_path_is_its_own_canonical_form(path in "(/\\PC{0,8}|/%[0-9a-fA-F]{2}|/[a-z%/]{0,4}){0,5}") {
        let canonical = signing::canonical_path(&path);
        prop_assert!(is_canonical(&canonical, "/"), "{}", canonical);
        prop_assert!(canonical.ends_with('/'));
        // A literal `%` becomes `%25`, which is decoded once and encoded once more.
        prop_assert_eq!(signing::canonical_path(&canonical), canonical);
    }

    #[test]
    fn spellings_of_a_path_have_one_canonical_form(segments in prop::collection::vec("[^/\\pC]{1,8}", 1..4)) {
        let every_byte = |segment: &String| segment.bytes().map(|b| format!("%{b:02x}")).collect::<String>();
        let plain = segments.iter().map(|s| format!("/{}", s.replace('%', "%25"))).collect::<String>();
        let encoded = segments.iter().map(|s| format!("/{}", every_byte(s))).collect::<String>();
        prop_assert_eq!(signing::canonical_path(&plain), signing::canonical_path(&encoded));
        prop_assert_eq!(signing::canonical_path(&format!("{plain}/")), signing::canonical_path(&plain));
    }

    #[test]
    fn a_canonical_query_is_sorted_encoded_and_independent_of_order(
        (pairs, shuffled) in prop::collection::vec(("\\PC{0,3}", "\\PC{0,4}"), 0..6)
            .prop_flat_map(|pairs| (Just(pairs.clone()), Just(pairs).prop_shuffle()))
    ) {
        let wire = |pairs: &[(String, String)]| form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let canonical = signing::canonical_query(&wire(&pairs));
        prop_assert!(is_canonical(&canonical, "=&"), "{}", canonical);
        prop_assert_eq!(&signing::canonical_query(&wire(&shuffled)), &canonical);
        prop_assert_eq!(&signing::canonical_query(&canonical), &canonical);
        let mut sorted = pairs;
        sorted.sort();
        let read: Vec<_> = form_urlencoded::parse(canonical.as_bytes()).into_owned().collect();
        prop_assert_eq!(read, sorted);
    }

    #[test]
    fn headers_are_trimmed_lower_cased_and_independent_of_order(
        (headers, shuffled) in prop::collection::btree_map("[A-Za-z][A-Za-z0-9-]{0,6}", "[ \t]{0,2}[!-~]([ -~é]{0,6}[!-~])?[ \t]{0,2}", 1..6)
            .prop_map(|map| map.into_iter().collect::<Vec<_>>())
            .prop_flat_map(|headers| (Just(headers.clone()), Just(headers).prop_shuffle()))
    ) {
        // One name in two cases is one header with two values, whose order does not matter either.
        let borrow = |headers: &[(String, String)]| headers.iter().map(|(k, v)| (k.clone(), v.clone())).collect::<Vec<_>>();
        let signed = |headers: &[(String, String)]| {
            let headers = borrow(headers);
            let headers: Vec<(&str, &str)> = headers.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            sign("/", "", &headers, b"")
        };
        let trimmed: Vec<_> = headers.iter().map(|(k, v)| (k.to_lowercase(), v.trim_matches([' ', '\t']).to_owned())).collect();
        prop_assert_eq!(&signed(&shuffled), &signed(&headers));
        prop_assert_eq!(&signed(&trimmed), &signed(&headers));
        let authorization = signed(&headers)[AUTHORIZATION].to_str().unwrap().to_owned();
        let names: Vec<_> = Authorization::parse(&authorization).unwrap().signed_headers.split(';').map(str::to_owned).collect();
        prop_assert!(names.is_sorted());
        prop_assert_eq!(names.len(), names.iter().collect::<std::collections::BTreeSet<_>>().len());
    }
}
