//! Encodings of text that is read in pieces, and the positions of errors.

#![allow(clippy::unwrap_used)]

use super::*;

/// Returns the bytes one by one, as a slow pipe does.
struct Bytewise<'b>(&'b [u8]);

impl Read for Bytewise<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let length = out.len().min(1);
        self.0.read(&mut out[..length])
    }
}

fn decode(input: impl Read) -> Result<String, String> {
    let mut decoder = Decoder::new("list", input).map_err(|error| error.to_string())?;
    let mut text = String::new();
    match decoder.read_to_string(&mut text) {
        Ok(_) => Ok(text),
        Err(error) => Err(error.to_string()),
    }
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

/// Returns a text in which the pieces end inside characters of each length.
fn long_text(shift: usize) -> String {
    let characters = "a\u{e9}桌\u{1f600}\n".repeat(2 * PIECE / 11);
    format!("\u{feff}{}{characters}", "x".repeat(shift))
}

#[test]
fn characters_may_be_cut_by_pieces() {
    for shift in 0..4 {
        let text = long_text(shift);
        let expected = text.trim_start_matches('\u{feff}');
        for bytes in [
            text.clone().into_bytes(),
            utf16(&text, u16::to_le_bytes),
            utf16(&text, u16::to_be_bytes),
        ] {
            assert!(decode(bytes.as_slice()).unwrap() == expected);
            assert!(decode(Bytewise(&bytes)).unwrap() == expected);
        }
    }
}

#[test]
fn errors_have_the_line_and_the_byte() {
    let text = "a\u{e9}\n".repeat(PIECE);
    for (rest, what) in [
        (&b"b\xff\n"[..], "an invalid byte"),
        (b"b\xc3", "a cut one"),
    ] {
        let mut bytes = text.clone().into_bytes();
        bytes.extend_from_slice(rest);
        let expected = format!(
            "list, line {}: byte {} is not UTF-8.",
            PIECE + 1,
            text.len() + 2
        );
        let error = decode(bytes.as_slice()).unwrap_err();
        assert!(error.starts_with(&expected), "{what}: {error}");
    }
    let mut bytes = utf16(&long_text(0), u16::to_le_bytes);
    bytes.push(0);
    let error = decode(bytes.as_slice()).unwrap_err();
    assert_eq!(error, "list is neither UTF-8 nor complete UTF-16");
    // Half of a surrogate pair before another character.
    let mut bytes = utf16("\u{feff}ab", u16::to_le_bytes);
    bytes.splice(2..2, [0x00, 0xd8]);
    assert!(decode(bytes.as_slice()).is_err());
}
