//! Injected faults, latency and rate limit.

use std::time::{Duration, Instant, SystemTime};

use reqwest::StatusCode;
use serde_json::json;
use workspace_api_sandbox::defaults::{MULTI_USER_DESKTOP, PROJECT_ID, SINGLE_USER_DESKTOP, TOKEN};
use workspace_api_sandbox::{Fault, Latency, RateLimit, Sandbox};

use crate::signatures::TestClock;
use crate::{get, post, request, send_raw, success};

/// The path of the unbinding records of the multi-user desktop.
const RECORDS: &str = "/desktops/4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0002/detach-info";

async fn start_with(fault: &str) -> Sandbox {
    Sandbox::builder()
        .fault(fault.parse().unwrap())
        .start()
        .await
        .unwrap()
}

/// Sends a log-off over a socket of its own, and returns all bytes until the connection ends.
fn log_off_raw(sandbox: &Sandbox) -> std::io::Result<String> {
    let body = json!({ "desktop_ids": [MULTI_USER_DESKTOP] }).to_string();
    let head = format!(
        "POST /v2/{PROJECT_ID}/desktops/logoff HTTP/1.1\r\nHost: localhost\r\nX-Auth-Token: {TOKEN}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    send_raw(sandbox, format!("{head}{body}").as_bytes())
}

#[tokio::test]
async fn a_status_applies_to_one_operation_a_limited_number_of_times() {
    let sandbox =
        start_with("status=503,operation=ListDesktopDetachInfo,times=2,retry-after=7").await;
    let off = json!({ "desktop_ids": [MULTI_USER_DESKTOP] });
    assert_eq!(
        post(&sandbox, "/desktops/logoff", off).await.0,
        success("BatchLogoffDesktops")
    );
    for expected in [503, 503, 200] {
        let response = request(&sandbox, reqwest::Method::GET, RECORDS)
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), expected);
        assert_eq!(
            response.headers().contains_key("retry-after"),
            expected == 503
        );
    }
}

#[tokio::test]
async fn a_status_applies_before_or_after_the_operation() {
    for (fault, log_offs) in [("status=500", 0), ("status=500,after", 1)] {
        let sandbox = start_with(fault).await;
        let off = json!({ "desktop_ids": [SINGLE_USER_DESKTOP] });
        assert_eq!(
            post(&sandbox, "/desktops/logoff", off).await.0,
            StatusCode::INTERNAL_SERVER_ERROR
        );
        assert_eq!(
            sandbox.projects()[0].desktops[0].log_offs,
            log_offs,
            "{fault}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reset_is_a_tcp_reset() {
    for (fault, log_offs) in [("reset", 0), ("reset,after", 1)] {
        let sandbox = start_with(fault).await;
        let error = log_off_raw(&sandbox).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
        assert_eq!(sandbox.projects()[0].desktops[1].log_offs, log_offs);
        assert_eq!(sandbox.requests()[0].status, None);
    }
}

#[tokio::test]
async fn a_truncated_body_ends_after_its_first_half() {
    let sandbox = start_with("truncate").await;
    let mut response = request(&sandbox, reqwest::Method::GET, RECORDS)
        .send()
        .await
        .unwrap();
    let announced: usize = response.headers()["content-length"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    let first = response.chunk().await.unwrap().unwrap();
    assert_eq!(first.len(), announced / 2);
    assert!(response.chunk().await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_body_is_truncated_too() {
    let sandbox = start_with("truncate").await;
    let response = log_off_raw(&sandbox).unwrap();
    let status = format!("HTTP/1.1 {}\r\n", success("BatchLogoffDesktops"));
    assert!(response.starts_with(&status), "{response}");
    assert!(
        response.contains("content-length: 1\r\n") && response.ends_with("\r\n\r\n"),
        "{response}"
    );
}

#[tokio::test]
async fn a_stalled_request_ends_at_shutdown() {
    let sandbox = start_with("stall").await;
    let call = tokio::spawn(request(&sandbox, reqwest::Method::GET, RECORDS).send());
    while sandbox.requests().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(!call.is_finished());
    let begin = Instant::now();
    sandbox.shutdown().await;
    assert!(begin.elapsed() < Duration::from_secs(1));
    assert!(call.await.unwrap().is_err());
}

#[tokio::test]
async fn the_random_seed_determines_which_requests_fail() {
    let mut runs = Vec::new();
    for seed in [1, 1, 2] {
        let sandbox = Sandbox::builder()
            .random_seed(seed)
            .fault(Fault::status(503).probability(0.5))
            .start()
            .await
            .unwrap();
        let mut statuses = Vec::new();
        for _ in 0..40 {
            statuses.push(get(&sandbox, RECORDS).await.0.as_u16());
        }
        runs.push(statuses);
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
    let hits = runs[0].iter().filter(|status| **status == 503).count();
    assert!((8..=32).contains(&hits), "{hits} of 40");
}

#[tokio::test]
async fn requests_above_the_rate_limit_are_throttled() {
    let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
    let passed = std::sync::Arc::new(std::sync::atomic::AtomicU64::new(0));
    let clock = passed.clone();
    let now = move || start + Duration::from_secs(clock.load(std::sync::atomic::Ordering::Relaxed));
    let limit: RateLimit = "3/m".parse().unwrap();
    let sandbox = Sandbox::builder()
        .clock(now)
        .rate_limit(limit)
        .start()
        .await
        .unwrap();
    for _ in 0..3 {
        assert_eq!(get(&sandbox, RECORDS).await.0, StatusCode::OK);
    }
    let response = request(&sandbox, reqwest::Method::GET, RECORDS)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(response.headers()["retry-after"], "20");
    passed.store(20, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(get(&sandbox, RECORDS).await.0, StatusCode::OK);
    assert_eq!(
        get(&sandbox, RECORDS).await.0,
        StatusCode::TOO_MANY_REQUESTS
    );
}

#[tokio::test]
async fn minute_windows_count_each_operation_and_have_no_retry_after() {
    let clock = TestClock::new();
    let with_clock = clock.clone();
    let sandbox = Sandbox::builder()
        .clock(move || with_clock.now())
        .rate_limit("read=3/min,write=2/min".parse().unwrap())
        .start()
        .await
        .unwrap();
    let log_off = async || {
        let off = json!({ "desktop_ids": [MULTI_USER_DESKTOP] });
        post(&sandbox, "/desktops/logoff", off).await.0
    };
    for _ in 0..3 {
        assert_eq!(get(&sandbox, RECORDS).await.0, StatusCode::OK);
        clock.advance(10);
    }
    for _ in 0..2 {
        assert_eq!(log_off().await, success("BatchLogoffDesktops"));
    }
    assert_eq!(log_off().await, StatusCode::TOO_MANY_REQUESTS);
    clock.advance(29);
    let read = request(&sandbox, reqwest::Method::GET, RECORDS);
    let response = read.send().await.unwrap();
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(!response.headers().contains_key("retry-after"));
    let body: serde_json::Value = response.json().await.unwrap();
    assert_eq!(body["error_code"], "APIGW.0308");
    assert_eq!(
        body["error_msg"],
        "The throttling threshold has been reached: policy user over ratelimit,limit:3,time:1 minute"
    );
    clock.advance(1);
    for _ in 0..3 {
        assert_eq!(get(&sandbox, RECORDS).await.0, StatusCode::OK);
    }
    assert_eq!(
        log_off().await,
        StatusCode::TOO_MANY_REQUESTS,
        "the window of the writes began later"
    );
}

#[test]
fn minute_windows_are_parsed() {
    for (text, reads, writes) in [
        ("200/min", Some(200), Some(200)),
        ("read=200/min, write=100/min", Some(200), Some(100)),
        ("write=100/min", None, Some(100)),
    ] {
        assert_eq!(
            text.parse::<RateLimit>().unwrap(),
            RateLimit::minute_windows(reads, writes)
        );
    }
}

#[tokio::test]
async fn latency_delays_responses() {
    let latency = Latency::fixed(Duration::from_millis(60));
    let sandbox = Sandbox::builder().latency(latency).start().await.unwrap();
    let begin = Instant::now();
    get(&sandbox, RECORDS).await;
    assert!(begin.elapsed() >= Duration::from_millis(60));
}

#[tokio::test]
async fn faults_can_be_added_and_cleared_at_run_time() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.add_fault(Fault::status(500)).unwrap();
    assert_eq!(
        get(&sandbox, RECORDS).await.0,
        StatusCode::INTERNAL_SERVER_ERROR
    );
    sandbox.clear_faults();
    assert_eq!(get(&sandbox, RECORDS).await.0, StatusCode::OK);
    let error = sandbox
        .add_fault(Fault::reset().operation("Nope"))
        .unwrap_err();
    assert!(
        error.to_string().contains("`Nope`") && error.to_string().contains("ListDesktopDetachInfo"),
        "{error}"
    );
}

#[test]
fn invalid_options_are_rejected_with_the_reason() {
    for (text, expected) in [
        ("", "is not a kind of fault"),
        ("status", "is not a kind of fault"),
        ("status=abc", "`status=abc` is not a status"),
        ("status=200", "200 of a fault is not 400 to 599"),
        ("reset,probability=2", "2 of a fault is not above 0"),
        ("reset,probability=NaN", "is not above 0"),
        ("reset,times=-1", "`times=-1` is not a whole number"),
        ("reset,retry-after=1", "is only valid with status=CODE"),
        ("reset,operation=", "`operation=` is not an option"),
        ("stall,often", "`often` is not an option"),
    ] {
        let error = text.parse::<Fault>().unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
    for text in [
        "",
        "10",
        "0/s",
        "10/d",
        "-1/s",
        "0/min",
        "read=1/s",
        "all=1/min",
        "1/min,2/min",
        "read=1/min,",
    ] {
        assert!(
            text.parse::<RateLimit>()
                .unwrap_err()
                .to_string()
                .contains("10/s"),
            "{text}"
        );
    }
    for text in ["", "200", "fast", "2s..1s", "1s.."] {
        assert!(
            text.parse::<Latency>()
                .unwrap_err()
                .to_string()
                .contains("latency"),
            "{text}"
        );
    }
    assert_eq!(
        "1ms..2s".parse::<Latency>().unwrap(),
        Latency::between(Duration::from_millis(1), Duration::from_secs(2))
    );
}
