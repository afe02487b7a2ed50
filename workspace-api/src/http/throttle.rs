//! The parts of a 429 about the gate that closed: the policy in its message, and how long to wait.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::{Error, ErrorKind};

/// Fraction of a window after which a closed gate is tried again: the window may have begun before
/// the first request of this program.
const PROBES_PER_WINDOW: u32 = 6;

/// The shortest pause that is reported.
pub(crate) const MIN_REPORTED_PAUSE: Duration = Duration::from_secs(1);

/// A pause because the service throttles (429), as passed to
/// [`ClientBuilder::on_throttled`](crate::ClientBuilder::on_throttled).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Throttled {
    /// The time until requests are sent again, as far as it is known.
    pub wait: Duration,
}

/// A callback for pauses.
pub(crate) type OnThrottled = Arc<dyn Fn(Throttled) + Send + Sync>;

/// So many requests in each window, as in `limit:200,time:1 minute`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct ThrottlePolicy {
    pub(crate) requests: u32,
    pub(crate) window: Duration,
}

impl ThrottlePolicy {
    /// Reads the policy from the message of a 429.
    pub(crate) fn of(error: &Error) -> Option<Self> {
        if error.kind() != ErrorKind::TooManyRequests {
            return None;
        }
        let texts = [error.message(), error.detail()];
        texts.into_iter().flatten().find_map(Self::parse)
    }

    fn parse(text: &str) -> Option<Self> {
        let text = text.to_ascii_lowercase();
        let (requests, _) = number_after(&text, "limit:")?;
        let (count, rest) = number_after(&text, "time:")?;
        let unit = rest.trim_start();
        let seconds = [
            ("second", 1),
            ("minute", 60),
            ("hour", 3_600),
            ("day", 86_400),
        ]
        .into_iter()
        .find_map(|(name, seconds)| unit.starts_with(name).then_some(seconds))?;
        let policy = Self {
            requests,
            window: Duration::from_secs(u64::from(count) * seconds),
        };
        (requests > 0 && count > 0).then_some(policy)
    }

    /// The time between two attempts of a call at a closed gate.
    pub(crate) fn probe_interval(&self) -> Duration {
        self.window / PROBES_PER_WINDOW
    }
}

/// Returns the number after a key such as `limit:`, and the text after it.
fn number_after<'a>(text: &'a str, key: &str) -> Option<(u32, &'a str)> {
    let (_, rest) = text.split_once(key)?;
    let rest = rest.trim_start();
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let (digits, rest) = rest.split_at(end);
    Some((digits.parse().ok()?, rest))
}

/// Adds to a 429 that is not retried any more, which total time would do.
pub(crate) fn explain_throttled(error: Error, total_time: Duration) -> Error {
    let advice = match ThrottlePolicy::of(&error) {
        Some(ThrottlePolicy { requests, window }) if window > total_time => {
            let window = Rounded(window);
            format!(
                "{requests} requests are allowed in {window}: try again after that time, or allow a \
                 total time of more than {window}"
            )
        }
        _ => format!(
            "still throttled after {}: try again later, or allow a longer total time",
            Rounded(total_time)
        ),
    };
    let detail = match error.detail() {
        Some(detail) => format!("{detail}; {advice}"),
        None => advice,
    };
    error.with_detail(detail)
}

/// Prints a time in whole minutes or seconds.
struct Rounded(Duration);

impl fmt::Display for Rounded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        match (seconds, seconds % 60) {
            (60, _) => f.write_str("1 minute"),
            (1.., 0) => write!(f, "{} minutes", seconds / 60),
            (1, _) => f.write_str("1 second"),
            (1.., _) => write!(f, "{seconds} seconds"),
            (0, _) => write!(f, "{} milliseconds", self.0.as_millis()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_of_a_message_is_read() {
        for (text, expected) in [
            (
                "The throttling threshold has been reached: policy user over \
                 ratelimit,limit:200,time:5 minute",
                Some((200, 300)),
            ),
            (
                "policy ip over ratelimit,limit:20,time:1 second",
                Some((20, 1)),
            ),
            ("Limit: 100, Time: 2 Minutes", Some((100, 120))),
            ("limit:1000,time:1 day", Some((1_000, 86_400))),
            ("limit:200", None),
            ("limit:0,time:1 minute", None),
            ("limit:1,time:0 minute", None),
            ("limit:99999999999,time:1 minute", None),
            ("limit:x,time:1 minute", None),
            ("limit:5,time:1 moon", None),
            ("", None),
        ] {
            let policy = ThrottlePolicy::parse(text);
            let policy = policy.map(|policy| (policy.requests, policy.window.as_secs()));
            assert_eq!(policy, expected, "{text}");
        }
    }
}
