//! Stops a run in batches from outside.

use std::fmt;
use std::sync::Arc;

use super::rate_limiter::RateLimiter;
use crate::sync::StopSignal;

/// Stops a run in batches; from [`BatchOutcomes::stop_handle`](super::BatchOutcomes::stop_handle).
///
/// ```no_run
/// # async fn interrupted() {}
/// # async fn example(client: &workspace_api::Client) -> workspace_api::Result<()> {
/// # let desktops: Vec<workspace_api::Unbinding> = Vec::new();
/// let mut outcomes = client.desktops().detach_in_batches(desktops).await?;
/// let stop = outcomes.stop_handle();
/// tokio::spawn(async move {
///     interrupted().await;
///     stop.stop();
/// });
/// while let Some(outcome) = outcomes.next().await {
///     println!("{} desktops were not sent", outcome.not_sent().count());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct StopHandle {
    limiter: Arc<RateLimiter>,
    signal: Arc<StopSignal>,
}

impl StopHandle {
    pub(super) fn new(limiter: Arc<RateLimiter>, signal: Arc<StopSignal>) -> Self {
        Self { limiter, signal }
    }

    /// Stops the run: no further request is sent, and waits end. A request in flight is still
    /// awaited, because its desktops may be processed.
    ///
    /// The remaining desktops are [`Outcome::NotSent`](crate::Outcome::NotSent), with an error of
    /// the kind [`Stopped`](crate::ErrorKind::Stopped).
    pub fn stop(&self) {
        self.signal.set();
        self.limiter.stop();
    }
}

impl fmt::Debug for StopHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_stopped = self.signal.is_set();
        f.debug_struct("StopHandle")
            .field("is_stopped", &is_stopped)
            .finish_non_exhaustive()
    }
}
