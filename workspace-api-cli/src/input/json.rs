//! Reads JSON as rows: JSON lines, an array, or an object that contains one, such as the service's
//! list of desktops. Keys are columns.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::value::RawValue;
use serde_json::{Deserializer, Value};

use crate::input::columns::Column;
use crate::input::errors::{InputErrors, excerpt};
use crate::input::table::{Cells, Row, Table};
use crate::output::text::{group_digits, list_preview};

/// The keys of the service's list of desktops that name who a desktop is bound to. They describe
/// the desktops and choose nobody, so they are shown instead of being read.
const BOUND_USERS: [&str; 4] = [
    "user_name",
    "attach_user_infos",
    "attach_users",
    "user_group_infos",
];
/// Other keys of this list that only look as if they named people.
const OF_DESKTOP: [&str; 3] = ["login_status", "user_group", "sid"];

/// The values of an object by key, not parsed yet.
type Object<'t> = BTreeMap<String, &'t RawValue>;

/// Reads JSON lines, or one document, and passes each row on.
pub fn read(text: &str, errors: &mut InputErrors, add: impl FnMut(Row, &mut InputErrors)) -> Table {
    let mut reader = Reader::new(add);
    let mut values = Deserializer::from_str(text).into_iter::<&RawValue>();
    let mut lines = Lines {
        text,
        at: 0,
        line: 1,
    };
    // The first value, as long as it may be the only one and a document.
    let mut first = None;
    let mut is_first = true;
    loop {
        let line = lines.line_of_value(values.byte_offset());
        match values.next() {
            Some(Ok(value)) if is_first => first = Some((line, value)),
            Some(Ok(value)) => {
                if let Some((line, value)) = first.take() {
                    reader.add(line, value, errors);
                }
                reader.add(line, value, errors);
            }
            Some(Err(error)) => {
                let line = u64::try_from(error.line()).unwrap_or_default();
                errors.add(line, format!("invalid JSON: {error}"));
                return reader.table;
            }
            None => break,
        }
        is_first = false;
    }
    match first {
        Some((line, value)) if is_row(value) => reader.add(line, value, errors),
        Some((_, value)) => {
            errors.count_entries();
            reader.read_document(value, errors);
        }
        None => {}
    }
    reader.finish()
}

/// Returns true for a value that is a desktop, and not a document with desktops.
fn is_row(value: &RawValue) -> bool {
    if is_array(value) {
        return false;
    }
    let is_id = |key: &String| Column::of_heading(key) == Some(Column::DesktopId);
    object(value).is_none_or(|object| object.keys().any(is_id))
}

fn is_array(value: &RawValue) -> bool {
    value.get().starts_with('[')
}

/// Returns the object that a value is, or `None`.
fn object(value: &RawValue) -> Option<Object<'_>> {
    serde_json::from_str(value.get()).ok()
}

struct Reader<F> {
    /// Receives the rows.
    add: F,
    table: Table,
    seen: BTreeSet<String>,
    /// True for the service's list of desktops.
    is_service_list: bool,
    /// The users that the desktops are bound to according to this list.
    bound: BTreeSet<String>,
}

impl<F: FnMut(Row, &mut InputErrors)> Reader<F> {
    fn new(add: F) -> Self {
        Self {
            add,
            table: Table::default(),
            seen: BTreeSet::new(),
            is_service_list: false,
            bound: BTreeSet::new(),
        }
    }

    fn read_document(&mut self, document: &RawValue, errors: &mut InputErrors) {
        let mut list = document;
        if let Some(object) = object(document) {
            let desktops = match object.get("desktops") {
                Some(desktops) => Some(desktops).filter(|value| is_array(value)),
                None => object.values().find(|value| is_array(value)),
            };
            let Some(found) = desktops else {
                errors.add(1, "no `desktop_id` in this object");
                return;
            };
            list = found;
        }
        let entries: Vec<&RawValue> = match serde_json::from_str(list.get()) {
            Ok(entries) => entries,
            Err(error) => {
                errors.add(1, format!("invalid JSON: {error}"));
                return;
            }
        };
        if let Some(object) = object(document) {
            self.is_service_list = is_service_list(&entries);
            let total = object.get("total_count");
            let total = total.and_then(|total| serde_json::from_str(total.get()).ok());
            if let Some(total) = total
                && total > entries.len()
            {
                self.table.notes.push(format!(
                    "only {} of {} desktops are in this list (total_count)",
                    group_digits(entries.len()),
                    group_digits(total)
                ));
            }
        }
        for (entry, number) in entries.into_iter().zip(1..) {
            self.add(number, entry, errors);
        }
    }

    fn add(&mut self, line: u64, value: &RawValue, errors: &mut InputErrors) {
        let mut cells = Cells::default();
        match serde_json::from_str(value.get()) {
            Ok(Value::String(id)) => {
                *cells.entry(Column::DesktopId) = id;
            }
            Ok(Value::Object(object)) => {
                for (key, value) in object {
                    self.add_cell(&mut cells, key, value);
                }
            }
            Ok(other) => {
                let other = excerpt(&other.to_string());
                errors.add(line, format!("`{other}` is neither a desktop nor an id"));
                return;
            }
            Err(error) => {
                errors.add(line, format!("invalid JSON: {error}"));
                return;
            }
        }
        self.table.header_line = 1;
        (self.add)(Row::new(line, cells), errors);
    }

    fn add_cell(&mut self, cells: &mut Cells, key: String, value: Value) {
        if self.is_service_list && BOUND_USERS.contains(&key.as_str()) {
            collect_names(&value, &mut self.bound);
            return;
        }
        let is_of_desktop = self.is_service_list && OF_DESKTOP.contains(&key.as_str());
        // Only JSON has `name` from programs that list desktops; in a spreadsheet it may be a
        // person.
        let column = match key.as_str() {
            _ if is_of_desktop => None,
            "name" => Some(Column::DesktopName),
            key => Column::of_heading(key),
        };
        let text = match value {
            Value::Null => String::new(),
            Value::String(text) => text,
            Value::Array(values) if values.is_empty() => String::new(),
            other => other.to_string(),
        };
        match column {
            Some(column) => {
                if !self.table.known.contains(&column) {
                    self.table.known.push(column);
                }
                let cell = cells.entry(column);
                if cell.is_empty() {
                    *cell = text;
                }
            }
            None if is_of_desktop || text.is_empty() || self.seen.contains(&key) => {}
            None => {
                self.table.unknown.push(excerpt(&key));
                self.seen.insert(key);
            }
        }
    }

    fn finish(mut self) -> Table {
        if !self.bound.is_empty() {
            let bound: Vec<_> = self.bound.into_iter().collect();
            let bound = list_preview(&bound);
            self.table
                .notes
                .push(format!("the desktops in this list are bound to {bound}"));
        }
        self.table
    }
}

/// Returns true for the service's list: it describes desktops by keys that no request has.
fn is_service_list(entries: &[&RawValue]) -> bool {
    let has = |key| {
        let mut objects = entries.iter().filter_map(|entry| object(entry));
        objects.any(|object| object.contains_key(key))
    };
    has("computer_name") && (has("status") || has("desktop_type"))
}

/// Collects the names of users in a value of the service's list.
fn collect_names(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::String(name) if !name.is_empty() => {
            names.insert(name.clone());
        }
        Value::Array(values) => {
            for value in values {
                collect_names(value, names);
            }
        }
        Value::Object(object) => {
            if let Some(name) = object.get("user_name").or(object.get("name")) {
                collect_names(name, names);
            }
        }
        _ => {}
    }
}

/// Counts lines from the beginning of a text to each of its values.
struct Lines<'t> {
    text: &'t str,
    /// Offset in the text, in bytes.
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// Returns the line of the value that begins at or after this offset.
    fn line_of_value(&mut self, offset: usize) -> u64 {
        let rest = self.text.get(offset..).unwrap_or_default();
        let start = offset + rest.len() - rest.trim_start().len();
        let passed = self.text.get(self.at..start).unwrap_or_default();
        self.line += passed.matches('\n').count() as u64;
        self.at = start.max(self.at);
        self.line
    }
}

#[cfg(test)]
mod tests;
