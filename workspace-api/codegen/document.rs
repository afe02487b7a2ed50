//! The contract as a tree with positions, and the operations in it.
//!
//! The types of `openapiv3` have no positions, so the rules are checked on this tree. Only a tree
//! without errors is converted to those types.

use std::collections::{HashMap, HashSet};

use openapiv3::OpenAPI;
use serde_json::Value;

use super::diagnostic::{Diagnostic, Position};
use super::documentation;
use super::yaml::{Data, Node};

const METHODS: [&str; 6] = ["delete", "get", "head", "patch", "post", "put"];

/// What a reference to a schema begins with.
pub const SCHEMAS: &str = "#/components/schemas/";

pub struct Document {
    pub root: Node,
    /// The section and the entry of each component, as indices, by reference. To search for each
    /// reference would take quadratic time.
    components: HashMap<String, (usize, usize)>,
}

impl Document {
    /// Reads the contract. If some keys are not text, every one of them is reported.
    pub fn read(yaml: &str) -> Result<Self, Vec<Diagnostic>> {
        let root = Node::read(yaml)?;
        if let Data::Scalar(Value::Null) = root.data {
            let error = "the contract is empty. Restore it from version control.";
            return Err(vec![Position::START.error(error)]);
        }
        Ok(Self::new(root))
    }

    pub fn new(root: Node) -> Self {
        let mut components = HashMap::new();
        let sections = root.get("components").into_iter().flat_map(Node::entries);
        for (section, (section_key, node)) in sections.enumerate() {
            for (entry, (key, _)) in node.entries().enumerate() {
                // In a reference, a slash would separate two keys.
                if !key.name.contains('/') {
                    let reference = format!("#/components/{}/{}", section_key.name, key.name);
                    components.insert(reference, (section, entry));
                }
            }
        }
        Self { root, components }
    }

    /// Returns what the reference `#/components/SECTION/NAME` refers to.
    pub fn resolve(&self, reference: &str) -> Option<&Node> {
        if let Some((section, entry)) = self.components.get(reference) {
            return self
                .root
                .get("components")?
                .value_at(*section)?
                .value_at(*entry);
        }
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

    /// Returns the names of the schemas that a node refers to, also by a parameter or a response.
    pub fn schemas_of<'a>(&'a self, node: &'a Node) -> Vec<&'a str> {
        let mut seen = HashSet::new();
        let mut names = Vec::new();
        let mut unseen = vec![node];
        while let Some(node) = unseen.pop() {
            if let Some(reference) = node.get("$ref").and_then(Node::text)
                && seen.insert(reference)
            {
                match reference.strip_prefix(SCHEMAS) {
                    Some(name) => names.push(name),
                    None => unseen.extend(self.resolve(reference)),
                }
            }
            unseen.extend(node.entries().map(|(_, value)| value));
            unseen.extend(node.items());
        }
        names
    }

    /// Converts the contract to the types of `openapiv3`, with valid documentation.
    pub fn parse(&self) -> Result<OpenAPI, Diagnostic> {
        let mut value = self.root.to_value();
        documentation::clean_all(&mut value);
        serde_json::from_value(value).map_err(|error| {
            self.root.position.error(format!(
                "not valid OpenAPI 3.0: {error}. Correct this part."
            ))
        })
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

/// Whether a schema says that a value may be `null`.
pub fn is_nullable(schema: &Node) -> bool {
    schema.get("nullable").is_some_and(Node::is_true)
}

/// Returns the schemas that are parts of a schema.
pub fn parts(schema: &Node) -> impl Iterator<Item = &Node> {
    let get = |key| schema.get(key).into_iter();
    let properties = get("properties").flat_map(Node::entries);
    let alternatives = get("allOf").chain(get("oneOf")).flat_map(Node::items);
    let values = get("additionalProperties").filter(|node| matches!(node.data, Data::Map(_)));
    properties
        .map(|(_, property)| property)
        .chain(get("items"))
        .chain(values)
        .chain(alternatives)
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
