//! Determines the outcome of desktops that were sent but got no response, from their unbinding
//! records.

use std::collections::VecDeque;
use std::ops::RangeInclusive;
use std::time::{Duration, SystemTime};

use futures::StreamExt;
use futures::stream::BoxStream;
use humantime::parse_rfc3339_weak;
use workspace_api::types::{
    DesktopDetachInfo, DesktopId, DetachInstancesDesktopInfo, DetachInstancesUserInfo,
};
use workspace_api::{Client, Error, ErrorKind, Result};

use crate::desktops::unbindings::Unbindings;
use crate::error::with_causes;
use crate::plan::outcome::Status;
use crate::report::sent_times::SentTimes;

/// A record's time may lack its fraction of a second, so it can be this much later.
const RECORD_RESOLUTION: Duration = Duration::from_secs(1);
/// A record that is older than the request by more than this belongs to an earlier one: with a
/// larger difference of the clocks, the service would have rejected the request's signature.
const MAX_CLOCK_SKEW: Duration = Duration::from_secs(15 * 60);
/// Maximum distance from UTC of a time without a zone.
const MAX_UTC_OFFSET: Duration = Duration::from_secs(14 * 60 * 60);
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

/// Returns what the records show of a desktop, and the reason.
fn classify(
    desktop: &DetachInstancesDesktopInfo,
    records: &[DesktopDetachInfo],
    run: &Run,
) -> (Status, &'static str) {
    let mut evidence = Vec::new();
    if desktop.is_detach_all_users {
        evidence.push(newest_evidence(records, run));
    } else {
        for user in desktop.detach_user_infos.iter().flatten() {
            let of_user = records.iter().filter(|record| matches_user(record, user));
            evidence.push(newest_evidence(of_user, run));
        }
    }
    let all_are = |kind| evidence.iter().all(|found| *found == kind);
    if all_are(Evidence::None) {
        (Status::Failed, "no unbinding record, so it was not unbound")
    } else if all_are(Evidence::Found) {
        (Status::Succeeded, "confirmed by its unbinding records")
    } else if evidence.contains(&Evidence::Ambiguous) {
        let reason = "the time of an unbinding record does not show which unbinding it belongs to";
        (Status::Unknown, reason)
    } else {
        (
            Status::Unknown,
            "only some of its users have an unbinding record",
        )
    }
}

/// Whether a record of the request was found. A later variant outweighs an earlier one.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Evidence {
    /// No record, or only records of earlier requests.
    None,
    /// A record that may belong to this request or to another one.
    Ambiguous,
    /// A record of this request or a later one.
    Found,
}

fn newest_evidence<'r>(
    records: impl IntoIterator<Item = &'r DesktopDetachInfo>,
    run: &Run,
) -> Evidence {
    let mut newest = Evidence::None;
    for record in records {
        let evidence = match record.detach_time.as_deref().and_then(time_range) {
            // No unbinding can have happened later than now: the time is not what it seems.
            Some((earliest, _)) if earliest > run.now => Evidence::Ambiguous,
            Some((earliest, _)) if earliest >= run.sent_for(record) => Evidence::Found,
            Some((_, latest)) if latest + RECORD_RESOLUTION < run.sent_earliest => Evidence::None,
            _ => Evidence::Ambiguous,
        };
        newest = newest.max(evidence);
    }
    newest
}

fn matches_user(record: &DesktopDetachInfo, user: &DetachInstancesUserInfo) -> bool {
    let type_ = user.type_.to_string();
    let has_type = record.type_.is_none() || equals(record.type_.as_deref(), &type_);
    has_type && equals(record.user_name.as_deref(), user.user_name.as_str())
}

fn equals(value: Option<&str>, expected: &str) -> bool {
    value.is_some_and(|value| value.eq_ignore_ascii_case(expected))
}

/// Returns the earliest and the latest time that a record can mean. The service does not document
/// the format; these are the ones that it uses.
pub fn time_range(text: &str) -> Option<(SystemTime, SystemTime)> {
    let text = text.trim();
    if let Some((local, offset, is_ahead)) = split_offset(text) {
        let local = parse_rfc3339_weak(local).ok()?;
        let time = if is_ahead {
            local - offset
        } else {
            local + offset
        };
        return Some((time, time));
    }
    let time = parse_rfc3339_weak(text).ok()?;
    if text.ends_with('Z') {
        Some((time, time))
    } else {
        Some((time - MAX_UTC_OFFSET, time + MAX_UTC_OFFSET))
    }
}

/// Splits a time such as `2026-03-10T20:00:00+08:00` into the local time, the offset and whether it
/// is ahead of UTC.
fn split_offset(text: &str) -> Option<(&str, Duration, bool)> {
    let (local, offset) = text.split_at_checked(text.len().checked_sub(6)?)?;
    let is_ahead = offset.starts_with('+');
    let digits = offset.strip_prefix(['+', '-'])?;
    let (hours, minutes) = digits.split_once(':')?;
    let number = |digits: &str| {
        let is_number = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse::<u64>().ok().filter(|_| is_number)
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let is_valid = local.contains(':') && hours < 24 && minutes < 60;
    is_valid.then(|| {
        (
            local,
            Duration::from_secs(hours * 3600 + minutes * 60),
            is_ahead,
        )
    })
}

/// A run, in times of the service's clock.
struct Run {
    sent_earliest: SystemTime,
    sent_latest: SystemTime,
    now: SystemTime,
}

impl Run {
    /// Returns the latest time of sending as the record would show it: in whole seconds, if the
    /// record has no fraction of a second.
    fn sent_for(&self, record: &DesktopDetachInfo) -> SystemTime {
        let has_fraction = |time: &str| time.contains('.');
        if record.detach_time.as_deref().is_some_and(has_fraction) {
            return self.sent_latest;
        }
        let since_epoch = self.sent_latest.duration_since(SystemTime::UNIX_EPOCH);
        let seconds = since_epoch.unwrap_or_default().as_secs();
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }
}

/// The offset of the service's clock, in milliseconds. A range that contains zero means that no
/// difference was found.
struct ServiceClock {
    least: i64,
    greatest: i64,
}

impl ServiceClock {
    fn new(offset: Option<RangeInclusive<i64>>) -> Self {
        let max = i64::try_from(MAX_CLOCK_SKEW.as_millis()).unwrap_or(i64::MAX);
        // Without a measurement, the signature still limits the difference.
        let (least, greatest) = offset.map_or((-max, max), RangeInclusive::into_inner);
        if least <= 0 && greatest >= 0 && (least, greatest) != (-max, max) {
            return Self {
                least: 0,
                greatest: 0,
            };
        }
        Self { least, greatest }
    }

    fn run(&self, sent: SystemTime, now: SystemTime) -> Run {
        Run {
            sent_earliest: shift(sent, self.least),
            sent_latest: shift(sent, self.greatest),
            now: shift(now, self.greatest) + RECORD_RESOLUTION,
        }
    }
}

fn shift(time: SystemTime, milliseconds: i64) -> SystemTime {
    let distance = Duration::from_millis(milliseconds.unsigned_abs());
    if milliseconds < 0 {
        time - distance
    } else {
        time + distance
    }
}

#[cfg(test)]
mod tests;
