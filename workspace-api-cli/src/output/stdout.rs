//! Writes results to stdout, above the progress bar if one is shown on the same terminal.

use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

use crate::output::stderr::without_bar;

pub type Stdout = BufWriter<StdoutLock<'static>>;

/// Writes all of it before anything else can be written.
pub fn write_to_stdout(write: impl FnOnce(&mut Stdout) -> io::Result<()>) -> io::Result<()> {
    let write = || {
        let mut out = BufWriter::new(io::stdout().lock());
        write(&mut out)?;
        out.flush()
    };
    if io::stdout().is_terminal() {
        without_bar(write)
    } else {
        write()
    }
}
