//! `workspace sandbox`: a Workspace with made-up desktops on this machine.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use workspace_api_sandbox::Sandbox;
use workspace_api_sandbox::seed::{SAMPLE_SEED, Seed};

use crate::cli;
use crate::error::{CommandError, Exit};

pub fn run(arguments: &cli::Sandbox) -> Result<Exit, CommandError> {
    let mut out = io::stdout();
    if arguments.sample_seed {
        out.write_all(SAMPLE_SEED.as_bytes())?;
        return Ok(Exit::Success);
    }
    let mut builder = Sandbox::builder().listen(arguments.listen);
    if let Some(path) = &arguments.seed {
        let seed: Seed = read(path)?.parse().map_err(|error| wrong(path, error))?;
        builder = builder.seed(seed);
    }
    if let Some(path) = &arguments.spec {
        builder = builder.contract(read(path)?);
    }
    for fault in &arguments.faults {
        builder = builder.fault(fault.clone());
    }
    if let Some(latency) = arguments.latency {
        builder = builder.latency(latency);
    }
    if let Some(limit) = arguments.rate_limit {
        builder = builder.rate_limit(limit);
    }
    if let Some(seed) = arguments.random_seed {
        builder = builder.random_seed(seed);
    }
    // Many clients may call it, so it uses all processors.
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(workspace_api_sandbox::run(builder, &mut out))
        .map_err(|error| match (&error, &arguments.spec) {
            (workspace_api_sandbox::Error::Contract(_), Some(path)) => wrong(path, error),
            _ => error.into(),
        })?;
    Ok(Exit::Success)
}

fn read(path: &Path) -> Result<String, CommandError> {
    fs::read_to_string(path)
        .map_err(|error| CommandError::usage(format!("{} cannot be read: {error}", path.display())))
}

fn wrong(path: &Path, error: workspace_api_sandbox::Error) -> CommandError {
    CommandError::usage(format!("{}:{error}", path.display()))
}
