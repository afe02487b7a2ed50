//! Generates the client from the contract, and writes it to `OUT_DIR`: `client.rs`, which includes
//! its parts.
//!
//! The generator is in `workspace-api/codegen/`. An error in the contract stops the build and
//! reports line and column. Without the feature `codegen`, nothing is generated: the reviewed
//! client is compiled instead, if it was generated from this contract.

#[cfg(feature = "codegen")]
use std::path::{Path, PathBuf};
use std::{fs, process};

#[cfg(feature = "codegen")]
#[path = "workspace-api/codegen/mod.rs"]
mod codegen;

const CONTRACT: &str = "openapi/workspace.yaml";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={CONTRACT}");
    let contract = read(CONTRACT);
    let header = format!(
        "// @generated from {CONTRACT}, fingerprint {:016x}. Do not edit.\n",
        fingerprint(&contract)
    );
    #[cfg(feature = "codegen")]
    generate(&contract, &header);
    #[cfg(not(feature = "codegen"))]
    check_reviewed_client(&header);
}

/// Writes the client to `OUT_DIR`.
#[cfg(feature = "codegen")]
fn generate(contract: &str, header: &str) {
    println!("cargo::rerun-if-changed=workspace-api/codegen");
    println!("cargo::rerun-if-changed=workspace-api/src/yaml");
    let client = codegen::divided_client(contract).unwrap_or_else(|diagnostics| {
        let lines: Vec<_> = diagnostics
            .iter()
            .map(|diagnostic| format!("{CONTRACT}:{diagnostic}"))
            .collect();
        fail(&lines.join("\n"))
    });
    let folder = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default());
    let parts = folder.join("parts");
    // Parts of types that the contract no longer has would stay.
    if parts.exists()
        && let Err(error) = fs::remove_dir_all(&parts)
    {
        fail(&format!("{}: cannot be removed: {error}.", parts.display()));
    }
    if let Err(error) = fs::create_dir_all(&parts) {
        fail(&format!("{}: cannot be created: {error}.", parts.display()));
    }
    for (file, part) in client.parts() {
        write(&folder.join(file), part);
    }
    write(&folder.join("client.rs"), &client.main());
    // For the tests, which compare it with the reviewed client.
    write(
        &folder.join("generated.rs"),
        &format!("{header}{}", client.text()),
    );
}

#[cfg(feature = "codegen")]
fn write(file: &Path, text: &str) {
    if let Err(error) = fs::write(file, text) {
        fail(&format!("{}: cannot be written: {error}.", file.display()));
    }
}

/// Stops the build if the reviewed client was generated from another contract.
#[cfg(not(feature = "codegen"))]
fn check_reviewed_client(header: &str) {
    const REVIEWED_CLIENT: &str = "workspace-api/src/generated.rs";
    println!("cargo::rerun-if-changed={REVIEWED_CLIENT}");
    if !read(REVIEWED_CLIENT).starts_with(header) {
        fail(&format!(
            "{REVIEWED_CLIENT}:1:1: this client was generated from another version of {CONTRACT}. \
             Build with the feature `codegen`, or update the file: \
             UPDATE_GENERATED=1 cargo test -p workspace-api --test generated"
        ));
    }
}

/// The fingerprint of the contract (FNV-1a, 64 bits).
fn fingerprint(contract: &str) -> u64 {
    contract.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Returns the text of a file with LF line ends, whatever the checkout has.
fn read(file: &str) -> String {
    let text = fs::read_to_string(file)
        .unwrap_or_else(|error| fail(&format!("{file}: cannot be read: {error}.")));
    text.replace("\r\n", "\n")
}

/// Stops the build without a backtrace, so that the reason is the last thing on the screen.
fn fail(reason: &str) -> ! {
    for line in reason.lines() {
        println!("cargo::error={line}");
    }
    process::exit(1)
}
