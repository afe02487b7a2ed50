//! The spellings of a text: as it stands, and with its escapes decoded. A server that repeats a
//! secret in JSON, in a URL or on a page escapes some of its characters, sometimes twice.

use std::ops::Range;

use memchr::{memchr, memchr3};

/// The bytes that begin an escape: in JSON, in a URL, in HTML, and every second byte of UTF-16.
const MARKS: [u8; 4] = [b'\\', b'%', b'&', 0];
/// How many escapes around escapes are decoded.
const MAX_DEPTH: usize = 4;
/// How many eight bytes a text has at most that is searched for marks without `memchr`.
const MAX_WORDS: usize = 8;
/// The named entities of HTML for ASCII characters.
const ENTITIES: [(&[u8], char); 36] = [
    (b"amp", '&'),
    (b"apos", '\''),
    (b"ast", '*'),
    (b"bsol", '\\'),
    (b"colon", ':'),
    (b"comma", ','),
    (b"commat", '@'),
    (b"dollar", '$'),
    (b"equals", '='),
    (b"excl", '!'),
    (b"grave", '`'),
    (b"gt", '>'),
    (b"hat", '^'),
    (b"lbrace", '{'),
    (b"lbrack", '['),
    (b"lcub", '{'),
    (b"lowbar", '_'),
    (b"lpar", '('),
    (b"lsqb", '['),
    (b"lt", '<'),
    (b"num", '#'),
    (b"percnt", '%'),
    (b"period", '.'),
    (b"plus", '+'),
    (b"quest", '?'),
    (b"quot", '"'),
    (b"rbrace", '}'),
    (b"rbrack", ']'),
    (b"rcub", '}'),
    (b"rpar", ')'),
    (b"rsqb", ']'),
    (b"semi", ';'),
    (b"sol", '/'),
    (b"underbar", '_'),
    (b"verbar", '|'),
    (b"vert", '|'),
];

/// Size of the part of a text that is decoded at once, which limits the memory.
const BLOCK: usize = 64 << 10;
/// How much of a block belongs to the next one too: more than a run with escapes around escapes.
const OVERLAP: usize = 1 << 10;

/// Calls `visit` with every spelling of every block of a text, and with the start of the block.
pub(super) fn visit_blocks(text: &[u8], visit: &mut impl FnMut(&Spelling, usize)) {
    let mut start = 0;
    loop {
        let end = text.len().min(start + BLOCK);
        Spelling::of(&text[start..end]).visit_all(&mut |spelling| visit(spelling, start));
        if end == text.len() {
            break;
        }
        start = end - OVERLAP;
    }
}

/// Returns whether a text may have escapes. Most have none.
pub(super) fn has_marks(text: &[u8]) -> bool {
    // Most texts are short headers, for which calls of `memchr` take longer.
    let (words, rest) = text.as_chunks::<8>();
    if words.len() > MAX_WORDS {
        let [a, b, c, zero] = MARKS;
        return memchr3(a, b, c, text).is_some() || memchr(zero, text).is_some();
    }
    words.iter().any(|word| has_mark(u64::from_le_bytes(*word)))
        || rest.iter().any(|byte| MARKS.contains(byte))
}

/// Returns whether one of eight bytes is a mark.
fn has_mark(word: u64) -> bool {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGHEST_BITS: u64 = u64::from_le_bytes([0x80; 8]);
    let found = MARKS.iter().fold(0, |found, mark| {
        // The mark becomes zero, and only a zero borrows.
        let zero_if_mark = word ^ (ONES * u64::from(*mark));
        found | zero_if_mark.wrapping_sub(ONES) & !zero_if_mark
    });
    found & HIGHEST_BITS != 0
}

/// A text in one spelling, without the difference between upper and lower case.
pub(super) struct Spelling {
    pub(super) bytes: Vec<u8>,
    /// Where each byte begins in the original text, and where the text ends; empty if nothing was
    /// decoded.
    starts: Vec<usize>,
}

impl Spelling {
    pub(super) fn of(text: &[u8]) -> Self {
        Self {
            bytes: fold(text),
            starts: Vec::new(),
        }
    }

    /// Returns the part of the original text that stands for a part of this one.
    pub(super) fn original(&self, part: Range<usize>) -> Range<usize> {
        self.start(part.start)..self.start(part.end)
    }

    fn start(&self, position: usize) -> usize {
        self.starts.get(position).copied().unwrap_or(position)
    }

    /// Calls `visit` with every spelling of the text.
    ///
    /// All escapes are decoded, again and again. If there are several kinds, each is decoded alone
    /// too: the others may be part of a secret.
    pub(super) fn visit_all(self, visit: &mut impl FnMut(&Self)) {
        visit(&self);
        if !has_marks(&self.bytes) {
            return;
        }
        let marks: Vec<u8> = MARKS
            .into_iter()
            .filter(|mark| memchr(*mark, &self.bytes).is_some())
            .collect();
        if marks.len() > 1 {
            for mark in &marks {
                self.visit_decoded(&[*mark], visit);
            }
        }
        if !marks.is_empty() {
            self.visit_decoded(&MARKS, visit);
        }
    }

    fn visit_decoded(&self, marks: &[u8], visit: &mut impl FnMut(&Self)) {
        let mut decoded = self.decoded(marks);
        for _ in 0..MAX_DEPTH {
            let Some(spelling) = decoded else {
                return;
            };
            visit(&spelling);
            decoded = spelling.decoded(marks);
        }
    }

    /// Returns the text with the escapes that begin with one of these bytes decoded once; `None` if
    /// it has none.
    fn decoded(&self, marks: &[u8]) -> Option<Self> {
        let text = &self.bytes;
        if marks.iter().all(|mark| memchr(*mark, text).is_none()) {
            return None;
        }
        let mut decoded = Self {
            bytes: Vec::with_capacity(text.len()),
            starts: Vec::with_capacity(text.len() + 1),
        };
        let mut position = 0;
        while let Some(&byte) = text.get(position) {
            let start = self.start(position);
            if marks.contains(&byte)
                && let Some((meaning, length)) = escape(&text[position..])
            {
                decoded.push(&meaning, start);
                position += length;
            } else {
                decoded.bytes.push(byte);
                decoded.starts.push(start);
                position += 1;
            }
        }
        if decoded.bytes.len() == text.len() {
            return None;
        }
        decoded.starts.push(self.start(text.len()));
        Some(decoded)
    }

    fn push(&mut self, meaning: &Meaning, start: usize) {
        let mut bytes = [0; 4];
        let bytes = match meaning {
            Meaning::Nothing => &[],
            Meaning::Byte(byte) => {
                bytes[0] = *byte;
                &bytes[..1]
            }
            Meaning::Character(character) => character.encode_utf8(&mut bytes).as_bytes(),
        };
        for byte in fold(bytes) {
            self.bytes.push(byte);
            self.starts.push(start);
        }
    }
}

/// The text that an escape stands for.
enum Meaning {
    Nothing,
    Byte(u8),
    Character(char),
}

/// Returns a text in lower case. A form writes a blank as `+`.
fn fold(text: &[u8]) -> Vec<u8> {
    let folded = text.iter().map(|byte| match byte {
        b' ' => b'+',
        byte => byte.to_ascii_lowercase(),
    });
    folded.collect()
}

/// Returns the meaning of the escape at the beginning of a text in lower case, and the length of
/// the escape.
fn escape(text: &[u8]) -> Option<(Meaning, usize)> {
    match text.first()? {
        b'\\' => backslash(&text[1..]),
        b'%' => percent(&text[1..]),
        b'&' => entity(&text[1..]),
        // Every second byte of UTF-16.
        0 => Some((Meaning::Nothing, 1)),
        _ => None,
    }
}

/// An escape of JSON or JavaScript.
fn backslash(text: &[u8]) -> Option<(Meaning, usize)> {
    let (character, length) = match *text.first()? {
        b'u' => (character(text.get(1..5)?)?, 6),
        b'x' => (character(text.get(1..3)?)?, 4),
        b'b' => ('\u{8}', 2),
        b'f' => ('\u{c}', 2),
        b'n' => ('\n', 2),
        b'r' => ('\r', 2),
        b't' => ('\t', 2),
        byte if byte.is_ascii_punctuation() => (char::from(byte), 2),
        _ => return None,
    };
    Some((Meaning::Character(character), length))
}

/// An escape of URLs, also in the form `%u0041` of old JavaScript.
fn percent(text: &[u8]) -> Option<(Meaning, usize)> {
    if text.first()? == &b'u' {
        return Some((Meaning::Character(character(text.get(1..5)?)?), 6));
    }
    let byte = u8::try_from(number(text.get(..2)?, 16)?).ok()?;
    Some((Meaning::Byte(byte), 3))
}

/// An entity of HTML, with or without `;` at its end.
fn entity(text: &[u8]) -> Option<(Meaning, usize)> {
    let (character, length) = if let Some(digits) = text.strip_prefix(b"#x") {
        let length = count(digits, u8::is_ascii_hexdigit);
        (character(&digits[..length])?, 2 + length)
    } else if let Some(digits) = text.strip_prefix(b"#") {
        let length = count(digits, u8::is_ascii_digit);
        let code = number(&digits[..length], 10)?;
        (char::from_u32(code)?, 1 + length)
    } else {
        let name = &text[..count(text, u8::is_ascii_lowercase)];
        let found = ENTITIES.binary_search_by_key(&name, |(name, _)| name);
        (ENTITIES.get(found.ok()?)?.1, name.len())
    };
    let end = usize::from(text.get(length) == Some(&b';'));
    Some((Meaning::Character(character), 1 + length + end))
}

/// Counts the bytes at the beginning that belong to an entity. No entity is longer than this.
fn count(text: &[u8], belongs: fn(&u8) -> bool) -> usize {
    text.iter()
        .take(10)
        .take_while(|byte| belongs(byte))
        .count()
}

/// Returns the character of a hexadecimal code. Half of a pair of UTF-16 is none.
fn character(digits: &[u8]) -> Option<char> {
    let code = number(digits, 16)?;
    Some(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
}

fn number(digits: &[u8], radix: u32) -> Option<u32> {
    // The parser of numbers would accept a sign.
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()
}
