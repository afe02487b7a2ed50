//! The first of many texts, and the number of the others.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use crate::output::text::{PREVIEW_LENGTH, preview};

/// Different texts, of which only the first are shown. Each of the others takes few bytes.
#[derive(Default)]
pub struct Preview {
    first: Vec<String>,
    hashes: HashSet<u64>,
    hasher: RandomState,
}

impl Preview {
    /// Adds a text, and returns true if it is new.
    pub fn add(&mut self, text: &str) -> bool {
        let is_new = self.hashes.insert(self.hasher.hash_one(text));
        if is_new && self.first.len() < PREVIEW_LENGTH {
            self.first.push(text.to_owned());
        }
        is_new
    }

    /// Returns the number of different texts.
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    /// Returns the first texts and the number of the others.
    pub fn text(&self) -> String {
        preview(&self.first, self.len())
    }
}
