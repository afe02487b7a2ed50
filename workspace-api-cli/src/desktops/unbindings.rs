//! Desktops with the users to unbind from each.

use std::fmt;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};
use serde::{Serialize, Serializer};
use workspace_api::types::{DetachInstancesDesktopInfo, DetachInstancesUserInfo};

use crate::desktops::ids::DesktopIds;
use crate::desktops::texts::{DistinctTexts, Short};

/// The value in `last_users` of a desktop from which all users are unbound.
const ALL_USERS: u32 = u32::MAX;
/// The value in `last_users` of a desktop without users.
const NOBODY: u32 = u32::MAX - 1;

/// The parts of JSON that nearly every user has.
const SHORT: Short = Short(&[
    ("{\"user_name\":\"", "\u{1}"),
    ("\",\"type\":\"USER\"}", "\u{2}"),
    ("\",\"type\":\"GROUP\"}", "\u{3}"),
]);

/// Distinct desktops with the users to unbind from each, in their order. A desktop takes its id and
/// four bytes, a user of a desktop eight, and each different user its name and six; while users are
/// added, eight more.
#[derive(Clone, Debug, Default)]
pub struct Unbindings {
    ids: DesktopIds,
    /// The last user of each desktop, a number in `users`.
    last_users: Vec<u32>,
    users: Vec<User>,
    /// Each different user as JSON. A part of the list has those of the whole list.
    different_users: Arc<DistinctTexts>,
}

/// A user of a desktop.
#[derive(Clone, Copy, Debug)]
struct User {
    /// The number in `different_users`.
    details: u32,
    /// The next user of the desktop, a number in `users`. The first one follows the last one.
    next: u32,
}

impl Unbindings {
    pub fn ids(&self) -> &DesktopIds {
        &self.ids
    }

    pub fn len(&self) -> usize {
        self.last_users.len()
    }

    /// Returns the place of a desktop, and true if it was added: with all users, or without one.
    pub fn insert(&mut self, id: &str, all_users: bool) -> (usize, bool) {
        let (place, is_new) = self.ids.insert(id);
        if is_new {
            let users = if all_users { ALL_USERS } else { NOBODY };
            self.last_users.push(users);
        }
        (place, is_new)
    }

    /// Adds a user to a desktop, and returns the user's number among those of all desktops.
    pub fn add_user(&mut self, place: usize, user: &DetachInstancesUserInfo) -> usize {
        // A user is text and enumerations, which JSON can hold.
        let details = SHORT.shorten(serde_json::to_string(user).unwrap_or_default());
        let details = Arc::make_mut(&mut self.different_users).insert(&details);
        self.add_known_user(place, to_u32(details))
    }

    /// Frees the memory that only [`add_user`](Self::add_user) needs.
    pub fn end_adding(&mut self) {
        Arc::make_mut(&mut self.different_users).end_inserting();
    }

    fn add_known_user(&mut self, place: usize, details: u32) -> usize {
        let number = self.users.len();
        let mut next = to_u32(number);
        if let Some(last) = self.last_user(place) {
            next = std::mem::replace(&mut self.users[last].next, next);
        }
        self.users.push(User { details, next });
        self.last_users[place] = to_u32(number);
        number
    }

    fn last_user(&self, place: usize) -> Option<usize> {
        match self.last_users[place] {
            ALL_USERS | NOBODY => None,
            last => Some(last as usize),
        }
    }

    /// Returns true if all users are unbound from the desktop.
    pub fn has_all_users(&self, place: usize) -> bool {
        self.last_users[place] == ALL_USERS
    }

    /// Returns the numbers of the users of a desktop, among those of all desktops.
    pub fn user_numbers(&self, place: usize) -> impl Iterator<Item = usize> {
        let last = self.last_user(place);
        let first = last.map(|last| self.users[last].next as usize);
        std::iter::successors(first, move |number| {
            let next = self.users[*number].next as usize;
            (Some(*number) != last).then_some(next)
        })
    }

    /// Returns a user by the number among those of all desktops.
    pub fn user(&self, number: usize) -> Option<DetachInstancesUserInfo> {
        self.details(self.users[number].details)
    }

    fn details(&self, number: u32) -> Option<DetachInstancesUserInfo> {
        let details = self.different_users.get(number as usize);
        serde_json::from_str(&SHORT.restore(details)).ok()
    }

    /// Returns the different users, each with the number of desktops to unbind it from.
    pub fn different_users(&self) -> impl Iterator<Item = (DetachInstancesUserInfo, usize)> {
        let mut counts = vec![0; self.different_users.len()];
        for user in &self.users {
            counts[user.details as usize] += 1;
        }
        let counts = (0..).zip(counts).filter(|(_, count)| *count > 0);
        counts.filter_map(|(number, count)| Some((self.details(number)?, count)))
    }

    /// Returns the desktop at a place as a request has it. Where there is none, it has no id, so
    /// that nothing can be sent.
    pub fn get(&self, place: usize) -> DetachInstancesDesktopInfo {
        self.find(place).unwrap_or_default()
    }

    fn find(&self, place: usize) -> Option<DetachInstancesDesktopInfo> {
        let mut desktop = DetachInstancesDesktopInfo::default();
        desktop.desktop_id = Some(self.ids.get(place)?);
        desktop.is_detach_all_users = self.has_all_users(place);
        let users = self.user_numbers(place).map(|number| self.user(number));
        let users: Option<Vec<_>> = users.collect();
        desktop.detach_user_infos = Some(users?).filter(|users| !users.is_empty());
        Some(desktop)
    }

    pub fn iter(&self) -> impl Iterator<Item = DetachInstancesDesktopInfo> {
        (0..self.len()).map(|place| self.get(place))
    }

    /// Adds a desktop as a request has it, or returns why that cannot be.
    pub fn push(&mut self, desktop: &DetachInstancesDesktopInfo) -> Result<(), String> {
        let id = desktop.desktop_id.as_ref();
        let id = id.ok_or_else(|| "a desktop has no id".to_owned())?;
        let (place, is_new) = self.insert(id.as_str(), desktop.is_detach_all_users);
        if !is_new {
            return Err(format!("the desktop {id} is listed twice"));
        }
        for user in desktop.detach_user_infos.iter().flatten() {
            self.add_user(place, user);
        }
        // A part that is not kept would not be sent.
        let mut kept = self.get(place);
        // An empty list is no part.
        if desktop
            .detach_user_infos
            .as_ref()
            .is_some_and(Vec::is_empty)
        {
            kept.detach_user_infos.get_or_insert_default();
        }
        if kept != *desktop {
            return Err(format!("the desktop {id} has all users and also some"));
        }
        Ok(())
    }

    /// Returns the desktops at some of the places.
    pub fn part(&self, places: impl IntoIterator<Item = usize>) -> Self {
        let mut part = Self {
            different_users: Arc::clone(&self.different_users),
            ..Self::default()
        };
        for place in places {
            let (to, _) = part.insert(&self.ids.text(place), self.has_all_users(place));
            for number in self.user_numbers(place) {
                part.add_known_user(to, self.users[number].details);
            }
        }
        part
    }
}

/// No list has four billion users: they would take more memory than any machine has for it.
fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(NOBODY)
}

impl Serialize for Unbindings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Unbindings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Desktops;

        impl<'de> Visitor<'de> for Desktops {
            type Value = Unbindings;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of desktops")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Unbindings, A::Error> {
                let mut desktops = Unbindings::default();
                while let Some(desktop) = list.next_element()? {
                    desktops.push(&desktop).map_err(A::Error::custom)?;
                }
                desktops.end_adding();
                Ok(desktops)
            }
        }

        deserializer.deserialize_seq(Desktops)
    }
}

#[cfg(test)]
mod tests;
