//! Rules for what all operations share: authentication, servers and tags.

use std::collections::HashSet;

use crate::codegen::diagnostic::Diagnostic;
use crate::codegen::document::{Document, operations};
use crate::codegen::yaml::Node;

/// The headers in which the client sends credentials, in lower case.
const CREDENTIALS: [&str; 2] = ["authorization", "x-auth-token"];

pub fn check(document: &Document, diagnostics: &mut Vec<Diagnostic>) {
    check_schemes(document, diagnostics);
    check_security(document, diagnostics);
    check_servers(document, diagnostics);
    check_tags(document, diagnostics);
}

/// Checks that the client has the credentials of each scheme.
fn check_schemes(document: &Document, diagnostics: &mut Vec<Diagnostic>) {
    let schemes = document.resolve("#/components/securitySchemes");
    for (key, scheme) in schemes.into_iter().flat_map(Node::entries) {
        let text = |name| scheme.get(name).and_then(Node::text).unwrap_or_default();
        let header = text("name").to_lowercase();
        let is_sent = text("type") == "apiKey"
            && text("in") == "header"
            && CREDENTIALS.contains(&header.as_str());
        if !is_sent {
            diagnostics.push(key.position.error(format!(
                "the client sends credentials in the headers `X-Auth-Token` and `Authorization` \
                 only. Make `{}` an `apiKey` in one of them, or remove it.",
                key.name
            )));
        }
    }
}

/// Checks that every operation is authenticated, and by one of the schemes.
fn check_security(document: &Document, diagnostics: &mut Vec<Diagnostic>) {
    for operation in operations(document) {
        if operation.node.get("security").is_some() {
            let error = "the client authenticates every operation alike. Remove this `security`.";
            let position = operation.node.position_of("security");
            diagnostics.push(position.error(error));
        }
    }
    let security = document.root.get("security");
    let requirements = security.map_or(&[][..], Node::items);
    if requirements.is_empty() {
        let error = "the client authenticates every operation, but the contract requires no \
                     authentication. Add `security`.";
        diagnostics.push(document.root.position_of("security").error(error));
    }
    let schemes = document.resolve("#/components/securitySchemes");
    for requirement in requirements {
        if requirement.entries().count() != 1 {
            let error = "the client sends the credentials of one scheme. Name exactly one.";
            diagnostics.push(requirement.position.error(error));
        }
        for (key, scopes) in requirement.entries() {
            if !scopes.items().is_empty() {
                let error = "an `apiKey` has no scopes, so they have no effect. Write `[]`.";
                diagnostics.push(scopes.position.error(error));
            }
            if schemes.and_then(|schemes| schemes.get(&key.name)).is_none() {
                diagnostics.push(key.position.error(format!(
                    "`{}` is not defined. Correct the name, or define it under `securitySchemes`.",
                    key.name
                )));
            }
        }
    }
}

/// Checks that the client's endpoint, which has no path, is that of the contract.
fn check_servers(document: &Document, diagnostics: &mut Vec<Diagnostic>) {
    let servers = document.root.get("servers");
    for server in servers.into_iter().flat_map(Node::items) {
        let Some(node) = server.get("url") else {
            continue;
        };
        let url = node.text().unwrap_or_default();
        let host = url.split_once("://").map_or(url, |(_, host)| host);
        if host.trim_end_matches('/').contains(['/', '?', '#']) {
            diagnostics.push(node.position.error(format!(
                "the client sends no path of a server before that of an operation. Move the path \
                 of `{url}` into `paths`."
            )));
        }
    }
}

/// Checks that each tag is declared once.
fn check_tags(document: &Document, diagnostics: &mut Vec<Diagnostic>) {
    let mut declared = HashSet::new();
    let tags = document.root.get("tags");
    for tag in tags.into_iter().flat_map(Node::items) {
        if let Some(node) = tag.get("name")
            && let Some(name) = node.text()
            && !declared.insert(name)
        {
            let error = format!("the tag `{name}` is declared twice. Remove one.");
            diagnostics.push(node.position.error(error));
        }
    }
    for operation in operations(document) {
        for tag in operation.node.get("tags").into_iter().flat_map(Node::items) {
            let name = tag.text().unwrap_or_default();
            if !declared.contains(name) {
                diagnostics.push(tag.position.error(format!(
                    "the tag `{name}` is not declared. Correct the spelling, or add it to `tags`."
                )));
            }
        }
    }
}
