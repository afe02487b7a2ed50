//! The names of desktops, which people know better than the ids.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::{Serialize, Serializer};

use crate::desktops::ids::DesktopIds;
use crate::desktops::texts::Texts;

/// The names of desktops by id. The service does not distinguish upper and lower case in an id.
#[derive(Clone, Debug, Default)]
pub struct DesktopNames {
    ids: DesktopIds,
    names: Texts,
}

impl DesktopNames {
    /// Adds the name of a desktop, unless the desktop has one. Returns the number of names before
    /// that of the desktop.
    pub fn insert(&mut self, id: &str, name: &str) -> usize {
        let (place, is_new) = self.ids.insert(id);
        if is_new {
            self.names.push(name);
        }
        place
    }

    /// Returns these names and, of other desktops, those of a report.
    pub fn or<'n>(&'n self, others: &'n Self) -> Cow<'n, Self> {
        if self.is_empty() {
            return Cow::Borrowed(others);
        }
        let mut names = self.clone();
        for (id, name) in others.ids.texts().zip(others.names.iter()) {
            names.insert(&id, name);
        }
        Cow::Owned(names)
    }

    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    pub fn get(&self, id: &str) -> Option<&str> {
        let place = self.ids.place(id)?;
        Some(self.names.get(place))
    }

    /// Returns the id, after the name if there is one: `design-01 (4f6f…)`.
    pub fn label(&self, id: &str) -> String {
        match self.get(id) {
            Some(name) => format!("{name} ({id})"),
            None => id.to_owned(),
        }
    }
}

impl Serialize for DesktopNames {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.ids.texts().zip(self.names.iter()))
    }
}

impl<'de> Deserialize<'de> for DesktopNames {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;

        impl<'de> Visitor<'de> for Names {
            type Value = DesktopNames;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the names of desktops by id")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<DesktopNames, A::Error> {
                let mut names = DesktopNames::default();
                while let Some((id, name)) = map.next_entry::<String, String>()? {
                    names.insert(&id, &name);
                }
                Ok(names)
            }
        }

        deserializer.deserialize_map(Names)
    }
}
