//! A JSON value with its text. Numbers keep their digits, a lone surrogate becomes U+FFFD, and
//! control characters may stand in a string.
//!
//! No library reads all of this: `serde_json` and `jiter` reject a lone surrogate and control
//! characters, and `sonic-rs` rejects control characters and `NaN`.

use std::iter::Peekable;
use std::str::CharIndices;

/// Maximum depth of lists and objects.
const MAX_DEPTH: usize = 100;

/// A value and the text that it was read from.
pub(super) struct Json<'a> {
    pub(super) raw: &'a str,
    pub(super) data: Data<'a>,
}

pub(super) enum Data<'a> {
    Text(String),
    Number,
    /// `null`, `true`, `false`, or a word that JSON does not have, such as `NaN`.
    Word(&'a str),
    List(Vec<Json<'a>>),
    Object(Vec<(String, Json<'a>)>),
}

impl<'a> Json<'a> {
    /// Returns the value, or `None` if the text is no JSON, is nested too deep, or has an object
    /// with a key twice.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let mut parser = Parser {
            text,
            rest: text.char_indices().peekable(),
        };
        let json = parser.value(0)?;
        parser.skip_blanks();
        parser.rest.peek().is_none().then_some(json)
    }
}

struct Parser<'a> {
    text: &'a str,
    rest: Peekable<CharIndices<'a>>,
}

impl<'a> Parser<'a> {
    fn value(&mut self, depth: usize) -> Option<Json<'a>> {
        self.skip_blanks();
        let (start, first) = *self.rest.peek()?;
        let data = match first {
            '"' => Data::Text(self.string()?),
            '[' if depth < MAX_DEPTH => Data::List(self.list(depth + 1)?),
            '{' if depth < MAX_DEPTH => Data::Object(self.object(depth + 1)?),
            '-' | '0'..='9' => {
                self.skip_while(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
                Data::Number
            }
            'a'..='z' | 'A'..='Z' => {
                self.skip_while(|c| c.is_ascii_alphabetic());
                Data::Word(&self.text[start..self.position()])
            }
            _ => return None,
        };
        let raw = &self.text[start..self.position()];
        Some(Json { raw, data })
    }

    fn list(&mut self, depth: usize) -> Option<Vec<Json<'a>>> {
        let mut items = Vec::new();
        self.rest.next();
        if self.takes(']') {
            return Some(items);
        }
        loop {
            items.push(self.value(depth)?);
            if self.takes(']') {
                return Some(items);
            }
            if !self.takes(',') {
                return None;
            }
        }
    }

    fn object(&mut self, depth: usize) -> Option<Vec<(String, Json<'a>)>> {
        let mut entries: Vec<(String, Json)> = Vec::new();
        self.rest.next();
        if self.takes('}') {
            return Some(entries);
        }
        loop {
            self.skip_blanks();
            let key = self.string()?;
            if !self.takes(':') {
                return None;
            }
            entries.push((key, self.value(depth)?));
            if self.takes('}') {
                break;
            }
            if !self.takes(',') {
                return None;
            }
        }
        let mut keys: Vec<_> = entries.iter().map(|(key, _)| key).collect();
        keys.sort_unstable();
        let is_repeated = keys.windows(2).any(|pair| pair[0] == pair[1]);
        (!is_repeated).then_some(entries)
    }

    /// Returns a string. Its escapes are UTF-16, as is the text while it is read.
    fn string(&mut self) -> Option<String> {
        if self.rest.next()?.1 != '"' {
            return None;
        }
        let mut units = Vec::new();
        loop {
            match self.rest.next()?.1 {
                '"' => return Some(String::from_utf16_lossy(&units)),
                '\\' => units.push(self.escaped()?),
                c => units.extend_from_slice(c.encode_utf16(&mut [0; 2])),
            }
        }
    }

    /// Returns what stands after a backslash.
    fn escaped(&mut self) -> Option<u16> {
        let escaped = match self.rest.next()?.1 {
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => return self.unit(),
            c @ ('"' | '\\' | '/') => c,
            _ => return None,
        };
        u16::try_from(escaped).ok()
    }

    fn unit(&mut self) -> Option<u16> {
        let mut unit = 0;
        for _ in 0..4 {
            unit = unit * 16 + self.rest.next()?.1.to_digit(16)?;
        }
        u16::try_from(unit).ok()
    }

    /// Skips this character and the blanks before it. Returns whether it is there.
    fn takes(&mut self, character: char) -> bool {
        self.skip_blanks();
        self.rest.next_if(|(_, next)| *next == character).is_some()
    }

    fn skip_blanks(&mut self) {
        self.skip_while(|c| matches!(c, ' ' | '\n' | '\r' | '\t'));
    }

    fn skip_while(&mut self, is_skipped: impl Fn(char) -> bool) {
        while self.rest.next_if(|(_, c)| is_skipped(*c)).is_some() {}
    }

    fn position(&mut self) -> usize {
        self.rest
            .peek()
            .map_or(self.text.len(), |(index, _)| *index)
    }
}

#[cfg(test)]
mod tests;
