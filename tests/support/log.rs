//! Everything that a program could print, in one text that can be searched.

#![allow(dead_code)] // Each test takes what it needs.

use std::error::Error;
use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// As a subscriber of `tracing` it takes down every span and event.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<String>>);

impl Log {
    pub fn print(&self, value: impl Debug) {
        writeln!(self.0.lock().unwrap(), "{value:?} {value:#?}").unwrap();
    }

    /// Prints an error with its causes.
    pub fn error(&self, error: &(dyn Error + 'static)) {
        let mut next = Some(error);
        while let Some(error) = next {
            self.print((error, error.to_string()));
            next = error.source();
        }
    }

    /// Fails if something else than `expected` was printed after `start`.
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

    /// Fails if `secret` was printed, or if one of `parts`, which must have been, was not.
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
