//! How a command ends: the exit codes, and errors as they are told to a person.

use std::error::Error;
use std::io::Write;
use std::iter::successors;
use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub enum Exit {
    /// All was done.
    Done = 0,
    /// It failed.
    Failed = 1,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command failed.
#[derive(Debug)]
pub struct Failure {
    exit: Exit,
    message: String,
}

impl Failure {
    /// Writes the reason to stderr and gives the exit code.
    pub fn report(self) -> ExitCode {
        // Without a stderr there is nobody to tell; the exit code still says it.
        let _ = writeln!(anstream::stderr(), "error: {}", self.message);
        self.exit.into()
    }
}

/// Every error with the errors behind it.
impl<E: Error + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        Self {
            exit: Exit::Failed,
            message: with_causes(&error),
        }
    }
}

fn with_causes(error: &(dyn Error + 'static)) -> String {
    successors(Some(error as &dyn Error), |&error| error.source())
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}
