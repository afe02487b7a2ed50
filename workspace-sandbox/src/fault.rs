//! Misbehaviour on demand: what goes wrong, where and how often, in Rust or as the text of a command-line option.

use std::str::FromStr;
use std::time::{Duration, SystemTime};

use crate::Error;

/// Something that goes wrong when an operation is called.
///
/// As text: a kind (`status=CODE`, `reset`, `truncate` or `stall`), then options, separated by commas:
///
/// | option | meaning | by default |
/// | --- | --- | --- |
/// | `operation=ID` | only for this `operationId` | for every operation |
/// | `probability=P` | how likely, above 0 and at most 1 | 1 |
/// | `times=N` | only the first `N` times | without end |
/// | `after` | carry the operation out first: the answer is lost, not the request | not carried out |
/// | `retry-after=S` | with `status`, the seconds in the header `Retry-After` | no such header |
///
/// ```
/// use workspace_sandbox::Fault;
///
/// let written: Fault = "status=503,operation=ListDesktopDetachInfo,times=2".parse()?;
/// assert_eq!(written, Fault::status(503).operation("ListDesktopDetachInfo").times(2));
/// let error = "statsu=503".parse::<Fault>().unwrap_err();
/// assert!(error.to_string().contains("`statsu=503`"));
/// # Ok::<(), workspace_sandbox::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    pub(crate) kind: FaultKind,
    pub(crate) operation: Option<String>,
    pub(crate) probability: f64,
    pub(crate) times: Option<u64>,
    pub(crate) after: bool,
    pub(crate) retry_after: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum FaultKind {
    Status(u16),
    Reset,
    Truncate,
    Stall,
}

impl Fault {
    fn new(kind: FaultKind) -> Self {
        Self {
            kind,
            operation: None,
            probability: 1.0,
            times: None,
            // There must be an answer before it can be cut.
            after: kind == FaultKind::Truncate,
            retry_after: None,
        }
    }

    /// Answers with this status, 400 to 599, and an error body.
    pub fn status(code: u16) -> Self {
        Self::new(FaultKind::Status(code))
    }

    /// Breaks the connection with a TCP reset instead of an answer.
    pub fn reset() -> Self {
        Self::new(FaultKind::Reset)
    }

    /// Carries the operation out, sends half of the answer's body, and closes the connection.
    pub fn truncate() -> Self {
        Self::new(FaultKind::Truncate)
    }

    /// Never answers: the client has to give up.
    pub fn stall() -> Self {
        Self::new(FaultKind::Stall)
    }

    /// Only for the operation with this `operationId`.
    pub fn operation(mut self, operation_id: impl Into<String>) -> Self {
        self.operation = Some(operation_id.into());
        self
    }

    /// How likely, above 0 and at most 1.
    pub fn probability(mut self, probability: f64) -> Self {
        self.probability = probability;
        self
    }

    /// Only the first `times` times.
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Carries the operation out first: the answer is lost, not the request.
    pub fn after(mut self) -> Self {
        self.after = true;
        self
    }

    /// With a status, adds the header `Retry-After`, in seconds.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// What is out of range, if anything.
    pub(crate) fn mistake(&self) -> Option<String> {
        match self.kind {
            FaultKind::Status(code) if !(400..=599).contains(&code) => {
                Some(format!("the status {code} of a fault is not 400 to 599"))
            }
            _ if !(self.probability > 0.0 && self.probability <= 1.0) => Some(format!(
                "the probability {} of a fault is not above 0 and at most 1",
                self.probability
            )),
            _ => None,
        }
    }
}

impl FromStr for Fault {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong =
            |part: &str, what: &str| Error::Fault(format!("fault `{text}`: `{part}` {what}"));
        let mut parts = text.split(',').map(str::trim);
        let kind = parts.next().unwrap_or_default();
        let mut fault = match kind.split_once('=') {
            None if kind == "reset" => Self::reset(),
            None if kind == "truncate" => Self::truncate(),
            None if kind == "stall" => Self::stall(),
            Some(("status", code)) => Self::status(
                code.parse()
                    .map_err(|_| wrong(kind, "is not a status from 400 to 599"))?,
            ),
            _ => {
                return Err(wrong(
                    kind,
                    "is not a kind of fault: use status=CODE, reset, truncate or stall",
                ));
            }
        };
        for part in parts {
            fault = match part.split_once('=').unwrap_or((part, "")) {
                ("after", "") => fault.after(),
                ("operation", id) if !id.is_empty() => fault.operation(id),
                ("probability", p) => fault.probability(
                    p.parse()
                        .map_err(|_| wrong(part, "is not a number above 0 and at most 1"))?,
                ),
                ("times", n) => fault.times(
                    n.parse()
                        .map_err(|_| wrong(part, "is not a whole number"))?,
                ),
                ("retry-after", s) if matches!(fault.kind, FaultKind::Status(_)) => fault
                    .retry_after(
                        s.parse()
                            .map_err(|_| wrong(part, "is not a whole number of seconds"))?,
                    ),
                ("retry-after", _) => return Err(wrong(part, "goes with status=CODE only")),
                _ => {
                    return Err(wrong(
                        part,
                        "is not an option: use operation=ID, probability=P, times=N, after or retry-after=S",
                    ));
                }
            };
        }
        match fault.mistake() {
            Some(what) => Err(Error::Fault(format!("fault `{text}`: {what}"))),
            None => Ok(fault),
        }
    }
}

/// How long answers are held back: `200ms`, or at random within `100ms..2s`.
///
/// ```
/// let latency: workspace_sandbox::Latency = "100ms..2s".parse()?;
/// # Ok::<(), workspace_sandbox::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Latency {
    pub(crate) least: Duration,
    pub(crate) most: Duration,
}

impl Latency {
    /// The same for every answer.
    pub fn fixed(latency: Duration) -> Self {
        Self {
            least: latency,
            most: latency,
        }
    }

    /// At random between the two, ends included.
    pub fn between(least: Duration, most: Duration) -> Self {
        Self {
            least,
            most: most.max(least),
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
            Some((least, most)) => match (duration(least)?, duration(most)?) {
                (least, most) if least > most => Err(Error::Fault(format!(
                    "latency `{text}`: the first time is the longer one"
                ))),
                (least, most) => Ok(Self::between(least, most)),
            },
        }
    }
}

/// How many operations may be called in a time, by all callers together: `10/s`, `600/m` or `5000/h`. More are refused
/// with 429 and `Retry-After`.
///
/// ```
/// let limit: workspace_sandbox::RateLimit = "10/s".parse()?;
/// # Ok::<(), workspace_sandbox::Error>(())
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
pub(crate) struct Bucket {
    limit: RateLimit,
    left: f64,
    filled: Option<SystemTime>,
}

impl Bucket {
    pub(crate) fn new(limit: RateLimit) -> Self {
        Self {
            limit,
            left: f64::from(limit.requests),
            filled: None,
        }
    }

    /// Takes one request out, or says in how many seconds there is one to take.
    pub(crate) fn take(&mut self, now: SystemTime) -> Result<(), u64> {
        let rate = f64::from(self.limit.requests) / self.limit.period.as_secs_f64();
        let since = self
            .filled
            .and_then(|filled| now.duration_since(filled).ok())
            .unwrap_or_default();
        self.left = (self.left + since.as_secs_f64() * rate).min(f64::from(self.limit.requests));
        self.filled = Some(now);
        if self.left < 1.0 {
            return Err(((1.0 - self.left) / rate).ceil().max(1.0) as u64);
        }
        self.left -= 1.0;
        Ok(())
    }
}
