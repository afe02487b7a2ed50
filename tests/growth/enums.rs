//! A contract with enums whose values are hard to name.

use std::fmt::Write as _;

/// The values of each enum.
pub const ENUMS: [&[&str]; 13] = [
    &["asc", "ASC", "Asc", "aSC"],
    &["DESC", "desc"],
    &["<", "<=", ">", ">=", "=", "==", "!=", "<>"],
    &["+1", "-1", "1", "+2", "-2", "2", "1.0", "10", "0x10", "1e3"],
    &["", " ", "  ", "_", "-", ".", "..", "*", "**", "~", "/"],
    &["self", "Self", "SELF", "super", "crate", "type", "async"],
    &["a b", "a_b", "a-b", "a.b", "a/b", "aB", "AB", "ab", "Ab"],
    &["C", "c", "C++", "C#", "C ", " C", "c'"],
    &["云", "😀", "😁", "ü", "Ü", "é", "e\u{301}", "ß", "ẞ", "²"],
    &[
        "`", "``", "\"", "\\", "\\n", "{value}", "{}", "<b>", "[a]", "*/", "#", "a, b",
    ],
    &[
        "Ok", "Err", "Some", "None", "Result", "String", "Vec", "Default", "From",
    ],
    &[
        "null",
        "true",
        "false",
        "no",
        "on",
        "0",
        "a\nb",
        "a\tb",
        "\u{e100}\u{e041}",
        "\u{e100}",
    ],
    &[
        "AscUpper",
        "asc",
        "ASC",
        "asc-upper",
        "variant-2",
        "asc-variant-2",
        "aSC",
    ],
];

/// The contract: each enum as a parameter, as a property of the body, as the items of a list and as
/// the values of a map.
pub fn contract() -> String {
    let mut contract = START.to_owned();
    for index in 0..ENUMS.len() {
        // Writing to a `String` cannot fail.
        let _ = writeln!(
            contract,
            "        - {{name: q{index}, in: query, description: An enum., schema: {{$ref: \
             '#/components/schemas/E{index}'}}}}"
        );
    }
    contract += MIDDLE;
    let schema = |values: &[&str]| {
        // JSON is YAML.
        let values = serde_json::to_string(values).unwrap_or_default();
        format!("type: string, description: An enum., minLength: 0, enum: {values}")
    };
    for (index, values) in ENUMS.iter().enumerate() {
        let _ = writeln!(contract, "    E{index}: {{{}}}", schema(values));
    }
    contract += BODY;
    for (index, values) in ENUMS.iter().enumerate() {
        let of = format!("$ref: '#/components/schemas/E{index}'");
        let _ = writeln!(
            contract,
            "        inline{index}: {{{}}}\n        \
             list{index}: {{type: array, description: A list., uniqueItems: true, items: {{{of}}}}}\n        \
             map{index}: {{type: object, description: A map., additionalProperties: {{{of}}}}}",
            schema(values)
        );
    }
    contract
}

const START: &str = "\
openapi: 3.0.3
info: {title: Enums, version: 1.0.0}
security: [{Token: []}]
paths:
  /enums/{kind}:
    post:
      operationId: SendEnums
      description: Sends enums.
      parameters:
        - {name: kind, in: path, required: true, description: A kind., schema: {type: string, enum: [a/b, a_b]}}
        - {name: X-Sort, in: header, description: An order., schema: {type: string, enum: [asc, ASC]}}
        - {name: size, in: query, description: A size., schema: {type: integer, enum: [10, 20]}}
        - {name: sorts, in: query, description: Orders., schema: {type: array, items: {type: string, enum: [asc, ASC]}}}
";

const MIDDLE: &str = "      \
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Enums'}}}
      responses: {'204': {description: Done.}}
components:
  securitySchemes: {Token: {type: apiKey, in: header, name: X-Auth-Token}}
  schemas:
    ErrorResponse: {type: object, description: An error.}
    Named: {type: string, description: An enum., enum: [asc, ASC], x-enum-varnames: [UP, ALL_UP]}
";

const BODY: &str = "    \
    Enums:
      type: object
      description: Enums.
      required: [or_null]
      properties:
        named: {description: A named enum., default: ASC, allOf: [{$ref: '#/components/schemas/Named'}]}
        symbol: {type: string, description: An enum., default: '>', enum: ['<', '>']}
        names: {type: array, description: A list., default: [ASC], items: {$ref: '#/components/schemas/Named'}}
        or_null: {type: string, description: An enum., nullable: true, enum: [asc, ASC, null]}
        number: {type: integer, description: A number., enum: [1, 3]}
        fraction: {type: number, description: A number., enum: [0.5, 1]}
        flag: {type: boolean, description: A flag., enum: [true]}
        bytes: {type: array, description: Numbers., items: {type: integer, format: uint8, enum: [1, 3]}}
";
