//! Determines the outcome of desktops that were sent but got no response, from their unbinding
//! records.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use futures::StreamExt;
use humantime::parse_rfc3339_weak;
use workspace_api::types::{
    DesktopDetachInfo, DesktopId, DetachInstancesDesktopInfo, DetachInstancesUserInfo,
};
use workspace_api::{Client, ErrorKind, Result};

use crate::error::with_causes;
use crate::plan::outcome::{Entry, Status};

/// A record that is older than the request by no more than this belongs to it: the clocks differ a
/// little, and the service may cut off fractions of a second.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(60);
/// A record that is older than the request by more than this belongs to an earlier one: with a
/// larger difference of the clocks, the service would have rejected the request's signature.
const MAX_CLOCK_SKEW: Duration = Duration::from_secs(15 * 60);
/// Maximum distance from UTC of a time without a zone.
const MAX_UTC_OFFSET: Duration = Duration::from_secs(14 * 60 * 60);

/// Reads the records of desktops that were sent at a known time and returns one entry for each:
/// succeeded, failed (nobody was unbound) or still unknown, with the reason.
///
/// A desktop without a record can be sent again. If the service is still processing the first
/// request, the second one finds nobody to unbind. Unbinding twice does harm only if somebody was
/// bound in between, and by then there is a record.
///
/// # Errors
///
/// A 401 for any of the desktops: nothing more may be sent.
pub async fn reconcile(
    client: &Client,
    desktops: &[DetachInstancesDesktopInfo],
    unknown: &[(DesktopId, SystemTime)],
) -> Result<Vec<Entry>> {
    let ids: Vec<_> = unknown.iter().map(|(id, _)| id.clone()).collect();
    let mut records: HashMap<_, _> = client.desktops().detach_infos(ids).stream().collect().await;
    for result in records.values() {
        if let Err(error) = result
            && error.kind() == ErrorKind::Unauthorized
        {
            // Another request could lock the access key.
            return Err(error.clone());
        }
    }
    let mut entries = Vec::with_capacity(unknown.len());
    for (id, sent) in unknown {
        let desktop = desktops
            .iter()
            .find(|desktop| desktop.desktop_id.as_ref() == Some(id));
        let (status, reason) = match (records.remove(id), desktop) {
            (Some(Ok(records)), Some(desktop)) => {
                let (status, reason) = classify(desktop, &records, *sent);
                (status, reason.to_owned())
            }
            (Some(Err(error)), _) => {
                let error = with_causes(&error);
                (
                    Status::Unknown,
                    format!("cannot read its unbinding records: {error}"),
                )
            }
            (None, _) | (_, None) => (
                Status::Unknown,
                "its unbinding records were not read".to_owned(),
            ),
        };
        entries.push(Entry::new(id.clone(), status).with_message(reason));
    }
    Ok(entries)
}

/// Returns what the records show of a desktop, and the reason.
fn classify(
    desktop: &DetachInstancesDesktopInfo,
    records: &[DesktopDetachInfo],
    sent: SystemTime,
) -> (Status, &'static str) {
    let mut evidence = Vec::new();
    if desktop.is_detach_all_users {
        evidence.push(newest_evidence(records, sent));
    } else {
        for user in &desktop.detach_user_infos {
            let of_user = records.iter().filter(|record| matches_user(record, user));
            evidence.push(newest_evidence(of_user, sent));
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
    sent: SystemTime,
) -> Evidence {
    let mut newest = Evidence::None;
    for record in records {
        let evidence = match record.detach_time.as_deref().and_then(time_range) {
            Some((earliest, _)) if earliest + CLOCK_TOLERANCE >= sent => Evidence::Found,
            Some((_, latest)) if latest + MAX_CLOCK_SKEW < sent => Evidence::None,
            _ => Evidence::Ambiguous,
        };
        newest = newest.max(evidence);
    }
    newest
}

fn matches_user(record: &DesktopDetachInfo, user: &DetachInstancesUserInfo) -> bool {
    let type_ = user.type_.to_string();
    let has_type = record.type_.is_none() || equals(record.type_.as_deref(), &type_);
    has_type && equals(record.user_name.as_deref(), &user.user_name)
}

fn equals(value: Option<&str>, expected: &str) -> bool {
    value.is_some_and(|value| value.eq_ignore_ascii_case(expected))
}

/// Returns the earliest and the latest time that a record can mean. The service does not document
/// the format; these are the ones that it uses.
fn time_range(text: &str) -> Option<(SystemTime, SystemTime)> {
    let text = text.trim();
    let time = parse_rfc3339_weak(text).ok()?;
    if text.ends_with('Z') {
        Some((time, time))
    } else {
        Some((time - MAX_UTC_OFFSET, time + MAX_UTC_OFFSET))
    }
}

#[cfg(test)]
mod tests;
