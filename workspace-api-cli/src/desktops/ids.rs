//! The distinct ids of many desktops, in their order.

use std::borrow::Cow;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::ops::Range;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};
use serde::{Serialize, Serializer};
use workspace_api::types::DesktopId;

use crate::desktops::numbers::Numbers;
use crate::desktops::packed::{PackedId, PackedIds};

/// Distinct ids of desktops. Upper and lower case are not distinguished, nor is a UUID without hyphens
/// from the same with hyphens. Each takes about eight bytes in addition to those that it takes packed.
/// A clone shares them until it is changed.
#[derive(Clone, Debug, Default)]
pub struct DesktopIds(Arc<Ids>);

#[derive(Clone, Debug, Default)]
struct Ids {
    packed: PackedIds,
    places: Numbers,
    hasher: RandomState,
}

impl DesktopIds {
    /// Returns the place of an id, and true if it was added.
    pub fn insert(&mut self, id: &str) -> (usize, bool) {
        if let Some(place) = self.place(id) {
            return (place, false);
        }
        let Ids {
            packed,
            places,
            hasher,
        } = Arc::make_mut(&mut self.0);
        let place = packed.len();
        packed.push(id);
        places.insert(place, |place| hash(hasher, packed.get(place)));
        (place, true)
    }

    /// Returns the place of an id in the list.
    pub fn place(&self, id: &str) -> Option<usize> {
        let Ids {
            packed,
            places,
            hasher,
        } = &*self.0;
        let id = PackedId::of(id);
        places.find(hash(hasher, id), |place| match (packed.get(place), id) {
            (PackedId::Uuid(one), PackedId::Uuid(other)) => one == other,
            (PackedId::Other(one), PackedId::Other(other)) => one.eq_ignore_ascii_case(other),
            _ => false,
        })
    }

    /// Returns the id at a place, which is empty if the list is shorter.
    pub fn text(&self, place: usize) -> Cow<'_, str> {
        self.0.packed.text(place)
    }

    /// Returns the id at a place, parsed.
    pub fn get(&self, place: usize) -> Option<DesktopId> {
        DesktopId::try_from(&*self.text(place)).ok()
    }

    pub fn len(&self) -> usize {
        self.0.packed.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns some of the ids.
    pub fn range(&self, range: Range<usize>) -> impl Iterator<Item = DesktopId> {
        range.filter_map(|place| self.get(place))
    }

    pub fn texts(&self) -> impl ExactSizeIterator<Item = Cow<'_, str>> {
        (0..self.len()).map(|place| self.text(place))
    }
}

/// Returns the same hash for each spelling of an id.
fn hash(hasher: &RandomState, id: PackedId<'_>) -> u64 {
    match id {
        PackedId::Uuid(digits) => hasher.hash_one(digits),
        PackedId::Other(id) => hasher.hash_one(id.to_ascii_lowercase()),
    }
}

impl<I: AsRef<str>> FromIterator<I> for DesktopIds {
    fn from_iter<L: IntoIterator<Item = I>>(ids: L) -> Self {
        let mut list = Self::default();
        for id in ids {
            list.insert(id.as_ref());
        }
        list
    }
}

impl Serialize for DesktopIds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.texts())
    }
}

impl<'de> Deserialize<'de> for DesktopIds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Ids;

        impl<'de> Visitor<'de> for Ids {
            type Value = DesktopIds;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of desktop ids")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<DesktopIds, A::Error> {
                let mut ids = DesktopIds::default();
                while let Some(id) = list.next_element::<DesktopId>()? {
                    if !ids.insert(id.as_str()).1 {
                        return Err(A::Error::custom(format!("{id} is listed twice")));
                    }
                }
                Ok(ids)
            }
        }

        deserializer.deserialize_seq(Ids)
    }
}

#[cfg(test)]
mod tests;
