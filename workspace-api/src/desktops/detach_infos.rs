//! The unbinding records of many desktops, several calls at a time, in constant memory.

use futures::{Stream, StreamExt, stream};

use crate::types::{DesktopDetachInfo, DesktopId};
use crate::{Client, ErrorKind, Result};

/// Reads the records of many desktops, from [`Desktops::detach_infos`](crate::Desktops::detach_infos).
#[derive(Debug)]
#[must_use = "nothing is sent before the stream is polled"]
pub struct DetachInfos<'a, I> {
    client: &'a Client,
    desktop_ids: I,
    concurrency: usize,
}

impl<'a, I> DetachInfos<'a, I>
where
    I: Iterator<Item = DesktopId> + Send + 'a,
{
    pub(super) fn new(client: &'a Client, desktop_ids: I) -> Self {
        Self {
            client,
            desktop_ids,
            concurrency: 8,
        }
    }

    /// The most calls at a time. By default 8; 0 counts as 1.
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.concurrency = calls.max(1);
        self
    }

    /// The records of each desktop as they arrive, which is not the order in which the ids were given. After the first
    /// [`ErrorKind::Unauthorized`] no further call is made and the stream ends.
    pub fn stream(
        self,
    ) -> impl Stream<Item = (DesktopId, Result<Vec<DesktopDetachInfo>>)> + Send + use<'a, I> {
        let client = self.client;
        let calls = self.desktop_ids.map(move |id| async move {
            let records = client.desktops().detach_info(id.as_str()).await;
            (id, records)
        });
        let records = stream::iter(calls).buffer_unordered(self.concurrency);
        records.scan(false, |stopped, (id, records)| {
            let go_on = !*stopped;
            *stopped |= matches!(&records, Err(error) if error.kind() == ErrorKind::Unauthorized);
            std::future::ready(go_on.then_some((id, records)))
        })
    }
}
