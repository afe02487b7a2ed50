//! The requests of the generated methods.

// The parameter `3d` is the method `_3d`.
#![allow(clippy::used_underscore_items)]

use reqwest::Url;
use serde_json::{Value, json};

use crate::client::{BaseUrl, Inner};
use crate::constructs::{Client, OPERATIONS, types};
use crate::{Error, ResponseBody};

fn client() -> Client {
    Client {
        baseurl: BaseUrl(Url::parse("http://lamps.example/base").unwrap()),
        client: reqwest::Client::new(),
        inner: Inner,
    }
}

/// Sends a request whose body is this JSON, read as the generated type.
async fn switch(body: Value) -> String {
    let body: types::SwitchLampsReq = serde_json::from_value(body).unwrap();
    let client = client();
    let send = client.switch_lamps().project_id("p").body(body).send();
    let Err(Error(text)) = send.await else {
        unreachable!()
    };
    text
}

#[tokio::test]
async fn parameters_keep_their_names_and_values() {
    let client = client();
    let send = client
        .list_lamps()
        .project_id("p/q")
        .rooms(["hall", "attic"].map(|room| room.parse().unwrap()).to_vec())
        .limit(1)
        ._3d(true)
        .plus1(2)
        .sort_order(types::ListLampsSortOrder::X2nd)
        .x_client_token("0b5c")
        .type_("a&b")
        .value("v")
        .request("r")
        .client("c")
        .result("s")
        .url_parameter("u")
        .body_parameter("b")
        .response_parameter("re")
        .send_parameter("se")
        .send_body_parameter("sb")
        .new_parameter("n")
        .encode_path_parameter("e")
        .body_map_parameter("bm")
        .header_map_parameter(3)
        .send();
    let Err(Error(text)) = send.await else {
        unreachable!()
    };
    let expected = "GET http://lamps.example/base/v2/p%2Fq/lamps?%2B1=2&3d=true&body=b&bodyMap=bm\
                    &client=c&encode_path=e&limit=1&new=n&request=r&response=re&result=s&rooms=hall\
                    &rooms=attic&send=se&send_body=sb&sort-order=2nd&type=a%26b&url=u&value=v\n\
                    header-map: 3\nx-client-token: 0b5c";
    assert_eq!(text, expected);
}

#[tokio::test]
async fn limits_of_parameters_are_checked() {
    let client = client();
    let list = |rooms: &[&str], limit| {
        let rooms = rooms
            .iter()
            .map(|room| room.parse().unwrap())
            .collect::<Vec<_>>();
        client
            .list_lamps()
            .project_id("p")
            .rooms(rooms)
            .limit(limit)
    };
    for (rooms, limit, expected) in [
        (&["a", "b", "c"][..], 1, "invalid: rooms: more than 2 items"),
        (
            &["a", "a"],
            1,
            "invalid: rooms: an item is in the list twice",
        ),
        (&[], 100, "invalid: limit: not below 100"),
    ] {
        let Err(Error(text)) = list(rooms, limit).send().await else {
            unreachable!()
        };
        assert_eq!(text, expected);
    }
    assert!("a b".parse::<types::ListLampsProjectId>().is_err());
}

#[tokio::test]
async fn bodies_have_defaults_nulls_and_names_of_the_contract() {
    let body = json!({
        "from": "2026-01-31T08:00:00Z",
        "shade": null,
        "properties": { "a": "b" },
        "derived": { "code": "abc", "order": "ASC" },
        "@odata.id": " a.",
        "times": [[0.5, 1.0]],
        "Größe": "xxl",
        "μ²": ["a"],
        "numbers": { "digits": [9] },
    });
    let text = switch(body.clone()).await;
    let (head, sent) = text.split_once('\n').unwrap();
    assert_eq!(head, "PUT http://lamps.example/base/v2/p/lamps");
    let mut expected = body;
    expected["level"] = json!(7);
    expected["short"] = json!("abc");
    expected["mode"] = json!("on-off");
    assert_eq!(serde_json::from_str::<Value>(sent).unwrap(), expected);
}

/// An empty list can mean another thing than none.
#[tokio::test]
async fn an_empty_list_is_sent_and_an_absent_one_is_not() {
    for (list, is_sent) in [
        (json!([]), true),
        (json!([[1.0]]), true),
        (json!(null), false),
    ] {
        assert_eq!(sent("times", &list).await, is_sent.then_some(list));
    }
    let built = types::SwitchLampsReq::builder()
        .from("2026-01-31T08:00:00Z")
        .shade(5)
        .times([]);
    let built = built.build().unwrap();
    assert_eq!(built.times, Some(Vec::new()));
}

/// The same of maps.
#[tokio::test]
async fn an_empty_map_is_sent_and_an_absent_one_is_not() {
    for (map, is_sent) in [(json!({}), true), (json!(null), false)] {
        assert_eq!(sent("properties", &map).await, is_sent.then_some(map));
    }
    let built = types::SwitchLampsReq::builder()
        .from("2026-01-31T08:00:00Z")
        .shade(5)
        .properties(std::collections::HashMap::new());
    let built = built.build().unwrap();
    assert_eq!(built.properties.map(|map| map.len()), Some(0));
}

/// Returns the value of a property that the client sends for this one; `None` if it sends none.
async fn sent(name: &str, value: &Value) -> Option<Value> {
    let mut body = json!({ "from": "2026-01-31T08:00:00Z", "shade": 5 });
    body[name] = value.clone();
    let text = switch(body).await;
    let (_, sent) = text.split_once('\n').unwrap();
    let sent: Value = serde_json::from_str(sent).unwrap();
    sent.get(name).cloned()
}

/// JSON has no such number, and no text of JSON makes one.
#[tokio::test]
async fn numbers_that_json_lacks_are_not_sent() {
    for number in [f32::NAN, f32::INFINITY] {
        let body = types::Tuning::builder()
            .more(3)
            .steps(Vec::new())
            .shape(types::Tone::default())
            .area(types::TuningArea::All)
            .gain(number);
        let client = client();
        let call = client.tune_lamps().project_id("p").body(body);
        let Err(Error(text)) = call.send().await else {
            unreachable!()
        };
        assert_eq!(text, "invalid: gain: not a finite number");
    }
}

/// A limit must not make another type of a number than its format.
#[tokio::test]
async fn numbers_have_the_range_of_their_format() {
    let start = json!({ "from": "2026-01-31T08:00:00Z", "shade": 5 });
    for (name, number, expected) in [
        ("days", json!(1), None),
        ("days", json!(0), Some("days: below 1")),
        ("days", json!(i32::MAX), None),
        ("offset", json!(-1), None),
        ("offset", json!(256), Some("offset: above 255")),
        ("low", json!(1_000), None),
        ("low", json!(-129), Some("low: below -128")),
    ] {
        let mut body = start.clone();
        body[name] = number;
        let text = switch(body).await;
        assert_eq!(text.strip_prefix("invalid: "), expected, "{name}");
    }
    let mut body = start;
    body["days"] = json!(i64::from(i32::MAX) + 1);
    assert!(serde_json::from_value::<types::SwitchLampsReq>(body).is_err());
}

/// Tests of callers make the types of responses.
#[test]
fn types_of_responses_have_a_default_and_no_builder() {
    const CLIENT: &str = include_str!(concat!(env!("OUT_DIR"), "/constructs.rs"));
    let _ = types::Lamp::default();
    assert!(!CLIENT.contains("LampBuilder"));
    // A request contains it, and so has what it consists of.
    assert!(CLIENT.contains("pub struct SwitchLampsReqBuilder"));
    assert!(CLIENT.contains("pub struct SwitchLampsReqDerivedBuilder"));
}

#[tokio::test]
async fn limits_of_bodies_are_checked_at_every_level() {
    let start = "2026-01-31T08:00:00Z";
    for (body, expected) in [
        (
            json!({ "from": start, "shade": 6 }),
            "invalid: shade: above 5",
        ),
        (
            json!({ "from": start, "shade": 4 }),
            "invalid: shade: not a multiple of 5",
        ),
        (
            json!({ "from": start, "shade": 5, "level": 10, "huge": 5 }),
            "invalid: level: above 9",
        ),
        (
            json!({ "from": start, "shade": 5, "times": [[0.4]] }),
            "invalid: times: below 0.5",
        ),
        (
            json!({ "from": start, "shade": 5, "times": [[1, 2, 3]] }),
            "invalid: times: more than 2 items",
        ),
        (
            json!({ "from": start, "shade": 5, "μ²": ["a", "b", "c"] }),
            "invalid: μ²: more than 2 items",
        ),
        (
            json!({ "from": start, "shade": 5, "numbers": { "digits": [10] } }),
            "invalid: digits: above 9",
        ),
        (
            json!({ "from": start, "shade": 5, "percent": 101 }),
            "invalid: percent: above 100",
        ),
        (
            json!({ "from": start, "shade": 5, "names": ["a", "b", "c"] }),
            "invalid: names: more than 2 items",
        ),
    ] {
        assert_eq!(switch(body).await, expected);
    }
    for invalid in [
        json!({ "from": start, "shade": 5, "properties": { "a": "long" } }),
        json!({ "from": start, "shade": 5, "@odata.id": "\u{2003}ab." }),
        json!({ "from": start, "shade": 5, "mode": "off" }),
        json!({ "from": start, "shade": 5, "derived": { "code": "abcd" } }),
        json!({ "from": start, "shade": 5, "derived": { "code": "b" } }),
        json!({ "from": start, "shade": 5, "derived": { "order": "Asc" } }),
        json!({ "from": start, "shade": 5, "short": "abcd" }),
        json!({ "from": start, "shade": 5, "names": ["abcd"] }),
        json!({ "shade": 5 }),
    ] {
        assert!(serde_json::from_value::<types::SwitchLampsReq>(invalid).is_err());
    }
}

#[test]
fn responses_are_read_tolerantly() {
    let lamp = json!({
        "room": null, "parts": [{ "parts": null }], "free": { "a": 1 }, "new": true,
    });
    let lamp: types::Lamp = serde_json::from_value(lamp).unwrap();
    assert!(lamp.room.is_none() && lamp.parts[0].parts.is_empty());
    let bodies = OPERATIONS.iter().map(|operation| operation.response_body);
    let bodies: Vec<_> = bodies.collect();
    assert_eq!(
        bodies,
        [
            ResponseBody::Json,
            ResponseBody::Empty,
            ResponseBody::Empty,
            ResponseBody::Empty
        ]
    );
    assert_eq!(crate::operations::OPERATIONS.len(), 28);
}
