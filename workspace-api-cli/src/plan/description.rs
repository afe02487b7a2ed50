//! A plan in words, for the confirmation and for summaries.

use workspace_api::types::DetachInstancesUserInfoType;

use crate::desktops::names::DesktopNames;
use crate::desktops::texts::DistinctTexts;
use crate::desktops::unbindings::Unbindings;
use crate::output::text::{PREVIEW_LENGTH, group_digits, pluralize, preview};
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
        let first = self.ids().texts().take(PREVIEW_LENGTH);
        let first: Vec<_> = first.map(|id| names.label(&id)).collect();
        let names = preview(&first, self.len());
        let mut lines = Vec::new();
        match self {
            Self::Detach { desktops } => {
                if desktops_with_all_users(desktops) == desktops.len() {
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

fn desktops_with_all_users(desktops: &Unbindings) -> usize {
    let places = 0..desktops.len();
    places
        .filter(|place| desktops.has_all_users(*place))
        .count()
}

/// Returns who is unbound from how many desktops, in at most three lines.
fn target_lines(desktops: &Unbindings) -> Vec<String> {
    let mut lines = Vec::new();
    let count = desktops_with_all_users(desktops);
    if count > 0 {
        lines.push(format!("all users of {}", pluralize(count, "desktop")));
    }
    for (type_, noun) in [
        (DetachInstancesUserInfoType::User, "user"),
        (DetachInstancesUserInfoType::Group, "user group"),
    ] {
        let (first, count) = first_names(desktops, type_);
        match (first.as_slice(), count) {
            ([], _) => {}
            ([name], 1) => lines.push(format!("{noun} {name}")),
            (first, count) => lines.push(format!(
                "{} {noun}s: {}",
                group_digits(count),
                preview(first, count)
            )),
        }
    }
    lines
}

/// Returns the first users or groups by name, each with the number of desktops it is unbound from,
/// and the number of all.
fn first_names(desktops: &Unbindings, type_: DetachInstancesUserInfoType) -> (Vec<String>, usize) {
    let mut names = DistinctTexts::default();
    let mut counts = Vec::new();
    // Users with the same name can differ in details, such as the domain.
    for (user, count) in desktops.different_users() {
        if user.type_ == type_ {
            let number = names.insert(user.user_name.as_str());
            counts.resize(names.len(), 0);
            counts[number] += count;
        }
    }
    let mut numbers: Vec<_> = (0..names.len()).collect();
    numbers.sort_unstable_by_key(|number| names.get(*number));
    let first = numbers.iter().take(PREVIEW_LENGTH).map(|number| {
        let desktops = pluralize(counts[*number], "desktop");
        format!("{} ({desktops})", names.get(*number))
    });
    (first.collect(), names.len())
}
