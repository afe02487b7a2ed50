//! Exit codes, and how errors are printed.

pub mod hints;

use std::error::Error;
use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use anstyle::{AnsiColor, Style};
use workspace_api::{ErrorKind, credentials};

use crate::output::sanitize::{sanitize_each_line, sanitize_for_terminal, sanitize_lines};

pub const ERROR: Style = AnsiColor::Red.on_default().bold();
pub const HINT: Style = AnsiColor::Cyan.on_default();

/// An exit code. The help documents the numbers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub enum Exit {
    Success = 0,
    /// Nothing was done.
    Failed = 1,
    Usage = 2,
    /// Some desktops were, or may have been, processed, but not all.
    Partial = 3,
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// The error that ends a command, with what the user can do about it.
#[derive(Debug)]
pub struct CommandError {
    exit: Exit,
    /// `None` if there is nothing to report.
    message: Option<String>,
    hint: Option<String>,
}

impl CommandError {
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: Some(message.into()),
            hint: None,
        }
    }

    /// Invalid usage: nothing was sent.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    fn failed(error: &dyn Error) -> Self {
        Self::new(Exit::Failed, with_causes(error))
    }

    /// Replaces the exit code.
    pub fn exit(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }

    /// Sets what the user can do next.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Puts what failed in front of the message, which becomes the cause.
    pub fn context(mut self, what: impl fmt::Display) -> Self {
        self.message = self.message.map(|message| format!("{what}: {message}"));
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
        if let Some(message) = &self.message {
            let message = sanitize_lines(message);
            writeln!(f, "{ERROR}error:{ERROR:#} {message}")?;
        }
        if let Some(hint) = &self.hint {
            writeln!(f, "{HINT}{}{HINT:#}", sanitize_each_line(hint))?;
        }
        Ok(())
    }
}

impl From<workspace_api::Error> for CommandError {
    fn from(error: workspace_api::Error) -> Self {
        let exit = if error.kind() == ErrorKind::InvalidInput {
            Exit::Usage
        } else {
            Exit::Failed
        };
        Self {
            exit,
            message: Some(with_causes(&error)),
            hint: hints::hint_for(&error),
        }
    }
}

impl From<io::Error> for CommandError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            // The reader closed the pipe; this is not an error.
            return Self {
                exit: Exit::Success,
                message: None,
                hint: None,
            };
        }
        Self::failed(&error)
    }
}

impl From<credentials::Error> for CommandError {
    fn from(error: credentials::Error) -> Self {
        Self::failed(&error)
    }
}

impl From<workspace_api_sandbox::Error> for CommandError {
    fn from(error: workspace_api_sandbox::Error) -> Self {
        Self::failed(&error)
    }
}

impl From<serde_json::Error> for CommandError {
    fn from(error: serde_json::Error) -> Self {
        Self::failed(&error)
    }
}

/// Returns an error and its causes in one line.
pub fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&sanitize_for_terminal(&error.to_string()));
        cause = error.source();
    }
    text
}
