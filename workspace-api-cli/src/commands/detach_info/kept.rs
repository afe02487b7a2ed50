//! Results that are kept until all are known, as short JSON.

use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};

use crate::desktops::texts::{Short, Texts};

/// The parts of JSON that nearly every record has.
const SHORT: Short = Short(&[
    ("{\"desktop_id\":\"", "\u{1}"),
    ("\",\"desktop_name\":\"", "\u{2}"),
    ("\",\"user_id\":\"", "\u{3}"),
    ("\",\"user_name\":\"", "\u{4}"),
    ("\",\"user_group\":\"", "\u{5}"),
    ("\",\"detach_time\":\"", "\u{6}"),
    ("\",\"type\":\"USER", "\u{7}"),
    ("\",\"type\":\"GROUP", "\u{8}"),
    ("\"}", "\u{b}"),
]);

/// A list of values. Each takes its text and few bytes more.
pub struct Kept<T> {
    json: Texts,
    of: PhantomData<T>,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self {
            json: Texts::default(),
            of: PhantomData,
        }
    }
}

impl<T: Serialize + DeserializeOwned> Kept<T> {
    pub fn push(&mut self, value: &T) {
        // Records and errors are text and numbers, which JSON can hold.
        let json = serde_json::to_string(value).unwrap_or_default();
        self.json.push(&SHORT.shorten(json));
    }

    pub fn is_empty(&self) -> bool {
        self.json.len() == 0
    }

    pub fn iter(&self) -> impl Iterator<Item = T> + Clone {
        let json = (0..self.json.len()).map(|number| SHORT.restore(self.json.get(number)));
        json.filter_map(|json| serde_json::from_str(&json).ok())
    }
}

impl<T: Serialize + DeserializeOwned> Serialize for Kept<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(test)]
mod tests;
