//! Determines the outcome of desktops that were sent but got no response: reads their unbinding
//! records.

use std::collections::VecDeque;
use std::time::SystemTime;

use futures::StreamExt;
use futures::stream::BoxStream;
use workspace_api::types::{DesktopDetachInfo, DesktopId};
use workspace_api::{Client, Error, ErrorKind, Result};

use crate::desktops::unbindings::Unbindings;
use crate::error::with_causes;
use crate::plan::outcome::Status;
use crate::report::evidence::{ServiceClock, classify};
use crate::report::sent_times::SentTimes;

/// Maximum number of desktops whose records are ambiguous so far. After as many responses, the
/// service's clock does not become better known.
const MAX_AMBIGUOUS: usize = 10_000;

type Records = Vec<DesktopDetachInfo>;

/// The outcome of a desktop that its records show.
pub struct Finding {
    pub desktop_id: DesktopId,
    /// The place of the desktop in the plan.
    pub place: usize,
    pub desktop_name: Option<String>,
    /// Succeeded, failed (nobody was unbound) or unknown.
    pub status: Status,
    pub reason: String,
}

/// Reads the records of desktops that were sent at a known time, and returns a finding for each.
///
/// A desktop without a record can be sent again. If the service is still processing the first
/// request, the second one finds nobody to unbind. Unbinding twice does harm only if somebody was
/// bound in between, and by then there is a record.
pub struct Reconciler<'a> {
    client: &'a Client,
    desktops: &'a Unbindings,
    times: &'a SentTimes,
    /// Whether a finding is missing, by place in the plan.
    is_pending: Vec<bool>,
    responses: BoxStream<'a, (DesktopId, Result<Records>)>,
    /// Records that are ambiguous so far: each response makes the service's clock better known.
    ambiguous: VecDeque<(usize, Records)>,
    /// True after the last response.
    is_at_end: bool,
    /// The place up to which no finding is missing, after the last response.
    next_unread: usize,
}

impl<'a> Reconciler<'a> {
    /// `places` are the desktops to read, by their place in the plan; `times` says when they were
    /// sent.
    pub fn new(
        client: &'a Client,
        desktops: &'a Unbindings,
        times: &'a SentTimes,
        places: impl IntoIterator<Item = usize, IntoIter: Send> + Clone + 'a,
        concurrency: Option<usize>,
    ) -> Self {
        let mut is_pending = vec![false; desktops.len()];
        for place in places.clone() {
            is_pending[place] = true;
        }
        let ids = desktops.ids();
        let to_read = places.into_iter().filter_map(|place| ids.get(place));
        let mut reads = client.desktops().detach_infos(to_read);
        if let Some(requests) = concurrency {
            reads = reads.concurrency(requests);
        }
        Self {
            client,
            desktops,
            times,
            is_pending,
            responses: reads.stream().boxed(),
            ambiguous: VecDeque::new(),
            is_at_end: false,
            next_unread: 0,
        }
    }

    /// Returns the next finding, and `None` after the last one.
    ///
    /// # Errors
    ///
    /// A 401 for any of the desktops: nothing more may be sent, because another request could lock
    /// the access key.
    pub async fn next(&mut self) -> Result<Option<Finding>> {
        while !self.is_at_end {
            let Some((id, response)) = self.responses.next().await else {
                self.is_at_end = true;
                break;
            };
            // The ids come from the plan.
            let Some(place) = self.desktops.ids().place(id.as_str()) else {
                continue;
            };
            let records = match response {
                Err(error) if error.kind() == ErrorKind::Unauthorized => return Err(error),
                Err(error) => return Ok(self.unreadable(place, &error)),
                Ok(records) => records,
            };
            let finding = self.finding(place, &records);
            if finding
                .as_ref()
                .is_none_or(|finding| finding.status != Status::Unknown)
            {
                self.is_pending[place] = false;
                return Ok(finding);
            }
            self.ambiguous.push_back((place, records));
            if self.ambiguous.len() > MAX_AMBIGUOUS {
                return Ok(self.next_ambiguous());
            }
        }
        if !self.ambiguous.is_empty() {
            return Ok(self.next_ambiguous());
        }
        let pending = self.is_pending.iter().skip(self.next_unread);
        let Some(skipped) = pending.clone().position(|is_pending| *is_pending) else {
            return Ok(None);
        };
        let place = self.next_unread + skipped;
        self.next_unread = place + 1;
        let reason = "its unbinding records were not read";
        Ok(self.without_records(place, reason.to_owned()))
    }

    fn next_ambiguous(&mut self) -> Option<Finding> {
        let (place, records) = self.ambiguous.pop_front()?;
        self.is_pending[place] = false;
        self.finding(place, &records)
    }

    fn unreadable(&mut self, place: usize, error: &Error) -> Option<Finding> {
        let reason = format!("cannot read its unbinding records: {}", with_causes(error));
        self.without_records(place, reason)
    }

    fn without_records(&mut self, place: usize, reason: String) -> Option<Finding> {
        self.is_pending[place] = false;
        Some(Finding {
            desktop_id: self.desktops.ids().get(place)?,
            place,
            desktop_name: None,
            status: Status::Unknown,
            reason,
        })
    }

    fn finding(&self, place: usize, records: &[DesktopDetachInfo]) -> Option<Finding> {
        let clock = ServiceClock::new(self.client.clock_offset());
        let (status, reason) = match self.times.get(place) {
            Some(sent) => {
                let run = clock.run(sent, SystemTime::now());
                classify(&self.desktops.get(place), records, &run)
            }
            None => (Status::Unknown, "its unbinding records were not read"),
        };
        let mut names = records.iter();
        Some(Finding {
            desktop_id: self.desktops.ids().get(place)?,
            place,
            desktop_name: names.find_map(|record| record.desktop_name.clone()),
            status,
            reason: reason.to_owned(),
        })
    }
}
