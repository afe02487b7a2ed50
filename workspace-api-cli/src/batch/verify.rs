//! `--verify`: reads the unbinding records of the desktops that are done, until each is proven or
//! the time is over.

use std::num::NonZeroU32;
use std::time::Duration;

use tokio::time::{Instant, sleep};
use workspace_api::Client;

use crate::batch::recorder::Recorder;
use crate::desktops::texts::DistinctTexts;
use crate::desktops::unbindings::Unbindings;
use crate::error::{CommandError, with_causes};
use crate::output;
use crate::output::progress::Progress;
use crate::output::text::pluralize;
use crate::plan::outcome::Status;
use crate::report::reconcile::Reconciler;
use crate::report::sent_times::SentTimes;
use crate::signals::StopRequest;

/// The first pause before records are read again; each is twice as long as the one before.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause.
const MAX_PAUSE: Duration = Duration::from_secs(15);

/// The missing proof of a desktop without a record.
const NO_RECORD: &str = "no unbinding record of this request yet";

/// How to verify.
pub struct Options {
    /// How long records are read again that are missing.
    pub timeout: Duration,
    /// Maximum number of concurrent reads.
    pub jobs: Option<usize>,
    pub quiet: bool,
}

/// The missing part of the proof of each desktop, by its index in the plan.
struct Missing {
    reasons: DistinctTexts,
    /// The number of the reason; `None` if nothing is missing.
    numbers: Vec<Option<NonZeroU32>>,
}

impl Missing {
    fn new(desktops: usize) -> Self {
        Self {
            reasons: DistinctTexts::default(),
            numbers: vec![None; desktops],
        }
    }

    fn insert(&mut self, place: usize, reason: &str) {
        let number = u32::try_from(self.reasons.insert(reason));
        self.numbers[place] =
            number.map_or(Some(NonZeroU32::MAX), |n| NonZeroU32::MIN.checked_add(n));
    }

    fn remove(&mut self, place: usize) {
        self.numbers[place] = None;
    }

    fn get(&self, place: usize) -> Option<&str> {
        let number = (*self.numbers.get(place)?)?;
        Some(self.reasons.get(number.get() as usize - 1))
    }

    /// Returns the places of the desktops whose proof is not complete.
    fn places(&self) -> impl Iterator<Item = usize> + Clone {
        let places = 0..self.numbers.len();
        places.filter(|place| self.numbers[*place].is_some())
    }
}

/// Verifies the desktops that are done. A record can come late, and that of a pool's desktop comes
/// when its job has ended. `times` says when the desktops were sent.
pub async fn verify(
    client: &Client,
    desktops: &Unbindings,
    times: &SentTimes,
    recorder: &mut Recorder<'_>,
    stop: &mut StopRequest,
    options: &Options,
) -> Result<(), CommandError> {
    let mut missing = Missing::new(desktops.len());
    let mut count = 0;
    for id in recorder.to_verify() {
        if let Some(place) = desktops.ids().place(id.as_str()) {
            missing.insert(place, "its unbinding records were not read");
            count += 1;
        }
    }
    if count == 0 {
        return Ok(());
    }
    let noun = pluralize(count, "desktop");
    output::note(options.quiet, &format!("Verifying {noun} …"));
    let mut progress = Progress::new(count, options.quiet);
    let deadline = Instant::now() + options.timeout;
    let mut pause = FIRST_PAUSE;
    'rounds: while !stop.is_received() {
        let pending: Vec<_> = missing.places().collect();
        let pending = pending.into_iter();
        let mut reconciler = Reconciler::new(client, desktops, times, pending, options.jobs);
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
                    missing.remove(finding.place);
                }
                Some(Ok(Some(finding))) => {
                    let reason = match finding.status {
                        Status::Failed => NO_RECORD,
                        _ => &finding.reason,
                    };
                    missing.insert(finding.place, reason);
                }
                Some(Ok(None)) => break,
                Some(Err(error)) => {
                    let reason = format!("cannot read its records: {}", with_causes(&error));
                    for place in missing.places().collect::<Vec<_>>() {
                        missing.insert(place, &reason);
                    }
                    break 'rounds;
                }
                None => break 'rounds,
            }
        }
        let remaining = deadline.saturating_duration_since(Instant::now());
        if missing.places().next().is_none() || remaining.is_zero() {
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
    drop(progress);
    recorder.add_verification(|id| {
        let place = desktops.ids().place(id.as_str())?;
        missing.get(place).map(str::to_owned)
    })
}
