//! Many short texts in one buffer.

use std::hash::{BuildHasher, RandomState};

use serde::{Serialize, Serializer};

use crate::desktops::numbers::Numbers;

/// A list of texts. Each takes its length and four bytes.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    text: String,
    /// The end of each text, without the bits that four bytes have no room for.
    ends: Vec<u32>,
    /// The number of the first text that ends beyond 4 GiB, beyond 8 GiB and so on.
    carries: Vec<usize>,
}

impl Texts {
    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.push_end(self.text.len());
    }

    fn push_end(&mut self, end: usize) {
        while self.carries.len() < end >> u32::BITS {
            self.carries.push(self.ends.len());
        }
        // The other bits are those of the carries.
        #[allow(clippy::cast_possible_truncation)]
        self.ends.push(end as u32);
    }

    fn end(&self, number: usize) -> Option<usize> {
        let carries = self.carries.partition_point(|first| *first <= number);
        Some(carries << u32::BITS | *self.ends.get(number)? as usize)
    }

    /// Returns a text, which is empty if the list is shorter.
    pub fn get(&self, number: usize) -> &str {
        let start = match number.checked_sub(1) {
            Some(before) => self.end(before),
            None => Some(0),
        };
        let (Some(start), Some(end)) = (start, self.end(number)) else {
            return "";
        };
        &self.text[start..end]
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|number| self.get(number))
    }
}

impl Serialize for Texts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// Parts of JSON that many texts have, and the characters that are stored in their place. JSON has no
/// control characters, so these cannot mean anything else.
pub struct Short(pub &'static [(&'static str, &'static str)]);

impl Short {
    pub fn shorten(&self, json: String) -> String {
        let shorten = |json: String, (long, short): &(&str, &str)| json.replace(long, short);
        self.0.iter().fold(json, shorten)
    }

    pub fn restore(&self, json: &str) -> String {
        let restore = |json: String, (long, short): &(&str, &str)| json.replace(short, long);
        self.0.iter().fold(json.to_owned(), restore)
    }
}

/// A list of texts without repetitions.
#[derive(Clone, Debug, Default)]
pub struct DistinctTexts {
    texts: Texts,
    numbers: Numbers,
    hasher: RandomState,
}

impl DistinctTexts {
    /// Frees the memory that only [`insert`](Self::insert) needs. The next one gets it again.
    pub fn end_inserting(&mut self) {
        self.numbers = Numbers::default();
    }

    /// Returns the number of a text, which is added if it is new.
    pub fn insert(&mut self, text: &str) -> usize {
        let Self {
            texts,
            numbers,
            hasher,
        } = self;
        if numbers.is_empty() {
            for number in 0..texts.len() {
                numbers.insert(number, |number| hasher.hash_one(texts.get(number)));
            }
        }
        let known = numbers.find(hasher.hash_one(text), |number| texts.get(number) == text);
        known.unwrap_or_else(|| {
            let number = texts.len();
            texts.push(text);
            numbers.insert(number, |number| hasher.hash_one(texts.get(number)));
            number
        })
    }

    pub fn get(&self, number: usize) -> &str {
        self.texts.get(number)
    }

    pub fn len(&self) -> usize {
        self.texts.len()
    }
}

#[cfg(test)]
mod tests;
