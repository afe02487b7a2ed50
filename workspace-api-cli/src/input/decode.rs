//! Decodes text as spreadsheets save it, piece by piece: UTF-8 with or without a byte order mark, or
//! UTF-16 with one.

use std::io::{self, BufRead, Read};

use crate::input::line_numbers::count_line_breaks;

/// Number of bytes that decide whether a file is text.
const HEAD: usize = 4096;
/// Number of bytes that are decoded in one step.
const PIECE: usize = 64 * 1024;

/// A file as UTF-8. Its errors are complete messages, which name the file.
pub struct Decoder<R> {
    name: String,
    input: R,
    encoding: Encoding,
    /// The bytes that are not decoded yet.
    raw: Vec<u8>,
    /// Number of bytes before them.
    offset: usize,
    /// Number of lines before them.
    lines: usize,
    decoded: Vec<u8>,
    /// Number of bytes of `decoded` that were consumed.
    consumed: usize,
    is_at_end: bool,
}

#[derive(Clone, Copy)]
enum Encoding {
    Utf8,
    Utf16(fn([u8; 2]) -> u16),
}

impl<R: Read> Decoder<R> {
    /// Reads the beginning of the file with this name.
    pub fn new(name: &str, input: R) -> io::Result<Self> {
        let mut decoder = Self {
            name: name.to_owned(),
            input,
            encoding: Encoding::Utf8,
            raw: Vec::new(),
            offset: 0,
            lines: 0,
            decoded: Vec::new(),
            consumed: 0,
            is_at_end: false,
        };
        decoder.read_raw(HEAD)?;
        let (encoding, mark) = match decoder.raw.as_slice() {
            [0xef, 0xbb, 0xbf, ..] => (Encoding::Utf8, 3),
            [0xff, 0xfe, ..] => (Encoding::Utf16(u16::from_le_bytes), 2),
            [0xfe, 0xff, ..] => (Encoding::Utf16(u16::from_be_bytes), 2),
            head => match not_text(head) {
                Some(format) => {
                    return Err(io::Error::other(format!(
                        "{name} is {format}. Save the list as `CSV UTF-8`; nothing was sent"
                    )));
                }
                None => (Encoding::Utf8, 0),
            },
        };
        decoder.encoding = encoding;
        decoder.raw.drain(..mark);
        decoder.offset = mark;
        Ok(decoder)
    }

    /// Reads up to this many bytes, or to the end of the file.
    fn read_raw(&mut self, bytes: usize) -> io::Result<()> {
        let mut input = self.input.by_ref().take(bytes as u64);
        let read = input.read_to_end(&mut self.raw);
        let read =
            read.map_err(|error| io::Error::other(format!("cannot read {}: {error}", self.name)))?;
        self.is_at_end = read < bytes;
        Ok(())
    }

    /// Decodes the next piece.
    fn decode(&mut self) -> io::Result<()> {
        self.decoded.clear();
        self.consumed = 0;
        while self.decoded.is_empty() && !(self.is_at_end && self.raw.is_empty()) {
            if !self.is_at_end {
                self.read_raw(PIECE)?;
            }
            let length = match self.encoding {
                Encoding::Utf8 => self.decode_utf8()?,
                Encoding::Utf16(unit) => self.decode_utf16(unit)?,
            };
            self.raw.drain(..length);
            self.offset += length;
            self.lines += count_line_breaks(&self.decoded);
        }
        Ok(())
    }

    /// Decodes whole characters, and returns their number of bytes.
    fn decode_utf8(&mut self) -> io::Result<usize> {
        let (valid, is_cut) = match std::str::from_utf8(&self.raw) {
            Ok(text) => (text.len(), false),
            Err(error) => (error.valid_up_to(), error.error_len().is_none()),
        };
        self.decoded.extend_from_slice(&self.raw[..valid]);
        if valid == self.raw.len() || (is_cut && !self.is_at_end) {
            return Ok(valid);
        }
        let line = self.lines + count_line_breaks(&self.decoded) + 1;
        let byte = self.offset + valid + 1;
        let name = &self.name;
        Err(io::Error::other(format!(
            "{name}, line {line}: byte {byte} is not UTF-8. In Excel, save the file as `CSV UTF-8`."
        )))
    }

    fn decode_utf16(&mut self, unit: fn([u8; 2]) -> u16) -> io::Result<usize> {
        let (pairs, rest) = self.raw.as_chunks();
        let mut length = 0;
        for character in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
            let Ok(character) = character else { break };
            length += 2 * character.len_utf16();
            let mut buffer = [0; 4];
            let text = character.encode_utf8(&mut buffer);
            self.decoded.extend_from_slice(text.as_bytes());
        }
        // Only the last character of a piece may be cut.
        let undecoded = pairs.len() * 2 - length;
        if undecoded > 2 || (self.is_at_end && undecoded + rest.len() > 0) {
            let name = &self.name;
            let message = format!("{name} is neither UTF-8 nor complete UTF-16");
            return Err(io::Error::other(message));
        }
        Ok(length)
    }
}

impl<R: Read> BufRead for Decoder<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.consumed == self.decoded.len() {
            self.decode()?;
        }
        Ok(&self.decoded[self.consumed..])
    }

    fn consume(&mut self, bytes: usize) {
        self.consumed += bytes;
    }
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let length = self.fill_buf()?.read(out)?;
        self.consume(length);
        Ok(length)
    }
}

/// Returns what the bytes are, if they begin like a common format other than text.
fn not_text(head: &[u8]) -> Option<&'static str> {
    let contains = |part: &[u8]| head.windows(part.len()).any(|window| window == part);
    match head {
        [b'P', b'K', 3, 4, ..] if contains(b"opendocument") => {
            Some("a spreadsheet in OpenDocument format")
        }
        [b'P', b'K', 3, 4, ..] if contains(b"xl/") || contains(b"[Content_Types].xml") => {
            Some("an Excel workbook")
        }
        [b'P', b'K', 3, 4, ..] => Some("a ZIP archive or an Excel workbook"),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Some("an Excel workbook in the old format"),
        [0x1f, 0x8b, ..] => Some("a gzip file"),
        [b'%', b'P', b'D', b'F', ..] => Some("a PDF file"),
        [_, 0, _, 0, ..] | [0, _, 0, _, ..] => Some("UTF-16 without a byte order mark"),
        _ if head.contains(&0) => Some("not a text file"),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
