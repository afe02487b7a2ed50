//! The outcome of each desktop in a batch.

use std::fmt;
use std::sync::Arc;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::text::visible;
use crate::types::DesktopId;
use crate::{Error, Result};

/// The outcomes of the desktops that were passed to [`detach`](super::Desktops::detach) or
/// [`log_off`](super::Desktops::log_off), in the order in which they were passed.
///
/// ```
/// # async fn example(client: &workspace_api::Client) -> workspace_api::Result<()> {
/// use workspace_api::{Outcome, Unbinding};
///
/// let desktop = Unbinding::all_users("4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001")?;
/// for desktop in client.desktops().detach([desktop]).await?.desktops {
///     let id = desktop.desktop_id;
///     match desktop.outcome {
///         Outcome::Succeeded => println!("{id} is unbound"),
///         Outcome::Accepted { job_id } => println!("{id} is being unbound by job {job_id}"),
///         Outcome::Failed(error) => println!("{id} is still bound: {error}"),
///         Outcome::Unknown(error) => println!("{id}: check its unbinding records: {error}"),
///         Outcome::NotSent(error) => println!("{id} was not sent after: {error}"),
///         _ => println!("{id}: check its unbinding records"),
///     }
/// }
/// # Ok(())
/// # }
/// ```
///
/// It serializes as the command prints it with `--json`, and each desktop as a line of its report:
///
/// ```
/// use workspace_api::{BatchOutcome, DesktopOutcome, Error, ErrorKind, Outcome};
///
/// let error = Error::builder(ErrorKind::Desktop).code("WKS.00010032").message("Restarting.");
/// let outcome = BatchOutcome::new([
///     DesktopOutcome::new("desktop-1".parse()?, Outcome::Succeeded),
///     DesktopOutcome::new("desktop-2".parse()?, Outcome::Failed(error.build())),
/// ]);
/// assert_eq!(
///     serde_json::to_value(&outcome).unwrap(),
///     serde_json::json!({
///         "desktops": [
///             {"desktop_id": "desktop-1", "outcome": "succeeded"},
///             {
///                 "desktop_id": "desktop-2",
///                 "outcome": "failed",
///                 "error_kind": "desktop",
///                 "error_code": "WKS.00010032",
///                 "error_msg": "Restarting.",
///             },
///         ],
///         "job_ids": [],
///     })
/// );
/// # Ok::<(), workspace_api::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
#[must_use = "some desktops may have failed: check each, or use `into_result`"]
pub struct BatchOutcome {
    /// One entry for each desktop.
    pub desktops: Vec<DesktopOutcome>,
    /// The ids of the service's jobs for the desktops that succeeded; may be empty for ordinary
    /// desktops.
    pub job_ids: Vec<String>,
}

/// The outcome of one desktop.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct DesktopOutcome {
    /// The desktop.
    pub desktop_id: DesktopId,
    /// Its name, if the service reported a failure with it.
    pub desktop_name: Option<String>,
    /// Its outcome.
    pub outcome: Outcome,
    /// The service's id of the request that the desktop was sent with; `None` if the desktop was
    /// not sent, or if there was no response.
    pub request_id: Option<Arc<str>>,
}

/// How an operation ended for one desktop.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// The service carried out the request for this desktop.
    Succeeded,
    /// The service accepted the request for this desktop and began a job, which can still fail.
    ///
    /// Only desktops of a pool have a job, but the response names one for the whole batch and not
    /// its desktops. So an ordinary desktop in a batch with one of a pool is reported as accepted
    /// too, although it may be done already; its unbinding records show that.
    Accepted {
        /// The id of the job.
        job_id: String,
    },
    /// The operation was not carried out.
    ///
    /// The error is of kind [`ErrorKind::Desktop`](crate::ErrorKind::Desktop) if the service
    /// reported a failure of this desktop, and of another kind if the whole request failed and
    /// cannot have been processed.
    Failed(Error),
    /// The request failed after it may have been processed. Check the desktop before you retry.
    Unknown(Error),
    /// The desktop was not sent: an earlier batch failed with this error, which the next batch
    /// would share, or three batches in a row did.
    NotSent(Error),
}

impl Outcome {
    /// Returns the name in the serialized form, such as `not_sent`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Accepted { .. } => "accepted",
            Self::Failed(_) => "failed",
            Self::Unknown(_) => "unknown",
            Self::NotSent(_) => "not_sent",
        }
    }

    /// Returns the error, unless the operation succeeded or was accepted.
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Succeeded | Self::Accepted { .. } => None,
            Self::Failed(error) | Self::Unknown(error) | Self::NotSent(error) => Some(error),
        }
    }
}

impl DesktopOutcome {
    /// Returns the outcome of a desktop, to test code that handles outcomes.
    pub fn new(desktop_id: DesktopId, outcome: Outcome) -> Self {
        Self {
            desktop_id,
            desktop_name: None,
            request_id: match &outcome {
                Outcome::Failed(error) | Outcome::Unknown(error) => {
                    error.request_id().map(Arc::from)
                }
                Outcome::Succeeded | Outcome::Accepted { .. } | Outcome::NotSent(_) => None,
            },
            outcome,
        }
    }
}

impl Serialize for DesktopOutcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("desktop_id", &self.desktop_id)?;
        if let Some(name) = &self.desktop_name {
            map.serialize_entry("desktop_name", name)?;
        }
        map.serialize_entry("outcome", self.outcome.as_str())?;
        match &self.outcome {
            Outcome::Succeeded | Outcome::Accepted { .. } => {}
            Outcome::Failed(error) | Outcome::Unknown(error) => error.serialize_fields(&mut map)?,
            Outcome::NotSent(error) => {
                // The status and the code are those of another request.
                map.serialize_entry("error_kind", &error.kind())?;
                let reason = format!("{NOT_SENT}: {}", error.with_causes());
                map.serialize_entry("error_msg", &reason)?;
            }
        }
        if let Some(request_id) = &self.request_id {
            map.serialize_entry("request_id", &**request_id)?;
        }
        if let Outcome::Accepted { job_id } = &self.outcome {
            map.serialize_entry("job_id", job_id)?;
        }
        map.end()
    }
}

/// Why a desktop was not sent.
const NOT_SENT: &str = "not sent, because an earlier request failed";

impl BatchOutcome {
    /// Returns the outcomes of these desktops, without jobs, to test code that handles outcomes.
    pub fn new(desktops: impl IntoIterator<Item = DesktopOutcome>) -> Self {
        Self {
            desktops: desktops.into_iter().collect(),
            job_ids: Vec::new(),
        }
    }

    /// Returns the desktops that succeeded.
    pub fn succeeded(&self) -> impl Iterator<Item = &DesktopId> {
        self.with_outcome(|outcome| matches!(outcome, Outcome::Succeeded))
            .map(|desktop| &desktop.desktop_id)
    }

    /// Returns the desktops of batches for which the service began a job: see
    /// [`Outcome::Accepted`].
    pub fn accepted(&self) -> impl Iterator<Item = &DesktopOutcome> {
        self.with_outcome(|outcome| matches!(outcome, Outcome::Accepted { .. }))
    }

    /// Returns the desktops for which the operation was not carried out although it was sent.
    pub fn failed(&self) -> impl Iterator<Item = &DesktopOutcome> {
        self.with_outcome(|outcome| matches!(outcome, Outcome::Failed(_)))
    }

    /// Returns the desktops whose request may have been processed although it failed.
    pub fn unknown(&self) -> impl Iterator<Item = &DesktopOutcome> {
        self.with_outcome(|outcome| matches!(outcome, Outcome::Unknown(_)))
    }

    /// Returns the desktops that were not sent, because an earlier batch ended the run.
    pub fn not_sent(&self) -> impl Iterator<Item = &DesktopOutcome> {
        self.with_outcome(|outcome| matches!(outcome, Outcome::NotSent(_)))
    }

    fn with_outcome(&self, matches: fn(&Outcome) -> bool) -> impl Iterator<Item = &DesktopOutcome> {
        self.desktops
            .iter()
            .filter(move |desktop| matches(&desktop.outcome))
    }

    /// Returns the ids of the service's jobs if all desktops succeeded or were accepted.
    ///
    /// # Errors
    ///
    /// If all desktops have one error, an error with its kind, code, status, retry delay and
    /// source. Otherwise [`ErrorKind::PartialFailure`](crate::ErrorKind::PartialFailure); the
    /// message names the first desktop. Both count the desktops. [`Error::may_have_been_processed`]
    /// is true if a desktop succeeded, was accepted or is unknown.
    pub fn into_result(self) -> Result<Vec<String>> {
        let first = self
            .failed()
            .chain(self.unknown())
            .chain(self.not_sent())
            .next();
        let Some((first, error)) = first.and_then(|first| Some((first, first.outcome.error()?)))
        else {
            return Ok(self.job_ids);
        };
        let summary = self.count_unsuccessful();
        let may_have_been_processed = self
            .with_outcome(|outcome| !matches!(outcome, Outcome::Failed(_) | Outcome::NotSent(_)))
            .next()
            .is_some();
        let is_only_reason = self.desktops.iter().all(|desktop| {
            let reason = desktop.outcome.error();
            reason.is_some_and(|reason| reason.has_same_reason(error))
        });
        Err(if is_only_reason {
            error.for_all(summary, may_have_been_processed)
        } else {
            let message = format!("{summary}; first: {first}");
            Error::partial_failure(message, may_have_been_processed)
        })
    }

    /// Counts the desktops that did not succeed, such as `1 of 3 desktops failed and 1 is unknown`.
    fn count_unsuccessful(&self) -> String {
        let all = match self.desktops.len() {
            1 => "1 desktop".to_owned(),
            count => format!("{} desktops", with_thousands_separators(count)),
        };
        let mut counts = Vec::new();
        for (count, singular, plural) in [
            (self.failed().count(), "failed", "failed"),
            (self.unknown().count(), "is unknown", "are unknown"),
            (self.not_sent().count(), "was not sent", "were not sent"),
        ] {
            if count == 0 {
                continue;
            }
            let number = with_thousands_separators(count);
            let verb = if count == 1 { singular } else { plural };
            if counts.is_empty() {
                counts.push(format!("{number} of {all} {verb}"));
            } else {
                counts.push(format!("{number} {verb}"));
            }
        }
        let last = counts.pop().unwrap_or_default();
        if counts.is_empty() {
            return last;
        }
        format!("{} and {last}", counts.join(", "))
    }

    pub(super) fn with_same_outcome(
        desktop_ids: impl IntoIterator<Item = DesktopId>,
        outcome: &Outcome,
    ) -> Self {
        let desktops = desktop_ids.into_iter();
        Self::new(desktops.map(|desktop_id| DesktopOutcome::new(desktop_id, outcome.clone())))
    }
}

/// Writes 12345 as `12,345`.
fn with_thousands_separators(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

impl fmt::Display for DesktopOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = visible(self.desktop_id.as_str());
        match &self.outcome {
            Outcome::Succeeded => write!(f, "{id}: succeeded"),
            Outcome::Accepted { job_id } => {
                write!(f, "{id}: accepted (job {})", visible(job_id))
            }
            Outcome::Failed(error) => write!(f, "{id}: failed: {error}"),
            Outcome::Unknown(error) => write!(f, "{id}: unknown: {error}"),
            Outcome::NotSent(error) => write!(f, "{id}: {NOT_SENT}: {error}"),
        }
    }
}

#[cfg(test)]
mod tests;
