//! Decodes text as spreadsheets save it: UTF-8 with or without a byte order mark, or UTF-16 with
//! one.

/// Returns the text of the file with this name, or an error that names it.
pub fn text(name: &str, bytes: Vec<u8>) -> Result<String, String> {
    match bytes.as_slice() {
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(name, rest.to_vec(), 3),
        [0xff, 0xfe, rest @ ..] => utf16(name, rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(name, rest, u16::from_be_bytes),
        _ => utf8(name, bytes, 0),
    }
}

/// Decodes UTF-8 after a byte order mark of `skipped` bytes.
fn utf8(name: &str, bytes: Vec<u8>, skipped: usize) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&error.as_bytes()[..valid]);
        let line = before.matches('\n').count() + 1;
        let byte = valid + skipped + 1;
        format!(
            "{name}, line {line}: byte {byte} is not UTF-8. In Excel, save the file as `CSV UTF-8`."
        )
    })
}

fn utf16(name: &str, bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, String> {
    let (pairs, rest) = bytes.as_chunks();
    let units = pairs.iter().map(|pair| unit(*pair));
    match char::decode_utf16(units).collect() {
        Ok(text) if rest.is_empty() => Ok(text),
        _ => Err(format!("{name} is neither UTF-8 nor complete UTF-16")),
    }
}
