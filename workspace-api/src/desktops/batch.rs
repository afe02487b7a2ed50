//! Long lists, one batch after the other, and what an answer says about each desktop of a batch.

use futures_util::{Stream, stream};

use super::outcome::{BatchOutcome, DesktopOutcome, Outcome};
use crate::client::response::Redact;
use crate::types::{BatchDetachInstancesResponse, DesktopId, VmOperateResult};
use crate::{Error, ErrorKind, Result};

/// What the service answered to a batch.
#[derive(Default)]
pub(super) struct Answer {
    failures: Vec<VmOperateResult>,
    job_ids: Vec<String>,
    request_id: Option<String>,
}

impl Answer {
    /// `redact` takes out what was sent, because a server may repeat it.
    pub(super) fn new(
        response: BatchDetachInstancesResponse,
        request_id: Option<&str>,
        redact: &Redact<'_>,
    ) -> Self {
        let mut failures = response.failed_operation_list;
        for failure in &mut failures {
            for text in [&mut failure.error_code, &mut failure.error_msg] {
                *text = text.take().map(|text| redact(&text));
            }
        }
        let mut job_ids = response.success_job_ids;
        job_ids.extend(response.job_id.filter(|id| !id.is_empty()));
        Self {
            failures,
            job_ids,
            request_id: request_id.map(redact),
        }
    }
}

/// Sends the desktops, each with what is sent for it, in batches of this size. Once a batch fails in a way that the
/// next one would share, the rest is not sent.
pub(super) fn in_batches<T, S, F>(
    desktops: Vec<(DesktopId, T)>,
    size: usize,
    send: S,
) -> impl Stream<Item = BatchOutcome> + Send + use<T, S, F>
where
    T: Send,
    S: FnMut(Vec<T>) -> F + Send,
    F: Future<Output = Result<Answer>> + Send,
{
    let start = (desktops.into_iter(), send, None);
    stream::unfold(
        start,
        move |(mut desktops, mut send, mut stopped): (_, S, Option<Error>)| async move {
            let (ids, bodies): (Vec<_>, Vec<_>) = desktops.by_ref().take(size).unzip();
            if ids.is_empty() {
                return None;
            }
            let answer = match &stopped {
                Some(error) => Err(not_sent(error)),
                None => send(bodies).await,
            };
            if let (None, Err(error)) = (&stopped, &answer) {
                stopped = Some(error.clone()).filter(stops);
            }
            Some((outcome(ids, answer), (desktops, send, stopped)))
        },
    )
}

/// Whether the next batch would fail in the same way. After a wrong signature it must not even be tried: a few in a row
/// lock the access key.
fn stops(error: &Error) -> bool {
    use ErrorKind::{Configuration, Connect, Credentials, Forbidden, InvalidInput, Unauthorized};
    matches!(
        error.kind(),
        Configuration | Connect | Credentials | Forbidden | InvalidInput | Unauthorized
    )
}

fn not_sent(error: &Error) -> Error {
    Error::with_source(
        error.kind(),
        "not sent, because an earlier request of the run failed",
        error.clone(),
    )
}

fn outcome(ids: Vec<DesktopId>, answer: Result<Answer>) -> BatchOutcome {
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => {
            let outcome = if error.may_have_been_processed() {
                Outcome::Unknown
            } else {
                Outcome::Failed
            };
            let desktops = ids.into_iter().map(|desktop_id| DesktopOutcome {
                desktop_id,
                outcome: outcome(error.clone()),
            });
            return BatchOutcome {
                desktops: desktops.collect(),
                job_ids: Vec::new(),
            };
        }
    };
    let is_of = |failure: &VmOperateResult, id: &DesktopId| {
        let failed = failure.desktop_id.as_ref();
        failed.is_some_and(|failed| failed.eq_ignore_ascii_case(id))
    };
    // A failure that names none of the desktops is one of those that seem to have succeeded.
    let is_named = |failure: &VmOperateResult| ids.iter().any(|id| is_of(failure, id));
    let unnamed = (!answer.failures.iter().all(is_named)).then(|| {
        Error::new(
            ErrorKind::InvalidResponse,
            "the service reports a failure without naming a desktop of the batch, so it may be this one",
        )
    });
    let failed = |id: &DesktopId| answer.failures.iter().find(|failure| is_of(failure, id));
    let error = |failure: &VmOperateResult| {
        Error::desktop(
            failure.error_code.clone(),
            failure.error_msg.clone(),
            answer.request_id.clone(),
        )
    };
    let desktops = ids.iter().map(|id| DesktopOutcome {
        desktop_id: id.clone(),
        outcome: match (failed(id), &unnamed) {
            (Some(failure), _) => Outcome::Failed(error(failure)),
            (None, Some(unnamed)) => Outcome::Unknown(unnamed.clone()),
            (None, None) => Outcome::Succeeded,
        },
    });
    BatchOutcome {
        desktops: desktops.collect(),
        job_ids: answer.job_ids,
    }
}
