//! What became of desktops that were sent without an answer: their unbinding records say it, if anything does.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use futures::StreamExt;
use humantime::parse_rfc3339_weak;
use workspace_api::signing::MAX_CLOCK_SKEW;
use workspace_api::types::{
    DesktopDetachInfo, DesktopId, DetachInstancesDesktopInfo, DetachInstancesUserInfo,
};
use workspace_api::{Client, ErrorKind};

use crate::error::with_causes;
use crate::plan::outcome::{Entry, Status};

/// A record is of this unbinding if it is not older than it by more than this: clocks differ a little.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(60);
/// How far a time that does not name its zone can be from UTC.
const MAX_UTC_OFFSET: Duration = Duration::from_secs(14 * 60 * 60);

/// Reads the records of desktops that were sent at a time, and says what they tell: succeeded, failed (nobody was
/// unbound), or still unknown, and why.
///
/// A desktop without a record may be sent again. Should the service still be at work on the first request, the second
/// finds nobody to unbind. To unbind twice does harm when somebody has been bound in between, and by then there is a
/// record.
///
/// # Errors
///
/// A 401: then nothing more may be sent.
pub async fn reconcile(
    client: &Client,
    desktops: &[DetachInstancesDesktopInfo],
    unknown: &[(DesktopId, SystemTime)],
) -> workspace_api::Result<Vec<Entry>> {
    let ids = unknown.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>();
    let mut records: HashMap<_, _> = client.desktops().detach_infos(ids).stream().collect().await;
    let refused = records.values().find_map(|records| match records {
        Err(error) if error.kind() == ErrorKind::Unauthorized => Some(error.clone()),
        _ => None,
    });
    if let Some(error) = refused {
        // The next request would bring the access key nearer to being locked.
        return Err(error);
    }
    let find = |id: &DesktopId| {
        desktops
            .iter()
            .find(|desktop| desktop.desktop_id.as_ref() == Some(id))
    };
    let entry = |(id, sent): &(DesktopId, SystemTime)| {
        let (status, why) = match (records.remove(id), find(id)) {
            (Some(Ok(records)), Some(desktop)) => classify(desktop, &records, *sent),
            (Some(Err(error)), _) => {
                let why = format!(
                    "its unbinding records cannot be read: {}",
                    with_causes(&error)
                );
                (Status::Unknown, why)
            }
            (None, _) | (_, None) => (
                Status::Unknown,
                "its unbinding records were not read".to_owned(),
            ),
        };
        Entry::new(id.clone(), status).with_message(why)
    };
    Ok(unknown.iter().map(entry).collect())
}

fn classify(
    desktop: &DetachInstancesDesktopInfo,
    records: &[DesktopDetachInfo],
    sent: SystemTime,
) -> (Status, String) {
    let found = match desktop.is_detach_all_users {
        true => vec![newest_evidence(records.iter(), sent)],
        false => desktop
            .detach_user_infos
            .iter()
            .map(|user| {
                newest_evidence(
                    records.iter().filter(|record| matches_user(record, user)),
                    sent,
                )
            })
            .collect(),
    };
    let all = |what| found.iter().all(|one| *one == what);
    if all(Evidence::Found) {
        (
            Status::Succeeded,
            "its unbinding records show it".to_owned(),
        )
    } else if all(Evidence::None) {
        let why = "no unbinding record shows it, so it was not done".to_owned();
        (Status::Failed, why)
    } else if found.contains(&Evidence::Ambiguous) {
        let why = "the time of an unbinding record leaves open which unbinding it is of".to_owned();
        (Status::Unknown, why)
    } else {
        let why = "only some of its users have an unbinding record".to_owned();
        (Status::Unknown, why)
    }
}

/// Whether there is a record since the desktop was sent.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Evidence {
    None,
    Ambiguous,
    Found,
}

fn newest_evidence<'r>(
    records: impl Iterator<Item = &'r DesktopDetachInfo>,
    sent: SystemTime,
) -> Evidence {
    records
        .map(
            |record| match record.detach_time.as_deref().and_then(time_range) {
                Some((earliest, _)) if earliest + CLOCK_TOLERANCE >= sent => Evidence::Found,
                // A larger difference is no clock skew: the service would have rejected the signature.
                Some((_, latest)) if latest + MAX_CLOCK_SKEW < sent => Evidence::None,
                _ => Evidence::Ambiguous,
            },
        )
        .max()
        .unwrap_or(Evidence::None)
}

fn matches_user(record: &DesktopDetachInfo, user: &DetachInstancesUserInfo) -> bool {
    let same = |own: &Option<String>, other: &str| {
        own.as_deref()
            .is_some_and(|own| own.eq_ignore_ascii_case(other))
    };
    let type_ = user.type_.to_string();
    same(&record.user_name, user.user_name.as_str())
        && (record.type_.is_none() || same(&record.type_, &type_))
}

/// Between which times a record may be. The service does not document the format; these are the ones that it uses.
fn time_range(text: &str) -> Option<(SystemTime, SystemTime)> {
    let time = parse_rfc3339_weak(text.trim()).ok()?;
    match text.trim().ends_with('Z') {
        true => Some((time, time)),
        false => Some((time - MAX_UTC_OFFSET, time + MAX_UTC_OFFSET)),
    }
}

#[cfg(test)]
mod tests;
