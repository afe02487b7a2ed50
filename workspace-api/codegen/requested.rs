//! The schemas in the bodies of requests.

use std::collections::HashSet;

use super::document::{Document, operations, parts};
use super::yaml::Node;

/// Returns every schema in the bodies of requests, once.
pub fn schemas(document: &Document) -> Vec<&Node> {
    let mut unseen = Vec::new();
    for operation in operations(document) {
        let body = operation.node.get("requestBody");
        let body = body.and_then(|body| document.follow(body));
        let content = body.and_then(|body| body.get("content"));
        for (_, media_type) in content.into_iter().flat_map(Node::entries) {
            unseen.extend(media_type.get("schema"));
        }
    }
    let mut seen = HashSet::new();
    let mut schemas = Vec::new();
    while let Some(schema) = unseen.pop() {
        if let Some(schema) = document.follow(schema)
            && seen.insert(schema.position)
        {
            unseen.extend(parts(schema));
            schemas.push(schema);
        }
    }
    schemas
}

/// Returns the names of the schemas among them that have one.
pub fn names(document: &Document) -> HashSet<String> {
    let requested: HashSet<_> = schemas(document).iter().map(|it| it.position).collect();
    let named = document.resolve("#/components/schemas");
    named
        .into_iter()
        .flat_map(Node::entries)
        .filter(|(_, schema)| requested.contains(&schema.position))
        .map(|(key, _)| key.name.clone())
        .collect()
}
