//! When each desktop of a plan was sent the last time.

use std::time::SystemTime;

/// The number of a desktop that was not sent.
const NEVER: u32 = u32::MAX;

/// The times when desktops were sent, by their place in the plan. The desktops of a batch share one.
#[derive(Clone, Debug)]
pub struct SentTimes {
    times: Vec<SystemTime>,
    /// The number in `times`, of each desktop.
    numbers: Vec<u32>,
}

impl SentTimes {
    /// Returns the times of a plan with this many desktops, none of which was sent.
    pub fn new(desktops: usize) -> Self {
        Self {
            times: Vec::new(),
            numbers: vec![NEVER; desktops],
        }
    }

    /// Begins a batch; [`set`](Self::set) adds its desktops.
    pub fn begin_batch(&mut self, time: SystemTime) {
        self.times.push(time);
    }

    /// Sets the time of a desktop to that of the present batch.
    pub fn set(&mut self, place: usize) {
        let last = self.times.len().saturating_sub(1);
        self.numbers[place] = u32::try_from(last).unwrap_or(NEVER);
    }

    /// Returns what [`restore`](Self::restore) needs to bring back the time of a desktop.
    pub fn number(&self, place: usize) -> u32 {
        self.numbers[place]
    }

    /// Brings back an earlier time of a desktop: the batch was not sent after all.
    pub fn restore(&mut self, place: usize, number: u32) {
        self.numbers[place] = number;
    }

    /// Returns when the desktop was sent; `None` if it was not.
    pub fn get(&self, place: usize) -> Option<SystemTime> {
        let number = *self.numbers.get(place)?;
        self.times.get(number as usize).copied()
    }
}
