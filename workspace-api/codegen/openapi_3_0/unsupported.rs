//! Keys of OpenAPI 3.0 and 3.1 that are spelt correctly and stand where they may, but that the client has no
//! counterpart for, and what to write instead.

/// The object, the key and the advice.
const UNSUPPORTED: &[(&str, &str, &str)] = &[
    ("components", "callbacks", "Remove them."),
    ("components", "links", "Remove them."),
    (
        "components",
        "pathItems",
        "Write the operations out under `paths`.",
    ),
    ("contract", "jsonSchemaDialect", "Remove it."),
    ("contract", "webhooks", "Remove them."),
    ("header", "$ref", "Write the header out."),
    ("header", "allowEmptyValue", "Remove it."),
    ("header", "content", "Write a `schema`."),
    ("header", "examples", "Use `example`."),
    ("header", "explode", "Remove it."),
    ("header", "style", "Remove it."),
    ("info", "summary", "Put it into the description."),
    ("license", "identifier", "Use `url`."),
    ("media type", "$ref", "Write the media type out."),
    ("media type", "encoding", "Remove it."),
    ("operation", "$ref", "Write the operation out."),
    ("operation", "callbacks", "Remove them, and describe them."),
    (
        "operation",
        "servers",
        "Remove them: the client has one endpoint.",
    ),
    (
        "parameter",
        "allowEmptyValue",
        "Remove it: an empty text is sent as it is.",
    ),
    (
        "parameter",
        "allowReserved",
        "Remove it: reserved characters are encoded.",
    ),
    ("parameter", "content", "Write a `schema`."),
    ("parameter", "$ref", "Write the parameter out."),
    ("path item", "$ref", "Write the operations out."),
    ("path item", "options", "Remove it."),
    (
        "path item",
        "servers",
        "Remove them: the client has one endpoint.",
    ),
    ("path item", "trace", "Remove it."),
    ("request body", "$ref", "Write the body out."),
    ("response", "$ref", "Write the response out."),
    ("response", "links", "Remove them, and describe them."),
    (
        "schema",
        "$ref",
        "Refer to the other schema where this one is used.",
    ),
    (
        "schema",
        "anyOf",
        "Use `oneOf`, or one object with optional properties.",
    ),
    ("schema", "const", "Use an `enum` with one value."),
    (
        "schema",
        "contentEncoding",
        "Use a `format`, or say it in the description.",
    ),
    ("schema", "contentMediaType", "Say it in the description."),
    (
        "schema",
        "discriminator",
        "Remove it: the client distinguishes the values of a `oneOf` by their properties.",
    ),
    ("schema", "examples", "Use `example`."),
    (
        "schema",
        "externalDocs",
        "Put the link into the description.",
    ),
    ("schema", "maxProperties", "Say it in the description."),
    ("schema", "minProperties", "Say it in the description."),
    ("schema", "not", "Say it in the description."),
    ("schema", "patternProperties", "Use `additionalProperties`."),
    (
        "schema",
        "readOnly",
        "Use a schema without this property in requests.",
    ),
    (
        "schema",
        "writeOnly",
        "Use a schema without this property in responses.",
    ),
    ("schema", "xml", "Remove it."),
    (
        "security scheme",
        "bearerFormat",
        "Remove it: an `apiKey` has none.",
    ),
    (
        "security scheme",
        "flows",
        "Remove them: an `apiKey` has none.",
    ),
    (
        "security scheme",
        "openIdConnectUrl",
        "Remove it: an `apiKey` has none.",
    ),
    (
        "security scheme",
        "scheme",
        "Remove it: an `apiKey` has none.",
    ),
];

/// Returns what to write instead of a key, or `None` if the key is not one of OpenAPI.
pub fn advice(object: &str, key: &str) -> Option<&'static str> {
    let mut unsupported = UNSUPPORTED.iter();
    let found = unsupported.find(|(name, keyword, _)| (*name, *keyword) == (object, key));
    found.map(|(_, _, advice)| *advice)
}
