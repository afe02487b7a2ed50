//! Follows the references of an OpenAPI document.

use crate::json::Json;

/// Maximum number of references that lead to one value: more of them are a cycle.
const MAX_REFERENCES: usize = 16;

/// Follows `$ref`s to the value that they refer to. The error says why there is none.
pub(super) fn follow<'d>(document: &'d Json, value: &'d Json) -> Result<&'d Json, String> {
    let mut value = value;
    for _ in 0..MAX_REFERENCES {
        let Some(reference) = value.get("$ref").and_then(Json::text) else {
            return Ok(value);
        };
        let target = reference
            .strip_prefix('#')
            .and_then(|pointer| document.pointer(pointer));
        value = target.ok_or_else(|| format!("`{reference}` is not in this document"))?;
    }
    Err("its `$ref`s form a cycle".to_owned())
}
