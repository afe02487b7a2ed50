//! Text as spreadsheets save it: UTF-8 with or without a byte order mark, or UTF-16 with one.

/// The text, or what is wrong with it, to be put behind the file's name.
pub fn text(bytes: Vec<u8>) -> Result<String, String> {
    match bytes.as_slice() {
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest.to_vec(), 3),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => utf8(bytes, 0),
    }
}

fn utf8(bytes: Vec<u8>, skipped: usize) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
        format!(
            ", line {}: byte {} is not UTF-8. In Excel, save the file as `CSV UTF-8`.",
            line + 1,
            at + skipped + 1
        )
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, String> {
    let (pairs, rest) = bytes.as_chunks();
    let text: Result<String, _> =
        char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).collect();
    match (text, rest) {
        (Ok(text), []) => Ok(text),
        _ => Err(" is neither UTF-8 nor whole UTF-16".to_owned()),
    }
}
