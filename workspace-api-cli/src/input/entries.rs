//! Merges rows into desktops with the users to unbind from each, and finds rows that contradict
//! each other.

use std::collections::HashMap;

use workspace_api::limits;
use workspace_api::types::{
    DesktopId, DetachInstancesDesktopInfo, DetachInstancesUserInfo, DetachInstancesUserInfoType,
};

use crate::input::errors::InputErrors;
use crate::input::target::Target;

/// The desktops so far. The rows of one desktop become one entry, because a batch can have a
/// desktop only once.
#[derive(Default)]
pub struct Entries {
    pub desktops: Vec<DetachInstancesDesktopInfo>,
    /// Number of rows that repeat an earlier one.
    pub duplicates: usize,
    /// The index in `desktops` and the line of the first row, by id in lower case.
    indices: HashMap<String, (usize, u64)>,
    /// The line of each user or group of each desktop and its index there: by index of the desktop,
    /// type and name in lower case.
    users: HashMap<(usize, bool, String), (usize, u64)>,
}

impl Entries {
    pub fn add(&mut self, line: u64, id: DesktopId, target: Target, errors: &mut InputErrors) {
        let known = self.indices.get(&id.as_str().to_ascii_lowercase()).copied();
        match (known, target) {
            (None, Target::AllUsers) => {
                self.push(line, id, true);
            }
            (Some((index, first)), Target::AllUsers) => {
                let earlier = &self.desktops[index];
                if earlier.is_detach_all_users {
                    self.duplicates += 1;
                    return;
                }
                let users = earlier.detach_user_infos.iter();
                let names: Vec<_> = users.map(|user| user.user_name.as_str()).collect();
                let message = format!(
                    "unbinds all users of {}, but {} unbinds only {}",
                    id.as_str(),
                    errors.place(first),
                    names.join(", ")
                );
                errors.add(line, message);
            }
            (Some((index, first)), Target::Users(users))
                if self.desktops[index].is_detach_all_users =>
            {
                let names: Vec<_> = users.iter().map(|user| user.user_name.as_str()).collect();
                let message = format!(
                    "unbinds only {} from {}, but {} unbinds all users",
                    names.join(", "),
                    id.as_str(),
                    errors.place(first),
                );
                errors.add(line, message);
            }
            (known, Target::Users(users)) => {
                let index = match known {
                    Some((index, _)) => index,
                    None => self.push(line, id, false),
                };
                let before = self.desktops[index].detach_user_infos.len();
                let is_accepted = users
                    .into_iter()
                    .all(|user| self.add_user(line, index, user, errors));
                if is_accepted && self.desktops[index].detach_user_infos.len() == before {
                    self.duplicates += 1;
                }
            }
        }
    }

    /// Adds a desktop and returns its index.
    fn push(&mut self, line: u64, id: DesktopId, all_users: bool) -> usize {
        let index = self.desktops.len();
        self.indices
            .insert(id.as_str().to_ascii_lowercase(), (index, line));
        let mut desktop = DetachInstancesDesktopInfo::default();
        desktop.desktop_id = Some(id);
        desktop.is_detach_all_users = all_users;
        self.desktops.push(desktop);
        index
    }

    /// Adds a user, unless the desktop has it. Returns false if an earlier row says something else
    /// about the user.
    fn add_user(
        &mut self,
        line: u64,
        index: usize,
        user: DetachInstancesUserInfo,
        errors: &mut InputErrors,
    ) -> bool {
        let is_group = user.type_ == DetachInstancesUserInfoType::Group;
        let key = (index, is_group, user.user_name.as_str().to_lowercase());
        let users = &mut self.desktops[index].detach_user_infos;
        if let Some((earlier, first)) = self.users.get(&key) {
            let earlier = &users[*earlier];
            let is_same = details(earlier) == details(&user);
            if !is_same {
                let message = format!(
                    "unbinds {}, but {} unbinds {}",
                    described(&user),
                    errors.place(*first),
                    described(earlier)
                );
                errors.add(line, message);
            }
            return is_same;
        }
        self.users.insert(key, (users.len(), line));
        users.push(user);
        let max = limits::DETACH_INSTANCES_DESKTOP_INFO_DETACH_USER_INFOS;
        // Reports the first user too many, and not every one after it.
        if users.len() == max + 1 {
            let message = format!("more than {max} users to unbind from this desktop");
            errors.add(line, message);
        }
        true
    }
}

/// Returns what distinguishes users or groups of the same name.
fn details(user: &DetachInstancesUserInfo) -> [Option<&str>; 3] {
    [
        user.domain.as_deref(),
        user.user_id.as_ref().map(AsRef::as_ref),
        user.user_group.as_ref().map(AsRef::as_ref),
    ]
}

/// Returns the name of a user, with the details that it has.
fn described(user: &DetachInstancesUserInfo) -> String {
    let mut text = user.user_name.to_string();
    for (column, value) in ["domain", "user_id", "user_group"]
        .iter()
        .zip(details(user))
    {
        if let Some(value) = value {
            text = format!("{text}, {column} {value}");
        }
    }
    if details(user) == [None; 3] {
        text.push_str(" without details");
    }
    text
}
