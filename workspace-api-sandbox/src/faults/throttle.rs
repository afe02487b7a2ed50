//! Latency and rate limit.

use std::str::FromStr;
use std::time::{Duration, SystemTime};

use crate::error::Error;

/// The delay of each response. As text: `200ms`, or `100ms..2s` for a random delay in this range.
///
/// ```
/// let latency: workspace_api_sandbox::Latency = "100ms..2s".parse()?;
/// # Ok::<(), workspace_api_sandbox::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Latency {
    pub(crate) min: Duration,
    pub(crate) max: Duration,
}

impl Latency {
    /// Delays every response by the same time.
    pub fn fixed(latency: Duration) -> Self {
        Self {
            min: latency,
            max: latency,
        }
    }

    /// Delays each response by a random time between `min` and `max`.
    pub fn between(min: Duration, max: Duration) -> Self {
        Self {
            min,
            max: max.max(min),
        }
    }
}

impl FromStr for Latency {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let Some((min, max)) = text.split_once("..") else {
            return Ok(Self::fixed(parse_latency(text, text)?));
        };
        let (min, max) = (parse_latency(text, min)?, parse_latency(text, max)?);
        if min > max {
            return Err(Error::Fault(format!(
                "latency `{text}`: the first time is the longer one"
            )));
        }
        Ok(Self::between(min, max))
    }
}

fn parse_latency(text: &str, part: &str) -> Result<Duration, Error> {
    humantime::parse_duration(part.trim()).map_err(|_| {
        Error::Fault(format!(
            "latency `{text}`: `{part}` is not a time such as 200ms or 2s"
        ))
    })
}

/// Maximum number of requests to operations in a period, from all callers together. As text:
/// `10/s`, `600/m` or `5000/h`. Further requests get a 429 with `Retry-After`.
///
/// ```
/// let limit: workspace_api_sandbox::RateLimit = "10/s".parse()?;
/// # Ok::<(), workspace_api_sandbox::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateLimit {
    pub(crate) requests: u32,
    pub(crate) period: Duration,
}

impl RateLimit {
    /// Allows `requests` in each `period`. 0 counts as 1.
    pub fn new(requests: u32, period: Duration) -> Self {
        Self {
            requests: requests.max(1),
            period,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let (requests, unit) = text.split_once('/')?;
        let seconds = match unit.trim() {
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            _ => return None,
        };
        match requests.trim().parse() {
            Ok(0) | Err(_) => None,
            Ok(requests) => Some(Self::new(requests, Duration::from_secs(seconds))),
        }
    }
}

impl FromStr for RateLimit {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text).ok_or_else(|| {
            Error::Fault(format!(
                "rate limit `{text}` is not of the form 10/s, 600/m or 5000/h"
            ))
        })
    }
}

/// The requests that a rate limit allows now. The bucket is full at the start and refills evenly.
#[derive(Debug)]
pub(crate) struct TokenBucket {
    limit: RateLimit,
    tokens: f64,
    /// When `tokens` was computed.
    refilled: Option<SystemTime>,
}

impl TokenBucket {
    pub(crate) fn new(limit: RateLimit) -> Self {
        Self {
            limit,
            tokens: f64::from(limit.requests),
            refilled: None,
        }
    }

    /// Takes one token. The error is the number of seconds until there is one.
    pub(crate) fn take(&mut self, now: SystemTime) -> Result<(), u64> {
        let capacity = f64::from(self.limit.requests);
        let rate = capacity / self.limit.period.as_secs_f64();
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
