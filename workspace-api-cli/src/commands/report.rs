//! `workspace report`: shows the report of a run, or lists the latest reports.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::io::{self, Write};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::batch::summary::{counts, write_groups};
use crate::batch::tally::Tally;
use crate::cli::{ConnectionOptions, Report};
use crate::error::{CommandError, Exit, HINT};
use crate::output::format::Format;
use crate::output::lines::LineWriter;
use crate::output::sanitize::sanitize_for_terminal;
use crate::output::text::pluralize;
use crate::output::time::with_age;
use crate::output::{self, Row, table};
use crate::plan::Plan;
use crate::plan::outcome::{Entry, Status};
use crate::report::author::Author;
use crate::report::default_path::default_reports;
use crate::report::open;
use crate::report::outcomes::Outcomes;
use crate::report::replay::Replay;
use crate::report::resume_command::original_resume_command;
use humantime::format_rfc3339_seconds;
use serde::{Serialize, Serializer};

/// Number of reports in a list that is not asked for all of them.
const LIST_LENGTH: usize = 20;

pub fn run(arguments: &Report, options: &ConnectionOptions) -> Result<Exit, CommandError> {
    let format = arguments.output.format();
    match &arguments.file {
        Some(path) => show(path, format, arguments.all, options),
        None => list(format, arguments.all),
    }
}

/// A report that was read.
struct Contents {
    replay: Replay,
    outcomes: Outcomes,
    tally: Tally,
    /// How the run ended: `completed`, `interrupted`, `stopped`, `running` or `killed`.
    result: &'static str,
}

impl Contents {
    fn read(path: &Path) -> Result<Self, CommandError> {
        let is_running = is_locked(path);
        let mut outcomes = Outcomes::default();
        let replay = open::read(path, |replay, line| outcomes.add(replay, line))?;
        let result = match replay.ended {
            _ if is_running => "running",
            Some(result) => result.name(),
            None => "killed",
        };
        let mut contents = Self {
            replay,
            outcomes,
            tally: Tally::default(),
            result,
        };
        let mut tally = Tally::default();
        for entry in contents.entries() {
            tally.add(&entry);
            tally.add_verification(&entry);
        }
        contents.tally = tally;
        Ok(contents)
    }

    /// Returns the desktops in the order of the plan.
    fn entries(&self) -> impl Iterator<Item = Entry> + Clone {
        let places = 0..self.replay.plan().len();
        let names = &self.replay.head.names;
        places.filter_map(|place| self.outcomes.entry(&self.replay, place, names))
    }
}

/// The desktops of a report as a JSON list.
impl Serialize for Contents {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.entries())
    }
}

/// Returns true while a run writes the report.
fn is_locked(path: &Path) -> bool {
    let Ok(file) = File::open(path) else {
        return false;
    };
    matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
}

/// A report as a JSON document.
#[derive(Serialize)]
struct ReportDocument<'a> {
    report: String,
    format: u32,
    version: &'a str,
    command: &'a str,
    started: &'a str,
    latest: String,
    result: &'a str,
    by: &'a Author,
    #[serde(skip_serializing_if = "Option::is_none")]
    resumed_by: Option<&'a Author>,
    endpoint: &'a str,
    project_id: &'a str,
    counts: BTreeMap<Status, usize>,
    desktops: &'a Contents,
}

fn show(
    path: &Path,
    format: Format,
    all: bool,
    options: &ConnectionOptions,
) -> Result<Exit, CommandError> {
    let contents = Contents::read(path)?;
    let Contents {
        replay,
        tally,
        result,
        ..
    } = &contents;
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    match format {
        Format::Lines(lines) => LineWriter::new(lines).write(&mut out, contents.entries())?,
        Format::Json => output::json(
            &mut out,
            &ReportDocument {
                report: path.display().to_string(),
                format: replay.head.format,
                version: &replay.head.version,
                command: replay.plan().command(),
                started: &replay.head.started,
                latest: format_rfc3339_seconds(replay.latest).to_string(),
                result,
                by: &replay.head.by,
                resumed_by: replay.resumed_by.as_ref(),
                endpoint: &replay.head.endpoint,
                project_id: replay.head.project_id.as_str(),
                counts: tally.counts(),
                desktops: &contents,
            },
        )?,
        Format::Table => {
            write_facts(&mut out, path, &contents)?;
            if all {
                table::write(&mut out, contents.entries())?;
            }
            write_groups(&mut out, tally, Some(path))?;
            writeln!(out, "{}", counts(replay.plan(), tally))?;
            let has_records = matches!(replay.plan(), Plan::Detach { .. });
            if *result != "running" && tally.can_resume(has_records) {
                let command = original_resume_command(replay, options, path);
                let command = sanitize_for_terminal(&command);
                writeln!(out, "{HINT}To resume, run: {command}{HINT:#}")?;
            }
        }
    }
    out.flush()?;
    Ok(Exit::Success)
}

fn write_facts(out: &mut impl Write, path: &Path, contents: &Contents) -> io::Result<()> {
    let replay = &contents.replay;
    let head = &replay.head;
    let desktops = pluralize(replay.plan().len(), "desktop");
    let end = match contents.result {
        "killed" => "killed before its end",
        "running" => "still running",
        "interrupted" => "interrupted by a signal, such as Ctrl-C",
        "stopped" => "stopped by an error",
        result => result,
    };
    let mut facts = vec![
        ("Report", path.display().to_string()),
        (
            "Format",
            format!("{}, of workspace {}", head.format, head.version),
        ),
        (
            "Command",
            format!("workspace {} for {desktops}", replay.plan().command()),
        ),
        ("Started", with_age(replay.started)),
        ("By", describe_author(&head.by)),
    ];
    if let Some(by) = &replay.resumed_by {
        facts.push(("Resumed by", describe_author(by)));
    }
    facts.extend([
        ("Last entry", with_age(replay.latest)),
        ("End", end.to_owned()),
        ("Endpoint", head.endpoint.clone()),
        ("Project", head.project_id.to_string()),
    ]);
    for (name, value) in facts {
        writeln!(out, "{name:<11}{}", sanitize_for_terminal(&value))?;
    }
    Ok(())
}

fn describe_author(author: &Author) -> String {
    let user = author.user.as_deref().unwrap_or("unknown user");
    let host = author.host.as_deref().unwrap_or("unknown host");
    match &author.credentials {
        Some(credentials) => format!("{user} on {host}, with {credentials}"),
        None => format!("{user} on {host}"),
    }
}

/// A report in the list.
#[derive(Serialize)]
struct ListedReport {
    started: String,
    command: &'static str,
    result: &'static str,
    desktops: usize,
    counts: BTreeMap<Status, usize>,
    report: PathBuf,
    #[serde(skip)]
    time: SystemTime,
    /// The counts in words.
    #[serde(skip)]
    summary: String,
}

fn list(format: Format, all: bool) -> Result<Exit, CommandError> {
    let paths = default_reports()
        .map_err(|error| CommandError::from(error).context("cannot list the reports"))?;
    let shown = if all { usize::MAX } else { LIST_LENGTH };
    let mut reports = Vec::new();
    for path in paths.iter().take(shown) {
        match Contents::read(path) {
            Ok(contents) => reports.push(ListedReport {
                started: contents.replay.head.started.clone(),
                command: contents.replay.plan().command(),
                result: contents.result,
                desktops: contents.replay.plan().len(),
                counts: contents.tally.counts(),
                report: path.clone(),
                time: contents.replay.started,
                summary: counts(contents.replay.plan(), &contents.tally),
            }),
            // One broken file does not hide the others.
            Err(error) => output::note(false, error.to_string().trim_end()),
        }
    }
    let mut out = io::BufWriter::new(io::stdout().lock());
    match format {
        Format::Lines(lines) => LineWriter::new(lines).write(&mut out, &reports)?,
        Format::Json => output::json(&mut out, &reports)?,
        Format::Table => {
            for report in &reports {
                let started = with_age(report.time);
                let ListedReport {
                    command, result, ..
                } = report;
                let path = sanitize_for_terminal(&report.report.to_string_lossy());
                writeln!(out, "{started}: {command}, {result}. {}", report.summary)?;
                writeln!(out, "  {path}")?;
            }
        }
    }
    out.flush()?;
    if paths.len() > shown {
        let others = pluralize(paths.len() - shown, "older report");
        output::note(false, &format!("and {others}: see --all"));
    }
    Ok(Exit::Success)
}

impl Row for ListedReport {
    const HEADINGS: &'static [&'static str] = &[
        "started",
        "command",
        "result",
        "desktops",
        "succeeded",
        "accepted",
        "failed",
        "unknown",
        "not_sent",
        "report",
    ];
    const SHOWN: RangeInclusive<usize> = 10..=10;

    fn cells(&self) -> Vec<Cow<'_, str>> {
        let started = self.started.get(..19).unwrap_or(&self.started);
        let mut cells = vec![
            format!("{started}Z").into(),
            self.command.into(),
            self.result.into(),
            self.desktops.to_string().into(),
        ];
        for status in [
            Status::Succeeded,
            Status::Accepted,
            Status::Failed,
            Status::Unknown,
            Status::NotSent,
        ] {
            let count = self.counts.get(&status).copied().unwrap_or_default();
            cells.push(count.to_string().into());
        }
        cells.push(self.report.to_string_lossy());
        cells
    }
}
