//! The formats of results.

use std::io::{self, IsTerminal};

use clap::ValueEnum;

/// A format that a user can ask for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub enum FormatName {
    /// Columns for a person.
    Table,
    /// Tab-separated values, without a header unless --header is given.
    Tsv,
    /// Comma-separated values with a header, for spreadsheets.
    Csv,
    /// One JSON document.
    Json,
    /// One JSON object per line.
    Jsonl,
}

/// The format of the results.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Format {
    Table,
    Json,
    /// One line for each row, written as soon as the row is known.
    Lines(LineFormat),
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LineFormat {
    Tsv { header: bool },
    Csv { byte_order_mark: bool },
    Json,
}

impl Format {
    /// Returns the format with this name, by default a table on a terminal and tab-separated values
    /// elsewhere.
    pub fn choose(name: Option<FormatName>, header: bool, byte_order_mark: bool) -> Self {
        match name {
            None if byte_order_mark => Self::Lines(LineFormat::Csv { byte_order_mark }),
            None if io::stdout().is_terminal() => Self::Table,
            None | Some(FormatName::Tsv) => Self::Lines(LineFormat::Tsv { header }),
            Some(FormatName::Table) => Self::Table,
            Some(FormatName::Csv) => Self::Lines(LineFormat::Csv { byte_order_mark }),
            Some(FormatName::Json) => Self::Json,
            Some(FormatName::Jsonl) => Self::Lines(LineFormat::Json),
        }
    }
}
