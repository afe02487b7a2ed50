//! From rows to desktops: who is to be unbound from each, and which rows cannot stand beside each other.

use std::collections::{BTreeMap, HashMap};

use workspace_api::limits;
use workspace_api::types::{DesktopId, DetachInstancesDesktopInfo, DetachInstancesUserInfoType};

use crate::input::errors::InputErrors;
use crate::input::target::Target;

/// The desktops so far. The rows of one desktop become one entry, because a batch may name it once.
#[derive(Default)]
pub struct Entries {
    pub desktops: Vec<DetachInstancesDesktopInfo>,
    /// By id in lower case: the place in `desktops`, and the line of the first row.
    indices: HashMap<String, (usize, u64)>,
    /// The line of each user of each desktop.
    users: BTreeMap<(usize, bool, String), u64>,
}

impl Entries {
    /// Takes a row in.
    pub fn add(&mut self, line: u64, id: DesktopId, target: Target, errors: &mut InputErrors) {
        let next = self.desktops.len();
        let (at, first) = *self
            .indices
            .entry(id.to_ascii_lowercase())
            .or_insert((next, line));
        let is_new = at == next;
        if is_new {
            self.desktops.push(DetachInstancesDesktopInfo {
                desktop_id: Some(id),
                is_detach_all_users: matches!(target, Target::AllUsers),
                detach_user_infos: Vec::new(),
            });
        }
        let users = match target {
            Target::Users(users) => users,
            Target::AllUsers if is_new => return,
            Target::AllUsers => {
                return errors.add(line, format!("the desktop is in line {first} already"));
            }
        };
        if self.desktops[at].is_detach_all_users {
            let what = format!("everybody is unbound from this desktop by line {first} already");
            return errors.add(line, what);
        }
        for user in users {
            let is_group = user.type_ == DetachInstancesUserInfoType::Group;
            let key = (at, is_group, user.user_name.to_lowercase());
            match self.users.insert(key, line) {
                Some(before) => errors.add(
                    line,
                    format!(
                        "the desktop and {} are in line {before} already",
                        user.user_name.as_str()
                    ),
                ),
                None => self.desktops[at].detach_user_infos.push(user),
            }
        }
        let (count, most) = (
            self.desktops[at].detach_user_infos.len(),
            limits::DETACH_INSTANCES_DESKTOP_INFO_DETACH_USER_INFOS,
        );
        if count == most + 1 {
            errors.add(
                line,
                format!("the desktop has more than {most} users to unbind"),
            );
        }
    }
}
