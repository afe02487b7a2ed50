//! The rate limit: a steady rate, or windows of a minute like those of the service.

use std::collections::HashMap;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

use axum::http::{Method, StatusCode};

use crate::error::Error;
use crate::http::api_error::ApiError;

const THRESHOLD_REACHED: &str = "The throttling threshold has been reached";
const WINDOW: Duration = Duration::from_secs(60);

/// How often operations can be called. There are two kinds:
///
/// | text | meaning |
/// | --- | --- |
/// | `10/s`, `600/m`, `5000/h` | All operations and callers together have this rate. Further requests get a 429 with `Retry-After`. |
/// | `200/min`, `read=200/min,write=100/min` | Each operation has windows of a minute, like in the service. Further requests of a window get a 429 without `Retry-After`. |
///
/// A window begins with the first request after the one before has ended. Operations with the
/// method GET are reads, all others writes.
///
/// ```
/// let rate: workspace_api_sandbox::RateLimit = "10/s".parse()?;
/// let windows: workspace_api_sandbox::RateLimit = "read=200/min,write=100/min".parse()?;
/// # Ok::<(), workspace_api_sandbox::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateLimit(Limit);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Limit {
    Rate {
        requests: u32,
        period: Duration,
    },
    Windows {
        reads: Option<u32>,
        writes: Option<u32>,
    },
}

impl RateLimit {
    /// Allows `requests` in each `period`, for all operations and callers together. 0 counts as 1.
    pub fn new(requests: u32, period: Duration) -> Self {
        Self(Limit::Rate {
            requests: requests.max(1),
            period,
        })
    }

    /// Maximum reads and writes of each operation in a window of a minute. `None`: no limit.
    pub fn minute_windows(reads: Option<u32>, writes: Option<u32>) -> Self {
        Self(Limit::Windows { reads, writes })
    }

    fn parse(text: &str) -> Option<Self> {
        if !text.contains("min") {
            let (requests, unit) = text.split_once('/')?;
            let seconds = match unit.trim() {
                "s" => 1,
                "m" => 60,
                "h" => 3600,
                _ => return None,
            };
            return Some(Self::new(
                parse_count(requests)?,
                Duration::from_secs(seconds),
            ));
        }
        let (mut reads, mut writes) = (None, None);
        for part in text.split(',') {
            let (name, limit) = match part.split_once('=') {
                Some((name, limit)) => (Some(name.trim()), limit),
                None => (None, part),
            };
            let (requests, "min") = limit.trim().split_once('/')? else {
                return None;
            };
            let requests = parse_count(requests)?;
            let is_repeated = match name {
                Some("read") => reads.replace(requests).is_some(),
                Some("write") => writes.replace(requests).is_some(),
                Some(_) => return None,
                None => reads.replace(requests).is_some() | writes.replace(requests).is_some(),
            };
            if is_repeated {
                return None;
            }
        }
        Some(Self::minute_windows(reads, writes))
    }
}

/// Parses a number of requests, at least 1.
fn parse_count(text: &str) -> Option<u32> {
    text.trim().parse().ok().filter(|requests| *requests > 0)
}

impl FromStr for RateLimit {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text).ok_or_else(|| {
            Error::Fault(format!(
                "rate limit `{text}` is not of the form 10/s, 600/m, 5000/h, 200/min or \
                 read=200/min,write=100/min"
            ))
        })
    }
}

/// Counts requests against a rate limit.
#[derive(Debug)]
pub(crate) enum Throttle {
    Bucket(TokenBucket),
    Windows(MinuteWindows),
}

impl Throttle {
    pub(crate) fn new(RateLimit(limit): RateLimit) -> Self {
        match limit {
            Limit::Rate { requests, period } => Self::Bucket(TokenBucket::new(requests, period)),
            Limit::Windows { reads, writes } => Self::Windows(MinuteWindows {
                reads,
                writes,
                by_operation: HashMap::new(),
            }),
        }
    }

    /// Counts a request. The error is a 429.
    pub(crate) fn take(
        &mut self,
        operation: &str,
        method: &Method,
        now: SystemTime,
    ) -> Result<(), ApiError> {
        let (message, retry_after) = match self {
            Self::Bucket(bucket) => match bucket.take(now) {
                Ok(()) => return Ok(()),
                Err(seconds) => (THRESHOLD_REACHED.to_owned(), Some(seconds)),
            },
            Self::Windows(windows) => match windows.take(operation, method, now) {
                Ok(()) => return Ok(()),
                Err(limit) => {
                    let policy = format!("policy user over ratelimit,limit:{limit},time:1 minute");
                    (format!("{THRESHOLD_REACHED}: {policy}"), None)
                }
            },
        };
        Err(
            ApiError::new(StatusCode::TOO_MANY_REQUESTS, "APIGW.0308", message)
                .with_retry_after(retry_after),
        )
    }
}

/// The windows of a minute in which the service counts the requests of each operation.
#[derive(Debug)]
pub(crate) struct MinuteWindows {
    reads: Option<u32>,
    writes: Option<u32>,
    /// By operation id: the beginning of the window, and the number of requests in it.
    by_operation: HashMap<String, (SystemTime, u32)>,
}

impl MinuteWindows {
    /// Counts a request. The error is the limit that it exceeds.
    fn take(&mut self, operation: &str, method: &Method, now: SystemTime) -> Result<(), u32> {
        let limit = if *method == Method::GET {
            self.reads
        } else {
            self.writes
        };
        let Some(limit) = limit else {
            return Ok(());
        };
        let window = self
            .by_operation
            .entry(operation.to_owned())
            .or_insert((now, 0));
        let is_over = match now.duration_since(window.0) {
            Ok(age) => age >= WINDOW,
            // The clock was put back.
            Err(_) => true,
        };
        if is_over {
            *window = (now, 0);
        }
        if window.1 == limit {
            return Err(limit);
        }
        window.1 += 1;
        Ok(())
    }
}

/// The requests that a rate limit allows now. The bucket is full at the start and refills evenly.
#[derive(Debug)]
pub(crate) struct TokenBucket {
    requests: u32,
    period: Duration,
    tokens: f64,
    /// When `tokens` was computed.
    refilled: Option<SystemTime>,
}

impl TokenBucket {
    fn new(requests: u32, period: Duration) -> Self {
        Self {
            requests,
            period,
            tokens: f64::from(requests),
            refilled: None,
        }
    }

    /// Takes one token. The error is the number of seconds until there is one.
    fn take(&mut self, now: SystemTime) -> Result<(), u64> {
        let capacity = f64::from(self.requests);
        let rate = capacity / self.period.as_secs_f64();
        let since = self
            .refilled
            .and_then(|refilled| now.duration_since(refilled).ok())
            .unwrap_or_default();
        self.tokens = (self.tokens + since.as_secs_f64() * rate).min(capacity);
        self.refilled = Some(now);
        if self.tokens < 1.0 {
            let wait = Duration::try_from_secs_f64((1.0 - self.tokens) / rate);
            return Err(whole_seconds(wait.unwrap_or(Duration::MAX)));
        }
        self.tokens -= 1.0;
        Ok(())
    }
}

/// Rounds up to whole seconds, at least 1.
fn whole_seconds(duration: Duration) -> u64 {
    let partial = u64::from(duration.subsec_nanos() > 0);
    duration.as_secs().saturating_add(partial).max(1)
}
