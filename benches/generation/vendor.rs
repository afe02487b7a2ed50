//! A contract of operations as large as those of the vendor: copies of the operations of
//! `tests/growth/25-operations.yaml`, each with a path, an id and schemas of its own.
//!
//! These operations were chosen for what they have, so they are larger than the others: the vendor's
//! first 100 have 14,295 lines in the style of this contract, and all 197 have 24,132. So only those
//! with up to 210 lines are copied, 24 of 28. Copies of all have half as many lines more.

use std::collections::HashMap;
use std::iter;

const CONTRACT: &str = include_str!("../../tests/growth/25-operations.yaml");
const REFERENCE: &str = "'#/components/schemas/";

/// The schemas of a contract by their names.
type Schemas<'a> = HashMap<&'a str, &'a str>;

/// Maximum number of lines of an operation that is copied, with its schemas.
const MAX_LINES: usize = 210;

/// Returns a contract of this many operations, as large as those of the vendor.
pub fn contract(operations: usize) -> String {
    copies(operations, MAX_LINES)
}

/// Returns a contract of this many operations, with copies of the largest ones, too.
pub fn larger_contract(operations: usize) -> String {
    copies(operations, usize::MAX)
}

fn copies(operations: usize, max_lines: usize) -> String {
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
    let lines = |path: &&str| {
        let mut names = shared.clone();
        add_references(path, &schemas, &mut names);
        let parts = names[shared.len()..].iter().map(|name| schemas[name]);
        parts
            .chain([*path])
            .map(|part| part.lines().count())
            .sum::<usize>()
    };
    let repeated: Vec<_> = paths
        .iter()
        .filter(|path| lines(path) <= max_lines)
        .collect();
    let copies = (1..).flat_map(|copy| repeated.iter().map(move |path| (copy, **path)));
    let originals = paths.iter().map(|path| (0, *path));
    let mut names = shared.clone();
    let mut last = 0;
    for (copy, path) in originals.chain(copies).take(operations) {
        if copy != last {
            names.truncate(shared.len());
            last = copy;
        }
        all_paths += &renamed(path, copy, &shared);
        let known = names.len();
        add_references(path, &schemas, &mut names);
        for name in &names[known..] {
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
