//! A contract whose response has each type at each position.

use std::fmt::Write as _;

/// The types, and their schemas.
pub const TYPES: [(&str, &str); 8] = [
    ("text", "type: string"),
    ("integer", "type: integer"),
    ("number", "type: number"),
    ("boolean", "type: boolean"),
    ("free", "type: object"),
    (
        "object",
        "type: object, properties: {a: {type: integer, description: An integer.}}",
    ),
    ("list", "type: array, items: {type: integer}"),
    ("map", "type: object, additionalProperties: {type: integer}"),
];

/// The positions, and their schemas: `S` stands for that of the type.
pub const POSITIONS: [(&str, &str); 14] = [
    ("property", "S"),
    ("nullable", "S, nullable: true"),
    ("named", "allOf: [{$ref: '#/components/schemas/T'}]"),
    (
        "nested",
        "type: object, properties: {inner: {S, description: A part.}}",
    ),
    ("item", "type: array, items: {S}"),
    ("nullable_item", "type: array, items: {S, nullable: true}"),
    ("value", "type: object, additionalProperties: {S}"),
    (
        "nullable_value",
        "type: object, additionalProperties: {S, nullable: true}",
    ),
    (
        "other",
        "type: object, properties: {outer: {type: string, description: A part.}}, \
         additionalProperties: {S}",
    ),
    (
        "item_of_item",
        "type: array, items: {type: array, items: {S}}",
    ),
    (
        "item_of_value",
        "type: object, additionalProperties: {type: array, items: {S}}",
    ),
    (
        "value_of_item",
        "type: array, items: {type: object, additionalProperties: {S}}",
    ),
    (
        "property_of_item",
        "type: array, items: {type: object, properties: {inner: {S, description: A part.}}}",
    ),
    (
        "part",
        "allOf: [{type: object, properties: {inner: {S, description: A part.}}}, \
         {type: object, properties: {outer: {type: string, description: A part.}}}]",
    ),
];

const START: &str = "\
openapi: 3.0.3
info: {title: Responses, version: 1.0.0}
security: [{Token: []}]
paths:
  /everything:
    get:
      operationId: ReadEverything
      description: Reads everything.
      responses:
        '200':
          description: Everything.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Everything'}
        '207': {description: A part., content: {application/json: {schema: {$ref: '#/components/schemas/Everything'}}}}
    post:
      operationId: ReadNothing
      description: Reads nothing.
      responses:
        '204': {description: Nothing.}
        '207': {description: A part of nothing.}
components:
  securitySchemes: {Token: {type: apiKey, in: header, name: X-Auth-Token}}
  schemas:
    ErrorResponse: {type: object, description: An error.}
";

pub fn contract() -> String {
    let mut contract = START.to_owned();
    let mut properties = "        kept: {type: string, description: A value.}\n".to_owned();
    for (name, schema) in TYPES {
        // Writing to a `String` cannot fail.
        let _ = writeln!(contract, "    N{name}: {{{schema}, description: A type.}}");
        for (position, outer) in POSITIONS {
            let outer = outer.replace("/T'", &format!("/N{name}'"));
            let outer = outer.replace('S', schema);
            let _ = writeln!(
                properties,
                "        {name}_{position}: {{{outer}, description: A position.}}"
            );
        }
    }
    contract +=
        "    Everything:\n      type: object\n      description: Everything.\n      properties:\n";
    contract + &properties
}
