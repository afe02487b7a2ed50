//! Finds desktops by their ids. A UUID is one id in upper and lower case, with and without hyphens:
//! the service does not document which of them it distinguishes, and no desktop may be sent twice.

/// The length of a UUID with hyphens, and the offsets of its hyphens.
const UUID_LENGTH: usize = 36;
const HYPHENS: [usize; 4] = [8, 13, 18, 23];
/// Number of the digits of a UUID.
const DIGITS: usize = 32;

/// The entries of a list by the ids of their desktops. The list keeps the ids: each method has a
/// function that returns the id of an entry.
pub(super) struct IdIndex {
    /// The hash of an id, and the number of its entry, from 1. At least half of the slots stay free.
    slots: Vec<(usize, usize)>,
}

impl IdIndex {
    /// Returns an index for this number of entries.
    pub(super) fn with_capacity(entries: usize) -> Self {
        Self {
            slots: vec![(0, 0); (2 * entries).next_power_of_two()],
        }
    }

    /// Adds an entry, unless one has its id. Returns the entry that has the id from now on.
    pub(super) fn insert<'a>(&mut self, entry: usize, id_of: impl Fn(usize) -> &'a str) -> usize {
        let id = id_of(entry);
        let hash = hash(id);
        let slot = self.slot(hash, id, id_of);
        if self.slots[slot].1 == 0 {
            self.slots[slot] = (hash, entry + 1);
        }
        self.slots[slot].1 - 1
    }

    /// Returns the entry with this id.
    pub(super) fn find<'a>(&self, id: &str, id_of: impl Fn(usize) -> &'a str) -> Option<usize> {
        let slot = self.slot(hash(id), id, id_of);
        self.slots[slot].1.checked_sub(1)
    }

    /// Returns the slot of an id, which is free if no entry has it.
    fn slot<'a>(&self, hash: usize, id: &str, id_of: impl Fn(usize) -> &'a str) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = hash & mask;
        while let (other_hash, other @ 1..) = self.slots[slot] {
            // Equal hashes are rare, so few ids are compared.
            if other_hash == hash && is_same(id_of(other - 1), id) {
                break;
            }
            slot = (slot + 1) & mask;
        }
        slot
    }
}

/// Returns whether these are two spellings of one id.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other) || is_with_hyphens(one, other) || is_with_hyphens(other, one)
}

/// Whether an id is this UUID, with hyphens.
fn is_with_hyphens(id: &str, uuid: &str) -> bool {
    uuid.len() == DIGITS
        && without_hyphens(id).is_some_and(|digits| {
            let is_uuid = digits.iter().all(u8::is_ascii_hexdigit);
            is_uuid && digits.eq_ignore_ascii_case(uuid.as_bytes())
        })
}

/// Returns the characters of an id that has the length and the hyphens of a UUID.
fn without_hyphens(id: &str) -> Option<[u8; DIGITS]> {
    let id: &[u8; UUID_LENGTH] = id.as_bytes().try_into().ok()?;
    if HYPHENS.iter().any(|offset| id[*offset] != b'-') {
        return None;
    }
    let mut digits = [0; DIGITS];
    digits[..8].copy_from_slice(&id[..8]);
    digits[8..12].copy_from_slice(&id[9..13]);
    digits[12..16].copy_from_slice(&id[14..18]);
    digits[16..20].copy_from_slice(&id[19..23]);
    digits[20..].copy_from_slice(&id[24..]);
    Some(digits)
}

/// Returns the same hash for each spelling of an id. Other ids rarely have it.
fn hash(id: &str) -> usize {
    let hash = if let Some(words) = words_without_hyphens(id) {
        words.into_iter().fold(0, add_word)
    } else {
        let (words, rest) = id.as_bytes().as_chunks();
        let words = words.iter().map(|word| u64::from_le_bytes(*word));
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        let last = (!rest.is_empty()).then_some(u64::from_le_bytes(last));
        words.chain(last).fold(0, add_word)
    };
    // The highest bits are the best ones, and a difference at the end of the id is in no others.
    (hash.wrapping_mul(FACTOR) >> 32) as usize
}

/// Returns what [`without_hyphens`] does, as numbers. Writing bytes and reading them as numbers would
/// take longer than the rest of the hash.
fn words_without_hyphens(id: &str) -> Option<[u64; DIGITS / 8]> {
    let id: &[u8; UUID_LENGTH] = id.as_bytes().try_into().ok()?;
    if HYPHENS.iter().any(|offset| id[*offset] != b'-') {
        return None;
    }
    let word = |start: usize| u64::from_le_bytes(chunk(&id[start..]));
    let half = |start: usize| u64::from(u32::from_le_bytes(chunk(&id[start..])));
    let words = [
        word(0),
        half(9) | half(14) << 32,
        half(19) | half(24) << 32,
        word(28),
    ];
    Some(words)
}

/// Returns the first bytes of a part of an id, which is long enough.
fn chunk<const N: usize>(bytes: &[u8]) -> [u8; N] {
    bytes.first_chunk().copied().unwrap_or([0; N])
}

const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

fn add_word(hash: u64, word: u64) -> u64 {
    // The bit in which upper and lower case differ.
    const CASE: u64 = 0x2020_2020_2020_2020;
    let hash = (hash ^ (word | CASE)).wrapping_mul(FACTOR);
    hash ^ (hash >> 32)
}

#[cfg(test)]
mod tests;
