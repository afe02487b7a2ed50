//! The automaton of a pattern.

/// Sets of positions in a pattern, one bit for each.
type Positions = u64;

/// An automaton for a whole text. Its state is the set of positions that the last character can
/// have matched.
pub(super) struct Automaton {
    pub(super) whole: Part,
    /// The positions that can come after each position.
    next: Vec<Positions>,
    /// The positions that match each ASCII character.
    ascii: [Positions; 128],
    /// The positions that match every other character; none matches only some of them.
    beyond_ascii: Positions,
}

/// A part of a pattern.
#[derive(Clone, Copy)]
pub(super) struct Part {
    pub(super) matches_empty: bool,
    pub(super) first: Positions,
    pub(super) last: Positions,
}

/// A part that matches only the empty text.
pub(super) const EMPTY: Part = Part {
    matches_empty: true,
    first: 0,
    last: 0,
};

impl Automaton {
    /// Returns an automaton without positions.
    pub(super) fn new() -> Self {
        Self {
            whole: EMPTY,
            next: Vec::new(),
            ascii: [0; 128],
            beyond_ascii: 0,
        }
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        if text.is_empty() {
            return self.whole.matches_empty;
        }
        let mut possible = self.whole.first;
        let mut matched = 0;
        for character in text.chars() {
            let matching = match self.ascii.get(character as usize) {
                Some(positions) => *positions,
                None => self.beyond_ascii,
            };
            let before = matched;
            matched = possible & matching;
            if matched == 0 {
                return false;
            }
            // Most characters are matched by the same positions as the one before.
            if matched != before {
                possible = self.after(matched);
            }
        }
        matched & self.whole.last != 0
    }

    /// Returns the positions that can come after these.
    fn after(&self, mut positions: Positions) -> Positions {
        let mut after = 0;
        while positions != 0 {
            after |= self.next[positions.trailing_zeros() as usize];
            positions &= positions - 1;
        }
        after
    }

    /// Adds a position that matches the characters of this set.
    pub(super) fn add(&mut self, set: Set) -> Option<Part> {
        let position = 1 << u32::try_from(self.next.len()).ok().filter(|it| *it < 64)?;
        self.next.push(0);
        for (character, positions) in self.ascii.iter_mut().enumerate() {
            if set.ascii >> character & 1 == 1 {
                *positions |= position;
            }
        }
        if set.beyond_ascii {
            self.beyond_ascii |= position;
        }
        Some(Part {
            matches_empty: false,
            first: position,
            last: position,
        })
    }

    /// Lets the positions `first` come after the positions `last`.
    pub(super) fn connect(&mut self, last: Positions, first: Positions) {
        for (position, next) in self.next.iter_mut().enumerate() {
            if last >> position & 1 == 1 {
                *next |= first;
            }
        }
    }

    pub(super) fn concatenate(&mut self, one: Part, other: Part) -> Part {
        self.connect(one.last, other.first);
        let if_empty = |part: Part, positions| if part.matches_empty { positions } else { 0 };
        Part {
            matches_empty: one.matches_empty && other.matches_empty,
            first: one.first | if_empty(one, other.first),
            last: other.last | if_empty(other, one.last),
        }
    }
}

/// A set of characters: one bit for each ASCII character, and whether all others are in it.
#[derive(Clone, Copy)]
pub(super) struct Set {
    pub(super) ascii: u128,
    pub(super) beyond_ascii: bool,
}

impl Set {
    pub(super) const NONE: Self = Self {
        ascii: 0,
        beyond_ascii: false,
    };

    pub(super) fn range(first: u8, last: u8) -> Self {
        let mut set = Self::NONE;
        for character in first..=last {
            set.ascii |= 1 << character;
        }
        set
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self {
            ascii: self.ascii | other.ascii,
            beyond_ascii: self.beyond_ascii || other.beyond_ascii,
        }
    }

    pub(super) fn complement(self) -> Self {
        Self {
            ascii: !self.ascii,
            beyond_ascii: !self.beyond_ascii,
        }
    }
}
