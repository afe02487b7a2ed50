//! `workspace api`: sends any signed request.

use crate::arguments::{Api, Settings};
use crate::failure::{Exit, Failure};

pub async fn run(_arguments: &Api, _settings: &Settings) -> Result<Exit, Failure> {
    Err(Failure::usage("not there yet"))
}
