//! The report of a run: JSON lines that are on disk before the next step is taken.
//!
//! The plan is written first, each batch before it is sent, each outcome as soon as it is known.
//! Whenever the process ends, the file shows for every desktop whether it is done, not done or
//! unknown.

pub mod author;
mod contract_keys;
pub mod default_path;
pub mod evidence;
mod head_line;
pub mod line;
pub mod open;
pub mod outcomes;
pub mod reconcile;
pub mod replay;
pub mod resume_command;
pub mod sent_times;
mod start;

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use humantime::format_rfc3339_millis;
use serde::Serialize;
use workspace_api::types::DesktopId;

use crate::desktops::names::DesktopNames;
use crate::error::{CommandError, Exit};
use crate::output::sanitize::{EscapedJson, escape_json};
use crate::plan::Plan;
use crate::plan::outcome::Entry;
use crate::report::author::Author;
use crate::report::line::{Batch, Checked, Ended, Head, Jobs, Line, Resumed, RunResult};

/// Size of the buffers for reading and for the first line, in bytes.
const BUFFER: usize = 64 * 1024;

/// A report that is being written.
pub struct Report {
    file: File,
    path: PathBuf,
    /// Offset of the end of the last complete line, in bytes.
    end: u64,
    /// True for a file on a disk, false for a pipe or a device.
    on_disk: bool,
    /// True once a line says that desktops are being sent.
    has_sent: bool,
}

impl Report {
    /// Rejects a report that exists, before anything is connected or asked.
    pub fn ensure_new(path: &Path) -> Result<(), CommandError> {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_file() && metadata.len() > 0 => Err(already_exists(path)),
            _ => Ok(()),
        }
    }

    /// Opens a new report without writing to it. An existing file is never overwritten.
    pub fn create(path: &Path) -> Result<Self, CommandError> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        // A report names people, so only its owner may read it.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let report = Self::open(path, &options)?;
        if report.end > 0 {
            return Err(already_exists(path));
        }
        Ok(report)
    }

    /// Opens an existing report and passes it to a reader, which returns the offset of the end of its
    /// last complete line. The next write removes what an interrupted process left of a line.
    pub fn reopen(
        path: &Path,
        read: impl FnOnce(&File) -> Result<u64, String>,
    ) -> Result<Self, CommandError> {
        let mut report = Self::open(path, OpenOptions::new().read(true).write(true))?;
        // Read through the same handle: on Windows, the lock keeps every other one from reading.
        report.end = read(&report.file)
            .map_err(|reason| cannot_read(path, &format!("{reason}; nothing was sent")))?;
        Ok(report)
    }

    fn open(path: &Path, options: &OpenOptions) -> Result<Self, CommandError> {
        let path_text = path.display();
        let cannot_open = |error: io::Error| {
            CommandError::usage(format!(
                "cannot open the report {path_text}: {error}; nothing was sent"
            ))
        };
        let file = options.open(path).map_err(cannot_open)?;
        let metadata = file.metadata().map_err(cannot_open)?;
        let on_disk = metadata.is_file();
        if on_disk && let Err(TryLockError::WouldBlock) = file.try_lock() {
            return Err(CommandError::usage(format!(
                "another `workspace` is writing the report {path_text}; nothing was sent"
            )));
        }
        Ok(Self {
            file,
            path: path.to_owned(),
            end: if on_disk { metadata.len() } else { 0 },
            on_disk,
            has_sent: false,
        })
    }

    /// Writes the first line, and makes sure that a new file is still there after a power failure.
    /// A file that does not get it is removed.
    pub fn write_head(&mut self, head: &Head<&Plan, &DesktopNames>) -> Result<(), CommandError> {
        let written = self.append_head(head).and_then(|()| self.sync_folder());
        let Err(error) = written else {
            return Ok(());
        };
        if self.on_disk {
            // An incomplete file would only be in the way. If it cannot be removed, it does no harm.
            let _ = fs::remove_file(&self.path);
        }
        Err(self.write_error(&error))
    }

    /// Writes the first line piece by piece, because it has the plan.
    fn append_head(&mut self, head: &Head<&Plan, &DesktopNames>) -> io::Result<()> {
        let mut out = BufWriter::with_capacity(BUFFER, &self.file);
        serde_json::to_writer(EscapedJson(&mut out), head)?;
        out.write_all(b"\n")?;
        out.flush()?;
        drop(out);
        if self.on_disk {
            self.file.sync_data()?;
            self.end = self.file.stream_position()?;
        }
        Ok(())
    }

    /// Writes that the run is resumed.
    pub fn write_resumed(&mut self, by: Author) -> Result<(), CommandError> {
        self.write(&[Line::Resumed(Resumed {
            time: now(),
            version: VERSION.to_owned(),
            by,
        })])
    }

    /// Writes that these desktops are about to be sent. They must not be sent unless this succeeds.
    pub fn write_batch(&mut self, desktops: &[DesktopId]) -> Result<(), CommandError> {
        self.write(&[Line::Batch(Batch {
            sending: desktops.to_vec(),
            time: now(),
        })])?;
        self.has_sent = true;
        Ok(())
    }

    /// Writes outcomes, and the jobs of the desktops that succeeded.
    pub fn write_outcomes(
        &mut self,
        entries: &[Entry],
        job_ids: &[String],
    ) -> Result<(), CommandError> {
        let mut text = Vec::new();
        push_lines(&mut text, entries)?;
        if !job_ids.is_empty() {
            let job_ids = job_ids.to_vec();
            push_lines(&mut text, &[Jobs { job_ids }])?;
        }
        self.write_text(&text)
    }

    /// Writes outcomes that were found in the service's records, where they can be found again.
    pub fn write_findings(&mut self, entries: &[Entry]) -> Result<(), CommandError> {
        if entries.is_empty() {
            return Ok(());
        }
        self.write_outcomes(entries, &[])
    }

    /// Writes what the unbinding records prove of desktops.
    pub fn write_checked(&mut self, checked: Vec<Checked>) -> Result<(), CommandError> {
        let lines: Vec<_> = checked.into_iter().map(Line::Checked).collect();
        self.write(&lines)
    }

    /// Writes that the run ended.
    pub fn write_end(&mut self, result: RunResult) -> Result<(), CommandError> {
        self.write(&[Line::Ended(Ended {
            ended: now(),
            result,
        })])
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    fn write(&mut self, lines: &[impl Serialize]) -> Result<(), CommandError> {
        let mut text = Vec::new();
        push_lines(&mut text, lines)?;
        self.write_text(&text)
    }

    fn write_text(&mut self, text: &[u8]) -> Result<(), CommandError> {
        if let Err(error) = self.append(text) {
            if self.on_disk {
                // Removes a partial line. If that fails, the next write removes it.
                let _ = self.file.set_len(self.end);
            }
            return Err(self.write_error(&error));
        }
        self.end += text.len() as u64;
        Ok(())
    }

    fn append(&mut self, text: &[u8]) -> io::Result<()> {
        if !self.on_disk {
            return self.file.write_all(text);
        }
        self.file.set_len(self.end)?;
        self.file.seek(SeekFrom::Start(self.end))?;
        self.file.write_all(text)?;
        self.file.sync_data()
    }

    /// Writes the file's name to disk: it is part of the folder, which is synchronized separately.
    fn sync_folder(&self) -> io::Result<()> {
        if !self.on_disk || cfg!(not(unix)) {
            return Ok(());
        }
        let folder = match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        File::open(folder)?.sync_all()
    }

    fn write_error(&self, error: &io::Error) -> CommandError {
        let path = self.path.display();
        let consequence = if self.has_sent {
            ""
        } else {
            "; nothing was sent"
        };
        let message = format!("cannot write the report {path}: {error}{consequence}");
        CommandError::new(Exit::Failed, message)
    }
}

fn already_exists(path: &Path) -> CommandError {
    let path = path.display();
    CommandError::usage(format!(
        "the report {path} already exists; nothing was sent"
    ))
    .hint("Resume it with --resume, or choose another file.")
}

fn push_lines(text: &mut Vec<u8>, lines: &[impl Serialize]) -> serde_json::Result<()> {
    for line in lines {
        let line = escape_json(serde_json::to_string(line)?);
        if text.is_empty() {
            // The first line of a report can be long.
            *text = line.into_bytes();
        } else {
            text.extend_from_slice(line.as_bytes());
        }
        text.push(b'\n');
    }
    Ok(())
}

/// The version of this command.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Returns the time as a report has it.
pub fn now() -> String {
    format_rfc3339_millis(SystemTime::now()).to_string()
}

/// Passes the complete lines after the first to a reader, each with its number, and returns their
/// length in bytes. A crash may have cut the line after the last one inside a character.
pub fn read_lines(
    input: &mut impl BufRead,
    first_number: usize,
    mut read_line: impl FnMut(usize, &str) -> Result<(), String>,
) -> Result<u64, String> {
    let mut end = 0;
    let mut bytes = Vec::new();
    for number in first_number.. {
        bytes.clear();
        let length = input.read_until(b'\n', &mut bytes);
        let length = length.map_err(|error| error.to_string())?;
        if bytes.pop() != Some(b'\n') {
            break;
        }
        let line = std::str::from_utf8(&bytes);
        let line = line.map_err(|_| format!("line {number} is not UTF-8"))?;
        read_line(number, line)?;
        end += length as u64;
    }
    Ok(end)
}

/// The error of a report that cannot be read.
pub fn cannot_read(path: &Path, reason: &str) -> CommandError {
    CommandError::usage(format!(
        "cannot read the report {}: {reason}",
        path.display()
    ))
}
