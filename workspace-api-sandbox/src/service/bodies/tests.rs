//! The contract has every property that the sandbox reads or fills, in the schema of that name and of
//! that type: a renamed one would be read as absent, and break each response.

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
    #[serde(rename = "type")]
    kind: Option<String>,
    properties: Option<Json>,
}

/// A field of a type that is read or written as JSON.
struct Field<'a> {
    /// The name of the type.
    schema: &'a str,
    property: &'a str,
    /// The JSON type of the field; `None` for a type of the sandbox, such as an enum.
    kind: Option<&'static str>,
    line: usize,
}

/// Returns the fields of the types in a source.
fn fields(source: &str) -> Vec<Field<'_>> {
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
        } else if let (Some(schema), Some((field, ty))) = (schema, code.split_once(": "))
            && !code.starts_with(['/', '#'])
        {
            fields.push(Field {
                schema,
                property: renamed.take().unwrap_or(field),
                kind: json_type(ty.trim_end_matches(',')),
                line: index + 1,
            });
        }
    }
    fields
}

fn json_type(ty: &str) -> Option<&'static str> {
    let inner = ty
        .strip_prefix("Option<")
        .and_then(|ty| ty.strip_suffix('>'));
    match inner.unwrap_or(ty) {
        "bool" => Some("boolean"),
        "String" | "&'a str" | "&'static str" => Some("string"),
        ty if ty.starts_with("Vec<") => Some("array"),
        _ => None,
    }
}

/// Returns the type of a property of the contract.
fn documented_type<'a>(
    schemas: &'a HashMap<String, Schema>,
    property: &'a Json,
) -> Option<&'a str> {
    let Some(reference) = property.get("$ref").and_then(Json::text) else {
        return property.get("type").and_then(Json::text);
    };
    let (_, name) = reference.rsplit_once('/')?;
    schemas.get(name)?.kind.as_deref()
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
        for Field {
            schema,
            property,
            kind,
            line,
        } in fields
        {
            let properties = schemas.get(schema).and_then(|s| s.properties.as_ref());
            let documented = properties.into_iter().flat_map(Json::entries);
            let mut documented = documented.enumerate();
            let Some((position, (_, documented))) =
                documented.find(|(_, (known, _))| *known == property)
            else {
                problems.push(format!(
                    "{file}:{line}: the contract's `{schema}` has no `{property}`"
                ));
                continue;
            };
            let documented = documented_type(&schemas, documented);
            if let (Some(kind), Some(documented)) = (kind, documented)
                && kind != documented
            {
                problems.push(format!(
                    "{file}:{line}: the contract's `{schema}` has `{property}` as {documented}, not \
                     {kind}"
                ));
            }
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
