//! The objects of OpenAPI 3.0 and their keys, as far as a contract of this project uses them.

use super::shape::Form::{
    self, Any, Flag, List, Map, Number, Object, OrReference, Schema, Text, Word,
};
use super::shape::Shape;

pub static DOCUMENT: Shape = Shape {
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

pub static SCHEMA: Shape = Shape {
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
