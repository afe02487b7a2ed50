//! A gate that allows a number of requests in each window, as the service has it: a 429 names the
//! window and has no `Retry-After`. In real time, with windows of two seconds.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use futures::StreamExt;
use workspace_api::Unbinding;

use crate::server::{DESKTOP, Server, Step, json};
use crate::{ok, send};

const REQUESTS: u32 = 40;
const WINDOW: Duration = Duration::from_secs(2);

/// A window: its beginning, and the number of requests in it.
type Window = Mutex<Option<(Instant, u32)>>;

/// Counts a request and returns the response to it.
fn count(window: &Window, refused: &AtomicU32) -> Vec<u8> {
    let mut window = window.lock().unwrap();
    let now = Instant::now();
    let (begun, requests) = window
        .filter(|(begun, _)| now - *begun < WINDOW)
        .unwrap_or((now, 0));
    *window = Some((begun, requests + 1));
    if requests < REQUESTS {
        return json("200 OK", "", "{}");
    }
    refused.fetch_add(1, Ordering::Relaxed);
    let message = format!("policy user over ratelimit,limit:{REQUESTS},time:2 second");
    let body = format!(r#"{{"error_code":"APIGW.0308","error_msg":"{message}"}}"#);
    json("429 Too Many Requests", "", &body)
}

#[tokio::test]
async fn reads_and_writes_wait_for_the_next_window() {
    static READS: Window = Mutex::new(None);
    static WRITES: Window = Mutex::new(None);
    static REFUSED: AtomicU32 = AtomicU32::new(0);
    static PAUSES: Mutex<Vec<Duration>> = Mutex::new(Vec::new());
    let gate = |request: &str| {
        let is_read = request.starts_with("GET");
        count(if is_read { &READS } else { &WRITES }, &REFUSED)
    };
    let server = Server::start([vec![Step::Echo(gate)]]).await;
    let report = |pause: workspace_api::Throttled| PAUSES.lock().unwrap().push(pause.wait);
    let client = server.builder().on_throttled(report).build().unwrap();
    let started = Instant::now();
    let reads = async {
        let ids = (0..100).map(|n| format!("d{n}"));
        let reads: Vec<_> = client.desktops().detach_infos(ids).stream().collect().await;
        reads.iter().filter(|(_, result)| result.is_ok()).count()
    };
    let writes = async {
        let desktops = (0..100).map(|n| Unbinding::all_users(format!("d{n}")).unwrap());
        let operations = client.desktops().batch_size(1);
        let outcome = operations.detach(desktops).await.unwrap();
        outcome.succeeded().count()
    };
    assert_eq!(futures::join!(reads, writes), (100, 100));
    // Both need three windows, of which the last need not end.
    let seconds = started.elapsed().as_secs_f64();
    assert!((4.0..5.5).contains(&seconds), "{seconds}");
    let refused = REFUSED.load(Ordering::Relaxed);
    assert!(refused < 50, "{refused}");
    let pauses = PAUSES.lock().unwrap();
    assert!((2..=6).contains(&pauses.len()), "{pauses:?}");
}

#[tokio::test]
async fn a_single_call_waits_for_the_total_time_and_not_for_its_attempts() {
    let body = r#"{"error_code":"APIGW.0308","error_msg":"limit:1,time:1 second"}"#;
    let throttled = || send(json("429 Too Many Requests", "", body));
    let script = [throttled(), throttled(), throttled(), throttled(), ok()];
    let server = Server::start(script).await;
    let retry = workspace_api::RetryPolicy::default().attempts(2);
    let client = server.builder().retry(retry).build().unwrap();
    client.desktops().detach_info(DESKTOP).await.unwrap();
    assert_eq!(server.requests().len(), 5);
}
