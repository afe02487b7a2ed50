//! Which records of a desktop are shown: `--since`, `--user` and `--latest`.

use std::time::{Duration, SystemTime};

use humantime::parse_duration;
use workspace_api::types::DesktopDetachInfo;

use crate::cli::DetachInfo;
use crate::error::CommandError;
use crate::report::evidence::time_range;

/// The records to show.
pub struct Filter {
    since: Option<SystemTime>,
    /// In lower case, because the service does not distinguish upper and lower case in names.
    users: Vec<String>,
    is_latest_only: bool,
}

impl Filter {
    pub fn new(arguments: &DetachInfo) -> Result<Self, CommandError> {
        let since = match &arguments.since {
            Some(text) => Some(parse_since(text, SystemTime::now()).ok_or_else(|| {
                CommandError::usage(format!(
                    "invalid time {text:?} for --since: use an age such as 2h or 1d, a date such \
                     as 2026-03-10, or a time such as 2026-03-10T20:00+08:00"
                ))
            })?),
            None => None,
        };
        let users = arguments
            .users
            .iter()
            .map(|name| name.trim().to_lowercase());
        Ok(Self {
            since,
            users: users.collect(),
            is_latest_only: arguments.latest,
        })
    }

    /// Returns true if some records are left out.
    pub fn is_active(&self) -> bool {
        self.since.is_some() || !self.users.is_empty() || self.is_latest_only
    }

    /// Keeps the records of a desktop that are shown. A record without a readable time is shown by
    /// `--since`, because it may be recent.
    pub fn apply(&self, records: &mut Vec<DesktopDetachInfo>) {
        records.retain(|record| {
            let name = record.user_name.as_deref().unwrap_or_default();
            let is_of_user = self.users.is_empty() || self.users.contains(&name.to_lowercase());
            let is_recent = match (self.since, latest_time(record)) {
                (Some(since), Some(time)) => time >= since,
                _ => true,
            };
            is_of_user && is_recent
        });
        if self.is_latest_only
            && let Some(latest) = records.iter().max_by_key(|record| latest_time(record))
        {
            *records = vec![latest.clone()];
        }
    }
}

/// Returns the latest point in time that a record can mean.
fn latest_time(record: &DesktopDetachInfo) -> Option<SystemTime> {
    let (_, latest) = time_range(record.detach_time.as_deref()?)?;
    Some(latest)
}

/// Parses an age, a date or a time.
fn parse_since(text: &str, now: SystemTime) -> Option<SystemTime> {
    let text = text.trim();
    if let Ok(age) = parse_duration(text) {
        return now.checked_sub(age);
    }
    let (local, offset) = match text.get(10..).and_then(|time| time.find(['+', '-', 'Z'])) {
        Some(index) => text.split_at(10 + index),
        None => (text, "Z"),
    };
    let local = match local.len() {
        10 => format!("{local}T00:00:00"),
        16 => format!("{local}:00"),
        _ => local.to_owned(),
    };
    let (earliest, latest) = time_range(&format!("{local}{offset}"))?;
    // A range is as wide as the text is unclear, such as one without an offset.
    let is_clear = latest.duration_since(earliest).ok()? < Duration::from_secs(60);
    is_clear.then_some(earliest)
}

#[cfg(test)]
mod tests;
