//! The plan that a run began with. What a resumed run still sends is only a part of it.

use std::time::SystemTime;

use workspace_api::types::DesktopId;

use crate::plan::Plan;
use crate::report::sent_times::SentTimes;

/// A plan, and when its desktops were sent.
pub struct WholePlan<'p> {
    pub plan: &'p Plan,
    pub times: SentTimes,
}

impl WholePlan<'_> {
    /// Remembers that a batch is sent now.
    pub fn begin_batch(&mut self, batch: &[DesktopId]) {
        self.times.begin_batch(SystemTime::now());
        for id in batch {
            if let Some(place) = self.plan.ids().place(id.as_str()) {
                self.times.set(place);
            }
        }
    }
}
