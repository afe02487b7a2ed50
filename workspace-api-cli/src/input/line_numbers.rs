//! The lines on which the records of a CSV file begin, as a person counts them, and the quotation
//! marks that are not closed.

use std::cell::RefCell;
use std::io::{self, Read};
use std::rc::Rc;

/// Number of bytes that are dropped in one step.
const FORGOTTEN: usize = 64 * 1024;

/// Counts lines from the beginning of a text to each of its records, while another reads it.
pub struct LineNumbers {
    seen: Rc<RefCell<Vec<u8>>>,
    /// Number of bytes before those in `seen`.
    forgotten: usize,
    /// Offset in the text, in bytes.
    at: usize,
    line: u64,
}

/// The text as it is read; from [`LineNumbers::watch`].
pub struct Watched<R> {
    input: R,
    seen: Rc<RefCell<Vec<u8>>>,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let length = self.input.read(out)?;
        self.seen.borrow_mut().extend_from_slice(&out[..length]);
        Ok(length)
    }
}

impl LineNumbers {
    pub fn new(first_line: u64) -> Self {
        Self {
            seen: Rc::default(),
            forgotten: 0,
            at: 0,
            line: first_line,
        }
    }

    /// Returns the text for the reader of its records.
    pub fn watch<R: Read>(&self, input: R) -> Watched<R> {
        Watched {
            input,
            seen: Rc::clone(&self.seen),
        }
    }

    /// Returns the line on which the record at this offset begins. The reader counts empty lines
    /// and comments in front of a record as a part of it; a person does not.
    pub fn line_of_record(&mut self, start: u64) -> u64 {
        self.advance_to(usize::try_from(start).unwrap_or(usize::MAX));
        while let Some(length) = self.ignored_line() {
            self.advance_to(self.at + length);
        }
        if self.at - self.forgotten > FORGOTTEN {
            self.seen.borrow_mut().drain(..self.at - self.forgotten);
            self.forgotten = self.at;
        }
        self.line
    }

    /// Returns the line and the following text of a quotation mark that is not closed, in the record
    /// that began on the last line and ends at this offset.
    pub fn unclosed_quotation_mark(&self, end: u64, separator: u8) -> Option<(u64, String)> {
        let seen = self.seen.borrow();
        let end = usize::try_from(end).ok()?;
        let record = seen.get(self.at - self.forgotten..end - self.forgotten)?;
        let offset = unclosed(record, separator)?;
        let line = self.line + count_line_breaks(&record[..offset]) as u64;
        let text = String::from_utf8_lossy(&record[offset + 1..]);
        let text = text.lines().next().unwrap_or_default();
        Some((line, text.to_owned()))
    }

    /// Returns the length of the present line if it is empty or a comment.
    fn ignored_line(&self) -> Option<usize> {
        let seen = self.seen.borrow();
        let rest = seen.get(self.at - self.forgotten..).unwrap_or_default();
        let line = rest.split_inclusive(|byte| *byte == b'\n').next()?;
        let is_ignored =
            matches!(line, [b'#', ..]) || line.iter().all(|byte| b"\r\n".contains(byte));
        is_ignored.then_some(line.len())
    }

    fn advance_to(&mut self, at: usize) {
        let seen = self.seen.borrow();
        let at = at.clamp(self.at, self.forgotten + seen.len());
        let passed = &seen[self.at - self.forgotten..at - self.forgotten];
        self.line += count_line_breaks(passed) as u64;
        self.at = at;
    }
}

/// The state before a character of a record.
enum QuoteState {
    StartOfValue,
    Value,
    Quoted,
    /// After the quotation mark that ends a value, or the first of two that stand for one.
    AfterQuotationMark,
}

/// Returns the offset of the quotation mark of a record that is not closed. One that ends in the
/// middle of a value on another line was meant to open that value.
fn unclosed(record: &[u8], separator: u8) -> Option<usize> {
    if !record.contains(&b'"') {
        return None;
    }
    let mut opened = 0;
    let mut state = QuoteState::StartOfValue;
    for (offset, byte) in record.iter().enumerate() {
        state = match (state, *byte) {
            (QuoteState::StartOfValue, b'"') => {
                opened = offset;
                QuoteState::Quoted
            }
            (QuoteState::Quoted, b'"') => QuoteState::AfterQuotationMark,
            (QuoteState::Quoted, _) | (QuoteState::AfterQuotationMark, b'"') => QuoteState::Quoted,
            (_, byte) if byte == separator => QuoteState::StartOfValue,
            (QuoteState::AfterQuotationMark, b'\r' | b'\n') => QuoteState::Value,
            (QuoteState::AfterQuotationMark, _) if record[opened..offset].contains(&b'\n') => {
                return Some(opened);
            }
            _ => QuoteState::Value,
        };
    }
    matches!(state, QuoteState::Quoted).then_some(opened)
}

pub fn count_line_breaks(text: &[u8]) -> usize {
    text.split(|byte| *byte == b'\n').count() - 1
}
