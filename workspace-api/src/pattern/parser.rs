//! Reads patterns that an automaton can express.

use super::automaton::{Automaton, EMPTY, Part, Set};

/// Returns the automaton of a pattern that matches whole texts; `None` if the pattern has something
/// that it cannot express.
pub(super) fn parse(pattern: &str) -> Option<Automaton> {
    let inner = pattern.strip_prefix('^')?.strip_suffix('$')?;
    let mut parser = Parser {
        rest: inner.as_bytes(),
        automaton: Automaton::new(),
    };
    // Alternatives at the top are not between `^` and `$`.
    let whole = parser.sequence()?;
    if !parser.rest.is_empty() {
        return None;
    }
    parser.automaton.whole = whole;
    Some(parser.automaton)
}

/// Reads a pattern, one part after another. `None` means that it has something else.
struct Parser<'a> {
    rest: &'a [u8],
    automaton: Automaton,
}

impl Parser<'_> {
    fn alternatives(&mut self) -> Option<Part> {
        let mut all = self.sequence()?;
        while self.skip(b"|") {
            let other = self.sequence()?;
            all = Part {
                matches_empty: all.matches_empty || other.matches_empty,
                first: all.first | other.first,
                last: all.last | other.last,
            };
        }
        Some(all)
    }

    fn sequence(&mut self) -> Option<Part> {
        let mut sequence = EMPTY;
        while !matches!(self.rest, [] | [b'|' | b')', ..]) {
            let repeated = self.repeated()?;
            sequence = self.automaton.concatenate(sequence, repeated);
        }
        Some(sequence)
    }

    /// Reads a set, a character or a group, and how often it is repeated.
    fn repeated(&mut self) -> Option<Part> {
        let start = self.rest;
        let once = self.once()?;
        let (minimum, maximum) = self.limits()?;
        if maximum.is_some_and(|maximum| maximum < minimum) {
            return None;
        }
        let end = self.rest;
        // Each repetition has positions of its own, so the part is read again.
        let mut unused = Some(once);
        let mut all = EMPTY;
        for number in 1..=maximum.unwrap_or(minimum.max(1)) {
            let mut part = if let Some(part) = unused.take() {
                part
            } else {
                self.rest = start;
                self.once()?
            };
            if maximum.is_none() && number >= minimum {
                self.automaton.connect(part.last, part.first);
            }
            part.matches_empty |= number > minimum;
            all = self.automaton.concatenate(all, part);
        }
        self.rest = end;
        Some(all)
    }

    fn once(&mut self) -> Option<Part> {
        let set = match self.next()? {
            b'(' => {
                if !self.skip(b"?:") && self.rest.first() == Some(&b'?') {
                    return None;
                }
                let part = self.alternatives()?;
                return self.skip(b")").then_some(part);
            }
            b'[' => self.set()?,
            b'\\' => self.escape()?,
            b'^' | b'$' | b'.' | b'*' | b'+' | b'?' | b'{' | b'}' | b']' => return None,
            character => single_character(character)?,
        };
        self.automaton.add(set)
    }

    /// Reads how often a part is repeated at least and at most.
    fn limits(&mut self) -> Option<(usize, Option<usize>)> {
        let limits = match self.rest.first() {
            Some(b'*') => (0, None),
            Some(b'+') => (1, None),
            Some(b'?') => (0, Some(1)),
            Some(b'{') => {
                let end = self.rest.iter().position(|byte| *byte == b'}')?;
                let limits = str::from_utf8(&self.rest[1..end]).ok()?;
                self.rest = &self.rest[end..];
                match limits.split_once(',') {
                    None => (limits.parse().ok()?, Some(limits.parse().ok()?)),
                    Some((minimum, "")) => (minimum.parse().ok()?, None),
                    Some((minimum, maximum)) => {
                        (minimum.parse().ok()?, Some(maximum.parse().ok()?))
                    }
                }
            }
            _ => return Some((1, Some(1))),
        };
        self.next()?;
        // Whether the shortest or the longest match is preferred does not matter for a whole text.
        self.skip(b"?");
        Some(limits)
    }

    /// Reads the set after a `[`.
    fn set(&mut self) -> Option<Set> {
        let is_complement = self.skip(b"^");
        let mut set = Set::NONE;
        while !self.skip(b"]") {
            let one = self.member()?;
            // A `-` at the end stands for itself.
            let is_range = matches!(self.rest, [b'-', after, ..] if *after != b']');
            if !is_range {
                set = set.or(one);
                continue;
            }
            self.next()?;
            let (first, last) = (single(one)?, single(self.member()?)?);
            if first > last {
                return None;
            }
            set = set.or(Set::range(first, last));
        }
        Some(if is_complement { set.complement() } else { set })
    }

    fn member(&mut self) -> Option<Set> {
        match self.next()? {
            b'\\' => self.escape(),
            b'[' | b'&' | b'~' => None,
            character => single_character(character),
        }
    }

    /// Reads the characters that an escape stands for.
    fn escape(&mut self) -> Option<Set> {
        let digits = Set::range(b'0', b'9');
        let letters = Set::range(b'a', b'z').or(Set::range(b'A', b'Z'));
        let word = letters.or(digits).or(Set::range(b'_', b'_'));
        let character = match self.next()? {
            b'd' => return Some(digits),
            b'D' => return Some(digits.complement()),
            b'w' => return Some(word),
            b'W' => return Some(word.complement()),
            b'x' => self.code(2)?,
            b'u' => self.code(4)?,
            b'f' => 0xc,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'v' => 0xb,
            punctuation if punctuation.is_ascii_punctuation() => punctuation,
            _ => return None,
        };
        single_character(character)
    }

    /// Reads a hexadecimal code of this many digits.
    fn code(&mut self, digits: usize) -> Option<u8> {
        let (code, rest) = self.rest.split_at_checked(digits)?;
        self.rest = rest;
        let code = u32::from_str_radix(str::from_utf8(code).ok()?, 16).ok()?;
        u8::try_from(code).ok()
    }

    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn skip(&mut self, text: &[u8]) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }
}

/// Returns the set of one ASCII character.
fn single_character(character: u8) -> Option<Set> {
    character
        .is_ascii()
        .then(|| Set::range(character, character))
}

/// Returns the only character of a set.
fn single(set: Set) -> Option<u8> {
    let is_single = set.ascii.is_power_of_two() && !set.beyond_ascii;
    let character = u8::try_from(set.ascii.trailing_zeros()).ok()?;
    is_single.then_some(character)
}
