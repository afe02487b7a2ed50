//! Constants that the lint rules in `openapi/rules/` need too. Both read `openapi/rules/shared/`.
//!
//! Its files are JSON. A JSON string or array of strings is a Rust expression as well.

/// The schema of every error body. There is one, so that all errors have one type.
pub const ERROR_SCHEMA: &str = include!("../../../openapi/rules/shared/error-schema.json");

/// Keywords that make clients reject a whole response for one unexpected value.
pub const RESPONSE_FORBIDDEN_KEYWORDS: &[&str] =
    &include!("../../../openapi/rules/shared/response-forbidden-keywords.json");

/// The status codes that document a success.
pub const SUCCESS_STATUSES: &[&str] =
    &include!("../../../openapi/rules/shared/success-statuses.json");
