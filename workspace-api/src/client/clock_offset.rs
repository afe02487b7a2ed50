//! How far the service's clock is ahead of this machine's, measured from the `Date` of responses.

use std::ops::RangeInclusive;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, HeaderValue};

use crate::Client;
use crate::sync::lock;

/// A range of offsets in milliseconds. `Date` has whole seconds and is set at some time between
/// request and response, so one response does not give an exact offset.
#[derive(Default)]
pub(crate) struct ClockOffset(Mutex<State>);

#[derive(Default)]
struct State {
    range: Option<RangeInclusive<i64>>,
    /// The last `Date`, and its time. Many responses have the same.
    last: Option<(HeaderValue, SystemTime)>,
}

impl ClockOffset {
    /// Narrows the range by a response to a request that was sent between these times.
    pub(crate) fn measure(&self, headers: &HeaderMap, sent: SystemTime, received: SystemTime) {
        let Some(header) = headers.get(DATE) else {
            return;
        };
        let mut state = lock(&self.0);
        let date = match &state.last {
            Some((last, date)) if last == header => *date,
            _ => match header.to_str().ok().map(httpdate::parse_http_date) {
                Some(Ok(date)) => {
                    state.last = Some((header.clone(), date));
                    date
                }
                _ => return,
            },
        };
        let earliest = milliseconds(received, date);
        let latest = milliseconds(sent, date + Duration::from_secs(1));
        let narrowed = state
            .range
            .as_ref()
            .map(|range| earliest.max(*range.start())..=latest.min(*range.end()))
            .filter(|range| !range.is_empty());
        // Ranges that do not overlap mean that a clock was set.
        state.range = Some(narrowed.unwrap_or(earliest..=latest));
    }
}

/// Returns the milliseconds from one time to another.
fn milliseconds(from: SystemTime, to: SystemTime) -> i64 {
    let of = |duration: Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    match to.duration_since(from) {
        Ok(later) => of(later),
        Err(earlier) => -of(earlier.duration()),
    }
}

impl Client {
    /// Returns by how many milliseconds the service's clock is ahead of this machine's, as a range:
    /// the `Date` of a response has whole seconds. `None` before the first response with a `Date`.
    ///
    /// A time of the service, such as that of an unbinding record, can be compared with one of this
    /// machine only with this offset.
    pub fn clock_offset(&self) -> Option<RangeInclusive<i64>> {
        lock(&self.shared().clock_offset.0).range.clone()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::time::UNIX_EPOCH;

    use super::*;

    #[test]
    fn responses_narrow_the_range_until_a_clock_is_set() {
        let offset = ClockOffset::default();
        let at = |milliseconds| UNIX_EPOCH + Duration::from_millis(milliseconds);
        let measure = |date: &str, sent, received| {
            let mut headers = HeaderMap::new();
            headers.insert(DATE, date.parse().unwrap());
            offset.measure(&headers, at(sent), at(received));
            lock(&offset.0).range.clone().unwrap()
        };
        let ten = "Thu, 01 Jan 1970 00:00:10 GMT";
        assert_eq!(measure(ten, 9_900, 10_100), -100..=1_100);
        assert_eq!(measure(ten, 10_700, 10_800), -100..=300);
        assert_eq!(measure(ten, 20_000, 20_000), -10_000..=-9_000);
    }
}
