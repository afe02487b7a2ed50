//! Bulk reads through a gate.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use tokio::time::Instant;

use super::gate::{Count, Gate, Says};
use crate::RetryPolicy;
use crate::desktops::paced::send_paced;
use crate::desktops::rate_limiter::{Limits, RateLimiter};
use crate::http::OnThrottled;

/// What became of some reads.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reads {
    pub(super) seconds: f64,
    pub(super) succeeded: u32,
}

/// Reads through a gate, with this many requests in flight.
pub(super) async fn read(
    gate: &Gate,
    reads: u32,
    concurrency: usize,
    on_throttled: Option<OnThrottled>,
) -> Reads {
    let limits = Arc::new(Limits::new(concurrency, None));
    let limiter = RateLimiter::new(concurrency, limits, on_throttled);
    let started = Instant::now();
    let reads = stream::iter(0..reads)
        .map(|_| send_paced(&limiter, RetryPolicy::default(), |_| gate.pass()))
        .buffer_unordered(4 * concurrency);
    let mut reads = std::pin::pin!(reads);
    let mut succeeded = 0;
    while let Some(sent) = reads.next().await {
        match sent {
            Some((_, Ok(()))) => succeeded += 1,
            // As the stream of records does.
            Some((_, Err(_))) => limiter.stop(),
            None => {}
        }
    }
    Reads {
        seconds: started.elapsed().as_secs_f64(),
        succeeded,
    }
}

/// A gate and the concurrency of a run through it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case {
    pub(super) count: Count,
    pub(super) requests: u32,
    pub(super) window: Duration,
    pub(super) says: Says,
    pub(super) concurrency: u32,
}

/// How well a run used its gate.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Use {
    /// Time ÷ ideal.
    pub(super) ratio: f64,
    /// Refusals per read.
    pub(super) refused: f64,
    /// Number of reads that failed.
    pub(super) lost: u32,
}

impl Case {
    /// Reads 1,000 records and at least five windows.
    pub(super) async fn run(self) -> Use {
        let gate = Gate::new(self.count, self.requests, self.window, self.says);
        let windows = 1_000_u32.div_ceil(self.requests).max(5);
        let reads = windows * self.requests;
        let done = read(&gate, reads, self.concurrency as usize, None).await;
        let refused = u32::try_from(gate.refused()).unwrap();
        Use {
            ratio: done.seconds / gate.ideal(reads, self.concurrency),
            refused: f64::from(refused) / f64::from(reads),
            lost: reads - done.succeeded,
        }
    }
}
