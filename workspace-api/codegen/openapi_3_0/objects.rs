//! The objects of OpenAPI 3.0 and their keys, as far as a contract of this project uses them.

use super::spec::KeySpec::{Optional, Required};
use super::spec::ValueSpec::{
    Any, Bool, Enum, FlagOr, List, Map, Number, Object, OrReference, Size, String,
};
use super::spec::{ObjectSpec, ValueSpec};

pub static CONTRACT: ObjectSpec = ObjectSpec {
    name: "contract",
    keys: &[
        (Required("openapi"), String),
        (Required("info"), Object(&INFO)),
        (Required("paths"), Map(&Object(&PATH))),
        (Optional("components"), Object(&COMPONENTS)),
        (Optional("externalDocs"), Object(&EXTERNAL_DOCS)),
        (Optional("security"), List(&Map(&List(&String)))),
        (Optional("servers"), List(&Object(&SERVER))),
        (Optional("tags"), List(&Object(&TAG))),
    ],
};

static INFO: ObjectSpec = ObjectSpec {
    name: "info",
    keys: &[
        (Required("title"), String),
        (Required("version"), String),
        (Optional("contact"), Object(&CONTACT)),
        (Optional("description"), String),
        (Optional("license"), Object(&LICENSE)),
        (Optional("termsOfService"), String),
    ],
};

static CONTACT: ObjectSpec = ObjectSpec {
    name: "contact",
    keys: &[
        (Optional("email"), String),
        (Optional("name"), String),
        (Optional("url"), String),
    ],
};

static LICENSE: ObjectSpec = ObjectSpec {
    name: "license",
    keys: &[(Required("name"), String), (Optional("url"), String)],
};

static EXTERNAL_DOCS: ObjectSpec = ObjectSpec {
    name: "link to external documentation",
    keys: &[(Required("url"), String), (Optional("description"), String)],
};

static SERVER: ObjectSpec = ObjectSpec {
    name: "server",
    keys: &[
        (Required("url"), String),
        (Optional("description"), String),
        (Optional("variables"), Map(&Object(&SERVER_VARIABLE))),
    ],
};

static SERVER_VARIABLE: ObjectSpec = ObjectSpec {
    name: "server variable",
    keys: &[
        (Required("default"), String),
        (Optional("description"), String),
        (Optional("enum"), List(&String)),
    ],
};

static TAG: ObjectSpec = ObjectSpec {
    name: "tag",
    keys: &[
        (Required("name"), String),
        (Optional("description"), String),
        (Optional("externalDocs"), Object(&EXTERNAL_DOCS)),
    ],
};

static PATH: ObjectSpec = ObjectSpec {
    name: "path item",
    keys: &[
        (Optional("delete"), Object(&OPERATION)),
        (Optional("description"), String),
        (Optional("get"), Object(&OPERATION)),
        (Optional("head"), Object(&OPERATION)),
        (
            Optional("parameters"),
            List(&OrReference(&PARAMETER, "parameters")),
        ),
        (Optional("patch"), Object(&OPERATION)),
        (Optional("post"), Object(&OPERATION)),
        (Optional("put"), Object(&OPERATION)),
        (Optional("summary"), String),
    ],
};

static OPERATION: ObjectSpec = ObjectSpec {
    name: "operation",
    keys: &[
        (Required("description"), String),
        (Required("operationId"), String),
        (
            Required("responses"),
            Map(&OrReference(&RESPONSE, "responses")),
        ),
        (Optional("deprecated"), Bool),
        (Optional("externalDocs"), Object(&EXTERNAL_DOCS)),
        (
            Optional("parameters"),
            List(&OrReference(&PARAMETER, "parameters")),
        ),
        (
            Optional("requestBody"),
            OrReference(&REQUEST_BODY, "requestBodies"),
        ),
        (Optional("security"), Any),
        (Optional("summary"), String),
        (Optional("tags"), List(&String)),
    ],
};

static PARAMETER: ObjectSpec = ObjectSpec {
    name: "parameter",
    keys: &[
        (Required("description"), String),
        (Required("in"), Enum(&["path", "query", "header"])),
        (Required("name"), String),
        (Required("schema"), OrReference(&SCHEMA, "schemas")),
        (Optional("deprecated"), Bool),
        (Optional("example"), Any),
        (Optional("examples"), EXAMPLES),
        (Optional("explode"), Bool),
        (Optional("required"), Bool),
        (Optional("style"), String),
    ],
};

static REQUEST_BODY: ObjectSpec = ObjectSpec {
    name: "request body",
    keys: &[
        (Required("content"), Map(&Object(&MEDIA_TYPE))),
        (Optional("description"), String),
        (Optional("required"), Bool),
    ],
};

static MEDIA_TYPE: ObjectSpec = ObjectSpec {
    name: "media type",
    keys: &[
        (Required("schema"), OrReference(&SCHEMA, "schemas")),
        (Optional("example"), Any),
        (Optional("examples"), EXAMPLES),
    ],
};

static RESPONSE: ObjectSpec = ObjectSpec {
    name: "response",
    keys: &[
        (Required("description"), String),
        (Optional("content"), Map(&Object(&MEDIA_TYPE))),
        (Optional("headers"), Map(&OrReference(&HEADER, "headers"))),
    ],
};

static HEADER: ObjectSpec = ObjectSpec {
    name: "header",
    keys: &[
        (Required("description"), String),
        (Required("schema"), OrReference(&SCHEMA, "schemas")),
        (Optional("deprecated"), Bool),
        (Optional("example"), Any),
        (Optional("required"), Bool),
    ],
};

static SCHEMA: ObjectSpec = ObjectSpec {
    name: "schema",
    keys: &[
        (
            Optional("additionalProperties"),
            FlagOr(&OrReference(&SCHEMA, "schemas")),
        ),
        (Optional("allOf"), List(&OrReference(&SCHEMA, "schemas"))),
        (Optional("default"), Any),
        (Optional("deprecated"), Bool),
        (Optional("description"), String),
        (Optional("enum"), List(&Any)),
        (Optional("example"), Any),
        (Optional("exclusiveMaximum"), Bool),
        (Optional("exclusiveMinimum"), Bool),
        (Optional("format"), String),
        (Optional("items"), OrReference(&SCHEMA, "schemas")),
        (Optional("maxItems"), Size),
        (Optional("maxLength"), Size),
        (Optional("maximum"), Number),
        (Optional("minItems"), Size),
        (Optional("minLength"), Size),
        (Optional("minimum"), Number),
        (Optional("multipleOf"), Number),
        (Optional("nullable"), Bool),
        (Optional("oneOf"), List(&OrReference(&SCHEMA, "schemas"))),
        (Optional("pattern"), String),
        (
            Optional("properties"),
            Map(&OrReference(&SCHEMA, "schemas")),
        ),
        (Optional("required"), List(&String)),
        (Optional("title"), String),
        (
            Optional("type"),
            Enum(&["array", "boolean", "integer", "number", "object", "string"]),
        ),
        (Optional("uniqueItems"), Bool),
    ],
};

static COMPONENTS: ObjectSpec = ObjectSpec {
    name: "components",
    keys: &[
        (Optional("examples"), EXAMPLES),
        (Optional("headers"), Map(&Object(&HEADER))),
        (Optional("parameters"), Map(&Object(&PARAMETER))),
        (Optional("requestBodies"), Map(&Object(&REQUEST_BODY))),
        (Optional("responses"), Map(&Object(&RESPONSE))),
        (Optional("schemas"), Map(&Object(&SCHEMA))),
        (Optional("securitySchemes"), Map(&Object(&SECURITY_SCHEME))),
    ],
};

/// A scheme that lacks a key, or has another type, is reported with what the client supports.
static SECURITY_SCHEME: ObjectSpec = ObjectSpec {
    name: "security scheme",
    keys: &[
        (Optional("description"), String),
        (Optional("in"), String),
        (Optional("name"), String),
        (Optional("type"), String),
    ],
};

const EXAMPLES: ValueSpec = Map(&OrReference(&EXAMPLE, "examples"));

static EXAMPLE: ObjectSpec = ObjectSpec {
    name: "example",
    keys: &[
        (Optional("description"), String),
        (Optional("externalValue"), String),
        (Optional("summary"), String),
        (Optional("value"), Any),
    ],
};
