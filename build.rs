//! Turns the contract into the client: read → check → fold → generate → write to `OUT_DIR`.
//!
//! A mistake in the contract stops the build with its line and column. The steps are in `workspace-api/codegen/`.

use std::path::Path;
use std::{env, fs, process};

#[path = "workspace-api/codegen/mod.rs"]
mod codegen;

const CONTRACT: &str = "openapi/workspace.yaml";

fn main() {
    for source in [CONTRACT, "build.rs", "workspace-api/codegen"] {
        println!("cargo::rerun-if-changed={source}");
    }
    let yaml = fs::read_to_string(CONTRACT).unwrap_or_else(|error| stop(&format!("{CONTRACT}: cannot be read: {error}")));
    let client = codegen::client(&yaml).unwrap_or_else(|mistakes| {
        stop(&mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    });
    let file = Path::new(&env::var_os("OUT_DIR").unwrap_or_default()).join("client.rs");
    fs::write(&file, client).unwrap_or_else(|error| stop(&format!("{}: cannot be written: {error}", file.display())));
}

/// Stops the build without a backtrace, so that the reason is the last thing on the screen.
fn stop(reason: &str) -> ! {
    for line in reason.lines() {
        println!("cargo::error={line}");
    }
    process::exit(1)
}
