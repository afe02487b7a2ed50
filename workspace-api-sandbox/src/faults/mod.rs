//! Faults: their kind, operation and frequency, in Rust or as the text of a command-line option.

pub(crate) mod inject;
pub(crate) mod latency;
pub(crate) mod throttle;

use std::str::FromStr;

use crate::contract::Contract;
use crate::error::Error;

/// A fault in the operations of the contract.
///
/// As text: a kind (`status=CODE`, `reset`, `truncate` or `stall`), then options, separated by
/// commas:
///
/// | option | meaning | default |
/// | --- | --- | --- |
/// | `operation=ID` | only for the operation with this `operationId` | every operation |
/// | `probability=P` | probability, above 0 and at most 1 | 1 |
/// | `times=N` | only the first `N` times | no limit |
/// | `after` | apply the fault after the operation has run: only the response is lost | before |
/// | `retry-after=S` | for `status`: the header `Retry-After`, in seconds | no header |
///
/// ```
/// use workspace_api_sandbox::Fault;
///
/// let parsed: Fault = "status=503,operation=ListDesktopDetachInfo,times=2".parse()?;
/// assert_eq!(parsed, Fault::status(503).operation("ListDesktopDetachInfo").times(2));
/// let error = "statsu=503".parse::<Fault>().unwrap_err();
/// assert!(error.to_string().contains("`statsu=503`"));
/// # Ok::<(), workspace_api_sandbox::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a fault applies only after it is passed to a sandbox"]
pub struct Fault {
    kind: FaultKind,
    operation: Option<String>,
    probability: f64,
    times: Option<u64>,
    pub(crate) after: bool,
    retry_after: Option<u64>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum FaultKind {
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
            // Only a response can be truncated.
            after: kind == FaultKind::Truncate,
            retry_after: None,
        }
    }

    /// Responds with this status, 400 to 599, and an error body.
    pub fn status(code: u16) -> Self {
        Self::new(FaultKind::Status(code))
    }

    /// Resets the TCP connection instead of responding.
    pub fn reset() -> Self {
        Self::new(FaultKind::Reset)
    }

    /// Runs the operation, sends half of the response body, and closes the connection.
    pub fn truncate() -> Self {
        Self::new(FaultKind::Truncate)
    }

    /// Never responds: the client runs into its timeout.
    pub fn stall() -> Self {
        Self::new(FaultKind::Stall)
    }

    /// Limits the fault to the operation with this `operationId`. Default: every operation.
    pub fn operation(mut self, operation_id: impl Into<String>) -> Self {
        self.operation = Some(operation_id.into());
        self
    }

    /// Sets the probability, above 0 and at most 1. Default: 1.
    pub fn probability(mut self, probability: f64) -> Self {
        self.probability = probability;
        self
    }

    /// Limits the fault to the first `times` times. Default: no limit.
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Applies the fault after the operation has run: the response is lost, not the request.
    pub fn after(mut self) -> Self {
        self.after = true;
        self
    }

    /// Adds the header `Retry-After`, in seconds, to the response of a [`status`](Self::status).
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Checks that the status and the probability are in range.
    fn validate(&self) -> Result<(), String> {
        if let FaultKind::Status(code) = self.kind
            && !(400..=599).contains(&code)
        {
            return Err(format!("the status {code} of a fault is not 400 to 599"));
        }
        if self.probability > 0.0 && self.probability <= 1.0 {
            Ok(())
        } else {
            Err(format!(
                "the probability {} of a fault is not above 0 and at most 1",
                self.probability
            ))
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        let mut parts = text.split(',').map(str::trim);
        let mut fault = Self::parse_kind(parts.next().unwrap_or_default())?;
        for option in parts {
            fault = fault.with_option(option)?;
        }
        fault.validate()?;
        Ok(fault)
    }

    fn parse_kind(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            None if text == "reset" => Ok(Self::reset()),
            None if text == "truncate" => Ok(Self::truncate()),
            None if text == "stall" => Ok(Self::stall()),
            Some(("status", code)) => match code.parse() {
                Ok(code) => Ok(Self::status(code)),
                Err(_) => Err(format!("`{text}` is not a status from 400 to 599")),
            },
            _ => Err(format!(
                "`{text}` is not a kind of fault: use status=CODE, reset, truncate or stall"
            )),
        }
    }

    fn with_option(self, option: &str) -> Result<Self, String> {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        match name {
            "after" if value.is_empty() => Ok(self.after()),
            "operation" if !value.is_empty() => Ok(self.operation(value)),
            "probability" => match value.parse() {
                Ok(probability) => Ok(self.probability(probability)),
                Err(_) => Err(format!("`{option}` is not a number above 0 and at most 1")),
            },
            "times" => match value.parse() {
                Ok(times) => Ok(self.times(times)),
                Err(_) => Err(format!("`{option}` is not a whole number")),
            },
            "retry-after" if !matches!(self.kind, FaultKind::Status(_)) => {
                Err(format!("`{option}` is only valid with status=CODE"))
            }
            "retry-after" => match value.parse() {
                Ok(seconds) => Ok(self.retry_after(seconds)),
                Err(_) => Err(format!("`{option}` is not a whole number of seconds")),
            },
            _ => Err(format!(
                "`{option}` is not an option: use operation=ID, probability=P, times=N, after or \
                 retry-after=S"
            )),
        }
    }
}

impl FromStr for Fault {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text).map_err(|problem| Error::Fault(format!("fault `{text}`: {problem}")))
    }
}

/// Checks a fault's values, and that the contract has its operation.
pub(crate) fn check_fault(fault: &Fault, contract: &Contract) -> Result<(), Error> {
    fault.validate().map_err(Error::Fault)?;
    let Some(operation) = &fault.operation else {
        return Ok(());
    };
    let known: Vec<_> = contract.operations.iter().map(|known| &*known.id).collect();
    if known.contains(&operation.as_str()) {
        return Ok(());
    }
    Err(Error::Fault(format!(
        "the fault's operation `{operation}` is not in the contract, which has {}",
        known.join(", ")
    )))
}
