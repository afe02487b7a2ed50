//! Faults on demand: what goes wrong, where and how often, in Rust or as the text of a command-line option.

pub(crate) mod inject;
pub(crate) mod throttle;

use std::str::FromStr;

use crate::contract::Contract;
use crate::error::Error;

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
/// use workspace_api_sandbox::Fault;
///
/// let written: Fault = "status=503,operation=ListDesktopDetachInfo,times=2".parse()?;
/// assert_eq!(written, Fault::status(503).operation("ListDesktopDetachInfo").times(2));
/// let error = "statsu=503".parse::<Fault>().unwrap_err();
/// assert!(error.to_string().contains("`statsu=503`"));
/// # Ok::<(), workspace_api_sandbox::Error>(())
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

pub(crate) fn check_fault(fault: &Fault, contract: &Contract) -> Result<(), Error> {
    if let Some(what) = fault.mistake() {
        return Err(Error::Fault(what));
    }
    let known: Vec<_> = contract
        .operations
        .iter()
        .map(|operation| operation.id.as_str())
        .collect();
    match &fault.operation {
        Some(operation) if !known.contains(&operation.as_str()) => Err(Error::Fault(format!(
            "the fault's operation `{operation}` is not in the contract, which has {}",
            known.join(", ")
        ))),
        _ => Ok(()),
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
