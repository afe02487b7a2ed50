//! The latest outcome of each desktop of a report, as everything shows it that reads the report.

use crate::desktops::names::DesktopNames;
use crate::plan::entries::Statements;
use crate::plan::outcome::{Entry, Status};
use crate::report::line::Line;
use crate::report::replay::Replay;

/// The latest outcomes in a report.
#[derive(Default)]
pub struct Outcomes {
    /// The statement of the report about each desktop, by its place in the plan.
    latest: Statements,
}

impl Outcomes {
    /// Adds a line that the report's state has by now.
    pub fn add(&mut self, replay: &Replay, line: Line) {
        let names = &replay.head.names;
        match line {
            Line::Outcome(entry) => {
                if let Some(place) = replay.place(entry.desktop_id.as_str())
                    // One that was not sent again keeps its earlier outcome.
                    && replay.status(place) == entry.outcome
                {
                    self.set(place, &entry, names);
                }
            }
            Line::Checked(checked) => {
                let id = checked.desktop_id.as_str();
                if let Some(place) = replay.place(id)
                    && let Some(mut entry) = self.latest.get(place, id, names)
                {
                    entry.verified = Some(checked.verified);
                    entry.missing = checked.missing;
                    self.set(place, &entry, names);
                }
            }
            _ => {}
        }
    }

    /// Sets the outcome of the desktop at a place of the plan.
    pub fn set(&mut self, place: usize, entry: &Entry, names: &DesktopNames) {
        self.latest.set(place, entry, names);
    }

    /// Returns the desktop at a place of the plan as the report shows it.
    pub fn entry(&self, replay: &Replay, place: usize, names: &DesktopNames) -> Option<Entry> {
        let id = replay.plan().ids().get(place)?;
        let status = replay.status(place);
        if let Some(entry) = self.latest.get(place, id.as_str(), names)
            // A batch that was sent again makes the earlier outcome void.
            && entry.outcome == status
        {
            return Some(entry);
        }
        let mut entry = Entry::new(id, status);
        if status == Status::Unknown {
            entry = entry.with_message("sent, but its outcome was not recorded");
        }
        entry.desktop_name = names.get(entry.desktop_id.as_str()).map(str::to_owned);
        Some(entry)
    }
}
