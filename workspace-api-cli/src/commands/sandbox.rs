//! `workspace sandbox`: runs a sandbox for other programs until a signal stops it.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use workspace_api_sandbox::seed::{SAMPLE_SEED, Seed};
use workspace_api_sandbox::{Builder, Error, Sandbox};

use crate::cli;
use crate::error::{CommandError, Exit};

pub fn run(arguments: &cli::Sandbox) -> Result<Exit, CommandError> {
    let mut out = io::stdout();
    if arguments.sample_seed {
        out.write_all(SAMPLE_SEED.as_bytes())?;
        return Ok(Exit::Success);
    }
    let builder = builder(arguments)?;
    // Uses all processors, because many clients may call it.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    match runtime.block_on(workspace_api_sandbox::run(builder, &mut out)) {
        Ok(()) => Ok(Exit::Success),
        Err(error) => Err(match (&error, &arguments.spec) {
            (Error::Contract(_), Some(path)) => in_file(path, &error),
            _ => error.into(),
        }),
    }
}

fn builder(arguments: &cli::Sandbox) -> Result<Builder, CommandError> {
    let mut builder = Sandbox::builder().listen(arguments.listen);
    if let Some(path) = &arguments.seed {
        let seed: Seed = read(path)?.parse().map_err(|error| in_file(path, &error))?;
        builder = builder.seed(seed);
    }
    if let Some(path) = &arguments.spec {
        builder = builder.contract(read(path)?);
    }
    if arguments.examples {
        builder = builder.examples();
    }
    for host in &arguments.hosts {
        builder = builder.allow_host(host);
    }
    for origin in &arguments.origins {
        builder = builder.allow_origin(origin);
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
    Ok(builder)
}

fn read(path: &Path) -> Result<String, CommandError> {
    fs::read_to_string(path)
        .map_err(|error| CommandError::usage(format!("cannot read {}: {error}", path.display())))
}

/// An error that begins with its line and column in the file.
fn in_file(path: &Path, error: &Error) -> CommandError {
    CommandError::usage(format!("{}:{error}", path.display()))
}
