//! Constants that the lint rules in `openapi/rules/` need too. Both read `openapi/rules/shared/`.
//!
//! Its files are JSON. A JSON string or array is a Rust expression as well.

/// The schema of every error body. There is one, so that all errors have one type.
pub const ERROR_SCHEMA: &str = include!("../../openapi/rules/shared/error-schema.json");

/// What a plain scalar must not be, as patterns of all of it in lower case: YAML 1.1 and 1.2 read
/// it as values of two types, or as two values.
pub const AMBIGUOUS_SCALARS: &[&str] =
    &include!("../../openapi/rules/shared/ambiguous-scalars.json");

/// The first and the last code point of each range of characters that an editor does not show, or
/// shows as another one: controls but line breaks and tabs, blanks but the space, characters without a
/// width, and those that change the direction of the text.
pub const INVISIBLE_CHARACTERS: &[[&str; 2]] =
    &include!("../../openapi/rules/shared/invisible-characters.json");

/// The first and the last code point of each range of emoji, after which a variation selector is
/// visible.
pub const EMOJI: &[[&str; 2]] = &include!("../../openapi/rules/shared/emoji.json");

/// Keywords that make clients reject a whole response for one unexpected value.
pub const RESPONSE_FORBIDDEN_KEYWORDS: &[&str] =
    &include!("../../openapi/rules/shared/response-forbidden-keywords.json");

/// The status codes that document a success.
pub const SUCCESS_STATUSES: &[&str] = &include!("../../openapi/rules/shared/success-statuses.json");

/// Methods of every client, without underscores. A test compares them with the client's code.
pub const CLIENT_METHODS: &[&str] = &include!("../../openapi/rules/shared/client-methods.json");

/// Names that the generated code uses, in lower case. The type of an operation would hide them.
pub const USED_OPERATION_NAMES: &[&str] =
    &include!("../../openapi/rules/shared/used-operation-names.json");

/// Names that the generated code uses. The type of a schema would hide them.
pub const USED_SCHEMA_NAMES: &[&str] =
    &include!("../../openapi/rules/shared/used-schema-names.json");

/// Variables and functions of the generated method, which a test compares with it.
pub const USED_PARAMETER_NAMES: &[&str] =
    &include!("../../openapi/rules/shared/used-parameter-names.json");

/// Headers that the client sets itself. OpenAPI says that such a parameter is ignored.
pub const OWN_HEADERS: &[&str] = &include!("../../openapi/rules/shared/own-headers.json");

/// The types and the formats that the client knows. Those of strings are text in the client.
pub const FORMATS: &[&str] = &include!("../../openapi/rules/shared/formats.json");

/// The characters of a path, besides letters and digits, that a URL keeps as they are.
pub const PATH_CHARACTERS: &str = include!("../../openapi/rules/shared/path-characters.json");
