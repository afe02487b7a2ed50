//! `workspace detach-info`: reads who was unbound.

use std::collections::HashMap;
use std::io::{self, Write};
use std::ops::RangeInclusive;

use futures::StreamExt;
use serde::Serialize;
use workspace_api::Error;
use workspace_api::types::{DesktopDetachInfo, DesktopId};

use crate::cli::{ConnectionOptions, DetachInfo};
use crate::error::hints;
use crate::error::{CommandError, ERROR, Exit, HINT, with_causes};
use crate::output::progress::Progress;
use crate::output::sanitize::sanitize_for_terminal;
use crate::output::text::pluralize;
use crate::output::{Format, Row};
use crate::signals::Interrupt;
use crate::{input, output};

const STOPPING: &str = "Stopping. What was read so far follows.";

#[derive(Default, Serialize)]
struct ReadResults {
    desktop_detach_infos: Vec<DesktopDetachInfo>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ReadError>,
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
}

pub async fn run(
    arguments: &DetachInfo,
    options: &ConnectionOptions,
    quiet: bool,
) -> Result<Exit, CommandError> {
    let ids = input::desktop_ids(&arguments.desktops, quiet)?;
    if ids.is_empty() {
        return Err(input::no_desktop());
    }
    let connection = options.connect().await?;
    let mut interrupt = Interrupt::listen(STOPPING)?;
    let mut progress = Progress::new(ids.len(), quiet);
    let mut answers = Box::pin(
        connection
            .client
            .desktops()
            .detach_infos(ids.clone())
            .stream(),
    );
    let mut read = HashMap::new();
    loop {
        let next = async {
            tokio::select! {
                answer = answers.next() => answer,
                () = interrupt.requested() => None,
            }
        };
        let Some((id, records)) = progress.during(next).await else {
            break;
        };
        progress.advance(1);
        read.insert(id, records);
    }
    progress.finish();
    let (document, errors) = sorted(&ids, read);
    let unread = ids.len() - document.read - errors.len();
    print(Format::choose(arguments.output.json), &document.document)?;
    for (id, error) in &errors {
        tell(id, error);
    }
    if unread > 0 {
        let _ = writeln!(io::stderr(), "{} not read.", pluralize(unread, "desktop"));
    }
    let records = document.document.desktop_detach_infos.len();
    if !quiet {
        let _ = writeln!(
            io::stderr(),
            "{} of {}.",
            pluralize(records, "record"),
            pluralize(document.read, "desktop")
        );
    }
    Ok(if interrupt.is_requested() {
        Exit::Interrupted
    } else if errors.is_empty() {
        Exit::Success
    } else if document.read == 0 {
        Exit::Failed
    } else {
        Exit::Partial
    })
}

struct Sorted {
    document: ReadResults,
    read: usize,
}

/// The answers in the order in which the desktops were named.
fn sorted(
    ids: &[DesktopId],
    mut answers: HashMap<DesktopId, Result<Vec<DesktopDetachInfo>, Error>>,
) -> (Sorted, Vec<(DesktopId, Error)>) {
    let (mut document, mut errors, mut read) = (ReadResults::default(), Vec::new(), 0);
    for id in ids {
        match answers.remove(id) {
            Some(Ok(records)) => {
                read += 1;
                document.desktop_detach_infos.extend(records);
            }
            Some(Err(error)) => {
                document.errors.push(ReadError {
                    desktop_id: id.clone(),
                    error_code: error.code().map(str::to_owned),
                    error_msg: error.message().map(str::to_owned),
                    request_id: error.request_id().map(str::to_owned),
                });
                errors.push((id.clone(), error));
            }
            None => {}
        }
    }
    (Sorted { document, read }, errors)
}

fn print(format: Format, document: &ReadResults) -> Result<(), CommandError> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    match format {
        Format::Table => output::table(&mut out, &document.desktop_detach_infos)?,
        Format::Tsv => output::tsv(&mut out, &document.desktop_detach_infos)?,
        Format::Json => output::json(&mut out, document)?,
    }
    Ok(out.flush()?)
}

fn tell(id: &DesktopId, error: &Error) {
    let mut stderr = anstream::stderr().lock();
    let message = sanitize_for_terminal(&with_causes(error));
    let _ = writeln!(stderr, "{ERROR}error:{ERROR:#} {}: {message}", id.as_str());
    if let Some(step) = hints::hint_for(error) {
        let _ = writeln!(stderr, "  {HINT}{}{HINT:#}", sanitize_for_terminal(&step));
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

    fn cells(&self) -> Vec<&str> {
        [
            &self.desktop_id,
            &self.user_name,
            &self.type_,
            &self.detach_time,
            &self.desktop_name,
            &self.user_group,
            &self.user_id,
        ]
        .map(|cell| cell.as_deref().unwrap_or_default())
        .to_vec()
    }
}
