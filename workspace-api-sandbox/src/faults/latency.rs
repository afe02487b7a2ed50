//! Latency: a fixed or random delay of responses.

use std::str::FromStr;
use std::time::Duration;

use crate::error::Error;

/// The delay of each response. As text: `200ms`, or `100ms..2s` for a random delay in this range.
///
/// ```
/// let latency: workspace_api_sandbox::Latency = "100ms..2s".parse()?;
/// # Ok::<(), workspace_api_sandbox::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Latency {
    pub(crate) min: Duration,
    pub(crate) max: Duration,
}

impl Latency {
    /// Delays every response by the same time.
    pub fn fixed(latency: Duration) -> Self {
        Self {
            min: latency,
            max: latency,
        }
    }

    /// Delays each response by a random time between `min` and `max`.
    pub fn between(min: Duration, max: Duration) -> Self {
        Self {
            min,
            max: max.max(min),
        }
    }
}

impl FromStr for Latency {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let Some((min, max)) = text.split_once("..") else {
            return Ok(Self::fixed(parse_latency(text, text)?));
        };
        let (min, max) = (parse_latency(text, min)?, parse_latency(text, max)?);
        if min > max {
            return Err(Error::Fault(format!(
                "latency `{text}`: the first time is the longer one"
            )));
        }
        Ok(Self::between(min, max))
    }
}

fn parse_latency(text: &str, part: &str) -> Result<Duration, Error> {
    humantime::parse_duration(part.trim()).map_err(|_| {
        Error::Fault(format!(
            "latency `{text}`: `{part}` is not a time such as 200ms or 2s"
        ))
    })
}
