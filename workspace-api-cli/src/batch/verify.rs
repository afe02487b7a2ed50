//! `--verify`: reads the unbinding records of the desktops that are done, until each is proven or
//! the time is over.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::{Instant, sleep};
use workspace_api::Client;
use workspace_api::types::{DesktopId, DetachInstancesDesktopInfo};

use crate::batch::recorder::Recorder;
use crate::error::{CommandError, with_causes};
use crate::output;
use crate::output::progress::Progress;
use crate::output::text::pluralize;
use crate::plan::outcome::Status;
use crate::report::reconcile::Reconciler;
use crate::signals::StopRequest;

/// The first pause before records are read again; each is twice as long as the one before.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause.
const MAX_PAUSE: Duration = Duration::from_secs(15);

/// What is missing for a desktop without a record.
const NO_RECORD: &str = "no unbinding record of this request yet";

/// How to verify.
pub struct Options {
    /// How long records are read again that are missing.
    pub timeout: Duration,
    /// Maximum number of concurrent reads.
    pub jobs: Option<usize>,
    pub quiet: bool,
}

/// Verifies the desktops that are done. A record can come late, and that of a pool's desktop comes
/// when its job has ended.
pub async fn verify(
    client: &Client,
    desktops: &[DetachInstancesDesktopInfo],
    recorder: &mut Recorder<'_>,
    stop: &mut StopRequest,
    options: &Options,
) -> Result<(), CommandError> {
    let mut pending = recorder.to_verify();
    if pending.is_empty() {
        return Ok(());
    }
    let count = pluralize(pending.len(), "desktop");
    output::note(options.quiet, &format!("Verifying {count} …"));
    let mut missing: HashMap<DesktopId, String> = HashMap::new();
    for (id, _) in &pending {
        missing.insert(id.clone(), "its unbinding records were not read".to_owned());
    }
    let mut progress = Progress::new(pending.len(), options.quiet);
    let deadline = Instant::now() + options.timeout;
    let mut pause = FIRST_PAUSE;
    'rounds: while !stop.is_received() {
        let mut reconciler = Reconciler::new(client, desktops, &pending, options.jobs);
        loop {
            let next = async {
                tokio::select! {
                    finding = reconciler.next() => Some(finding),
                    () = stop.received() => None,
                }
            };
            match progress.during(next).await {
                Some(Ok(Some(finding))) if finding.status == Status::Succeeded => {
                    progress.advance(1);
                    missing.remove(&finding.desktop_id);
                }
                Some(Ok(Some(finding))) => {
                    let reason = match finding.status {
                        Status::Failed => NO_RECORD.to_owned(),
                        _ => finding.reason,
                    };
                    missing.insert(finding.desktop_id, reason);
                }
                Some(Ok(None)) => break,
                Some(Err(error)) => {
                    let reason = format!("cannot read its records: {}", with_causes(&error));
                    for value in missing.values_mut() {
                        value.clone_from(&reason);
                    }
                    break 'rounds;
                }
                None => break 'rounds,
            }
        }
        pending.retain(|(id, _)| missing.contains_key(id));
        let remaining = deadline.saturating_duration_since(Instant::now());
        if pending.is_empty() || remaining.is_zero() {
            break;
        }
        let wait = async {
            tokio::select! {
                () = sleep(pause.min(remaining)) => {}
                () = stop.received() => {}
            }
        };
        progress.during(wait).await;
        pause = (pause * 2).min(MAX_PAUSE);
    }
    progress.finish();
    recorder.add_verification(|id| missing.remove(id))
}
