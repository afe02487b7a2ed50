//! Generates a client from each contract of these tests.

use std::path::Path;
use std::{env, fs, process};

mod calls;
#[path = "../../workspace-api/codegen/mod.rs"]
mod codegen;
mod enums;
mod responses;

use codegen::document::Document;

/// The files of the contracts, and the modules of their clients.
const CONTRACTS: [(&str, &str); 3] = [
    ("25-operations.yaml", "operations"),
    ("alone.yaml", "alone"),
    ("../constructs.yaml", "constructs"),
];

fn main() {
    println!("cargo::rerun-if-changed=../../workspace-api/codegen");
    println!("cargo::rerun-if-changed=../../workspace-api/src/yaml");
    let out_dir = env::var_os("OUT_DIR").unwrap_or_default();
    println!("cargo::rerun-if-changed=calls.rs");
    println!("cargo::rerun-if-changed=enums.rs");
    println!("cargo::rerun-if-changed=responses.rs");
    let mut contracts = vec![
        ("enums.rs", "enums", enums::contract()),
        ("responses.rs", "responses", responses::contract()),
    ];
    for (file, module) in CONTRACTS {
        println!("cargo::rerun-if-changed={file}");
        contracts.push((file, module, fs::read_to_string(file).unwrap_or_default()));
    }
    for (file, module, contract) in contracts {
        let client = codegen::client(&contract).unwrap_or_else(|diagnostics| {
            for diagnostic in diagnostics {
                println!("cargo::error={file}:{diagnostic}");
            }
            process::exit(1)
        });
        // Each client has types of its own.
        let client = client.replace("crate::types::", &format!("crate::{module}::types::"));
        let document =
            Document::read(&contract).unwrap_or_else(|_| unreachable!("it was generated"));
        let calls = calls::table(&document, &client).unwrap_or_else(|error| {
            println!("cargo::error={file}: its calls cannot be listed: {error}");
            process::exit(1)
        });
        for (name, text) in [
            (module.to_owned(), client),
            (format!("{module}_calls"), calls),
        ] {
            let file = Path::new(&out_dir).join(name).with_extension("rs");
            if let Err(error) = fs::write(&file, text) {
                println!("cargo::error={}: {error}", file.display());
                process::exit(1);
            }
        }
    }
}
