//! The report of a run: JSON lines that are on disk before the next step is taken.
//!
//! The plan is written first, each batch before it is sent, each outcome as soon as it is known.
//! Whenever the process ends, the file shows for every desktop whether it is done, not done or
//! unknown.

pub mod default_path;
pub mod reconcile;
pub mod replay;
pub mod resume_command;

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use humantime::format_rfc3339_millis;
use serde::{Deserialize, Serialize};
use workspace_api::types::{DesktopId, ProjectId};

use crate::error::{CommandError, Exit};
use crate::output::sanitize::escape_json;
use crate::plan::Plan;
use crate::plan::outcome::Entry;

/// A line of a report.
#[derive(Debug, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Line {
    /// The whole work, always the first line.
    Plan {
        #[serde(flatten)]
        plan: Plan,
        /// The [endpoint label](crate::connection::Connection::endpoint_label) of the connection.
        endpoint: String,
        project_id: ProjectId,
        started: String,
    },
    /// The desktops of a batch that is about to be sent.
    Batch {
        sending: Vec<DesktopId>,
        time: String,
    },
    /// The outcome of a desktop.
    Outcome(Entry),
    /// The service's jobs for the desktops of the batch that succeeded.
    Jobs { job_ids: Vec<String> },
}

/// A report that is being written.
pub struct Report {
    file: File,
    path: PathBuf,
    /// Offset of the end of the last complete line, in bytes.
    end: u64,
    /// True for a file on a disk, false for a pipe or a device.
    on_disk: bool,
}

impl Report {
    /// Opens a new report without writing to it. An existing file is never overwritten.
    pub fn create(path: &Path) -> Result<Self, CommandError> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        // A report names people, so only its owner may read it.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let report = Self::open(path, &options)?;
        if report.end > 0 {
            let message = format!(
                "the report {} already exists; nothing was sent",
                path.display()
            );
            return Err(CommandError::usage(message)
                .hint("Resume it with --resume, or choose another file."));
        }
        Ok(report)
    }

    /// Opens an existing report and returns it with its complete lines. The next write removes what
    /// an interrupted process left of a line.
    pub fn reopen(path: &Path) -> Result<(Self, String), CommandError> {
        let mut report = Self::open(path, OpenOptions::new().read(true).write(true))?;
        // Read through the same handle: on Windows, the lock keeps every other one from reading.
        let mut bytes = Vec::new();
        let read = report.file.read_to_end(&mut bytes);
        let cannot_read = |reason: String| {
            CommandError::usage(format!(
                "cannot read the report {}: {reason}; nothing was sent",
                path.display()
            ))
        };
        read.map_err(|error| cannot_read(error.to_string()))?;
        // A crash may have cut the last line inside a character, so it is cut off before decoding.
        let complete = bytes.iter().rposition(|byte| *byte == b'\n');
        bytes.truncate(complete.map_or(0, |index| index + 1));
        let text = String::from_utf8(bytes).map_err(|error| cannot_read(error.to_string()))?;
        report.end = text.len() as u64;
        Ok((report, text))
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
        })
    }

    /// Writes the plan, and makes sure that a new file is still there after a power failure.
    pub fn write_plan(
        &mut self,
        plan: &Plan,
        endpoint: &str,
        project_id: &ProjectId,
    ) -> Result<(), CommandError> {
        self.write(&[Line::Plan {
            plan: plan.clone(),
            endpoint: endpoint.to_owned(),
            project_id: project_id.clone(),
            started: now(),
        }])?;
        self.sync_folder().map_err(|error| self.write_error(&error))
    }

    /// Writes that these desktops are about to be sent. They must not be sent unless this succeeds.
    pub fn write_batch(&mut self, desktops: &[DesktopId]) -> Result<(), CommandError> {
        self.write(&[Line::Batch {
            sending: desktops.to_vec(),
            time: now(),
        }])
    }

    /// Writes outcomes, and the jobs of the desktops that succeeded.
    pub fn write_outcomes(
        &mut self,
        entries: &[Entry],
        job_ids: &[String],
    ) -> Result<(), CommandError> {
        let mut lines: Vec<_> = entries.iter().cloned().map(Line::Outcome).collect();
        if !job_ids.is_empty() {
            lines.push(Line::Jobs {
                job_ids: job_ids.to_vec(),
            });
        }
        self.write(&lines)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    fn write(&mut self, lines: &[Line]) -> Result<(), CommandError> {
        let mut text = Vec::new();
        for line in lines {
            let line = escape_json(serde_json::to_string(line)?);
            text.extend_from_slice(line.as_bytes());
            text.push(b'\n');
        }
        if let Err(error) = self.append(&text) {
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
        let message = format!("cannot write the report {}: {error}", self.path.display());
        CommandError::new(Exit::Failed, message)
    }
}

fn now() -> String {
    format_rfc3339_millis(SystemTime::now()).to_string()
}
