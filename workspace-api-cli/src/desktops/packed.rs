//! Ids in as few bytes as the service's own ids need: those are UUIDs.

use std::borrow::Cow;
use std::fmt::Write;

use crate::desktops::texts::Texts;

/// The length of a UUID with hyphens, and their offsets.
const UUID_LENGTH: usize = 36;
const HYPHENS: [usize; 4] = [8, 13, 18, 23];
/// Number of the digits of a UUID.
const DIGITS: usize = 32;
/// The beginning of what stands for an id that is not packed; its number among these ids follows.
const OTHER: [u8; 12] = [0xff; 12];

/// A list of ids. A UUID in lower case and with hyphens takes 16 bytes, another id 24 and its length.
#[derive(Clone, Debug, Default)]
pub struct PackedIds {
    packed: Vec<[u8; 16]>,
    others: Texts,
}

/// An id of the list, without regard to upper and lower case and to the hyphens of a UUID.
#[derive(Clone, Copy)]
pub enum PackedId<'t> {
    /// The digits of a UUID.
    Uuid([u8; 16]),
    Other(&'t str),
}

impl PackedIds {
    pub fn push(&mut self, id: &str) {
        self.packed.push(match pack(id) {
            Some(digits) if unpack(digits) == id => digits,
            _ => {
                // No list has four billion ids: they would take more memory than a machine has.
                let number = u32::try_from(self.others.len()).unwrap_or(u32::MAX);
                self.others.push(id);
                let mut packed = [0; 16];
                packed[..12].copy_from_slice(&OTHER);
                packed[12..].copy_from_slice(&number.to_be_bytes());
                packed
            }
        });
    }

    /// Returns the id at a place, which is empty if the list is shorter.
    pub fn text(&self, place: usize) -> Cow<'_, str> {
        match self.packed.get(place) {
            None => Cow::default(),
            Some(packed) => match number_of_other(packed) {
                Some(number) => Cow::Borrowed(self.others.get(number)),
                None => Cow::Owned(unpack(*packed)),
            },
        }
    }

    /// Returns the id at a place as it is compared.
    pub fn get(&self, place: usize) -> PackedId<'_> {
        match self.packed.get(place) {
            None => PackedId::Other(""),
            Some(packed) => match number_of_other(packed) {
                Some(number) => PackedId::of(self.others.get(number)),
                None => PackedId::Uuid(*packed),
            },
        }
    }

    pub fn len(&self) -> usize {
        self.packed.len()
    }
}

impl<'t> PackedId<'t> {
    pub fn of(id: &'t str) -> Self {
        pack(id).map_or(Self::Other(id), Self::Uuid)
    }
}

/// Returns the number among the other ids of one that is not packed.
fn number_of_other(packed: &[u8; 16]) -> Option<usize> {
    let number = packed.strip_prefix(OTHER.as_slice())?;
    let number = u32::from_be_bytes(number.try_into().ok()?);
    usize::try_from(number).ok()
}

/// Returns the digits of a UUID in upper or lower case, with or without hyphens.
fn pack(id: &str) -> Option<[u8; 16]> {
    let id = id.as_bytes();
    let has_hyphens = id.len() == UUID_LENGTH && HYPHENS.iter().all(|offset| id[*offset] == b'-');
    if !has_hyphens && id.len() != DIGITS {
        return None;
    }
    let mut packed = [0; 16];
    let mut digits = id.iter().filter(|byte| **byte != b'-');
    for byte in &mut packed {
        *byte = digit(*digits.next()?)? << 4 | digit(*digits.next()?)?;
    }
    let is_complete = digits.next().is_none() && !packed.starts_with(&OTHER);
    is_complete.then_some(packed)
}

fn digit(character: u8) -> Option<u8> {
    match character {
        b'0'..=b'9' => Some(character - b'0'),
        b'a'..=b'f' => Some(character - b'a' + 10),
        b'A'..=b'F' => Some(character - b'A' + 10),
        _ => None,
    }
}

/// Returns a UUID in lower case and with hyphens.
fn unpack(packed: [u8; 16]) -> String {
    let mut id = String::with_capacity(UUID_LENGTH);
    for byte in packed {
        if HYPHENS.contains(&id.len()) {
            id.push('-');
        }
        // Writing to a string cannot fail.
        let _ = write!(id, "{byte:02x}");
    }
    id
}
