//! A plan in words, for the confirmation and for summaries.

use std::collections::BTreeMap;

use workspace_api::types::{DetachInstancesDesktopInfo, DetachInstancesUserInfoType};

use crate::output::names::DesktopNames;
use crate::output::text::{PREVIEW_LENGTH, group_digits, list_preview, pluralize, preview};
use crate::plan::Plan;

const SHUTDOWN_WARNING: &str = "Single-user desktops among them shut down immediately, even if \
                                someone is working on them.";
const LOG_OFF_WARNING: &str = "Unsaved work is lost.";

impl Plan {
    /// Returns what has been done to a desktop that succeeded.
    pub fn past_participle(&self) -> &'static str {
        match self {
            Self::Detach { .. } => "unbound",
            Self::LogOff { .. } => "logged off",
        }
    }

    /// Describes what will happen, for the user who has to confirm it.
    pub fn describe(&self, names: &DesktopNames) -> String {
        let count = pluralize(self.len(), "desktop");
        let first = self.desktop_ids().take(PREVIEW_LENGTH);
        let first: Vec<_> = first.map(|id| names.label(id.as_str())).collect();
        let names = preview(&first, self.len());
        let mut lines = Vec::new();
        match self {
            Self::Detach { desktops } => {
                if desktops.iter().all(|desktop| desktop.is_detach_all_users) {
                    lines.push(format!("Unbind all users from {count}:"));
                    lines.push(format!("  {names}"));
                } else {
                    lines.push(format!("Unbind users from {count}:"));
                    lines.push(format!("  {names}"));
                    let targets = target_lines(desktops);
                    lines.extend(targets.iter().map(|target| format!("  {target}")));
                }
                lines.push(SHUTDOWN_WARNING.to_owned());
            }
            Self::LogOff { message, .. } => {
                let message = match message {
                    Some(message) => format!("with the message {:?}", message.as_str()),
                    None => "without a message".to_owned(),
                };
                lines.push(format!("Log off {count} {message}:"));
                lines.push(format!("  {names}"));
                lines.push(LOG_OFF_WARNING.to_owned());
            }
        }
        lines.join("\n")
    }
}

/// Returns who is unbound from how many desktops, in at most three lines.
fn target_lines(desktops: &[DetachInstancesDesktopInfo]) -> Vec<String> {
    let mut lines = Vec::new();
    let of_all_users = desktops
        .iter()
        .filter(|desktop| desktop.is_detach_all_users);
    let count = of_all_users.count();
    if count > 0 {
        lines.push(format!("all users of {}", pluralize(count, "desktop")));
    }
    for (type_, noun) in [
        (DetachInstancesUserInfoType::User, "user"),
        (DetachInstancesUserInfoType::Group, "user group"),
    ] {
        let names = names_with_counts(desktops, type_);
        match names.as_slice() {
            [] => {}
            [name] => lines.push(format!("{noun} {name}")),
            names => lines.push(format!(
                "{} {noun}s: {}",
                group_digits(names.len()),
                list_preview(names)
            )),
        }
    }
    lines
}

/// Returns the users or groups by name, each with the number of desktops it is unbound from.
fn names_with_counts(
    desktops: &[DetachInstancesDesktopInfo],
    type_: DetachInstancesUserInfoType,
) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for desktop in desktops {
        for user in &desktop.detach_user_infos {
            if user.type_ == type_ {
                *counts.entry(user.user_name.as_str()).or_default() += 1;
            }
        }
    }
    let with_count = |(name, count)| format!("{name} ({})", pluralize(count, "desktop"));
    counts.into_iter().map(with_count).collect()
}
