//! Merges rows into desktops with the users to unbind from each, and finds rows that contradict
//! each other.

use std::hash::{BuildHasher, RandomState};

use workspace_api::limits;
use workspace_api::types::{DesktopId, DetachInstancesUserInfo, DetachInstancesUserInfoType};

use crate::desktops::numbers::Numbers;
use crate::desktops::unbindings::Unbindings;
use crate::input::errors::InputErrors;
use crate::input::target::Target;

/// The desktops so far. The rows of one desktop become one entry, because a batch can have a
/// desktop only once.
#[derive(Default)]
pub struct Entries {
    pub desktops: Unbindings,
    /// Number of rows that repeat an earlier one.
    pub duplicates: usize,
    /// The line of the first row of each desktop.
    lines: Vec<u32>,
    /// Where each user of a desktop comes from, by number.
    users: Vec<Source>,
    /// The users of the desktops that have several.
    numbers: Numbers,
    hasher: RandomState,
}

/// Where a user of a desktop comes from.
#[derive(Clone, Copy)]
struct Source {
    line: u32,
    /// The place of the desktop.
    place: u32,
}

/// The user that a row names.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Said {
    First,
    Again,
    Otherwise,
}

impl Entries {
    /// Adds a row, and returns the place of its desktop.
    pub fn add(
        &mut self,
        line: u64,
        id: &DesktopId,
        target: Target,
        errors: &mut InputErrors,
    ) -> usize {
        let all_users = matches!(target, Target::AllUsers);
        let (place, is_new) = self.desktops.insert(id.as_str(), all_users);
        if is_new {
            self.lines.push(to_u32(line));
        }
        match (self.desktops.has_all_users(place), target) {
            (true, Target::AllUsers) => self.duplicates += usize::from(!is_new),
            (false, Target::AllUsers) => {
                let numbers = self.desktops.user_numbers(place);
                let users: Vec<_> = numbers.filter_map(|n| self.desktops.user(n)).collect();
                let message = format!(
                    "unbinds all users of {id}, but {} unbinds only {}",
                    errors.place(self.lines[place].into()),
                    names(&users)
                );
                errors.add(line, message);
            }
            (true, Target::Users(users)) => {
                let message = format!(
                    "unbinds only {} from {id}, but {} unbinds all users",
                    names(&users),
                    errors.place(self.lines[place].into()),
                );
                errors.add(line, message);
            }
            (false, Target::Users(users)) => {
                let mut is_duplicate = true;
                for user in &users {
                    match self.add_user(line, place, user, errors) {
                        Said::First => is_duplicate = false,
                        Said::Again => {}
                        Said::Otherwise => return place,
                    }
                }
                self.duplicates += usize::from(is_duplicate);
            }
        }
        place
    }

    /// Adds a user, unless the desktop has it.
    fn add_user(
        &mut self,
        line: u64,
        place: usize,
        user: &DetachInstancesUserInfo,
        errors: &mut InputErrors,
    ) -> Said {
        let max = limits::DETACH_INSTANCES_DESKTOP_INFO_DETACH_USER_INFOS;
        let earlier: Vec<_> = self.desktops.user_numbers(place).take(max + 1).collect();
        if let Some((number, earlier)) = self.find_user(place, user, &earlier) {
            if details(&earlier) == details(user) {
                return Said::Again;
            }
            let message = format!(
                "unbinds {}, but {} unbinds {}",
                described(user),
                errors.place(self.users[number].line.into()),
                described(&earlier)
            );
            errors.add(line, message);
            return Said::Otherwise;
        }
        // Reports the first user too many, and not every one after it.
        if earlier.len() > max {
            return Said::First;
        }
        if earlier.len() == max {
            let message = format!("more than {max} users to unbind from this desktop");
            errors.add(line, message);
        }
        let number = self.desktops.add_user(place, user);
        self.users.push(Source {
            line: to_u32(line),
            place: to_u32(place as u64),
        });
        if let [first] = earlier.as_slice() {
            self.index_user(*first);
        }
        if !earlier.is_empty() {
            self.index_user(number);
        }
        Said::First
    }

    /// Returns the desktop's user with this type and name; other properties do not count.
    fn find_user(
        &self,
        place: usize,
        user: &DetachInstancesUserInfo,
        earlier: &[usize],
    ) -> Option<(usize, DetachInstancesUserInfo)> {
        let is_it = |number: usize| {
            let known = self.desktops.user(number);
            let is_of_desktop = self.users[number].place == to_u32(place as u64);
            is_of_desktop && known.is_some_and(|known| key(&known) == key(user))
        };
        let number = match earlier {
            [] => None,
            [only] => Some(*only).filter(|only| is_it(*only)),
            _ => self.numbers.find(self.hash(place, user), is_it),
        };
        number.and_then(|number| Some((number, self.desktops.user(number)?)))
    }

    fn index_user(&mut self, number: usize) {
        let mut numbers = std::mem::take(&mut self.numbers);
        numbers.insert(number, |number| {
            let user = self.desktops.user(number);
            let place = self.users[number].place as usize;
            user.map_or(0, |user| self.hash(place, &user))
        });
        self.numbers = numbers;
    }

    fn hash(&self, place: usize, user: &DetachInstancesUserInfo) -> u64 {
        self.hasher.hash_one((place, key(user)))
    }
}

/// The files of lists have fewer than four billion lines.
fn to_u32(line: u64) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}

/// Returns what identifies a user or a group of a desktop.
fn key(user: &DetachInstancesUserInfo) -> (bool, String) {
    let is_group = user.type_ == DetachInstancesUserInfoType::Group;
    (is_group, user.user_name.as_str().to_lowercase())
}

fn names(users: &[DetachInstancesUserInfo]) -> String {
    let names: Vec<_> = users.iter().map(|user| user.user_name.as_str()).collect();
    names.join(", ")
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
