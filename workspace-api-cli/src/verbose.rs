//! `--verbose`: prints what the client logs about requests, retries and waits to stderr. The client
//! logs neither credentials nor bodies.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt::{self, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::output::sanitize::sanitize_for_terminal;
use crate::output::stderr::line;

thread_local! {
    /// The spans that this thread is in, from the outermost on.
    static ENTERED: RefCell<Vec<Id>> = const { RefCell::new(Vec::new()) };
}

/// Prints the client's log from now on.
pub fn start() {
    let printer = Printer {
        started: Instant::now(),
        next_id: AtomicU64::new(1),
        spans: Mutex::default(),
    };
    // Another subscriber cannot have been set: this is the only call.
    let _ = tracing::subscriber::set_global_default(printer);
}

/// Prints the events of the client as lines.
struct Printer {
    started: Instant,
    next_id: AtomicU64,
    /// The description of each open span.
    spans: Mutex<HashMap<u64, String>>,
}

impl Printer {
    fn spans(&self) -> MutexGuard<'_, HashMap<u64, String>> {
        self.spans.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Subscriber for Printer {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("workspace_api")
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let mut line = Line::default();
        attributes.record(&mut line);
        let name = attributes.metadata().name();
        let description = format!("{name}{}", line.values);
        self.spans().insert(id, description);
        Id::from_u64(id)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut event_line = Line::default();
        event.record(&mut event_line);
        let spans = self.spans();
        let places: Vec<_> = ENTERED.with_borrow(|entered| {
            let entered = entered.iter();
            entered
                .filter_map(|id| spans.get(&id.into_u64()).cloned())
                .collect()
        });
        drop(spans);
        let seconds = self.started.elapsed().as_secs_f64();
        let place = match places.as_slice() {
            [] => String::new(),
            places => format!("{}: ", places.join(", ")),
        };
        let Line { message, values } = event_line;
        let text = format!("{seconds:8.3}s {place}{message}{values}");
        line(&sanitize_for_terminal(&text).replace('\n', " "));
    }

    fn enter(&self, id: &Id) {
        ENTERED.with_borrow_mut(|entered| entered.push(id.clone()));
    }

    fn exit(&self, id: &Id) {
        ENTERED.with_borrow_mut(|entered| {
            if let Some(index) = entered.iter().rposition(|entered| entered == id) {
                entered.remove(index);
            }
        });
    }

    fn try_close(&self, id: Id) -> bool {
        self.spans().remove(&id.into_u64()).is_some()
    }
}

/// The message of an event, and its other values as ` name=value`.
#[derive(Default)]
struct Line {
    message: String,
    values: String,
}

impl Visit for Line {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // Writing to a string does not fail.
        let _ = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            name => write!(self.values, " {name}={value:?}"),
        };
    }
}
