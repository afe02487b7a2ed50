//! Imports run one way: between the modules of each crate as the tables below allow, and between
//! the files of a module without a cycle. The test reads the sources, so it fails on the first
//! import that would begin a cycle.

#![allow(clippy::unwrap_used)]

mod imports;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::Path;

use imports::{ModulePath, Modules};

/// The modules at the top of a crate's sources, each with the others that it may import.
type Allowed = Vec<(&'static str, Vec<&'static str>)>;

#[test]
fn the_client_imports_one_way() {
    let below = [
        "sync",
        "secret",
        "text",
        "yaml",
        "operation",
        "pattern",
        "checked_text",
        "error",
        "signing",
        "http",
        "config",
        "credentials",
    ];
    let mut client = below.to_vec();
    client.push("generated");
    check(
        "workspace-api/src",
        vec![
            ("sync", vec![]),
            ("secret", vec![]),
            ("text", vec![]),
            ("yaml", vec![]),
            ("operation", vec![]),
            ("pattern", vec![]),
            ("checked_text", vec![]),
            ("error", vec!["operation", "text"]),
            ("signing", vec!["secret"]),
            (
                "http",
                vec!["error", "operation", "secret", "signing", "text"],
            ),
            ("config", vec!["error", "http", "secret", "text", "yaml"]),
            (
                "credentials",
                vec![
                    "http", "config", "signing", "error", "secret", "sync", "text",
                ],
            ),
            ("client", client),
            // The generated methods end in a call of the client, and the client is a generated
            // type.
            (
                "generated",
                vec![
                    "checked_text",
                    "client",
                    "http",
                    "operation",
                    "pattern",
                    "error",
                ],
            ),
            (
                "desktops",
                vec!["client", "http", "error", "generated", "sync", "text"],
            ),
        ],
    );
}

#[test]
fn the_generator_imports_one_way() {
    check_below(
        "codegen",
        "workspace-api/codegen",
        layers(&[
            &["diagnostic", "documentation", "print", "shared"],
            &["client", "names"],
            &["variants", "yaml"],
            &["document"],
            &["constants", "openapi_3_0", "requested"],
            &["responses", "rules"],
            &["bisect", "normalize", "repeated"],
            &["generate", "patch"],
            &["divide", "shares"],
        ]),
    );
}

#[test]
fn the_command_imports_one_way() {
    check(
        "workspace-api-cli/src",
        layers(&[
            &["output", "desktops"],
            // The values of an option, such as a format, are those that the output has.
            &["cli"],
            &["error"],
            &["plan", "input", "signals", "connection", "verbose"],
            &["report"],
            &["batch"],
            &["commands"],
        ]),
    );
}

#[test]
fn the_sandbox_imports_one_way() {
    check(
        "workspace-api-sandbox/src",
        layers(&[
            &["error", "clock", "json", "position", "signals", "sync"],
            &["http"],
            &["contract", "seed"],
            &["faults", "banner"],
            &["service"],
            &["routes"],
            &["server"],
            &["sandbox"],
            &["builder"],
            &["run"],
        ]),
    );
}

/// `serde_json` sorts the keys of its values by name, and only a feature changes that, for a whole
/// program. So the JSON that is given out is made of types that keep the order.
#[test]
fn no_json_is_given_out_with_sorted_keys() {
    // Schemas, which only the checker of JSON reads.
    let exceptions = ["workspace-api-sandbox/src/contract/schema.rs"];
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sorted = Vec::new();
    for sources in [
        "workspace-api",
        "workspace-api-cli",
        "workspace-api-sandbox",
    ] {
        let sources = format!("{sources}/src");
        for (_, file) in imports::files(&root.join(&sources)) {
            let name = file.strip_prefix(root).unwrap().display().to_string();
            let text = fs::read_to_string(&file).unwrap();
            for (line, code) in (1..).zip(text.lines()) {
                let code = code.split("//").next().unwrap_or_default();
                let is_sorted = ["json!", "serde_json::to_value", "serde_json::Map"];
                if is_sorted.iter().any(|made| code.contains(made))
                    && !exceptions.contains(&name.as_str())
                {
                    sorted.push(format!("{name}:{line}: {}", code.trim()));
                }
            }
        }
    }
    assert!(sorted.is_empty(), "{}", sorted.join("\n"));
}

/// Returns what modules in layers may import: every module of the layers before their own.
fn layers(layers: &[&[&'static str]]) -> Allowed {
    let mut allowed = Vec::new();
    let mut below = Vec::new();
    for layer in layers {
        allowed.extend(layer.iter().map(|module| (*module, below.clone())));
        below.extend(layer.iter().copied());
    }
    allowed
}

fn check(sources: &str, allowed: Allowed) {
    check_below("", sources, allowed);
}

/// Checks the sources of a module at the top of a crate; of a whole crate if its name is empty.
fn check_below(top: &str, sources: &str, allowed: Allowed) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(sources);
    let mut path = ModulePath::new();
    path.extend(Some(top.to_owned()).filter(|top| !top.is_empty()));
    let modules = Modules::read(&root, &path);
    let allowed: BTreeMap<_, _> = allowed.into_iter().collect();
    let mut problems = Vec::new();
    let mut files: BTreeMap<ModulePath, BTreeSet<ModulePath>> = BTreeMap::new();
    for (from, module) in &modules.0 {
        for import in &module.imports {
            let to = modules.resolve(import);
            let (Some(importing), Some(imported)) = (from.get(path.len()), to.get(path.len()))
            else {
                continue;
            };
            if to == *from {
                continue;
            }
            if importing == imported {
                files.entry(from.clone()).or_default().insert(to);
            } else if !allowed
                .get(importing.as_str())
                .is_some_and(|modules| modules.contains(&imported.as_str()))
            {
                problems.push(format!("{} imports {}", from.join("::"), to.join("::")));
            }
        }
    }
    problems.extend(files.keys().filter_map(|file| cycle(file, &files)));
    problems.sort();
    problems.dedup();
    assert!(problems.is_empty(), "{sources}:\n{}", problems.join("\n"));
}

/// Returns the shortest cycle of imports from a file back to itself, written from its
/// alphabetically first member.
fn cycle(start: &ModulePath, files: &BTreeMap<ModulePath, BTreeSet<ModulePath>>) -> Option<String> {
    let mut reached: BTreeMap<&ModulePath, &ModulePath> = BTreeMap::new();
    let mut next = VecDeque::from([start]);
    while let Some(file) = next.pop_front() {
        for to in files.get(file).into_iter().flatten() {
            if to == start {
                let mut path = vec![file];
                while *path.last().unwrap() != start {
                    path.push(reached[path.last().unwrap()]);
                }
                path.reverse();
                let first = path
                    .iter()
                    .enumerate()
                    .min_by_key(|(_, file)| **file)
                    .unwrap()
                    .0;
                path.rotate_left(first);
                path.push(path[0]);
                let path: Vec<_> = path.into_iter().map(|file| file.join("::")).collect();
                return Some(format!("cycle: {}", path.join(" → ")));
            }
            if !reached.contains_key(to) {
                reached.insert(to, file);
                next.push_back(to);
            }
        }
    }
    None
}
