//! The options that choose the format of results.

use clap::Args;

use super::help;
use crate::output::format::{Format, FormatName};

/// The format of the results.
#[derive(Args, Debug)]
pub struct Output {
    /// Print the results in this format. The default is a table on a terminal and tab-separated
    /// values in a pipe.
    #[arg(long = "output", short = 'o', value_name = "FORMAT", help_heading = help::OUTPUT)]
    pub format: Option<FormatName>,

    /// Print one JSON document with the API's field names; the same as --output json.
    #[arg(long, conflicts_with = "format", help_heading = help::OUTPUT)]
    pub json: bool,

    /// Begin tab-separated values with the names of the columns.
    #[arg(long, help_heading = help::OUTPUT)]
    pub header: bool,

    /// Begin CSV with a byte order mark. Excel needs it for names with accents or in Chinese.
    #[arg(long = "bom", help_heading = help::OUTPUT)]
    pub byte_order_mark: bool,
}

impl Output {
    pub fn format(&self) -> Format {
        let name = if self.json {
            Some(FormatName::Json)
        } else {
            self.format
        };
        Format::choose(name, self.header, self.byte_order_mark)
    }
}
