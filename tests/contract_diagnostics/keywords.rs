//! Each keyword of `OpenAPI` 3.0 in each object: it changes the client, it is rejected with its
//! position, or it is listed here as without effect. Nothing is ignored in silence.

use crate::codegen;

/// Each object has a comment, where keys are planted.
const CONTRACT: &str = include_str!("keywords.yaml");

/// The objects that are no schemas, and the keys that are planted in them.
const OBJECTS: &[(&str, &[&str])] = &[
    (
        "contract",
        &[
            "servers: [{url: 'https://a.example'}]",
            "servers: [{url: 'https://a.example/v2'}]",
            "tags: [{name: A, description: A.}]",
            "externalDocs: {url: 'http://a.example'}",
            "webhooks: {}",
            "x-other: 1",
        ],
    ),
    (
        "info",
        &[
            "description: A.",
            "summary: A.",
            "termsOfService: 'http://a.example'",
            "contact: {name: A}",
            "contact: {nam: A}",
            "license: {name: A}",
            "license: {nam: A}",
            "x-other: 1",
        ],
    ),
    (
        "path item",
        &[
            "summary: A.",
            "description: A.",
            "servers: [{url: 'https://a.example'}]",
            "trace: {}",
            "options: {}",
            "$ref: a",
            "parameters: [{name: z, in: query, description: A., schema: {type: string}}]",
            "x-other: 1",
        ],
    ),
    (
        "operation",
        &[
            "summary: A.",
            "tags: [A]",
            "externalDocs: {url: 'http://a.example'}",
            "callbacks: {}",
            "deprecated: true",
            "security: []",
            "security: [{Token: []}]",
            "servers: [{url: 'https://a.example'}]",
            "x-huaweicloud-iam-action: a:b:c",
            "x-huaweicloud-iam-dependencies: [a]",
            "x-huaweicloud-iam-condition-keys: [a]",
            "x-pattern-description: A.",
            "x-other: 1",
        ],
    ),
    ("path parameter", PARAMETER),
    ("query parameter", PARAMETER),
    ("header parameter", PARAMETER),
    ("request body", &["x-pattern-description: A.", "x-other: 1"]),
    ("media type of a request", MEDIA_TYPE),
    ("media type of a response", MEDIA_TYPE),
    (
        "responses",
        &[
            "default: {description: A.}",
            "default: {description: A., content: {application/json: {schema: {$ref: \
             '#/components/schemas/ErrorResponse'}}}}",
            "'201': {description: A.}",
            "'2XX': {description: A.}",
            "'4XX': {description: A.}",
            "'4XX': {description: A., content: {application/json: {schema: {$ref: \
             '#/components/schemas/ErrorResponse'}}}}",
            "'302': {description: A.}",
            "'500': {description: A.}",
            "x-other: 1",
        ],
    ),
    ("response", &["links: {}", "x-other: 1"]),
    (
        "error response",
        &[
            "links: {}",
            "headers: {Retry-After: {description: A., schema: {type: integer}}}",
        ],
    ),
    (
        "header",
        &[
            "required: true",
            "deprecated: true",
            "allowEmptyValue: true",
            "style: simple",
            "explode: true",
            "example: A",
            "content: {}",
        ],
    ),
    (
        "components",
        &[
            "links: {}",
            "callbacks: {}",
            "examples: {a: {}}",
            "headers: {A: {description: A., schema: {type: string}}}",
            "parameters: {A: {name: a, in: query, description: A., schema: {type: string}}}",
            "responses: {A: {description: A.}}",
        ],
    ),
];

const PARAMETER: &[&str] = &[
    "style: form",
    "style: simple",
    "style: spaceDelimited",
    "style: pipeDelimited",
    "style: deepObject",
    "style: matrix",
    "explode: true",
    "explode: false",
    "required: false",
    "deprecated: true",
    "allowEmptyValue: true",
    "allowReserved: true",
    "example: A",
    "content: {application/json: {schema: {type: string}}}",
    "x-other: 1",
];

const MEDIA_TYPE: &[&str] = &[
    "example: {a: 1}",
    "examples: {a: {value: 1}}",
    "encoding: {a: {contentType: A}}",
    "x-other: 1",
];

const SCHEMA: &[&str] = &[
    "title: A",
    "multipleOf: 3",
    "maximum: 5",
    "maximum: 5\nexclusiveMaximum: true",
    "exclusiveMaximum: true",
    "minimum: 2",
    "exclusiveMinimum: true",
    "maxLength: 9",
    "minLength: 2",
    "pattern: '^a'",
    "maxItems: 4",
    "minItems: 1",
    "uniqueItems: true",
    "maxProperties: 3",
    "minProperties: 1",
    "required: [a]",
    "enum: [a, b]",
    "enum: [1, 2]",
    "enum: [true]",
    "enum: [a, b]\nx-enum-varnames: [C, D]",
    "x-enum-varnames: [A]",
    "not: {type: string}",
    "anyOf: [{type: string}]",
    "oneOf: [{type: string}]",
    "allOf: [{type: string}]",
    "items: {type: string}",
    "properties: {z: {type: string, description: A.}}",
    "additionalProperties: true",
    "additionalProperties: false",
    "additionalProperties: {type: string}",
    "default: a",
    "default: 5",
    "default: true",
    "default: []",
    "default: {}",
    "default: null",
    "format: int32",
    "format: int64",
    "format: double",
    "format: binary",
    "format: date-time",
    "nullable: true",
    "discriminator: {propertyName: a}",
    "readOnly: true",
    "writeOnly: true",
    "xml: {name: a}",
    "externalDocs: {url: 'http://a.example'}",
    "example: A",
    "deprecated: true",
    "x-other: 1",
    "x-pattern-description: A.",
];

/// Documentation, which has no place in the client or is not needed to call.
const DOCUMENTATION: &[&str] = &[
    "contact",
    "deprecated",
    "example",
    "examples",
    "externalDocs",
    "license",
    "servers",
    "tags",
    "termsOfService",
    "title",
    "x-huaweicloud-iam-condition-keys",
    "x-huaweicloud-iam-dependencies",
];

/// Keys without an effect, because they state the default: the object or a part of its
/// name, the start of the key, and the reason.
const SAME: &[(&str, &str, &str)] = &[
    ("path item", "summary", "an operation has its own"),
    ("path item", "description", "an operation has its own"),
    ("path parameter", "style: simple", "the default"),
    ("path parameter", "explode: false", "the default"),
    ("header parameter", "style: simple", "the default"),
    ("header parameter", "explode: false", "the default"),
    ("query parameter", "style: form", "the default"),
    ("query parameter", "explode: true", "the default"),
    ("parameter", "required: false", "the default"),
    ("parameter", "default", "the service applies it"),
    ("responses", "default", "any error is read alike"),
    ("responses", "'500'", "any error is read alike"),
    ("responses", "'4XX'", "any error is read alike"),
    (
        "error response",
        "headers",
        "the client returns every header",
    ),
    ("header", "required", "the client returns every header"),
    ("components", "headers", "nothing refers to it"),
    ("components", "parameters", "nothing refers to it"),
    ("components", "responses", "nothing refers to it"),
    ("", "format: int64", "the default"),
    ("", "format: double", "the default"),
    ("", "format: date-time", "text"),
    ("object", "additionalProperties: true", "the default"),
    ("part", "additionalProperties: true", "the default"),
    ("allOf", "additionalProperties: true", "the default"),
    (
        "response",
        "nullable: true",
        "an absent value and `null` mean the same",
    ),
    (
        "error",
        "nullable: true",
        "an absent value and `null` mean the same",
    ),
    (
        "schema of a header",
        "nullable: true",
        "the client returns every header",
    ),
    ("list of a request", "default: []", "the service applies it"),
    ("request object", "default", "the service applies it"),
    ("component", "default", "the service applies it"),
];

/// Plants lines at the comment of an object.
fn plant(object: &str, lines: &str) -> String {
    let comment = format!("# {object}");
    let mut contract = String::new();
    for line in CONTRACT.lines() {
        let indent = line.len() - line.trim_start().len();
        if line.trim_start() == comment {
            for planted in lines.lines() {
                contract.extend([&line[..indent], planted, "\n"]);
            }
        } else {
            contract.extend([line, "\n"]);
        }
    }
    contract
}

fn is_listed(object: &str, key: &str) -> bool {
    let name = key.split(':').next().unwrap_or_default();
    DOCUMENTATION.contains(&name)
        || SAME
            .iter()
            .any(|(part, start, _)| object.contains(part) && key.starts_with(start))
}

#[test]
fn no_keyword_is_ignored_in_silence() {
    let objects: Vec<_> = CONTRACT
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("# "))
        .collect();
    let client = codegen::client(CONTRACT).map_err(|all| all[0].to_string());
    let client = client.unwrap();
    let mut problems = Vec::new();
    let mut tried = 0;
    for object in objects.iter().skip(1) {
        let keys = OBJECTS.iter().find(|(name, _)| name == object);
        for key in keys.map_or(SCHEMA, |(_, keys)| keys) {
            tried += 1;
            match codegen::client(&plant(object, key)) {
                Ok(planted) if planted == client && !is_listed(object, key) => {
                    problems.push(format!("ignored: `{key}` in `{object}`"));
                }
                Ok(_) => {}
                Err(diagnostics) => {
                    for diagnostic in diagnostics {
                        let message = &diagnostic.message;
                        if diagnostic.position.line == 1 || message.contains("progenitor") {
                            problems.push(format!("no position: `{key}` in `{object}`: {message}"));
                        }
                    }
                }
            }
        }
    }
    assert!(tried > 1_400, "{tried}");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// A key that the client has no counterpart for is not called misspelt: the error says what to
/// write.
#[test]
fn each_unsupported_keyword_has_advice() {
    let has_advice = |contract: &str, key: &str, object: &str| {
        let errors = codegen::client(contract).unwrap_err();
        let start = format!("the client does not support `{key}` in this {object}. ");
        let messages = errors.iter().map(|error| &error.message);
        let mut advice = messages.filter_map(|message| message.strip_prefix(&start));
        assert!(
            advice.any(|text| text.len() > 5),
            "{object}: {key}: {}",
            errors[0]
        );
    };
    for (object, mark, keys) in [
        ("contract", "contract", "jsonSchemaDialect webhooks"),
        ("info", "info", "summary"),
        ("path item", "path item", "servers trace options $ref"),
        ("operation", "operation", "$ref callbacks servers"),
        (
            "parameter",
            "query parameter",
            "allowEmptyValue allowReserved content",
        ),
        ("media type", "media type of a request", "$ref encoding"),
        ("response", "response", "links"),
        (
            "header",
            "header",
            "allowEmptyValue content examples explode style",
        ),
        ("components", "components", "callbacks links pathItems"),
        (
            "schema",
            "inner object of a request",
            "anyOf const contentEncoding contentMediaType discriminator examples externalDocs \
             maxProperties minProperties not patternProperties readOnly writeOnly xml",
        ),
    ] {
        for key in keys.split(' ') {
            has_advice(&plant(mark, &format!("{key}: {{}}")), key, object);
        }
    }
    for (section, object) in [
        ("headers", "header"),
        ("parameters", "parameter"),
        ("requestBodies", "request body"),
        ("responses", "response"),
    ] {
        let planted = plant("components", &format!("{section}: {{A: {{$ref: a}}}}"));
        has_advice(&planted, "$ref", object);
    }
}
