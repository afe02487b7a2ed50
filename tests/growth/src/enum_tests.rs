//! The values of enums reach the wire unchanged, under any name that they have in the client.

use std::fmt::Display;
use std::str::FromStr;

use reqwest::Url;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::Error;
use crate::client::{BaseUrl, Inner};
use crate::enums::{Client, types};

#[path = "../enums.rs"]
pub mod contract;

use contract::ENUMS;

/// Checks that each value is read from text and JSON, and written to them again.
fn round_trip<T>(values: &[&str])
where
    T: Serialize + DeserializeOwned + FromStr + Display + PartialEq,
    T::Err: Display,
{
    let mut read = Vec::new();
    for text in values {
        let value: T = text.parse().unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(value.to_string(), *text);
        let written = serde_json::to_value(&value).unwrap();
        assert_eq!(written, json!(text));
        assert!(serde_json::from_value::<T>(written).unwrap() == value);
        assert!(!read.contains(&value), "{text}");
        read.push(value);
    }
    let error = "another".parse::<T>().err().unwrap().to_string();
    assert!(error.contains("invalid") && error.contains("\"another\": use "));
}

#[test]
fn each_value_is_read_and_written() {
    round_trip::<types::E0>(ENUMS[0]);
    round_trip::<types::E1>(ENUMS[1]);
    round_trip::<types::E2>(ENUMS[2]);
    round_trip::<types::E3>(ENUMS[3]);
    round_trip::<types::E4>(ENUMS[4]);
    round_trip::<types::E5>(ENUMS[5]);
    round_trip::<types::E6>(ENUMS[6]);
    round_trip::<types::E7>(ENUMS[7]);
    round_trip::<types::E8>(ENUMS[8]);
    round_trip::<types::E9>(ENUMS[9]);
    round_trip::<types::E10>(ENUMS[10]);
    round_trip::<types::E11>(ENUMS[11]);
    round_trip::<types::E12>(ENUMS[12]);
    round_trip::<types::Named>(&["asc", "ASC"]);
}

/// Returns the request with this body, and these parameters in the URL and the header.
async fn send(body: Value) -> Result<(String, String, Value), String> {
    let body: types::Enums = serde_json::from_value(body).map_err(|error| error.to_string())?;
    let client = Client {
        baseurl: BaseUrl(Url::parse("http://enums.example/").unwrap()),
        client: reqwest::Client::new(),
        inner: Inner,
    };
    let send = client
        .send_enums()
        .kind("a/b")
        .x_sort("ASC")
        .size(20)
        .sorts(["ASC", "asc"].map(|sort| sort.parse().unwrap()).to_vec())
        .q0(types::E0::AscUpper)
        .q2(types::E2::LessThanOrEqualTo)
        .q3(types::E3::Plus1)
        .q4(types::E4::Empty)
        .body(body)
        .send();
    let Err(Error(text)) = send.await else {
        unreachable!()
    };
    let lines: Vec<_> = text.split('\n').collect();
    match lines.as_slice() {
        [url, header, body] => {
            let body = serde_json::from_str(body).unwrap();
            Ok(((*url).to_owned(), (*header).to_owned(), body))
        }
        _ => Err(text),
    }
}

#[tokio::test]
async fn each_value_is_sent_at_each_position() {
    for (index, values) in ENUMS.iter().enumerate() {
        for value in *values {
            let mut sent = json!({
                "or_null": "ASC", "named": "asc", "symbol": "<", "names": ["asc"], "number": 3,
                "fraction": 0.5, "flag": true, "bytes": [3, 1],
            });
            sent[format!("inline{index}")] = json!(value);
            sent[format!("list{index}")] = json!([value]);
            sent[format!("map{index}")] = json!({ "k": value });
            let (url, header, body) = send(sent.clone()).await.unwrap();
            assert_eq!(
                url,
                "POST http://enums.example/enums/a%2Fb?q0=ASC&q2=%3C%3D&q3=%2B1&q4=&size=20\
                 &sorts=ASC&sorts=asc"
            );
            assert_eq!(header, "x-sort: ASC");
            assert_eq!(body, sent);
        }
    }
}

#[tokio::test]
async fn defaults_and_nulls_of_enums_are_sent() {
    let (_, _, body) = send(json!({ "or_null": null })).await.unwrap();
    let expected = json!({ "or_null": null, "named": "ASC", "symbol": ">", "names": ["ASC"] });
    assert_eq!(body, expected);
    assert_eq!(types::Named::AllUp.to_string(), "ASC");
}

/// An enum of numbers or booleans is checked when a request is sent.
#[tokio::test]
async fn other_numbers_and_booleans_are_not_sent() {
    for (property, value, expected) in [
        ("number", json!(2), "invalid: number: use 1 or 3"),
        ("fraction", json!(1.5), "invalid: fraction: use 0.5 or 1"),
        ("flag", json!(false), "invalid: flag: use true"),
        ("bytes", json!([1, 2]), "invalid: bytes: use 1 or 3"),
    ] {
        let mut body = json!({ "or_null": "asc" });
        body[property] = value;
        assert_eq!(send(body).await.unwrap_err(), expected);
    }
}
