//! How slow answers are and how many are given: latency and rate limit.

use std::str::FromStr;
use std::time::{Duration, SystemTime};

use crate::error::Error;

/// How long answers are held back: `200ms`, or at random within `100ms..2s`.
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
    /// The same for every answer.
    pub fn fixed(latency: Duration) -> Self {
        Self {
            min: latency,
            max: latency,
        }
    }

    /// At random between the two, ends included.
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
        let duration = |part: &str| {
            let parsed = humantime::parse_duration(part.trim());
            parsed.map_err(|_| {
                Error::Fault(format!(
                    "latency `{text}`: `{part}` is not a time such as 200ms or 2s"
                ))
            })
        };
        match text.split_once("..") {
            None => Ok(Self::fixed(duration(text)?)),
            Some((min, max)) => match (duration(min)?, duration(max)?) {
                (min, max) if min > max => Err(Error::Fault(format!(
                    "latency `{text}`: the first time is the longer one"
                ))),
                (min, max) => Ok(Self::between(min, max)),
            },
        }
    }
}

/// How many operations may be called in a time, by all callers together: `10/s`, `600/m` or `5000/h`. More are refused
/// with 429 and `Retry-After`.
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
    /// At most `requests`, at least 1, in each `period`.
    pub fn new(requests: u32, period: Duration) -> Self {
        Self {
            requests: requests.max(1),
            period,
        }
    }
}

impl FromStr for RateLimit {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let parsed = text.split_once('/').and_then(|(requests, unit)| {
            let seconds = match unit.trim() {
                "s" => 1,
                "m" => 60,
                "h" => 3600,
                _ => return None,
            };
            let requests = requests
                .trim()
                .parse()
                .ok()
                .filter(|requests| *requests > 0)?;
            Some(Self::new(requests, Duration::from_secs(seconds)))
        });
        parsed.ok_or_else(|| {
            Error::Fault(format!(
                "rate limit `{text}` is not of the form 10/s, 600/m or 5000/h"
            ))
        })
    }
}

/// A bucket that is full at first and fills up evenly: what a rate limit allows now.
#[derive(Debug)]
pub(crate) struct TokenBucket {
    limit: RateLimit,
    tokens: f64,
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

    /// Takes one request out, or says in how many seconds there is one to take.
    pub(crate) fn take(&mut self, now: SystemTime) -> Result<(), u64> {
        let rate = f64::from(self.limit.requests) / self.limit.period.as_secs_f64();
        let since = self
            .refilled
            .and_then(|refilled| now.duration_since(refilled).ok())
            .unwrap_or_default();
        self.tokens =
            (self.tokens + since.as_secs_f64() * rate).min(f64::from(self.limit.requests));
        self.refilled = Some(now);
        if self.tokens < 1.0 {
            return Err(((1.0 - self.tokens) / rate).ceil().max(1.0) as u64);
        }
        self.tokens -= 1.0;
        Ok(())
    }
}
