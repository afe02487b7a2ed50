//! A contract of operations as large as those of the vendor: copies of the operations of
//! `tests/growth/25-operations.yaml`, each with a path, an id and schemas of its own.

use std::collections::HashMap;
use std::iter;

const CONTRACT: &str = include_str!("../../tests/growth/25-operations.yaml");
const REFERENCE: &str = "'#/components/schemas/";

/// The schemas of a contract by their names.
type Schemas<'a> = HashMap<&'a str, &'a str>;

/// Returns a contract of this many operations.
pub fn contract(operations: usize) -> String {
    let (start, rest) = CONTRACT.split_once("\npaths:\n").unwrap();
    let (paths, rest) = rest.split_once("components:\n").unwrap();
    let (components, schemas) = rest.split_once("\n  schemas:\n").unwrap();
    let paths = entries(paths, "  ");
    let schemas = entries(schemas, "    ").into_iter();
    let schemas: Schemas = schemas.map(|schema| (name(schema), schema)).collect();

    // Parameters and responses refer to the schemas that all operations share.
    let mut shared = Vec::new();
    add_references(components, &schemas, &mut shared);
    let mut all_paths = String::new();
    let mut all_schemas: String = shared.iter().map(|name| schemas[name]).collect();
    for copy in 0..operations.div_ceil(paths.len()) {
        let paths = paths.iter().take(operations - copy * paths.len());
        let mut names = shared.clone();
        for path in paths {
            all_paths += &renamed(path, copy, &shared);
            add_references(path, &schemas, &mut names);
        }
        for name in &names[shared.len()..] {
            all_schemas += &renamed(schemas[name], copy, &shared);
        }
    }
    format!("{start}\npaths:\n{all_paths}components:\n{components}\n  schemas:\n{all_schemas}")
}

/// Returns the entries of a map whose keys have this indentation.
fn entries<'a>(map: &'a str, indentation: &str) -> Vec<&'a str> {
    let is_key = |line: &str| {
        line.strip_prefix(indentation)
            .is_some_and(|line| !line.starts_with(' '))
    };
    let mut starts = Vec::new();
    let mut position = 0;
    for line in map.split_inclusive('\n') {
        if is_key(line) {
            starts.push(position);
        }
        position += line.len();
    }
    let ends = starts.iter().copied().skip(1).chain([map.len()]);
    let ranges = iter::zip(starts.clone(), ends);
    ranges.map(|(start, end)| &map[start..end]).collect()
}

/// Returns the key of an entry.
fn name(entry: &str) -> &str {
    entry.trim_start().split_once(':').unwrap().0
}

/// Adds the names of the schemas that a text refers to, and of those that these refer to.
fn add_references<'a>(text: &'a str, schemas: &Schemas<'a>, names: &mut Vec<&'a str>) {
    for reference in text.split(REFERENCE).skip(1) {
        let (name, _) = reference.split_once('\'').unwrap();
        if !names.contains(&name) {
            names.push(name);
            add_references(schemas[name], schemas, names);
        }
    }
}

/// Renames the path or schema that an entry describes, and what only its copy refers to.
fn renamed(entry: &str, copy: usize, shared: &[&str]) -> String {
    if copy == 0 {
        return entry.to_owned();
    }
    let mut lines = entry.lines();
    let key = lines.next().unwrap();
    let key = match key.strip_prefix("  /") {
        Some(path) => format!("  /copy{copy}/{path}"),
        None => format!("{}Copy{copy}:", key.trim_end_matches(':')),
    };
    let lines = lines.map(|line| renamed_line(line, copy, shared));
    let lines: Vec<_> = iter::once(key).chain(lines).collect();
    lines.join("\n") + "\n"
}

fn renamed_line(line: &str, copy: usize, shared: &[&str]) -> String {
    if line.trim_start().starts_with("operationId: ") {
        return format!("{line}Copy{copy}");
    }
    if let Some((_, name)) = line.split_once(REFERENCE) {
        let name = name.trim_end_matches('\'');
        if !shared.contains(&name) {
            return format!("{}Copy{copy}'", line.trim_end_matches('\''));
        }
    }
    line.to_owned()
}
