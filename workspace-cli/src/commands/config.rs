//! `workspace config`: shows every setting and where it comes from.

use crate::arguments::{Config, Settings};
use crate::failure::{Exit, Failure};

pub async fn run(_arguments: &Config, _settings: &Settings) -> Result<Exit, Failure> {
    Err(Failure::usage("not there yet"))
}
