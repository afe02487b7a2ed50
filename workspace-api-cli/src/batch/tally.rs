//! Counts the outcomes of a run, and groups the desktops that did not succeed by reason. It takes
//! memory for each reason up to a limit, not for each desktop.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use workspace_api::Error;

use crate::output::preview::Preview;
use crate::output::text::PREVIEW_LENGTH;
use crate::plan::outcome::{Entry, Status};

/// Maximum number of reasons that are kept. Each can take a kilobyte, and few are shown.
pub const MAX_REASONS: usize = 10_000;

/// The outcomes of a run.
#[derive(Default)]
pub struct Tally {
    counts: HashMap<Status, usize>,
    /// The part of the counts that earlier runs of the same report did.
    earlier: HashMap<Status, usize>,
    pub verified: usize,
    pub unverified: usize,
    /// The jobs of the accepted desktops.
    pub jobs: Preview,
    groups: Vec<Group>,
    /// True once reasons were dropped that few desktops had.
    has_dropped: bool,
    indices: HashMap<(&'static str, String), usize>,
    /// Number of desktops whose failure would be repeated by the same request.
    final_failures: usize,
}

/// Desktops with the same outcome for the same reason.
pub struct Group {
    /// The outcome.
    pub label: &'static str,
    /// The reason, without ids if there are several desktops.
    pub reason: String,
    /// The reason without ids.
    masked: String,
    pub count: usize,
    /// False if earlier desktops with this reason may have been dropped.
    pub is_complete: bool,
    /// The first desktops.
    pub first: Vec<String>,
    pub request_ids: Preview,
    /// The error of the first desktop.
    pub error: Option<Error>,
}

impl Tally {
    pub fn add(&mut self, entry: &Entry) {
        *self.counts.entry(entry.outcome).or_default() += 1;
        if entry.outcome == Status::Accepted
            && let Some(job) = &entry.job_id
        {
            self.jobs.add(job);
        }
        if entry.is_final() {
            self.final_failures += 1;
        }
        if matches!(entry.outcome, Status::Failed | Status::Unknown) {
            self.add_to_group(entry.outcome.name(), entry, reason(entry));
        }
    }

    /// Counts desktops that an earlier run of the same report did.
    pub fn add_earlier(&mut self, status: Status, count: usize) {
        for counts in [&mut self.counts, &mut self.earlier] {
            *counts.entry(status).or_default() += count;
        }
    }

    /// Counts what the verification of a desktop found.
    pub fn add_verification(&mut self, entry: &Entry) {
        match (entry.verified, &entry.missing) {
            (None, _) => {}
            (Some(true), _) => self.verified += 1,
            (Some(false), missing) => {
                self.unverified += 1;
                let missing = missing.clone().unwrap_or_default();
                self.add_to_group("not verified", entry, missing);
            }
        }
    }

    fn add_to_group(&mut self, label: &'static str, entry: &Entry, reason: String) {
        let masked = mask_ids(&reason, entry);
        let key = (label, masked);
        if self.groups.len() == MAX_REASONS && !self.indices.contains_key(&key) {
            self.drop_rare_reasons();
        }
        let index = *self.indices.entry(key.clone()).or_insert(self.groups.len());
        if index == self.groups.len() {
            self.groups.push(Group {
                label,
                masked: key.1,
                reason,
                count: 0,
                is_complete: !self.has_dropped,
                first: Vec::new(),
                request_ids: Preview::default(),
                error: entry.error.clone(),
            });
        }
        let group = &mut self.groups[index];
        group.count += 1;
        if group.count == 2 {
            group.reason.clone_from(&group.masked);
        }
        if group.first.len() < PREVIEW_LENGTH {
            group.first.push(entry.label());
        }
        if let Some(id) = &entry.request_id {
            group.request_ids.add(id);
        }
    }

    /// Drops the reasons that the fewest desktops have, half of all.
    fn drop_rare_reasons(&mut self) {
        self.groups.sort_by_key(|group| Reverse(group.count));
        self.groups.truncate(MAX_REASONS / 2);
        self.has_dropped = true;
        self.indices.clear();
        for (index, group) in self.groups.iter().enumerate() {
            self.indices
                .insert((group.label, group.masked.clone()), index);
        }
    }

    /// Returns true if there were more reasons than the groups have.
    pub fn has_dropped(&self) -> bool {
        self.has_dropped
    }

    /// Returns the numbers of desktops by outcome.
    pub fn counts(&self) -> BTreeMap<Status, usize> {
        let counts = self.counts.iter();
        counts.map(|(status, count)| (*status, *count)).collect()
    }

    pub fn count(&self, status: Status) -> usize {
        self.counts.get(&status).copied().unwrap_or_default()
    }

    /// Returns the number of desktops that an earlier run did.
    pub fn earlier(&self, status: Status) -> usize {
        self.earlier.get(&status).copied().unwrap_or_default()
    }

    pub fn total(&self) -> usize {
        self.counts.values().sum()
    }

    /// Returns true if earlier runs did everything, and nothing was verified.
    pub fn is_nothing_left(&self) -> bool {
        self.verified + self.unverified == 0 && self.total() == self.earlier.values().sum::<usize>()
    }

    /// Returns the number of desktops that were not done, or may not have been.
    pub fn failures(&self) -> usize {
        self.count(Status::Failed) + self.count(Status::Unknown)
    }

    pub fn is_all_done(&self) -> bool {
        self.count(Status::Succeeded) + self.count(Status::Accepted) == self.total()
    }

    /// Returns true if no desktop was, or may have been, processed.
    pub fn is_nothing_done(&self) -> bool {
        self.count(Status::Failed) + self.count(Status::NotSent) == self.total()
    }

    /// Returns true if another run could do more. The outcome of an unknown desktop can be found if
    /// `has_records` is true.
    pub fn can_resume(&self, has_records: bool) -> bool {
        self.count(Status::NotSent) > 0
            || self.count(Status::Failed) > self.final_failures
            || (has_records && self.count(Status::Unknown) > 0)
    }

    /// Returns the groups, those with the most desktops first.
    pub fn groups(&self) -> Vec<&Group> {
        let mut groups: Vec<_> = self.groups.iter().collect();
        groups.sort_by_key(|group| Reverse(group.count));
        groups
    }
}

/// Returns the HTTP status, error code and message of an entry.
fn reason(entry: &Entry) -> String {
    let mut reason = entry
        .error_msg
        .as_deref()
        .unwrap_or("no reason given")
        .to_owned();
    if let Some(code) = &entry.error_code {
        reason = format!("{code}: {reason}");
    }
    let status = entry.status.map(reqwest::StatusCode::from_u16);
    match status {
        Some(Ok(status)) if !reason.starts_with(status.as_str()) => format!("{status}: {reason}"),
        _ => reason,
    }
}

/// Returns a reason without the desktop's id and name and without other ids, so that it is the same
/// for many desktops.
fn mask_ids(reason: &str, entry: &Entry) -> String {
    let is_of_a_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let name = entry.desktop_name.as_deref();
    let mut masked = String::with_capacity(reason.len());
    let mut rest = reason;
    while let Some(start) = rest.find(is_of_a_word) {
        masked.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.find(|c| !is_of_a_word(c)).unwrap_or(rest.len());
        let word = &rest[..end];
        if word.eq_ignore_ascii_case(entry.desktop_id.as_str()) || Some(word) == name {
            masked.push_str("DESKTOP");
        } else if is_id(word) {
            masked.push_str("ID");
        } else {
            masked.push_str(word);
        }
        rest = &rest[end..];
    }
    masked.push_str(rest);
    masked
}

/// Returns true for a UUID, with or without hyphens.
fn is_id(word: &str) -> bool {
    let digits = word.bytes().filter(|byte| *byte != b'-');
    digits.clone().count() == 32 && digits.clone().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests;
