//! `workspace detach-info`: reads who was unbound from desktops.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{self, Write};
use std::ops::RangeInclusive;

use futures::StreamExt;
use serde::Serialize;
use workspace_api::types::{DesktopDetachInfo, DesktopId};
use workspace_api::{Client, Error};

use crate::cli::{ConnectionOptions, DetachInfo};
use crate::error::hints;
use crate::error::{CommandError, ERROR, Exit, HINT, with_causes};
use crate::input::{self, Purpose};
use crate::output::format::Format;
use crate::output::lines::LineWriter;
use crate::output::progress::Progress;
use crate::output::sanitize::{sanitize_each_line, sanitize_for_terminal, sanitize_lines};
use crate::output::text::pluralize;
use crate::output::{self, Row, table};
use crate::signals::StopRequest;

const STOPPING: &str = "Stopping. Results so far:";

type Records = Result<Vec<DesktopDetachInfo>, Error>;

/// The records of all desktops that were read, in the order of the arguments.
#[derive(Default, Serialize)]
struct ReadResults {
    desktop_detach_infos: Vec<DesktopDetachInfo>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ReadError>,
    /// Number of desktops whose records were read.
    #[serde(skip)]
    read: usize,
}

/// A desktop whose records could not be read.
#[derive(Serialize)]
struct ReadError {
    desktop_id: DesktopId,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_msg: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    #[serde(skip)]
    error: Error,
}

pub async fn run(
    arguments: &DetachInfo,
    options: &ConnectionOptions,
    quiet: bool,
) -> Result<Exit, CommandError> {
    let list = input::desktop_ids(&arguments.desktops, Purpose::Read)?;
    for note in &list.notes {
        output::note(quiet, note);
    }
    let ids = list.desktops;
    if ids.is_empty() {
        return Err(input::no_desktop());
    }
    let connection = options.connect().await?;
    let mut stop = StopRequest::listen(STOPPING)?;
    let records = read(&connection.client, &ids, &mut stop, quiet).await;
    let results = in_order(&ids, records);
    results.print(arguments.output.format())?;
    for error in &results.errors {
        error.print();
    }
    results.print_counts(ids.len(), quiet);
    Ok(if stop.is_received() {
        Exit::Interrupted
    } else if results.errors.is_empty() {
        Exit::Success
    } else if results.read == 0 {
        Exit::Failed
    } else {
        Exit::Partial
    })
}

/// Reads the records of the desktops, as they come, until a stop is requested.
async fn read(
    client: &Client,
    ids: &[DesktopId],
    stop: &mut StopRequest,
    quiet: bool,
) -> HashMap<DesktopId, Records> {
    let mut progress = Progress::new(ids.len(), quiet);
    let mut responses = Box::pin(client.desktops().detach_infos(ids.to_vec()).stream());
    let mut records = HashMap::new();
    loop {
        let next = async {
            tokio::select! {
                response = responses.next() => response,
                () = stop.received() => None,
            }
        };
        let Some((id, response)) = progress.during(next).await else {
            break;
        };
        progress.advance(1);
        records.insert(id, response);
    }
    progress.finish();
    records
}

fn in_order(ids: &[DesktopId], mut records: HashMap<DesktopId, Records>) -> ReadResults {
    let mut results = ReadResults::default();
    for id in ids {
        match records.remove(id) {
            Some(Ok(records)) => {
                results.read += 1;
                results.desktop_detach_infos.extend(records);
            }
            Some(Err(error)) => results.errors.push(ReadError::new(id.clone(), error)),
            None => {}
        }
    }
    results
}

impl ReadResults {
    fn print(&self, format: Format) -> Result<(), CommandError> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        match format {
            Format::Table => table::write(&mut out, &self.desktop_detach_infos)?,
            Format::Lines(format) => {
                LineWriter::new(format).write(&mut out, &self.desktop_detach_infos)?;
            }
            Format::Json => output::json(&mut out, self)?,
        }
        Ok(out.flush()?)
    }

    fn print_counts(&self, desktops: usize, quiet: bool) {
        let unread = desktops - self.read - self.errors.len();
        if unread > 0 {
            output::note(
                false,
                &format!("{} not read.", pluralize(unread, "desktop")),
            );
        }
        if self.read > 0 {
            let records = pluralize(self.desktop_detach_infos.len(), "record");
            let read = pluralize(self.read, "desktop");
            output::note(quiet, &format!("{records} from {read}."));
        }
    }
}

impl ReadError {
    fn new(desktop_id: DesktopId, error: Error) -> Self {
        Self {
            desktop_id,
            error_code: error.code().map(str::to_owned),
            error_msg: error.message().map(str::to_owned),
            request_id: error.request_id().map(str::to_owned),
            error,
        }
    }

    fn print(&self) {
        let id = sanitize_for_terminal(self.desktop_id.as_str());
        let message = sanitize_lines(&with_causes(&self.error));
        let mut stderr = anstream::stderr().lock();
        // Without a stderr, the exit code alone reports the error.
        let _ = writeln!(stderr, "{ERROR}error:{ERROR:#} {id}: {message}");
        if let Some(hint) = hints::hint_for(&self.error) {
            let hint = sanitize_each_line(&hint).replace('\n', "\n  ");
            let _ = writeln!(stderr, "  {HINT}{hint}{HINT:#}");
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
