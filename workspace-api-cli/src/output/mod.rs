//! Writes results to stdout: a table on a terminal, tab-separated values in a pipe, or the format
//! that the user asks for.

pub mod format;
pub mod lines;
pub mod preview;
pub mod progress;
pub mod sanitize;
pub mod stderr;
pub mod stdout;
pub mod table;
pub mod text;
pub mod time;

use std::borrow::Cow;
use std::io::{self, Write};
use std::ops::RangeInclusive;

use serde::Serialize;

use crate::output::sanitize::{EscapedJson, escape_json};

pub use stderr::note;

/// A row of a table.
pub trait Row {
    const HEADINGS: &'static [&'static str];
    /// Minimum and maximum number of columns on a terminal, depending on its width. The other
    /// columns are for programs.
    const SHOWN: RangeInclusive<usize>;

    /// Returns one value for each heading.
    fn cells(&self) -> Vec<Cow<'_, str>>;
}

impl<R: Row> Row for &R {
    const HEADINGS: &'static [&'static str] = R::HEADINGS;
    const SHOWN: RangeInclusive<usize> = R::SHOWN;

    fn cells(&self) -> Vec<Cow<'_, str>> {
        (*self).cells()
    }
}

/// Writes one JSON document.
pub fn json(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(EscapedJson(&mut *out), value)?;
    writeln!(out)
}

/// Returns JSON with line breaks and indentation, its keys in their original order.
pub fn pretty(json: &str) -> serde_json::Result<String> {
    let mut out = Vec::new();
    let mut from = serde_json::Deserializer::from_str(json);
    serde_transcode::transcode(&mut from, &mut serde_json::Serializer::pretty(&mut out))?;
    from.end()?;
    Ok(escape_json(String::from_utf8_lossy(&out).into_owned()))
}
