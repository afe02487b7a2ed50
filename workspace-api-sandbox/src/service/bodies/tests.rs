//! The contract has every property that the sandbox reads or fills, in the schema of that name: a
//! renamed one would be read as absent, and break each response.

use std::collections::HashMap;

use serde::Deserialize;

use crate::json::Json;

/// The files whose types are schemas of the contract.
const SOURCES: [(&str, &str); 2] = [
    (
        "workspace-api-sandbox/src/service/bodies.rs",
        include_str!("../bodies.rs"),
    ),
    (
        "workspace-api-sandbox/src/http/api_error.rs",
        include_str!("../../http/api_error.rs"),
    ),
];

#[derive(Deserialize)]
struct Contract {
    components: Components,
}

#[derive(Deserialize)]
struct Components {
    schemas: HashMap<String, Schema>,
}

#[derive(Deserialize)]
struct Schema {
    properties: Option<Json>,
}

/// Returns the fields of the types in a source that are read or written as JSON: the name of the type,
/// the name of the property, and the line.
fn fields(source: &str) -> Vec<(&str, &str, usize)> {
    let mut fields = Vec::new();
    let (mut is_body, mut schema, mut renamed) = (false, None, None);
    for (index, line) in source.lines().enumerate() {
        let code = line.trim_start().trim_start_matches("pub(crate) ");
        if let Some(derived) = code.strip_prefix("#[derive(") {
            is_body = derived.contains("Deserialize") || derived.contains("Serialize");
        } else if let Some(name) = code.strip_prefix("struct ") {
            schema = name.split(['<', ' ']).next().filter(|_| is_body);
        } else if line == "}" {
            (is_body, schema) = (false, None);
        } else if let Some((_, rest)) = code.split_once("rename = \"") {
            renamed = rest.split('"').next();
        } else if let (Some(schema), Some((field, _))) = (schema, code.split_once(": "))
            && !code.starts_with(['/', '#'])
        {
            fields.push((schema, renamed.take().unwrap_or(field), index + 1));
        }
    }
    fields
}

#[test]
fn bodies_have_properties_of_the_contract_in_their_order() {
    let contract: Contract = serde_saphyr::from_str(workspace_api::OPENAPI_YAML).unwrap();
    let schemas = contract.components.schemas;
    let mut problems = Vec::new();
    for (file, source) in SOURCES {
        let fields = fields(source);
        assert!(!fields.is_empty(), "{file}");
        let mut last = ("", 0);
        for (schema, property, line) in fields {
            let properties = schemas.get(schema).and_then(|s| s.properties.as_ref());
            let mut documented = properties.into_iter().flat_map(Json::entries);
            let Some(position) = documented.position(|(known, _)| known == property) else {
                problems.push(format!(
                    "{file}:{line}: the contract's `{schema}` has no `{property}`"
                ));
                continue;
            };
            if last.0 == schema && last.1 > position {
                problems.push(format!(
                    "{file}:{line}: the contract's `{schema}` has `{property}` earlier"
                ));
            }
            last = (schema, position);
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
