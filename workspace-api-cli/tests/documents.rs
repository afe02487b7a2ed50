//! The output of the command agrees with the documents of the tree. The package does not have this
//! test, because it does not have those documents.

#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::{env, fs};

use assert_cmd::Command;
use serde_json::Value;

/// Runs the command without any setting, and returns its output.
fn stdout(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_workspace"))
        .env_clear()
        // Without it, Windows opens no socket.
        .envs(env::var_os("SystemRoot").map(|folder| ("SystemRoot", folder)))
        .args(arguments)
        .envs([("HOME", "/nowhere"), ("HW_REGION_NAME", "xx-test-1")])
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// Reads a file of the tree.
fn document(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    fs::read_to_string(root.join(path)).unwrap()
}

/// The names of the sources in the order of `config`, from which every document is checked.
#[test]
fn every_document_has_the_sources_in_the_same_order() {
    let settings: Vec<Value> = serde_json::from_str(&stdout(&["config", "--json"])).unwrap();
    let credentials = settings.iter().find(|s| s["setting"] == "credentials");
    let skipped = credentials.unwrap()["skipped"].as_array().unwrap();
    let names: Vec<String> = skipped
        .iter()
        .map(|skipped| {
            let source = skipped["source"].as_str().unwrap().replace('\\', "/");
            let source = source.rsplit("/nowhere/").next().unwrap();
            let end = source.find([',', ':']).unwrap_or(source.len());
            let name = source[..end].rsplit(' ').next().unwrap();
            // The documents describe the metadata service in words.
            if source.starts_with("instance metadata") {
                "metadata service".to_owned()
            } else {
                name.to_owned()
            }
        })
        .collect();
    assert!(names.len() >= 10, "{names:?}");

    let guide = document("workspace-api/src/credentials/mod.rs");
    let (_, table) = guide.split_once("//! | | source |").unwrap();
    let readme = document("README.md");
    let (_, list) = readme.split_once("## Credentials").unwrap();
    let documents = [
        ("help", stdout(&["--help"])),
        ("guide", table.to_owned()),
        ("README", list.to_owned()),
    ];
    for (document, text) in documents {
        let mut rest = text.as_str();
        for name in &names {
            let Some(position) = rest.find(name) else {
                panic!("{name} is missing or at another place in the {document}: {names:?}");
            };
            rest = &rest[position..];
        }
    }
}

#[test]
fn manual_pages_name_variables_that_are_read() {
    let client = document("workspace-api/src/config/variables.rs");
    let page = stdout(&["man", "detach"]);
    let mut count = 0;
    for name in page.split(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
        if name.starts_with("HW_") || name.starts_with("HUAWEICLOUD_") {
            // An endpoint's variable ends with the name of a region.
            let name = name.strip_suffix("_WORKSPACE_REGION").unwrap_or(name);
            assert!(client.contains(name), "{name}");
            count += 1;
        }
    }
    assert!(count > 15, "{count}");
}
