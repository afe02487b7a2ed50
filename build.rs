//! Turns the contract into the client: read → check → normalize → generate → write to `OUT_DIR`.
//!
//! The steps are in `workspace-api/codegen/`. A mistake in the contract stops the build with its line and column.
//! Without the feature `codegen` nothing is generated: the accepted snapshot of the generated file is taken instead,
//! if it is that of this contract.

use std::path::Path;
use std::{env, fs, process};

#[cfg(feature = "codegen")]
#[path = "workspace-api/codegen/mod.rs"]
mod codegen;

const CONTRACT: &str = "openapi/workspace.yaml";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={CONTRACT}");
    let contract = read(CONTRACT);
    let mark = format!(
        "// Generated from {CONTRACT} {:016x}\n",
        fingerprint(&contract)
    );
    let client = client(&contract, &mark);
    let file = Path::new(&env::var_os("OUT_DIR").unwrap_or_default()).join("client.rs");
    fs::write(&file, client)
        .unwrap_or_else(|error| stop(&format!("{}: cannot be written: {error}", file.display())));
}

#[cfg(feature = "codegen")]
fn client(contract: &str, mark: &str) -> String {
    println!("cargo::rerun-if-changed=workspace-api/codegen");
    match codegen::client(contract) {
        Ok(client) => format!("{mark}{client}"),
        Err(diagnostics) => {
            let lines: Vec<_> = diagnostics
                .iter()
                .map(|mistake| format!("{CONTRACT}:{mistake}"))
                .collect();
            stop(&lines.join("\n"))
        }
    }
}

#[cfg(not(feature = "codegen"))]
fn client(_contract: &str, mark: &str) -> String {
    const ACCEPTED: &str = "tests/snapshots/generated__client.snap";
    println!("cargo::rerun-if-changed={ACCEPTED}");
    let accepted = read(ACCEPTED);
    // A snapshot is a header between two lines of `---`, and then the text.
    let client = accepted.splitn(3, "---\n").nth(2).unwrap_or_default();
    if !client.starts_with(mark) {
        stop(&format!(
            "{CONTRACT} has changed since {ACCEPTED} was accepted. Run `cargo insta test --review` with the feature \
             `codegen` and accept the new client, or build with the feature `codegen`."
        ));
    }
    client.to_owned()
}

/// Tells one contract from another (FNV-1a, 64 bits).
fn fingerprint(contract: &str) -> u64 {
    contract.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The text of a file, whatever a checkout did to its line ends.
fn read(file: &str) -> String {
    let text = fs::read_to_string(file)
        .unwrap_or_else(|error| stop(&format!("{file}: cannot be read: {error}")));
    text.replace("\r\n", "\n")
}

/// Stops the build without a backtrace, so that the reason is the last thing on the screen.
fn stop(reason: &str) -> ! {
    for line in reason.lines() {
        println!("cargo::error={line}");
    }
    process::exit(1)
}
