//! Rules for parameters and paths: what the generated method sends is what the contract says, and
//! the names of the parameters fit the method.

use std::collections::HashMap;

use crate::codegen::diagnostic::{Diagnostic, Position};
use crate::codegen::document::{Document, Operation};
use crate::codegen::names::{self, argument};
use crate::codegen::shared::{OWN_HEADERS, PATH_CHARACTERS};
use crate::codegen::yaml::Node;

/// Checks one parameter. `others` are the names of the operation's parameters before it, and where
/// these are sent.
pub fn check<'a>(
    document: &Document,
    entry: &Node,
    parameter: &'a Node,
    others: &mut HashMap<String, (&'a str, &'a str)>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let text = |key| parameter.get(key).and_then(Node::text).unwrap_or_default();
    let (name, location) = (text("name"), text("in"));
    let position = parameter
        .get("name")
        .map_or(entry.position, |node| node.position);
    let method_name = argument(name);
    if location == "path" && names::parameter(name) != name {
        diagnostics.push(position.error(format!(
            "the path parameter `{name}` clashes with a name in the generated method. Rename it \
             here and in the path: its name is not sent."
        )));
    }
    if let Some((first, its_location)) = others.insert(method_name, (name, location))
        && (first, its_location) != (name, location)
    {
        diagnostics.push(position.error(format!(
            "the {its_location} parameter `{first}` and the {location} parameter `{name}` become \
             the same name in the generated method. Remove one."
        )));
    }
    if location == "header" {
        check_header(name, position, diagnostics);
    }
    // Another location is reported by itself.
    if matches!(location, "path" | "query" | "header") {
        check_style(location, parameter, diagnostics);
    }
    if let Some(schema) = parameter.get("schema") {
        check_schema(document, location, schema, diagnostics);
    }
}

fn check_header(name: &str, position: Position, diagnostics: &mut Vec<Diagnostic>) {
    if OWN_HEADERS.contains(&name.to_lowercase().as_str()) {
        diagnostics.push(position.error(format!(
            "the client sets the header `{name}` itself. Remove the parameter."
        )));
    }
    let is_kept = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if !name.chars().all(is_kept) {
        diagnostics.push(position.error(format!(
            "`{name}` is not a valid name of a header. Use letters, digits and `-`."
        )));
    }
}

fn check_style(location: &str, parameter: &Node, diagnostics: &mut Vec<Diagnostic>) {
    let supported = if location == "query" {
        "form"
    } else {
        "simple"
    };
    if let Some(style) = parameter.get("style")
        && style.text() != Some(supported)
    {
        diagnostics.push(style.position.error(format!(
            "the client sends {location} parameters in the style `{supported}` only. Remove \
             `style`."
        )));
    }
    if let Some(explode) = parameter.get("explode")
        && explode.to_value() != (location == "query")
    {
        let sends = if location == "query" {
            "repeats a query parameter for each item of a list"
        } else {
            "sends one value"
        };
        diagnostics.push(explode.position.error(format!(
            "the client {sends}. Remove `explode`, or declare the parameter as a string."
        )));
    }
}

fn check_schema(
    document: &Document,
    location: &str,
    schema: &Node,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Some(target) = document.follow(schema) else {
        return;
    };
    let items = target.get("items").and_then(|items| document.follow(items));
    if let Some(error) = unsupported(location, target, items) {
        diagnostics.push(schema.position.error(error));
    }
    for nullable in [Some(target), items]
        .into_iter()
        .flatten()
        .filter_map(|schema| schema.get("nullable"))
        .filter(|nullable| nullable.is_true())
    {
        let error = "a parameter cannot be `null`. Remove `nullable`, and leave out `required`.";
        diagnostics.push(nullable.position.error(error));
    }
}

/// Returns why a parameter cannot have a schema, and what to write instead.
fn unsupported(location: &str, schema: &Node, items: Option<&Node>) -> Option<&'static str> {
    match schema.get("type").and_then(Node::text) {
        Some("array") if location != "query" => Some(
            "a list can be a query parameter only. Declare this parameter as a string, and say in \
             its description how the items are separated.",
        ),
        Some("array") => {
            let items = items.and_then(|items| items.get("type")?.text());
            matches!(items, Some("array" | "object") | None).then_some(
                "the items of a list in a parameter must be single values. Give `items` a `type` \
                 such as `string`.",
            )
        }
        Some("object") if location == "query" => Some(
            "a parameter cannot be an object. Declare a parameter for each of its properties, which \
             is sent alike.",
        ),
        Some("object") => Some(
            "a parameter cannot be an object. Declare this parameter as a string, and describe its \
             form.",
        ),
        Some(_) => None,
        None if schema.get("allOf").is_some() => Some(
            "a parameter cannot have an `allOf`. Refer to the schema by `$ref`, or write one schema \
             with a `type`.",
        ),
        None => Some(
            "a parameter must have one type. Give it the `type` in which all values can be written, \
             such as `string`, and describe the values.",
        ),
    }
}

/// Returns whether a URL parser removes this segment, as it does with encoded dots, too.
fn is_dots(segment: &str) -> bool {
    let decoded = segment.to_lowercase().replace("%2e", ".");
    decoded == "." || decoded == ".."
}

/// Checks that a URL keeps the path as it is.
pub fn check_path(operation: &Operation, diagnostics: &mut Vec<Diagnostic>) {
    let path = operation.path;
    let mut error = |message: String| diagnostics.push(operation.path_position.error(message));
    if !path.starts_with('/') {
        error(format!(
            "the path `{path}` does not start with `/`. Add it."
        ));
    }
    let mut segments = path.split('/').skip(1);
    let changed = |segment: &str| is_dots(segment) || !segment.chars().all(is_kept);
    let last = path.split('/').skip(1).count().saturating_sub(1);
    if segments.clone().any(changed) {
        error(format!(
            "a URL would change the path `{path}`. Use letters, digits and `{PATH_CHARACTERS}` \
             between the slashes, and no `.` or `..`, encoded or not."
        ));
    } else if segments.clone().take(last).any(str::is_empty) {
        error(format!(
            "the path `{path}` has an empty segment. Remove one `/`."
        ));
    }
    if segments.any(|segment| segment.contains('{') && !is_parameter(segment)) {
        error(format!(
            "a parameter must be a whole segment of the path `{path}`. Write `/{{name}}/`."
        ));
    }
}

fn is_kept(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || PATH_CHARACTERS.contains(character)
        || "{}".contains(character)
}

fn is_parameter(segment: &str) -> bool {
    let name = segment
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'));
    name.is_some_and(|name| !name.contains(['{', '}']))
}
