//! Finds every run of a secret in a text, in any spelling, in a time that grows with the text
//! alone.
//!
//! All runs of a secret are hashed once. A text is looked at in steps: each run in it contains one
//! of the short pieces that begin at a multiple of the step, and few pieces are pieces of a secret.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use zeroize::Zeroizing;

use super::spelling::{Spelling, has_marks, visit_blocks};

/// Number of characters of a secret that must not be shown in a row.
const RUN: usize = 12;
/// Minimum length, in bytes, of a secret that is searched for inside of words.
const MIN_LENGTH: usize = 8;
/// Minimum length of a secret that is searched for as a whole word: IAM accepts such passwords.
const MIN_WORD_LENGTH: usize = 6;
/// Length of the pieces that are looked at. It is less than half of a run, so that several pieces
/// of each run are possible, and long enough to be rare.
const PIECE: usize = 5;
/// Number of bytes that are read at once: the step from one piece of a run to the next.
const WORD: usize = RUN - PIECE + 1;

/// Secrets, prepared for the search.
pub(crate) struct Secrets(Vec<Runs>);

/// All runs of one length.
struct Runs {
    length: usize,
    /// The hashes of the runs, in ascending order.
    hashes: Zeroizing<Vec<u64>>,
    /// Three bits for the hash of each piece of a run, in one word.
    pieces: Zeroizing<Vec<u64>>,
}

impl Secrets {
    pub(crate) fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let mut by_length: BTreeMap<usize, Vec<Zeroizing<Vec<u8>>>> = BTreeMap::new();
        for secret in secrets {
            // A word that is no password is a placeholder, and replacing it would garble texts.
            let is_secret = secret.len() >= MIN_LENGTH || is_short_password(secret);
            if !is_secret {
                continue;
            }
            // Escapes that are part of a secret are decoded with those around it.
            Spelling::of(secret.as_bytes()).visit_all(&mut |spelling| {
                let secret = Zeroizing::new(spelling.bytes.clone());
                if secret.len() >= MIN_WORD_LENGTH {
                    let length = secret.len().min(RUN);
                    by_length.entry(length).or_default().push(secret);
                }
            });
        }
        let runs = by_length.into_iter();
        Self(
            runs.map(|(length, secrets)| Runs::new(length, &secrets))
                .collect(),
        )
    }

    /// Returns the parts of the text that are runs of a secret, in ascending order.
    pub(super) fn find(&self, text: &[u8]) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        // Nearly every text has no secret.
        if !self.may_be_in(text) {
            return found;
        }
        visit_blocks(text, &mut |spelling, start| {
            for runs in &self.0 {
                runs.find(spelling, start, &mut found);
            }
        });
        keep_escapes_whole(text, &mut found);
        merge(found)
    }

    /// Returns whether a text may have a run of a secret, as it stands or in escapes.
    #[inline]
    pub(crate) fn may_be_in(&self, text: &[u8]) -> bool {
        // In ascending order.
        let Some(shortest) = self.0.first().map(|runs| runs.length) else {
            return false;
        };
        let may_be_in = |runs: &Runs| runs.may_be_in(text);
        text.len() >= shortest && (has_marks(text) || self.0.iter().any(may_be_in))
    }
}

impl Runs {
    fn new(length: usize, secrets: &[Zeroizing<Vec<u8>>]) -> Self {
        let mut hashes = Zeroizing::new(Vec::new());
        let mut pieces = Zeroizing::new(Vec::new());
        for secret in secrets {
            hashes.extend(secret.windows(length).map(hash));
            for piece in secret.windows(PIECE).filter_map(<[u8]>::first_chunk) {
                add_pieces(*piece, &mut pieces);
            }
        }
        hashes.sort_unstable();
        hashes.dedup();
        // So many bits that one in 11 is set, and all three in one of 1,200 cases.
        let bits = (pieces.len() * 32).next_power_of_two();
        let mut set = Zeroizing::new(vec![0; bits.div_ceil(64)]);
        for piece in pieces.iter() {
            let (word, bits) = position(*piece, set.len());
            set[word] |= bits;
        }
        Self {
            length,
            hashes,
            pieces: set,
        }
    }

    /// Returns whether a text may have a run as it stands.
    fn may_be_in(&self, text: &[u8]) -> bool {
        let may_have = |piece: &[u8]| {
            piece
                .first_chunk()
                .is_some_and(|piece| self.may_have_piece(*piece))
        };
        if self.step() != WORD {
            let mut pieces = text.windows(PIECE).step_by(self.step());
            return pieces.any(may_have);
        }
        // Nearly all secrets are longer than a run. Then each piece is the beginning of a word.
        let (words, rest) = text.as_chunks::<WORD>();
        let mut words = words.iter();
        words.any(|word| self.may_have_hash(hash_piece(*word))) || may_have(rest)
    }

    /// Returns the number of bytes from one piece that is looked at to the next.
    fn step(&self) -> usize {
        self.length - PIECE + 1
    }

    fn find(&self, text: &Spelling, start: usize, found: &mut Vec<Range<usize>>) {
        let step = self.step();
        let mut at = 0;
        while let Some(piece) = text.bytes.get(at..).and_then(<[u8]>::first_chunk) {
            if self.may_have_piece(*piece) {
                // The runs that contain the piece.
                let first = at.saturating_sub(step - 1);
                for run in first..=at {
                    let end = run + self.length;
                    let is_found = text.bytes.get(run..end).is_some_and(|run| self.has(run));
                    if is_found && (self.length >= MIN_LENGTH || is_word(&text.bytes, run..end)) {
                        let original = text.original(run..end);
                        add(found, original.start + start..original.end + start);
                    }
                }
            }
            at += step;
        }
    }

    fn may_have_piece(&self, piece: [u8; PIECE]) -> bool {
        self.may_have_hash(hash_piece(padded(piece)))
    }

    fn may_have_hash(&self, piece: u64) -> bool {
        let (word, bits) = position(piece, self.pieces.len());
        self.pieces[word] & bits == bits
    }

    fn has(&self, run: &[u8]) -> bool {
        self.hashes.binary_search(&hash(run)).is_ok()
    }
}

/// Returns whether a short secret has characters of two kinds, as IAM demands of passwords.
fn is_short_password(secret: &str) -> bool {
    let kinds = [
        secret.contains(char::is_lowercase),
        secret.contains(char::is_uppercase),
        secret.contains(char::is_numeric),
        secret.contains(|c: char| !c.is_alphanumeric()),
    ];
    secret.len() >= MIN_WORD_LENGTH && kinds.into_iter().filter(|kind| *kind).count() >= 2
}

/// Returns whether no letter or digit is next to a part of a text.
fn is_word(text: &[u8], part: Range<usize>) -> bool {
    let is_of_word = |byte: &u8| byte.is_ascii_alphanumeric() || !byte.is_ascii();
    let before = part
        .start
        .checked_sub(1)
        .and_then(|before| text.get(before));
    !before.is_some_and(is_of_word) && !text.get(part.end).is_some_and(is_of_word)
}

/// Returns the word and the bits for a hash in a set of this number of words, a power of two.
fn position(hash: u64, words: usize) -> (usize, u64) {
    // The highest bits of the hash are its best ones.
    let word = (hash >> 32) as usize & (words - 1);
    let bits = 1 << (hash >> 58) | 1 << (hash >> 52 & 63) | 1 << (hash >> 46 & 63);
    (word, bits)
}

/// Adds the hashes of a piece of a secret, with each of its `+` also as a blank, because the text
/// that is looked at first is as it stands.
fn add_pieces(piece: [u8; PIECE], hashes: &mut Vec<u64>) {
    hashes.push(hash_piece(padded(piece)));
    for position in 0..PIECE {
        // Blanks are added from the first to the last, so that each piece is added once.
        if piece[position] == b'+' && !piece[position..].contains(&b' ') {
            let mut with_blank = piece;
            with_blank[position] = b' ';
            add_pieces(with_blank, hashes);
        }
    }
}

fn padded(piece: [u8; PIECE]) -> [u8; WORD] {
    let mut word = [0; WORD];
    word[..PIECE].copy_from_slice(&piece);
    word
}

/// Hashes the piece at the beginning of a word, without the difference between upper and lower case.
/// Its known length makes this several times as fast as the hash of a run, and there are many
/// pieces in a response.
fn hash_piece(word: [u8; WORD]) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    // The bit in which upper and lower case differ.
    const CASE: u64 = 0x2020_2020_2020_2020;
    const BYTES_OF_PIECE: u64 = (1 << (8 * PIECE)) - 1;
    let piece = u64::from_le_bytes(word) & BYTES_OF_PIECE;
    let mixed = (piece | CASE).wrapping_mul(FACTOR);
    (mixed ^ (mixed >> 32)).wrapping_mul(FACTOR)
}

/// Hashes a run of up to 16 bytes by its two ends, which overlap.
fn hash(bytes: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let half = bytes.len().min(8);
    let (first, last) = (&bytes[..half], &bytes[bytes.len() - half..]);
    let mixed = (number(first).wrapping_mul(FACTOR)).rotate_left(29) ^ number(last);
    let mixed = (mixed ^ (mixed >> 32)).wrapping_mul(FACTOR);
    mixed ^ (mixed >> 29)
}

/// Reads up to eight bytes as a number.
fn number(bytes: &[u8]) -> u64 {
    let mut padded = [0; 8];
    padded[..bytes.len()].copy_from_slice(bytes);
    u64::from_le_bytes(padded)
}

/// Adds a part of a text. Parts of one run follow each other, so most of them extend the last one.
fn add(found: &mut Vec<Range<usize>>, part: Range<usize>) {
    match found.last_mut() {
        Some(last) if last.start <= part.start && part.start <= last.end => {
            last.end = last.end.max(part.end);
        }
        _ => found.push(part),
    }
}

/// Extends parts that begin or end after the backslash of an escape, so that JSON stays JSON.
fn keep_escapes_whole(text: &[u8], found: &mut [Range<usize>]) {
    let is_after_backslash = |position: usize| {
        let backslashes = text[..position]
            .iter()
            .rev()
            .take_while(|&&byte| byte == b'\\');
        backslashes.count() % 2 == 1
    };
    for part in found {
        if is_after_backslash(part.start) {
            part.start -= 1;
        }
        if is_after_backslash(part.end) && part.end < text.len() {
            part.end += 1;
        }
    }
}

/// Joins the parts that touch each other.
pub(super) fn merge(mut found: Vec<Range<usize>>) -> Vec<Range<usize>> {
    found.sort_unstable_by_key(|part| part.start);
    let mut merged = Vec::new();
    for part in found {
        add(&mut merged, part);
    }
    merged
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets([redacted])")
    }
}
