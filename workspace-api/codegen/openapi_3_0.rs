//! What may stand where: everything in the contract is held against the tables of objects below.
//!
//! A line that is indented too far or too little, or a misspelt key, lands in an object that does not take it; so a
//! strict table finds what a lenient parser would skip.

use serde_json::Value;

use super::diagnostic::Diagnostic;
use super::document::{Data, Document, Node};

pub fn check(document: &Document, diagnostics: &mut Vec<Diagnostic>) {
    DOCUMENT.check(document, &document.root, diagnostics);
    if let Some(version) = document.root.get("openapi")
        && !version.text().unwrap_or_default().starts_with("3.0.")
    {
        diagnostics.push(
            version
                .position
                .error("the contract must be OpenAPI 3.0. Write `openapi: 3.0.3`."),
        );
    }
}

/// An object of OpenAPI: its name and the keys it takes. A key with a `!` before it is required.
struct Shape {
    name: &'static str,
    keys: &'static [(&'static str, Form)],
}

/// What the value of a key looks like.
enum Form {
    Text,
    Flag,
    Number,
    Any,
    Word(&'static [&'static str]),
    Object(&'static Shape),
    /// The object, or a `$ref` to this section of the components.
    OrReference(&'static Shape, &'static str),
    /// A schema or a reference to one; a form of its own, because schemas hold schemas.
    Schema,
    List(&'static Form),
    Map(&'static Form),
}

use Form::{Any, Flag, List, Map, Number, Object, OrReference, Schema, Text, Word};

impl Shape {
    /// Adds a mistake for everything below `node` that an object of this shape does not take or lacks.
    fn check(&'static self, document: &Document, node: &Node, diagnostics: &mut Vec<Diagnostic>) {
        let Data::Map(entries) = &node.data else {
            let message = format!(
                "the {} must be a map of keys to values. Check the indentation.",
                self.name
            );
            diagnostics.push(node.position.error(message));
            return;
        };
        for (key, value) in entries {
            if key.name.starts_with("x-") {
                continue;
            }
            match self.keys.iter().find(|(name, _)| name.trim_start_matches('!') == key.name) {
                Some((_, form)) => form.check(document, &key.name, value, diagnostics),
                None => diagnostics.push(key.position.error(format!(
                    "`{}` cannot stand in this {}, which takes {}. Correct the spelling or the indentation.",
                    key.name,
                    self.name,
                    self.keys.iter().map(|(name, _)| name.trim_start_matches('!')).collect::<Vec<_>>().join(", "),
                ))),
            }
        }
        for required in self
            .keys
            .iter()
            .filter_map(|(name, _)| name.strip_prefix('!'))
        {
            if node.get(required).is_none() {
                diagnostics.push(
                    node.position
                        .error(format!("this {} has no `{required}`. Add it.", self.name)),
                );
            }
        }
    }
}

impl Form {
    fn check(
        &'static self,
        document: &Document,
        key: &str,
        node: &Node,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let mut wrong = |what: &str| {
            diagnostics.push(node.position.error(format!(
                "`{key}` must be {what}. Correct the value or the indentation."
            )));
        };
        match (self, &node.data) {
            (Any, _)
            | (Flag, Data::Scalar(Value::Bool(_)))
            | (Number, Data::Scalar(Value::Number(_))) => {}
            (Text, Data::Scalar(Value::String(text))) => {
                if text.trim().is_empty() {
                    wrong("more than an empty text");
                }
            }
            (Word(words), Data::Scalar(Value::String(word))) if words.contains(&word.as_str()) => {}
            (Object(shape), _) => shape.check(document, node, diagnostics),
            (OrReference(shape, section), _) => {
                check_or_reference(document, shape, section, node, diagnostics);
            }
            (Schema, _) => check_or_reference(document, &SCHEMA, "schemas", node, diagnostics),
            (List(form), Data::List(items)) => {
                items
                    .iter()
                    .for_each(|item| form.check(document, key, item, diagnostics));
            }
            (Map(form), Data::Map(entries)) => {
                entries
                    .iter()
                    .for_each(|(key, value)| form.check(document, &key.name, value, diagnostics));
            }
            (Text, _) => wrong("text; put it in quotes if it looks like something else"),
            (Flag, _) => wrong("`true` or `false`, without quotes"),
            (Number, _) => wrong("a number"),
            (Word(words), _) => wrong(&format!("one of {}", words.join(", "))),
            (List(_), _) => wrong("a list"),
            (Map(_), _) => wrong("a map"),
        }
    }
}

fn check_or_reference(
    document: &Document,
    shape: &'static Shape,
    section: &str,
    node: &Node,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Some(reference) = node.get("$ref") else {
        return shape.check(document, node, diagnostics);
    };
    let text = reference.text().unwrap_or_default();
    let wanted = format!("#/components/{section}/");
    if !text.starts_with(&wanted) {
        diagnostics.push(reference.position.error(format!(
            "`{text}` is not a reference that can stand here. Refer to '{wanted}NAME'."
        )));
    } else if document.resolve(text).is_none() {
        diagnostics.push(reference.position.error(format!(
            "`{text}` refers to nothing. Correct the name, or define it under `components`."
        )));
    }
    for (key, _) in node.entries().filter(|(key, _)| key.name != "$ref") {
        diagnostics.push(key.position.error(format!(
            "`{}` beside `$ref` has no effect. Remove it, or move it to what `$ref` refers to.",
            key.name
        )));
    }
}

// The objects of OpenAPI 3.0 and their keys, as far as a contract of this project uses them.

static DOCUMENT: Shape = Shape {
    name: "contract",
    keys: &[
        ("!openapi", Text),
        ("!info", Object(&INFO)),
        ("!paths", Map(&Object(&PATH))),
        ("components", Object(&COMPONENTS)),
        ("externalDocs", Object(&EXTERNAL_DOCS)),
        ("security", Any),
        ("servers", List(&Object(&SERVER))),
        ("tags", List(&Object(&TAG))),
    ],
};

static INFO: Shape = Shape {
    name: "info",
    keys: &[
        ("!title", Text),
        ("!version", Text),
        ("contact", Any),
        ("description", Text),
        ("license", Any),
        ("termsOfService", Text),
    ],
};

static EXTERNAL_DOCS: Shape = Shape {
    name: "link to documentation",
    keys: &[("!url", Text), ("description", Text)],
};

static SERVER: Shape = Shape {
    name: "server",
    keys: &[
        ("!url", Text),
        ("description", Text),
        ("variables", Map(&Object(&SERVER_VARIABLE))),
    ],
};

static SERVER_VARIABLE: Shape = Shape {
    name: "server variable",
    keys: &[
        ("!default", Text),
        ("description", Text),
        ("enum", List(&Text)),
    ],
};

static TAG: Shape = Shape {
    name: "tag",
    keys: &[
        ("!name", Text),
        ("description", Text),
        ("externalDocs", Object(&EXTERNAL_DOCS)),
    ],
};

static PATH: Shape = Shape {
    name: "path",
    keys: &[
        ("delete", Object(&OPERATION)),
        ("description", Text),
        ("get", Object(&OPERATION)),
        ("head", Object(&OPERATION)),
        ("options", Object(&OPERATION)),
        ("parameters", List(&PARAMETERS)),
        ("patch", Object(&OPERATION)),
        ("post", Object(&OPERATION)),
        ("put", Object(&OPERATION)),
        ("servers", List(&Object(&SERVER))),
        ("summary", Text),
    ],
};

static OPERATION: Shape = Shape {
    name: "operation",
    keys: &[
        ("!description", Text),
        ("!operationId", Text),
        ("!responses", Map(&RESPONSES)),
        ("deprecated", Flag),
        ("externalDocs", Object(&EXTERNAL_DOCS)),
        ("parameters", List(&PARAMETERS)),
        ("requestBody", OrReference(&REQUEST_BODY, "requestBodies")),
        ("security", Any),
        ("servers", List(&Object(&SERVER))),
        ("summary", Text),
        ("tags", List(&Text)),
    ],
};

static PARAMETERS: Form = OrReference(&PARAMETER, "parameters");

static PARAMETER: Shape = Shape {
    name: "parameter",
    keys: &[
        ("!description", Text),
        ("!in", Word(&["path", "query", "header"])),
        ("!name", Text),
        ("!schema", Schema),
        ("allowEmptyValue", Flag),
        ("deprecated", Flag),
        ("example", Any),
        ("examples", Any),
        ("explode", Flag),
        ("required", Flag),
        ("style", Text),
    ],
};

static REQUEST_BODY: Shape = Shape {
    name: "request body",
    keys: &[
        ("!content", Map(&Object(&MEDIA_TYPE))),
        ("description", Text),
        ("required", Flag),
    ],
};

static MEDIA_TYPE: Shape = Shape {
    name: "media type",
    keys: &[("!schema", Schema), ("example", Any), ("examples", Any)],
};

static RESPONSES: Form = OrReference(&RESPONSE, "responses");

static RESPONSE: Shape = Shape {
    name: "response",
    keys: &[
        ("!description", Text),
        ("content", Map(&Object(&MEDIA_TYPE))),
        ("headers", Map(&OrReference(&HEADER, "headers"))),
    ],
};

static HEADER: Shape = Shape {
    name: "header",
    keys: &[
        ("!description", Text),
        ("!schema", Schema),
        ("deprecated", Flag),
        ("example", Any),
        ("required", Flag),
    ],
};

static SCHEMA: Shape = Shape {
    name: "schema",
    keys: &[
        ("additionalProperties", Any),
        ("allOf", List(&Schema)),
        ("default", Any),
        ("deprecated", Flag),
        ("description", Text),
        ("enum", List(&Any)),
        ("example", Any),
        ("exclusiveMaximum", Flag),
        ("exclusiveMinimum", Flag),
        ("format", Text),
        ("items", Schema),
        ("maxItems", Number),
        ("maxLength", Number),
        ("maxProperties", Number),
        ("maximum", Number),
        ("minItems", Number),
        ("minLength", Number),
        ("minProperties", Number),
        ("minimum", Number),
        ("multipleOf", Number),
        ("nullable", Flag),
        ("oneOf", List(&Schema)),
        ("pattern", Text),
        ("properties", Map(&Schema)),
        ("readOnly", Flag),
        ("required", List(&Text)),
        ("title", Text),
        (
            "type",
            Word(&["array", "boolean", "integer", "number", "object", "string"]),
        ),
        ("uniqueItems", Flag),
        ("writeOnly", Flag),
    ],
};

static COMPONENTS: Shape = Shape {
    name: "components",
    keys: &[
        ("examples", Any),
        ("headers", Map(&Object(&HEADER))),
        ("parameters", Map(&Object(&PARAMETER))),
        ("requestBodies", Map(&Object(&REQUEST_BODY))),
        ("responses", Map(&Object(&RESPONSE))),
        ("schemas", Map(&Object(&SCHEMA))),
        ("securitySchemes", Any),
    ],
};
