//! Reads the first line of a report piece by piece: it has the plan, and may be long.

use std::io::{self, BufRead, Read};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::report::line::{FORMAT, Head, is_known_key};

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The first line of a report, or what came of it. Plan and names may be read as something smaller.
pub struct HeadLine<P, N> {
    /// The line, or why it is not that of a report; `None` if it is not complete.
    pub head: Option<Result<Head<P, N>, String>>,
    /// Length of the line and of empty lines before it, in bytes.
    pub length: u64,
    /// The number of these lines.
    pub lines: usize,
}

impl<P: DeserializeOwned, N: DeserializeOwned + Default> HeadLine<P, N> {
    pub fn read(input: &mut impl BufRead) -> io::Result<Self> {
        let (mut length, mut lines) = (0, 1);
        // An editor may have added a byte order mark or empty lines.
        loop {
            let buffer = input.fill_buf()?;
            let skipped = match buffer {
                [first, ..] if first.is_ascii_whitespace() => 1,
                _ if buffer.starts_with(BYTE_ORDER_MARK) => BYTE_ORDER_MARK.len(),
                _ => break,
            };
            lines += usize::from(buffer[0] == b'\n');
            input.consume(skipped);
            length += skipped as u64;
        }
        let mut line = LineReader {
            input,
            length,
            is_complete: false,
            keys: KeyReader::default(),
        };
        let mut json = serde_json::Deserializer::from_reader(&mut line);
        let parsed = Head::deserialize(&mut json).and_then(|head| json.end().map(|()| head));
        io::copy(&mut line, &mut io::sink())?;
        let head = match (parsed, line.keys.unknown) {
            (Err(error), _) => Err(format!(
                "the file is not a report of this command ({error})"
            )),
            (Ok(head), Some(key)) if head.format <= FORMAT => {
                Err(format!("has the unknown key `{key}`"))
            }
            (Ok(head), _) => Ok(head),
        };
        Ok(Self {
            head: line.is_complete.then_some(head),
            length: line.length,
            lines,
        })
    }
}

/// Reads up to the end of a line.
struct LineReader<'i, I> {
    input: &'i mut I,
    /// Number of bytes so far.
    length: u64,
    /// True after a line break.
    is_complete: bool,
    keys: KeyReader,
}

impl<I: BufRead> Read for LineReader<'_, I> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.is_complete {
            return Ok(0);
        }
        let buffer = self.input.fill_buf()?;
        let buffer = &buffer[..buffer.len().min(out.len())];
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let length = end.unwrap_or(buffer.len());
        out[..length].copy_from_slice(&buffer[..length]);
        self.keys.read(&buffer[..length]);
        self.is_complete = end.is_some();
        let consumed = length + usize::from(end.is_some());
        self.input.consume(consumed);
        self.length += consumed as u64;
        Ok(length)
    }
}

/// Finds the first key that no line of a report has.
#[derive(Default)]
struct KeyReader {
    /// The last string, without its quotation marks.
    string: Vec<u8>,
    is_in_string: bool,
    is_escaped: bool,
    /// Number of objects that are open.
    depth: usize,
    /// The number of open objects around the present object, if its keys are ids.
    open: Option<usize>,
    unknown: Option<String>,
}

impl KeyReader {
    fn read(&mut self, json: &[u8]) {
        for byte in json {
            match byte {
                _ if self.is_escaped => {
                    self.is_escaped = false;
                    self.string.push(*byte);
                }
                b'"' if self.is_in_string => self.is_in_string = false,
                _ if self.is_in_string => {
                    self.is_escaped = *byte == b'\\';
                    self.string.push(*byte);
                }
                b'"' => {
                    self.is_in_string = true;
                    self.string.clear();
                }
                b'{' => self.depth += 1,
                b'}' => self.depth = self.depth.saturating_sub(1),
                b':' => self.end_key(),
                _ => {}
            }
        }
    }

    fn end_key(&mut self) {
        if self.open.is_some_and(|depth| self.depth > depth) {
            return;
        }
        let key = String::from_utf8_lossy(&self.string);
        self.open = (key == "names").then_some(self.depth);
        if self.unknown.is_none() && !is_known_key(&key) {
            self.unknown = Some(key.into_owned());
        }
    }
}
