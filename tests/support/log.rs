//! The captured log: everything that a program could print, in one text that can be searched.

#![allow(dead_code)] // Each test uses a part of it.

use std::error::Error;
use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::{DefaultGuard, NoSubscriber, set_default};
use tracing::{Dispatch, Event, Metadata, Subscriber};

/// The captured text. As a subscriber of `tracing`, it records every span and event.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<String>>);

/// A log is the subscriber of this thread until this is dropped.
pub struct Subscription {
    _guard: DefaultGuard,
    _other: Dispatch,
}

impl Log {
    /// Records what this thread does from now on.
    ///
    /// A second subscriber lives as long. While there is only one, `tracing` decides for good that
    /// nobody wants an event if a thread without a subscriber reaches it first, such as that of
    /// another test.
    pub fn subscribe(&self) -> Subscription {
        Subscription {
            _other: Dispatch::new(NoSubscriber::default()),
            _guard: set_default(self.clone()),
        }
    }

    /// Returns how often the text contains `part`.
    pub fn count(&self, part: &str) -> usize {
        self.0.lock().unwrap().matches(part).count()
    }

    /// Records the value as `{:?}` and `{:#?}` print it.
    pub fn print(&self, value: impl Debug) {
        writeln!(self.0.lock().unwrap(), "{value:?} {value:#?}").unwrap();
    }

    /// Records an error and its causes, as `Debug` and `Display` print them.
    pub fn error(&self, error: &(dyn Error + 'static)) {
        let mut next = Some(error);
        while let Some(error) = next {
            self.print((error, error.to_string()));
            next = error.source();
        }
    }

    /// Fails unless every `start` in the text is followed by `expected`.
    pub fn check_after(&self, start: &str, expected: &str) {
        let printed = self.0.lock().unwrap();
        assert!(printed.contains(start), "{start} was never printed");
        for after in printed.split(start).skip(1) {
            assert!(
                after.starts_with(expected),
                "{start} was printed with its value"
            );
        }
    }

    /// Fails if the text contains one of these parts of a secret, in upper or lower case.
    pub fn check_ignoring_case(&self, parts: &[&str]) {
        let printed = self.0.lock().unwrap().to_lowercase();
        for part in parts {
            if let Some(at) = printed.find(part) {
                let before = printed[..at].char_indices().rev().nth(199);
                let start = before.map_or(0, |(start, _)| start);
                panic!("{part} was printed: …{}", &printed[start..at]);
            }
        }
    }

    /// Fails if the text contains `secret`, or lacks one of `parts`.
    pub fn check(&self, secret: &str, parts: &[&str]) {
        let printed = self.0.lock().unwrap();
        for part in parts {
            assert!(printed.contains(part), "{part} is missing in: {printed}");
        }
        if let Some(at) = printed.find(secret) {
            let before = printed[..at].char_indices().rev().nth(199);
            let start = before.map_or(0, |(start, _)| start);
            panic!("a secret was printed: …{}", &printed[start..at]);
        }
    }
}

impl Visit for Log {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        writeln!(self.0.lock().unwrap(), "{}={value:?}", field.name()).unwrap();
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut self.clone());
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}
