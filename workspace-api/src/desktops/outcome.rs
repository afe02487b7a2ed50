//! What became of each desktop of a batch.

use std::fmt;

use futures_util::{Stream, StreamExt};

use crate::types::DesktopId;
use crate::{Error, ErrorKind, Result};

/// What became of the desktops that were to be unbound or logged off, in the order in which they were given.
#[derive(Clone, Debug, Default)]
#[must_use = "some desktops may have failed: look at `failed` and `unknown`, or use `into_result`"]
pub struct BatchOutcome {
    /// One entry for each desktop.
    pub desktops: Vec<DesktopOutcome>,
    /// The service's jobs for what succeeded; for ordinary desktops there may be none.
    pub job_ids: Vec<String>,
}

/// What became of one desktop.
#[derive(Clone, Debug)]
pub struct DesktopOutcome {
    /// The desktop.
    pub desktop_id: DesktopId,
    /// What became of it.
    pub outcome: Outcome,
}

/// How an operation on a desktop ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The service accepted it.
    Succeeded,
    /// It was not done. Of kind [`ErrorKind::Desktop`] if the service says so of this desktop; any other kind if the
    /// request as a whole was refused or not sent.
    Failed(Error),
    /// The request broke in a way that leaves it open. Look at the desktop before you repeat it.
    Unknown(Error),
}

impl BatchOutcome {
    /// The desktops for which it succeeded.
    pub fn succeeded(&self) -> impl Iterator<Item = &DesktopId> {
        let succeeded = self
            .desktops
            .iter()
            .filter(|desktop| matches!(desktop.outcome, Outcome::Succeeded));
        succeeded.map(|desktop| &desktop.desktop_id)
    }

    /// The desktops for which it was not done.
    pub fn failed(&self) -> impl Iterator<Item = &DesktopOutcome> {
        self.desktops
            .iter()
            .filter(|desktop| matches!(desktop.outcome, Outcome::Failed(_)))
    }

    /// The desktops of which it is not known whether it was done.
    pub fn unknown(&self) -> impl Iterator<Item = &DesktopOutcome> {
        self.desktops
            .iter()
            .filter(|desktop| matches!(desktop.outcome, Outcome::Unknown(_)))
    }

    /// The service's jobs if all desktops succeeded, else an error of kind [`ErrorKind::PartialFailure`] that counts the
    /// others and names the first of them.
    ///
    /// # Errors
    ///
    /// At least one desktop failed or is unknown.
    pub fn into_result(self) -> Result<Vec<String>> {
        let (failed, unknown) = (self.failed().count(), self.unknown().count());
        let Some(first) = self.failed().chain(self.unknown()).next() else {
            return Ok(self.job_ids);
        };
        let message = format!(
            "of {} desktops, {failed} failed and {unknown} are unknown; the first is {first}",
            self.desktops.len()
        );
        Err(Error::new(ErrorKind::PartialFailure, message))
    }

    pub(super) async fn collect(batches: impl Stream<Item = Self> + Send) -> Self {
        batches
            .fold(Self::default(), |mut all, batch| async move {
                all.desktops.extend(batch.desktops);
                all.job_ids.extend(batch.job_ids);
                all
            })
            .await
    }
}

impl fmt::Display for DesktopOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = self.desktop_id.as_str();
        match &self.outcome {
            Outcome::Succeeded => write!(f, "{id}: succeeded"),
            Outcome::Failed(error) => write!(f, "{id}: failed: {error}"),
            Outcome::Unknown(error) => write!(f, "{id}: unknown: {error}"),
        }
    }
}
