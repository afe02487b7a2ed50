//! Files with a token that something else renews, such as the platform that runs a pod. They are
//! read again for each request.

use crate::Secret;
use crate::config::LookupError;

/// Reads the token in a file, without the white space around it. `name` is the setting that has the
/// path. The path is not shown: it may be a token in the wrong setting.
pub(super) fn read(name: &str, path: &str) -> Result<Secret, LookupError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => Secret::new(text),
        Err(error) => {
            return Err(LookupError::Invalid(format!(
                "the file in `{name}` cannot be read: {error}"
            )));
        }
    };
    let token = text.expose().trim();
    if token.is_empty() {
        return Err(LookupError::Invalid(format!(
            "the file in `{name}` is empty"
        )));
    }
    if !token.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Err(LookupError::Invalid(format!(
            "the file in `{name}` contains a control character or a non-ASCII character"
        )));
    }
    Ok(Secret::new(token))
}
