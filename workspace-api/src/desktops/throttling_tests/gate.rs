//! Gates as services have them: a number of requests in each window, counted in one of four ways.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::{Error, ErrorKind, Result};

/// The time that a request takes to the gate, and its response from there.
const WAY: Duration = Duration::from_millis(20);

/// How a gate counts.
#[derive(Clone, Copy, Debug)]
pub(super) enum Count {
    /// In windows that begin with the first request after the one before.
    FromFirst,
    /// In windows that begin at fixed times: the first has begun this long ago.
    Aligned(Duration),
    /// In the time before each request.
    Sliding,
    /// In a bucket that refills evenly.
    Bucket,
}

impl Count {
    /// Returns one of each kind, the aligned window having begun 25 minutes of 60 before.
    pub(super) fn all(window: Duration) -> [Self; 4] {
        [
            Self::FromFirst,
            Self::Aligned(window * 5 / 12),
            Self::Sliding,
            Self::Bucket,
        ]
    }
}

/// What a 429 says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Says {
    /// The number of requests and the window, in its message.
    Window,
    /// When the next request passes, in `Retry-After`.
    Delay,
    Nothing,
}

impl Says {
    pub(super) const ALL: [Self; 3] = [Self::Window, Self::Delay, Self::Nothing];
}

pub(super) struct Gate {
    count: Count,
    requests: u32,
    window: Duration,
    message: String,
    names_delay: bool,
    created: Instant,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    accepted: VecDeque<Instant>,
    total: usize,
    refused: usize,
}

impl Gate {
    pub(super) fn new(count: Count, requests: u32, window: Duration, says: Says) -> Self {
        let message = match says {
            Says::Window => format!(
                "policy user over ratelimit,limit:{requests},time:{} second",
                window.as_secs()
            ),
            Says::Delay | Says::Nothing => String::new(),
        };
        Self {
            count,
            requests,
            window,
            message,
            names_delay: says == Says::Delay,
            created: Instant::now(),
            state: Mutex::default(),
        }
    }

    /// Returns a gate with a window of a minute.
    pub(super) fn minute(count: Count, requests: u32, says: Says) -> Self {
        Self::new(count, requests, Duration::from_secs(60), says)
    }

    /// Returns a gate with a message of its own.
    pub(super) fn with_message(self, message: &str) -> Self {
        Self {
            message: message.to_owned(),
            ..self
        }
    }

    /// Counts a request, which takes a while.
    pub(super) async fn pass(&self) -> Result<()> {
        sleep(WAY).await;
        let result = self.count();
        sleep(WAY).await;
        result
    }

    /// Counts a request that arrives now.
    pub(super) fn count(&self) -> Result<()> {
        let now = Instant::now();
        let mut state = self.state.lock().unwrap();
        if self.admits(&mut state.accepted, now) {
            state.total += 1;
            return Ok(());
        }
        state.refused += 1;
        let error = Error::builder(ErrorKind::TooManyRequests).message(self.message.clone());
        Err(if self.names_delay {
            let delay = self.opening(&state.accepted, now) - now;
            let whole_seconds = Duration::from_secs_f64(delay.as_secs_f64().ceil());
            error.retry_after(whole_seconds).build()
        } else {
            error.build()
        })
    }

    /// Returns whether a request passes, and counts it among those that were accepted.
    fn admits(&self, accepted: &mut VecDeque<Instant>, now: Instant) -> bool {
        match self.count {
            Count::FromFirst => {
                let first = accepted.front();
                if first.is_some_and(|first| now - *first >= self.window) {
                    accepted.clear();
                }
            }
            Count::Aligned(_) => {
                let first = accepted.front();
                if first.is_some_and(|first| self.windows(*first) < self.windows(now)) {
                    accepted.clear();
                }
            }
            Count::Sliding => {
                while accepted
                    .front()
                    .is_some_and(|first| now - *first >= self.window)
                {
                    accepted.pop_front();
                }
            }
            Count::Bucket => {
                // Virtual scheduling: each request takes its share of the window.
                let free = accepted.back().copied().unwrap_or(now).max(now);
                let taken = free + self.share();
                let is_open = taken <= now + self.window;
                if is_open {
                    *accepted = VecDeque::from([taken]);
                }
                return is_open;
            }
        }
        let is_open = accepted.len() < self.requests as usize;
        if is_open {
            accepted.push_back(now);
        }
        is_open
    }

    /// Returns when a closed gate opens again.
    fn opening(&self, accepted: &VecDeque<Instant>, now: Instant) -> Instant {
        match self.count {
            Count::FromFirst | Count::Sliding => accepted[0] + self.window,
            Count::Aligned(begun) => self.created + self.window * (self.windows(now) + 1) - begun,
            Count::Bucket => accepted[0] + self.share() - self.window,
        }
    }

    /// Returns the number of windows of an aligned gate that have ended.
    fn windows(&self, time: Instant) -> u32 {
        let begun = match self.count {
            Count::Aligned(begun) => begun,
            _ => Duration::ZERO,
        };
        let windows = (time - self.created + begun).as_nanos() / self.window.as_nanos();
        windows.try_into().unwrap()
    }

    /// Returns the time in which a bucket refills by one request.
    fn share(&self) -> Duration {
        self.window / self.requests
    }

    /// Returns the seconds that `requests` take at least, `concurrency` of which are in flight.
    pub(super) fn ideal(&self, requests: u32, concurrency: u32) -> f64 {
        let round = 2 * WAY;
        let sending = |requests: u32| (round * requests.div_ceil(concurrency)).as_secs_f64();
        // A window that has begun may end before all the requests that it allows are sent.
        let (in_first, first) = match self.count {
            Count::Aligned(begun) => {
                let left = self.window.checked_sub(begun).unwrap();
                let rounds = u32::try_from(left.as_millis() / round.as_millis()).unwrap();
                (self.requests.min(rounds * concurrency), left.as_secs_f64())
            }
            Count::FromFirst | Count::Sliding => (self.requests, self.window.as_secs_f64()),
            Count::Bucket => {
                let refilled = requests.saturating_sub(self.requests);
                return (self.share() * refilled + round).as_secs_f64();
            }
        };
        match requests.checked_sub(in_first) {
            None | Some(0) => sending(requests),
            Some(later) => {
                let full = (later - 1) / self.requests;
                first + (self.window * full).as_secs_f64() + sending(later - full * self.requests)
            }
        }
    }

    pub(super) fn total(&self) -> usize {
        self.state.lock().unwrap().total
    }

    pub(super) fn refused(&self) -> usize {
        self.state.lock().unwrap().refused
    }
}
