//! The outcome of a desktop that its unbinding records prove. The times of records are those of the
//! service's clock, which may differ from this machine's.

use std::ops::RangeInclusive;
use std::time::{Duration, SystemTime};

use humantime::parse_rfc3339_weak;
use workspace_api::types::{
    DesktopDetachInfo, DetachInstancesDesktopInfo, DetachInstancesUserInfo,
};

use crate::plan::outcome::Status;

/// A record's time may lack its fraction of a second, so it can be this much later.
const RECORD_RESOLUTION: Duration = Duration::from_secs(1);
/// A record that is older than the request by more than this belongs to an earlier one: with a
/// larger difference of the clocks, the service would have rejected the request's signature.
const MAX_CLOCK_SKEW: Duration = Duration::from_secs(15 * 60);
/// Maximum distance from UTC of a time without a zone.
const MAX_UTC_OFFSET: Duration = Duration::from_secs(14 * 60 * 60);

/// Returns what the records show of a desktop, and the reason.
pub fn classify(
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
pub struct Run {
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
pub struct ServiceClock {
    least: i64,
    greatest: i64,
}

impl ServiceClock {
    pub fn new(offset: Option<RangeInclusive<i64>>) -> Self {
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

    /// Returns a run with a request that was sent at this time of this machine.
    pub fn run(&self, sent: SystemTime, now: SystemTime) -> Run {
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
