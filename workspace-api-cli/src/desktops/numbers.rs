//! Finds the items of a list by their hashes.

/// A slot without an item.
const FREE: u32 = u32::MAX;
/// The first number of slots.
const FIRST_SLOTS: usize = 16;

/// The numbers of a list's items, in slots that their hashes choose. The items stay in their list,
/// so each takes about eight bytes here.
#[derive(Clone, Debug, Default)]
pub struct Numbers {
    /// A power of two of slots, of which a quarter or more are free.
    slots: Vec<u32>,
    used: usize,
}

impl Numbers {
    pub fn is_empty(&self) -> bool {
        self.used == 0
    }

    /// Returns the number of the item that has this hash and that `is_item` accepts.
    pub fn find(&self, hash: u64, is_item: impl Fn(usize) -> bool) -> Option<usize> {
        for slot in slots(hash, self.slots.len()) {
            match self.slots[slot] {
                FREE => return None,
                number if is_item(number as usize) => return Some(number as usize),
                _ => {}
            }
        }
        None
    }

    /// Adds an item that is not here yet; `hash` returns the hash of an item.
    pub fn insert(&mut self, number: usize, hash: impl Fn(usize) -> u64) {
        if (self.used + 1) * 4 > self.slots.len() * 3 {
            let length = (self.slots.len() * 2).max(FIRST_SLOTS);
            let before = std::mem::replace(&mut self.slots, vec![FREE; length]);
            for number in before.into_iter().filter(|number| *number != FREE) {
                self.fill_slot(number, hash(number as usize));
            }
        }
        // No list has four billion items: they would take more memory than any machine has for it.
        let item = u32::try_from(number).unwrap_or(FREE);
        self.fill_slot(item, hash(number));
        self.used += 1;
    }

    fn fill_slot(&mut self, number: u32, hash: u64) {
        let mut slots = slots(hash, self.slots.len());
        if let Some(slot) = slots.find(|slot| self.slots[*slot] == FREE) {
            self.slots[slot] = number;
        }
    }
}

/// Returns the slots that an item with this hash can have, the preferred one first.
fn slots(hash: u64, length: usize) -> impl Iterator<Item = usize> {
    // Only the last bits of the hash choose the slot.
    #[allow(clippy::cast_possible_truncation)]
    let first = hash as usize;
    (0..length).map(move |step| first.wrapping_add(step) & (length - 1))
}
