//! Merges rows into desktops with the users to unbind from each, and finds rows that contradict
//! each other.

use std::collections::{BTreeMap, HashMap};

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
    /// The index in `desktops` and the line of the first row, by id in lower case.
    indices: HashMap<String, (usize, u64)>,
    /// The line of each user or group of each desktop: by index, type and name in lower case.
    users: BTreeMap<(usize, bool, String), u64>,
}

impl Entries {
    pub fn add(&mut self, line: u64, id: DesktopId, target: Target, errors: &mut InputErrors) {
        let known = self.indices.get(&id.as_str().to_ascii_lowercase()).copied();
        match (known, target) {
            (None, Target::AllUsers) => {
                self.push(line, id, true);
            }
            (Some((_, first)), Target::AllUsers) => {
                errors.add(line, format!("this desktop is already in line {first}"));
            }
            (Some((index, first)), Target::Users(_))
                if self.desktops[index].is_detach_all_users =>
            {
                errors.add(
                    line,
                    format!("line {first} already unbinds all users of this desktop"),
                );
            }
            (known, Target::Users(users)) => {
                let index = match known {
                    Some((index, _)) => index,
                    None => self.push(line, id, false),
                };
                for user in users {
                    self.add_user(line, index, user, errors);
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

    fn add_user(
        &mut self,
        line: u64,
        index: usize,
        user: DetachInstancesUserInfo,
        errors: &mut InputErrors,
    ) {
        let is_group = user.type_ == DetachInstancesUserInfoType::Group;
        let key = (index, is_group, user.user_name.as_str().to_lowercase());
        if let Some(first) = self.users.insert(key, line) {
            let name = user.user_name.as_str();
            errors.add(
                line,
                format!("line {first} already unbinds {name} from this desktop"),
            );
            return;
        }
        let users = &mut self.desktops[index].detach_user_infos;
        users.push(user);
        let max = limits::DETACH_INSTANCES_DESKTOP_INFO_DETACH_USER_INFOS;
        // Reports the first user too many, and not every one after it.
        if users.len() == max + 1 {
            errors.add(
                line,
                format!("more than {max} users to unbind from this desktop"),
            );
        }
    }
}
