//! `workspace detach-info`: reads who was unbound.

use std::collections::HashMap;
use std::io::{self, Write};
use std::ops::RangeInclusive;

use futures::StreamExt;
use serde::Serialize;
use workspace_api::Error;
use workspace_api::types::{DesktopDetachInfo, DesktopId};

use crate::cli::{DetachInfo, Settings};
use crate::error::hints;
use crate::error::{ERROR, Exit, Failure, NEXT, with_causes};
use crate::output::progress::Progress;
use crate::output::sanitize::visible;
use crate::output::text::counted;
use crate::output::{Format, Row};
use crate::signals::Interrupt;
use crate::{input, output};

const STOPPING: &str = "Stopping. What was read so far follows.";

#[derive(Default, Serialize)]
struct Document {
    desktop_detach_infos: Vec<DesktopDetachInfo>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Unread>,
}

/// A desktop whose records could not be read.
#[derive(Serialize)]
struct Unread {
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
    settings: &Settings,
    quiet: bool,
) -> Result<Exit, Failure> {
    let ids = input::named(&arguments.desktops, quiet)?;
    if ids.is_empty() {
        return Err(input::no_desktop());
    }
    let connection = settings.connect().await?;
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
        let _ = writeln!(io::stderr(), "{} not read.", counted(unread, "desktop"));
    }
    let records = document.document.desktop_detach_infos.len();
    if !quiet {
        let _ = writeln!(
            io::stderr(),
            "{} of {}.",
            counted(records, "record"),
            counted(document.read, "desktop")
        );
    }
    Ok(if interrupt.is_requested() {
        Exit::Interrupted
    } else if errors.is_empty() {
        Exit::Done
    } else if document.read == 0 {
        Exit::Failed
    } else {
        Exit::Partly
    })
}

struct Sorted {
    document: Document,
    read: usize,
}

/// The answers in the order in which the desktops were named.
fn sorted(
    ids: &[DesktopId],
    mut answers: HashMap<DesktopId, Result<Vec<DesktopDetachInfo>, Error>>,
) -> (Sorted, Vec<(DesktopId, Error)>) {
    let (mut document, mut errors, mut read) = (Document::default(), Vec::new(), 0);
    for id in ids {
        match answers.remove(id) {
            Some(Ok(records)) => {
                read += 1;
                document.desktop_detach_infos.extend(records);
            }
            Some(Err(error)) => {
                document.errors.push(Unread {
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

fn print(format: Format, document: &Document) -> Result<(), Failure> {
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
    let message = visible(&with_causes(error));
    let _ = writeln!(stderr, "{ERROR}error:{ERROR:#} {}: {message}", id.as_str());
    if let Some(step) = hints::next_step(error) {
        let _ = writeln!(stderr, "  {NEXT}{}{NEXT:#}", visible(&step));
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
