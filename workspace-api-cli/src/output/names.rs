//! The names of desktops, which people know better than the ids.

use std::collections::{BTreeMap, HashMap};

/// The names of desktops by id. The service does not distinguish upper and lower case in an id.
#[derive(Clone, Debug, Default)]
pub struct DesktopNames(HashMap<String, String>);

impl DesktopNames {
    pub fn insert(&mut self, id: &str, name: &str) {
        self.0.insert(id.to_ascii_lowercase(), name.to_owned());
    }

    /// Returns these names and, of other desktops, those of a report.
    pub fn or(&self, others: &BTreeMap<String, String>) -> Self {
        let mut names = self.clone();
        for (id, name) in others {
            if names.get(id).is_none() {
                names.insert(id, name);
            }
        }
        names
    }

    pub fn get(&self, id: &str) -> Option<&str> {
        if self.0.is_empty() {
            return None;
        }
        self.0.get(&id.to_ascii_lowercase()).map(String::as_str)
    }

    /// Returns the id, after the name if there is one: `design-01 (4f6f…)`.
    pub fn label(&self, id: &str) -> String {
        match self.get(id) {
            Some(name) => format!("{name} ({id})"),
            None => id.to_owned(),
        }
    }
}
