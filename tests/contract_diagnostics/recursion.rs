//! Schemas of a request that contain themselves: each is generated, or stops the build with its
//! position. None overflows the stack.

use crate::codegen;

/// The body of the request is the schema `Part`.
pub const CONTRACT: &str = "\
openapi: 3.0.3
info: {title: Parts, version: 1.0.0}
security: [{Token: []}]
paths:
  /parts:
    post:
      operationId: SendParts
      description: Sends parts.
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Part'}}}
      responses: {'204': {description: Done.}}
components:
  securitySchemes: {Token: {type: apiKey, in: header, name: X-Auth-Token}}
  schemas:
    ErrorResponse: {type: object, description: An error.}
";

const PART: &str = "$ref: '#/components/schemas/Part'";

/// The schema, with `PART` for a reference to itself, and a part of the error.
const CASES: &[(&str, &str)] = &[
    ("type: object, properties: {p: {PART}}", ""),
    (
        "type: object, properties: {p: {type: array, description: A., items: {PART}}}",
        "",
    ),
    (
        "type: array, maxItems: 2, items: {type: object, properties: {p: {PART}}}",
        "",
    ),
    (
        "type: object, additionalProperties: {type: object, properties: {p: {PART}}}",
        "",
    ),
    (
        "type: object, required: [p], properties: {p: {type: array, description: A., items: {PART}}}",
        "",
    ),
    (
        "type: array, items: {PART}",
        "17:11: this list or map consists of itself",
    ),
    (
        "type: object, additionalProperties: {PART}",
        "17:11: this list or map consists of itself",
    ),
    (
        "type: array, items: {type: object, additionalProperties: {type: array, items: {PART}}}",
        "17:11: this list or map consists of itself",
    ),
    (
        "type: array, items: {allOf: [{PART}]}",
        "17:11: this list or map consists of itself",
    ),
    (
        "type: object, required: [p], properties: {p: {PART}}",
        "this schema requires itself",
    ),
    (
        "type: object, required: [p], properties: {p: {description: A., allOf: [{PART}]}}",
        "this schema requires itself",
    ),
    (
        "type: object, required: [p], properties: {p: {type: object, description: A., required: [q], \
         properties: {q: {PART}}}}",
        "this schema requires itself",
    ),
    ("allOf: [{PART}]", "this `allOf` contains itself"),
    (
        "nullable: true, oneOf: [{type: string}, {type: integer}]",
        "17:44: the client cannot name what may be `null`",
    ),
    (
        "nullable: true, allOf: [{type: object, properties: {}}, {type: object, properties: {}}]",
        "17:44: the client cannot name what may be `null`",
    ),
    (
        "type: object, required: [q], properties: {q: {description: A., nullable: true, \
         oneOf: [{type: string}, {type: integer}]}}",
        "",
    ),
];

#[test]
fn no_schema_of_a_request_is_without_an_end() {
    for (schema, expected) in CASES {
        let schema = schema.replace("PART", PART);
        let planted = format!("{CONTRACT}    Part: {{description: A part., {schema}}}\n");
        let result = codegen::client(&planted);
        let first = result.err().map(|all| all[0].to_string());
        let first = first.unwrap_or_default();
        let is_expected = first.contains(expected) && first.is_empty() == expected.is_empty();
        assert!(is_expected, "{planted}\n{first}");
    }
}
