//! The report of a run: JSON lines that are on disk before the next step is taken.
//!
//! What is to be done is written first, a batch before it is sent, and the outcome of each desktop when it is known. So
//! whenever the process ends, the file says of every desktop whether it is done, not done, or unknown.

pub mod reconcile;
pub mod replay;
pub mod resume_command;

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use humantime::format_rfc3339_millis;
use serde::{Deserialize, Serialize};
use workspace_api::types::{DesktopId, ProjectId};

use crate::error::{CommandError, Exit};
use crate::plan::Plan;
use crate::plan::outcome::Entry;

/// One line of a report.
#[derive(Debug, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Line {
    /// All that is to be done. The first line.
    Plan {
        #[serde(flatten)]
        plan: Plan,
        /// Where the run goes, in the words of [`Connection::place`](crate::connection::Connection::place).
        endpoint: String,
        project_id: ProjectId,
        started: String,
    },
    /// These desktops are about to be sent.
    Batch {
        sending: Vec<DesktopId>,
        time: String,
    },
    /// What became of a desktop.
    Outcome(Entry),
    /// The service's jobs for what succeeded before.
    Jobs { job_ids: Vec<String> },
}

/// A report that is being written.
pub struct Report {
    file: File,
    path: PathBuf,
    /// Where the last whole line ends.
    end: u64,
    /// Whether it is a file on a disk, rather than a pipe or a device.
    on_disk: bool,
}

impl Report {
    /// A new report, in which nothing is written yet. An existing file is never written over.
    pub fn create(path: &Path) -> Result<Self, CommandError> {
        let report = Self::open(path, true)?;
        if report.end > 0 {
            let message = format!("the report {} exists, so nothing was sent", path.display());
            return Err(CommandError::usage(message)
                .hint("Go on from it with --resume, or choose another name."));
        }
        Ok(report)
    }

    /// Writes down all that is to be done.
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
        if self.on_disk && cfg!(unix) {
            // The name of a new file is part of its folder, which is on disk only when it is told to be.
            let folder = self.path.parent();
            let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
            let synced = File::open(folder.unwrap_or(Path::new("."))).and_then(|it| it.sync_all());
            synced.map_err(|error| self.write_error(&error))?;
        }
        Ok(())
    }

    /// A report to go on with, and its whole lines. What a killed process left of a line is cut off by the next one.
    pub fn reopen(path: &Path) -> Result<(Self, String), CommandError> {
        let mut report = Self::open(path, false)?;
        let text = fs::read_to_string(path).map_err(|error| report.write_error(&error))?;
        let end = text.rfind('\n').map_or(0, |at| at + 1);
        report.end = end as u64;
        Ok((report, text[..end].to_owned()))
    }

    fn open(path: &Path, create: bool) -> Result<Self, CommandError> {
        let cannot = |error: &io::Error| {
            let what = match create {
                true => "written",
                false => "resumed",
            };
            CommandError::usage(format!(
                "the report {} cannot be {what}, so nothing was sent: {error}",
                path.display()
            ))
        };
        let file = OpenOptions::new()
            .write(true)
            .create(create)
            .truncate(false)
            .open(path)
            .map_err(|error| cannot(&error))?;
        let metadata = file.metadata().map_err(|error| cannot(&error))?;
        let on_disk = metadata.is_file();
        if on_disk && let Err(TryLockError::WouldBlock) = file.try_lock() {
            let message = format!(
                "another `workspace` is writing the report {} right now, so nothing was sent",
                path.display()
            );
            return Err(CommandError::usage(message));
        }
        Ok(Self {
            file,
            path: path.to_owned(),
            end: if on_disk { metadata.len() } else { 0 },
            on_disk,
        })
    }

    /// Writes down that these desktops are about to be sent. They must not be sent unless it succeeds.
    pub fn write_batch(&mut self, desktops: &[DesktopId]) -> Result<(), CommandError> {
        self.write(&[Line::Batch {
            sending: desktops.to_vec(),
            time: now(),
        }])
    }

    /// Writes down what became of desktops.
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
            serde_json::to_writer(&mut text, line)?;
            text.push(b'\n');
        }
        let written = self.append(&text);
        if let (Err(_), true) = (&written, self.on_disk) {
            // Half a line would only be in the way. If this fails too, the next line cuts it off.
            let _ = self.file.set_len(self.end);
        }
        written.map_err(|error| self.write_error(&error))?;
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

    fn write_error(&self, error: &io::Error) -> CommandError {
        let message = format!(
            "the report {} cannot be written: {error}",
            self.path.display()
        );
        CommandError::new(Exit::Failed, message)
    }
}

fn now() -> String {
    format_rfc3339_millis(SystemTime::now()).to_string()
}
