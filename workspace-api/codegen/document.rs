//! The contract as a tree with positions, and the operations in it.
//!
//! The types of `openapiv3` have no positions, so the rules are checked on this tree. Only a tree
//! without errors is converted to those types.

use openapiv3::OpenAPI;
use serde_json::Value;

use super::diagnostic::{Diagnostic, Position};
use super::yaml::{Data, Node};

const METHODS: [&str; 6] = ["delete", "get", "head", "patch", "post", "put"];

pub struct Document {
    pub root: Node,
}

impl Document {
    /// Reads the contract. If some keys are not text, every one of them is reported.
    pub fn read(yaml: &str) -> Result<Self, Vec<Diagnostic>> {
        let root = Node::read(yaml)?;
        if let Data::Scalar(Value::Null) = root.data {
            let error = "the contract is empty. Restore it from version control.";
            return Err(vec![Position::START.error(error)]);
        }
        Ok(Self { root })
    }

    /// Returns what the reference `#/components/SECTION/NAME` refers to.
    pub fn resolve(&self, reference: &str) -> Option<&Node> {
        let mut node = &self.root;
        for key in reference.strip_prefix("#/")?.split('/') {
            node = node.get(key)?;
        }
        Some(node)
    }

    /// Returns the node or, if it is a `$ref`, what it refers to.
    pub fn follow<'a>(&'a self, node: &'a Node) -> Option<&'a Node> {
        match node.get("$ref") {
            Some(reference) => self.resolve(reference.text()?),
            None => Some(node),
        }
    }

    /// Converts the contract to the types of `openapiv3`.
    pub fn parse(&self) -> Result<OpenAPI, Diagnostic> {
        serde_json::from_value(self.root.to_value()).map_err(|error| {
            let parses = |value| serde_json::from_value::<OpenAPI>(value).is_ok();
            let position = self.bisect_failure(parses);
            position.error(format!(
                "not valid OpenAPI 3.0: {error}. Correct this part."
            ))
        })
    }

    /// Finds the path or component whose removal makes the contract valid; otherwise the start of
    /// the contract.
    pub fn bisect_failure(&self, is_valid: impl Fn(Value) -> bool) -> Position {
        let whole = self.root.to_value();
        for (pointer, section) in self.sections() {
            for (key, _) in section.entries() {
                let mut rest = whole.clone();
                if let Some(Value::Object(map)) = rest.pointer_mut(&pointer) {
                    map.remove(&key.name);
                }
                if is_valid(rest) {
                    return key.position;
                }
            }
        }
        self.root.position
    }

    /// Returns the paths and each kind of components, with their JSON pointers.
    fn sections(&self) -> Vec<(String, &Node)> {
        let mut sections = Vec::new();
        if let Some(paths) = self.root.get("paths") {
            sections.push(("/paths".to_owned(), paths));
        }
        if let Some(components) = self.root.get("components") {
            for (key, section) in components.entries() {
                sections.push((format!("/components/{}", key.name), section));
            }
        }
        sections
    }
}

/// An operation of the contract.
pub struct Operation<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub path_position: Position,
    /// The path item, which may have parameters for all its operations.
    pub item: &'a Node,
    pub node: &'a Node,
}

impl<'a> Operation<'a> {
    pub fn id(&self) -> &'a str {
        let id = self.node.get("operationId").and_then(Node::text);
        id.unwrap_or_default()
    }
}

/// Returns the operations in the order of the contract.
pub fn operations(document: &Document) -> impl Iterator<Item = Operation<'_>> {
    let paths = document.root.get("paths");
    let paths = paths.into_iter().flat_map(Node::entries);
    paths.flat_map(|(path, item)| {
        item.entries()
            .filter(|(method, _)| METHODS.contains(&method.name.as_str()))
            .map(|(method, node)| Operation {
                method: &method.name,
                path: &path.name,
                path_position: path.position,
                item,
                node,
            })
    })
}

/// Returns the name of the generated method without underscores. Two ids that differ in nothing but
/// case or underscores become the same method.
pub fn method_name(operation_id: &str) -> String {
    operation_id.replace('_', "").to_lowercase()
}
