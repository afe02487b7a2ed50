//! The names of desktops, which people know better than the ids.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::{Serialize, Serializer};

use crate::desktops::ids::DesktopIds;
use crate::desktops::packed::PackedIds;
use crate::desktops::texts::Texts;

/// The number of a desktop without a name.
const NO_NAME: u32 = u32::MAX;

/// The names of desktops by id. The service does not distinguish upper and lower case in an id.
///
/// Each takes its length and eight bytes: the ids are usually those of a plan, which they share.
#[derive(Clone, Debug, Default)]
pub struct DesktopNames {
    ids: DesktopIds,
    names: Texts,
    /// The number in `names` of each desktop, by its place in `ids`, as far as there are names.
    numbers: Vec<u32>,
}

impl DesktopNames {
    /// Adds the name of the desktop at a place of a list whose ids follow with
    /// [`with_ids`](Self::with_ids), unless the desktop has one.
    pub fn add(&mut self, place: usize, name: &str) {
        if self.at(place).is_none() {
            self.set(place, name);
        }
    }

    /// Sets the name of the desktop at a place of such a list.
    pub fn set(&mut self, place: usize, name: &str) {
        if self.at(place) == Some(name) {
            return;
        }
        self.set_number(place, self.names.len());
        self.names.push(name);
    }

    fn set_number(&mut self, place: usize, number: usize) {
        if self.numbers.len() <= place {
            self.numbers.resize(place + 1, NO_NAME);
        }
        // No list has four billion names: they would take more memory than a machine has.
        self.numbers[place] = u32::try_from(number).unwrap_or(NO_NAME);
    }

    /// Returns the names with the ids of the list.
    pub fn with_ids(self, ids: &DesktopIds) -> Self {
        Self {
            ids: ids.clone(),
            ..self
        }
    }

    /// Adds the name of a desktop, unless the desktop has one.
    pub fn insert(&mut self, id: &str, name: &str) {
        let (place, _) = self.ids.insert(id);
        self.add(place, name);
    }

    /// Returns these names and, of other desktops, those of a report.
    pub fn or(self, others: Self) -> Self {
        if self.is_empty() {
            return others;
        }
        let mut names = self;
        for (id, name) in others.iter() {
            names.insert(&id, name);
        }
        names
    }

    pub fn is_empty(&self) -> bool {
        self.names.len() == 0
    }

    /// Returns the name of the desktop at a place of the list.
    pub fn at(&self, place: usize) -> Option<&str> {
        let number = self
            .numbers
            .get(place)
            .filter(|number| **number != NO_NAME)?;
        Some(self.names.get(*number as usize))
    }

    pub fn get(&self, id: &str) -> Option<&str> {
        if self.is_empty() {
            return None;
        }
        self.at(self.ids.place(id)?)
    }

    /// Returns the id, after the name if there is one: `design-01 (4f6f…)`.
    pub fn label(&self, id: &str) -> String {
        match self.get(id) {
            Some(name) => format!("{name} ({id})"),
            None => id.to_owned(),
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = (Cow<'_, str>, &str)> {
        let places = 0..self.numbers.len();
        places.filter_map(|place| Some((self.ids.text(place), self.at(place)?)))
    }
}

impl Serialize for DesktopNames {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

/// Names as they are read, before the list of the desktops is known.
#[derive(Default)]
pub struct UnplacedNames {
    ids: PackedIds,
    names: Texts,
}

impl UnplacedNames {
    /// Returns the names of the desktops in this list.
    pub fn of(self, ids: &DesktopIds) -> DesktopNames {
        let mut names = DesktopNames::default();
        for number in 0..self.ids.len() {
            if let Some(place) = ids.place(&self.ids.text(number)) {
                names.set_number(place, number);
            }
        }
        DesktopNames {
            names: self.names,
            ..names.with_ids(ids)
        }
    }
}

impl<'de> Deserialize<'de> for UnplacedNames {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;

        impl<'de> Visitor<'de> for Names {
            type Value = UnplacedNames;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the names of desktops by id")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<UnplacedNames, A::Error> {
                let mut names = UnplacedNames::default();
                while let Some((id, name)) = map.next_entry::<String, String>()? {
                    names.ids.push(&id);
                    names.names.push(&name);
                }
                Ok(names)
            }
        }

        deserializer.deserialize_map(Names)
    }
}
