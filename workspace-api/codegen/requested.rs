//! The named schemas that requests refer to.

use std::collections::HashSet;

use super::document::{Document, operations};
use super::yaml::Node;

/// Returns the references to schemas in requests, and in the schemas that these refer to.
pub fn requested(document: &Document) -> HashSet<String> {
    let mut requested = HashSet::new();
    let bodies = operations(document).filter_map(|operation| operation.node.get("requestBody"));
    let mut unseen: Vec<&Node> = bodies.collect();
    while let Some(node) = unseen.pop() {
        if let Some(reference) = node.get("$ref").and_then(Node::text)
            && requested.insert(reference.to_owned())
        {
            unseen.extend(document.resolve(reference));
        }
        unseen.extend(node.entries().map(|(_, value)| value));
        unseen.extend(node.items());
    }
    requested
}
