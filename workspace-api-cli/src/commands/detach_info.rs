//! `workspace detach-info`: reads who was unbound from desktops.

mod filter;
mod kept;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use futures::StreamExt;
use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};
use workspace_api::types::{DesktopDetachInfo, DesktopId};
use workspace_api::{Client, Error};

use crate::batch::summary::write_groups;
use crate::batch::tally::Tally;
use crate::cli::{ConnectionOptions, DetachInfo};
use crate::commands::detach_info::filter::Filter;
use crate::commands::detach_info::kept::Kept;
use crate::desktops::ids::DesktopIds;
use crate::desktops::names::DesktopNames;
use crate::error::{CommandError, Exit};
use crate::input::{self, Purpose};
use crate::output::format::Format;
use crate::output::lines::LineWriter;
use crate::output::progress::Progress;
use crate::output::stdout::write_to_stdout;
use crate::output::text::{group_digits, pluralize};
use crate::output::{self, Row, table};
use crate::plan::outcome::{Entry, Status};
use crate::signals::StopRequest;

const STOPPING: &str = "Stopping. Results so far:";

type Records = Result<Vec<DesktopDetachInfo>, Error>;

pub async fn run(
    arguments: &DetachInfo,
    options: &ConnectionOptions,
    quiet: bool,
) -> Result<Exit, CommandError> {
    let filter = Filter::new(arguments)?;
    let list = input::desktop_ids(&arguments.desktops, Purpose::Read)?;
    for note in &list.notes {
        output::note(quiet, note);
    }
    let ids = list.desktops;
    if ids.is_empty() {
        return Err(input::no_desktop());
    }
    let connection = options.connect().await?;
    // A missing project is an error of the settings, not of each desktop.
    connection.project_id().await?;
    let mut stop = StopRequest::listen(STOPPING)?;
    let format = arguments.output.format();
    let mut printer = RecordPrinter::new(format, filter, list.names);
    let client = &connection.client;
    read(client, &ids, arguments.jobs, &mut stop, &mut printer, quiet).await?;
    printer.finish()?;
    // A closed stderr does not change how the run ended.
    let _ = write_groups(&mut anstream::stderr().lock(), &printer.failures, None);
    printer.print_counts(ids.len(), quiet);
    Ok(if stop.is_received() {
        Exit::Interrupted
    } else if printer.desktops == ids.len() {
        Exit::Success
    } else if printer.desktops == 0 {
        Exit::Failed
    } else {
        Exit::Partial
    })
}

/// Reads the records of the desktops and prints them in the order of the desktops, until a stop is
/// requested or an error ends the reads.
async fn read(
    client: &Client,
    ids: &DesktopIds,
    jobs: Option<usize>,
    stop: &mut StopRequest,
    printer: &mut RecordPrinter,
    quiet: bool,
) -> Result<(), CommandError> {
    let mut progress = Progress::new(ids.len(), quiet);
    let mut reads = client.desktops().detach_infos(ids.texts());
    if let Some(jobs) = jobs {
        reads = reads.concurrency(jobs);
    }
    let mut responses = Box::pin(reads.stream());
    // Responses that came before one of an earlier desktop, by place in the list.
    let mut early = BTreeMap::new();
    let mut next = 0;
    loop {
        let response = async {
            tokio::select! {
                response = responses.next() => response,
                () = stop.received() => None,
            }
        };
        let Some((id, records)) = progress.during(response).await else {
            break;
        };
        progress.advance(1);
        early.extend(ids.place(&id).map(|place| (place, records)));
        while let Some(records) = early.remove(&next) {
            printer.add(ids, next, records)?;
            next += 1;
        }
    }
    drop(progress);
    for (place, records) in early {
        printer.add(ids, place, records)?;
    }
    Ok(())
}

/// Prints the records of each desktop as soon as they are known, or all of them at the end.
struct RecordPrinter {
    format: Format,
    /// `None` for a format that is printed at the end.
    lines: Option<LineWriter>,
    filter: Filter,
    names: DesktopNames,
    results: ReadResults,
    failures: Tally,
    /// Number of desktops whose records were read.
    desktops: usize,
    /// Number of their records.
    read: usize,
    shown: usize,
}

/// The results that are printed at the end.
#[derive(Default)]
struct ReadResults {
    records: Kept<DesktopDetachInfo>,
    errors: Kept<ReadError>,
}

impl Serialize for ReadResults {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut results = serializer.serialize_struct("ReadResults", 2)?;
        results.serialize_field("desktop_detach_infos", &self.records)?;
        if self.errors.is_empty() {
            results.skip_field("errors")?;
        } else {
            results.serialize_field("errors", &self.errors)?;
        }
        results.end()
    }
}

/// A desktop whose records could not be read.
#[derive(Deserialize, Serialize)]
struct ReadError {
    desktop_id: DesktopId,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_msg: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
}

impl RecordPrinter {
    fn new(format: Format, filter: Filter, names: DesktopNames) -> Self {
        let lines = match format {
            Format::Lines(lines) => Some(LineWriter::new(lines)),
            Format::Table | Format::Json => None,
        };
        Self {
            format,
            lines,
            filter,
            names,
            results: ReadResults::default(),
            failures: Tally::default(),
            desktops: 0,
            read: 0,
            shown: 0,
        }
    }

    /// Adds the records of the desktop at a place in the list.
    fn add(
        &mut self,
        ids: &DesktopIds,
        place: usize,
        records: Records,
    ) -> Result<(), CommandError> {
        let Some(id) = ids.get(place) else {
            return Ok(());
        };
        match records {
            Ok(records) => self.add_records(&id, records),
            Err(error) => {
                self.add_error(id, &error);
                Ok(())
            }
        }
    }

    fn add_records(
        &mut self,
        id: &DesktopId,
        mut records: Vec<DesktopDetachInfo>,
    ) -> Result<(), CommandError> {
        self.desktops += 1;
        self.read += records.len();
        self.filter.apply(&mut records);
        self.shown += records.len();
        for record in &mut records {
            if record.desktop_name.is_none() {
                record.desktop_name = self.names.get(id.as_str()).map(str::to_owned);
            }
        }
        let Some(lines) = &mut self.lines else {
            for record in &records {
                self.results.records.push(record);
            }
            return Ok(());
        };
        Ok(write_to_stdout(|out| lines.write(out, &records))?)
    }

    fn add_error(&mut self, desktop_id: DesktopId, error: &Error) {
        let entry = Entry {
            desktop_name: self.names.get(desktop_id.as_str()).map(str::to_owned),
            request_id: error.request_id().map(str::to_owned),
            ..Entry::new(desktop_id.clone(), Status::Failed).with_error(error)
        };
        self.failures.add(&entry);
        if self.format == Format::Json {
            self.results.errors.push(&ReadError {
                desktop_id,
                status: entry.status,
                error_code: entry.error_code,
                error_msg: error.message().map(str::to_owned),
                request_id: entry.request_id,
            });
        }
    }

    fn finish(&mut self) -> Result<(), CommandError> {
        let written = write_to_stdout(|out| match (self.format, &mut self.lines) {
            (_, Some(lines)) => lines.begin::<DesktopDetachInfo>(out),
            (Format::Json, None) => output::json(out, &self.results),
            (_, None) => table::write(out, self.results.records.iter()),
        });
        Ok(written?)
    }

    fn print_counts(&self, desktops: usize, quiet: bool) {
        let unread = desktops - self.desktops - self.failures.total();
        if unread > 0 {
            let unread = pluralize(unread, "desktop");
            output::note(false, &format!("{unread} not read."));
        }
        if self.desktops > 0 {
            let records = pluralize(self.shown, "record");
            let of_all = if self.filter.is_active() {
                format!(" (of {})", group_digits(self.read))
            } else {
                String::new()
            };
            let desktops = pluralize(self.desktops, "desktop");
            output::note(quiet, &format!("{records}{of_all} from {desktops}."));
        }
    }
}

impl Row for DesktopDetachInfo {
    const HEADINGS: &'static [&'static str] = &[
        "desktop_id",
        "user_name",
        "type",
        "detach_time",
        "desktop_name",
        "user_group",
        "user_id",
    ];
    const SHOWN: RangeInclusive<usize> = 4..=7;

    fn cells(&self) -> Vec<Cow<'_, str>> {
        [
            &self.desktop_id,
            &self.user_name,
            &self.type_,
            &self.detach_time,
            &self.desktop_name,
            &self.user_group,
            &self.user_id,
        ]
        .map(|cell| cell.as_deref().unwrap_or_default().into())
        .to_vec()
    }
}
