//! The summary of a run and its exit code, in every combination of what this run and earlier
//! ones of the same report did.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::desktops::unbindings::Unbindings;
use crate::plan::outcome::Entry;

/// How many desktops the earlier runs and this one did, and what became of the others.
#[derive(Clone, Copy, Debug, Default)]
struct Numbers {
    earlier: [usize; 2],
    now: [usize; 2],
    failed: usize,
    unknown: usize,
    not_sent: usize,
    verified: usize,
    unverified: usize,
}

impl Numbers {
    fn tally(self) -> Tally {
        let mut tally = Tally::default();
        (tally.verified, tally.unverified) = (self.verified, self.unverified);
        let [succeeded, accepted] = self.now;
        for (status, count) in [
            (Status::Succeeded, succeeded),
            (Status::Accepted, accepted),
            (Status::Failed, self.failed),
            (Status::Unknown, self.unknown),
            (Status::NotSent, self.not_sent),
        ] {
            for number in 0..count {
                let id = format!("d-{number}").parse().unwrap();
                let mut entry = Entry::new(id, status);
                entry.job_id = (status == Status::Accepted).then(|| "job-1".to_owned());
                tally.add(&entry);
            }
        }
        tally.add_earlier(Status::Succeeded, self.earlier[0]);
        tally.add_earlier(Status::Accepted, self.earlier[1]);
        tally
    }

    /// Returns the exit code and the counts.
    fn end(self, is_stopped: bool) -> (Exit, String) {
        let plan = Plan::Detach {
            desktops: Unbindings::default(),
        };
        let tally = self.tally();
        let summary = Summary {
            plan: &plan,
            connection_options: &ConnectionOptions::default(),
            tally: &tally,
            report: None,
            is_interrupted: false,
            is_stopped,
            quiet: false,
        };
        (summary.exit(), counts(&plan, &tally))
    }
}

#[test]
fn a_resumed_run_counts_its_whole_report() {
    let none = Numbers::default();
    for (numbers, exit, text) in [
        (
            Numbers {
                earlier: [290, 0],
                failed: 10,
                verified: 290,
                ..none
            },
            Exit::Partial,
            "290 of 300 desktops unbound (0 of them now), 290 verified, 10 failed.",
        ),
        (
            Numbers {
                earlier: [96, 0],
                now: [194, 0],
                failed: 10,
                ..none
            },
            Exit::Partial,
            "290 of 300 desktops unbound (194 of them now), 10 failed.",
        ),
        (
            Numbers {
                earlier: [100, 2],
                now: [0, 3],
                ..none
            },
            Exit::Success,
            "100 of 105 desktops unbound (0 of them now), 5 accepted (3 of them now, job job-1).",
        ),
        (
            Numbers {
                earlier: [300, 2],
                ..none
            },
            Exit::Success,
            "Nothing left to do: 300 of 302 desktops unbound, 2 accepted.",
        ),
        (
            Numbers {
                earlier: [2, 0],
                unverified: 2,
                ..none
            },
            Exit::Partial,
            "2 of 2 desktops unbound (0 of them now), 2 not verified.",
        ),
        (
            Numbers {
                earlier: [1, 0],
                unknown: 1,
                not_sent: 1,
                ..none
            },
            Exit::Partial,
            "1 of 3 desktops unbound (0 of them now), 1 unknown, 1 not sent.",
        ),
        // Earlier runs did nothing, so there is no difference.
        (
            Numbers { failed: 1, ..none },
            Exit::Failed,
            "0 of 1 desktop unbound, 1 failed.",
        ),
        (
            Numbers {
                now: [0, 2],
                ..none
            },
            Exit::Success,
            "0 of 2 desktops unbound, 2 accepted (job job-1).",
        ),
    ] {
        let (found, counted) = numbers.end(false);
        assert_eq!((found, counted.as_str()), (exit, text), "{numbers:?}");
    }
}

#[test]
fn the_exit_code_is_that_of_all_desktops_together() {
    for bits in 0..1 << 8_usize {
        let is_set = |bit: usize| bits >> bit & 1;
        let numbers = Numbers {
            earlier: [is_set(0), is_set(1)],
            now: [is_set(2), is_set(3)],
            failed: is_set(4),
            unknown: is_set(5),
            not_sent: is_set(6),
            verified: 0,
            // Only what is done can lack a proof.
            unverified: is_set(7) & (is_set(0) | is_set(1) | is_set(2) | is_set(3)),
        };
        let Numbers { earlier, now, .. } = numbers;
        let is_any_done = earlier.into_iter().chain(now).sum::<usize>() > 0;
        let is_any_missing = numbers.failed + numbers.unknown + numbers.not_sent > 0;
        let is_unproven = numbers.unknown + numbers.unverified > 0;
        let expected = match (is_any_done, is_any_missing, is_unproven) {
            (_, false, false) => Exit::Success,
            (false, _, false) => Exit::Failed,
            _ => Exit::Partial,
        };
        assert_eq!(numbers.end(false).0, expected, "{numbers:?}");
        // An error that stopped the run is no success.
        let stopped = match expected {
            Exit::Success if is_any_done => Exit::Partial,
            Exit::Success => Exit::Failed,
            exit => exit,
        };
        assert_eq!(numbers.end(true).0, stopped, "{numbers:?}");
    }
}
