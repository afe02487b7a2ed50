//! Tokens and temporary access keys that the sandbox issues. They expire, and their number is
//! limited.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;
use std::time::SystemTime;

use crate::sync::lock;

/// Maximum number of issued values of one kind that are known at the same time. The oldest ones are
/// dropped.
const CAPACITY: usize = 1000;

/// The issued values of one kind, by what a request names them with.
#[derive(Debug)]
pub(crate) struct Issued<T>(Mutex<Values<T>>);

#[derive(Debug)]
struct Values<T> {
    by_name: HashMap<String, (T, SystemTime)>,
    /// The names in the order in which they were issued.
    order: VecDeque<String>,
}

impl<T> Default for Issued<T> {
    fn default() -> Self {
        Self(Mutex::new(Values {
            by_name: HashMap::new(),
            order: VecDeque::new(),
        }))
    }
}

impl<T: Clone> Issued<T> {
    /// Adds a value under a new name.
    pub(crate) fn add(&self, name: String, value: T, expires: SystemTime) {
        let mut values = lock(&self.0);
        if values.order.len() == CAPACITY
            && let Some(oldest) = values.order.pop_front()
        {
            values.by_name.remove(&oldest);
        }
        values.order.push_back(name.clone());
        values.by_name.insert(name, (value, expires));
    }

    /// Whether a value has this property.
    pub(crate) fn any(&self, has_property: impl Fn(&T) -> bool) -> bool {
        let values = lock(&self.0);
        values
            .by_name
            .values()
            .any(|(value, _)| has_property(value))
    }

    /// Returns a value and when it expires, which may be in the past.
    pub(crate) fn find(&self, name: &str) -> Option<(T, SystemTime)> {
        lock(&self.0).by_name.get(name).cloned()
    }
}
