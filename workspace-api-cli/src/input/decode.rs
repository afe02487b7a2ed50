//! Decodes text as spreadsheets save it: UTF-8 with or without a byte order mark, or UTF-16 with
//! one.

/// Returns the text of the file with this name, or an error that names it.
pub fn text(name: &str, bytes: Vec<u8>) -> Result<String, String> {
    match bytes.as_slice() {
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(name, rest.to_vec(), 3),
        [0xff, 0xfe, rest @ ..] => utf16(name, rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(name, rest, u16::from_be_bytes),
        _ => match not_text(&bytes) {
            Some(format) => Err(format!(
                "{name} is {format}. Save the list as `CSV UTF-8`; nothing was sent"
            )),
            None => utf8(name, bytes, 0),
        },
    }
}

/// Returns what the bytes are, if they begin like a common format other than text.
fn not_text(bytes: &[u8]) -> Option<&'static str> {
    let head = &bytes[..bytes.len().min(4096)];
    let contains = |part: &[u8]| head.windows(part.len()).any(|window| window == part);
    match head {
        [b'P', b'K', 3, 4, ..] if contains(b"opendocument") => {
            Some("a spreadsheet in OpenDocument format")
        }
        [b'P', b'K', 3, 4, ..] if contains(b"xl/") || contains(b"[Content_Types].xml") => {
            Some("an Excel workbook")
        }
        [b'P', b'K', 3, 4, ..] => Some("a ZIP archive or an Excel workbook"),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Some("an Excel workbook in the old format"),
        [0x1f, 0x8b, ..] => Some("a gzip file"),
        [b'%', b'P', b'D', b'F', ..] => Some("a PDF file"),
        [_, 0, _, 0, ..] | [0, _, 0, _, ..] => Some("UTF-16 without a byte order mark"),
        _ if head.contains(&0) => Some("not a text file"),
        _ => None,
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
