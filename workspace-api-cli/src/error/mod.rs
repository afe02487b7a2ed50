//! How a command ends: the exit codes, and errors as they are told to a person.

pub mod hints;

use std::any::Any;
use std::error::Error;
use std::fmt;
use std::io::{self, Write};
use std::iter::successors;
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use workspace_api::ErrorKind;

use crate::output::sanitize::sanitize_for_terminal;

pub const ERROR: Style = AnsiColor::Red.on_default().bold();
pub const HINT: Style = AnsiColor::Cyan.on_default();

/// How a command ended. The help documents the numbers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub enum Exit {
    Success = 0,
    /// Nothing was done.
    Failed = 1,
    Usage = 2,
    /// Something was done or may have been, but not all.
    Partial = 3,
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command failed, and what can be done about it.
#[derive(Debug)]
pub struct CommandError {
    exit: Exit,
    message: String,
    hint: Option<String>,
}

impl CommandError {
    /// What was asked for cannot be meant. Nothing was sent.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
            hint: None,
        }
    }

    /// The same with another exit code.
    pub fn exit(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }

    /// The same with something to do about it.
    pub fn hint(mut self, step: impl Into<String>) -> Self {
        self.hint = Some(step.into());
        self
    }

    /// The same with what it is about in front.
    pub fn context(mut self, what: impl fmt::Display) -> Self {
        self.message = format!("{what}: {}", self.message);
        self
    }

    /// Prints the error to stderr and returns the exit code.
    pub fn print(self) -> ExitCode {
        // Without a stderr, the exit code alone reports the error.
        let _ = write!(anstream::stderr(), "{self}");
        self.exit.into()
    }
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.message.is_empty() {
            let message = sanitize_for_terminal(&self.message);
            writeln!(f, "{ERROR}error:{ERROR:#} {message}")?;
        }
        if let Some(hint) = &self.hint {
            writeln!(f, "{HINT}{}{HINT:#}", sanitize_for_terminal(hint))?;
        }
        Ok(())
    }
}

/// Any error with the errors behind it, and the next step where one is known.
impl<E: Error + 'static> From<E> for CommandError {
    fn from(error: E) -> Self {
        let any: &dyn Any = &error;
        let is_closed = any
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe);
        if is_closed {
            // Whoever read our output has seen enough.
            return Self::new(Exit::Success, "");
        }
        let of_client = any.downcast_ref::<workspace_api::Error>();
        let is_input = of_client.is_some_and(|error| error.kind() == ErrorKind::InvalidInput);
        Self {
            exit: if is_input { Exit::Usage } else { Exit::Failed },
            message: with_causes(&error),
            hint: of_client.and_then(hints::hint_for),
        }
    }
}

/// An error and the errors behind it, in one line.
pub fn with_causes(error: &(dyn Error + 'static)) -> String {
    successors(Some(error as &dyn Error), |&error| error.source())
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}
