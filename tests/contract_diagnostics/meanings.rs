//! What the client would send or read with another meaning stops the build with its position.

use super::recursion::CONTRACT;
use crate::codegen;

/// The schema of the body, and a part of the error; nothing if it is taken.
const CASES: &[(&str, &str)] = &[
    // A value is held as one part of a `oneOf`.
    ("oneOf: [{type: integer}, {type: number}]", EITHER),
    (
        "oneOf: [{type: string, enum: [a, b]}, {type: string}]",
        EITHER,
    ),
    (
        "oneOf: [{type: string, enum: [a, b]}, {type: string, enum: [b, c]}]",
        EITHER,
    ),
    (
        "oneOf: [{type: string, enum: [a, b]}, {type: string, enum: [c]}]",
        "",
    ),
    (
        "oneOf: [{type: string, nullable: true}, {type: integer, nullable: true}]",
        EITHER,
    ),
    (
        "oneOf: [{type: array, items: {type: string}}, {type: array, items: {type: integer}}]",
        EITHER,
    ),
    (
        "oneOf: [{oneOf: [{type: string}, {type: boolean}]}, {type: boolean}]",
        EITHER,
    ),
    (
        "oneOf: [{oneOf: [{type: string}, {type: boolean}]}, {type: integer}]",
        "",
    ),
    (
        "oneOf: [{type: object}, {type: object, required: [a], properties: {A}}]",
        EITHER,
    ),
    (
        "oneOf: [{type: object, properties: {A}}, {type: object, properties: {B}}]",
        EITHER,
    ),
    (
        "oneOf: [{type: object, required: [a], properties: {A}}, {type: object, properties: {B}}]",
        EITHER,
    ),
    (
        "oneOf: [{type: object, required: [a], properties: {A}}, {type: object, required: [a], properties: {A, B}}]",
        EITHER,
    ),
    (
        "oneOf: [{type: object, required: [a], properties: {A}}, {type: object, required: [b], properties: {B}}]",
        "",
    ),
    (
        "oneOf: [{type: object, required: [a], properties: {A}}, {type: object, required: [b], properties: {B}, additionalProperties: {type: string}}]",
        EITHER,
    ),
    (
        "oneOf: [{type: object, additionalProperties: false, properties: {A}}, {type: object, required: [b], properties: {B}}]",
        "",
    ),
    (
        "oneOf: [{type: object, required: [k], properties: {k: {type: string, description: K., enum: [one]}}}, {type: object, required: [k], properties: {k: {type: string, description: K., enum: [two]}, A}}]",
        "",
    ),
    (
        "oneOf: [{allOf: [{type: object, properties: {A}}, {type: object, required: [a]}]}, {type: object, required: [b], properties: {B}}]",
        "",
    ),
    // What is merged with a `oneOf` may let a value be valid in two parts.
    (
        "properties: {A}, oneOf: [{type: object, required: [b], properties: {B}}, {type: string}]",
        "the client cannot see which part of a `oneOf` a value is, if `properties` is next to it",
    ),
    (
        "allOf: [{type: object, properties: {A}}, {oneOf: [{type: object, required: [b], properties: \
         {B}}, {type: object, required: [a], properties: {A}}]}]",
        "the client cannot merge the `oneOf` of a part of this `allOf` (line 18)",
    ),
    // progenitor loses these defaults.
    (
        "allOf: [{type: object, properties: {d: {type: string, description: D., default: x}}}, \
         {type: object, properties: {d: {type: string, description: D., default: x}}}]",
        "18:34: the property `d` is in two parts of this `allOf` (lines 18 and 18), and the client would \
         not send its default",
    ),
    (
        "type: object, properties: {o: {type: object, description: O., default: {a: x}, properties: {A}}}",
        "the client does not send the default of an object that is defined in its place",
    ),
    // The schema of a checked value is also that of one which is not.
    (
        "type: object, properties: {t: {$ref: '#/components/schemas/Tone'}, u: {description: U., oneOf: \
         [{$ref: '#/components/schemas/Tone'}, {type: boolean}]}}",
        "the client cannot check `maximum` here",
    ),
    (
        "type: object, properties: {o: {description: O., default: {a: x, b: z}, allOf: [{type: object, \
         properties: {A}}, {type: object, properties: {B}}]}}",
        "the client does not send the default of an `allOf` of several schemas",
    ),
    // `null` would be sent, but is no value of the `enum`.
    (
        "type: object, required: [m], properties: {m: {type: string, description: N., nullable: true, enum: [a]}}",
        "this `enum` does not have `null`, so that `nullable` has no effect",
    ),
    // A required property would be left out.
    (
        "type: string, nullable: true",
        "the client cannot name what may be `null`",
    ),
];

const TONE: &str = "    Tone: {type: object, description: A tone., properties: {pitch: {type: integer, \
                    description: A pitch., maximum: 9}}}\n";

const EITHER: &str =
    "a value may be valid in this part of the `oneOf` and in another one (line 18)";

#[test]
fn no_value_gets_another_meaning_in_silence() {
    for (schema, expected) in CASES {
        let schema = schema.replace("{A", "{a: {type: string, description: A.}");
        let schema = schema.replace(", A}", ", a: {type: string, description: A.}}");
        let schema = schema.replace("{B", "{b: {type: string, description: B.}");
        let schema = schema.replace(", B}", ", b: {type: string, description: B.}}");
        let planted = format!("{CONTRACT}{TONE}    Part: {{description: A part., {schema}}}\n");
        let result = codegen::client(&planted);
        let first = result.err().map(|all| all[0].to_string());
        let first = first.unwrap_or_default();
        let is_expected = first.contains(expected) && first.is_empty() == expected.is_empty();
        assert!(is_expected, "{schema}\n{first}");
    }
}
