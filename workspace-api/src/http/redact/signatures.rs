//! Finds signatures: anyone who obtains one can replay its request for 15 minutes.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::secrets::merge;
use super::spelling::{has_marks, visit_blocks};

/// The word in front of a signature, without its first letter.
const NAME: [&str; 2] = ["ignature", "IGNATURE"];
/// How many characters that are no letters and digits may be between the word and the signature.
const MAX_BETWEEN: usize = 8;
/// Minimum length of a part of a signature that is found.
const MIN_LENGTH: usize = 16;

static NAMES: LazyLock<[Finder<'_>; 2]> = LazyLock::new(|| NAME.map(Finder::new));

/// Returns the signatures in a text, in any spelling, in ascending order.
pub(super) fn find(text: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    // Nearly every text has none.
    if !may_be_in(text) {
        return found;
    }
    visit_blocks(text, &mut |spelling, start| {
        for name in NAMES[0].find_iter(&spelling.bytes) {
            if let Some(signature) = after(&spelling.bytes, name + NAME[0].len()) {
                let original = spelling.original(signature);
                found.push(original.start + start..original.end + start);
            }
        }
    });
    merge(found)
}

/// Returns whether a text may have a signature, as it stands or in escapes.
pub(super) fn may_be_in(text: &[u8]) -> bool {
    let may_have_name = || has_marks(text) || NAMES.iter().any(|name| name.find(text).is_some());
    text.len() >= NAME[0].len() + MIN_LENGTH && may_have_name()
}

/// Returns the hexadecimal digits that follow the name of a signature, in a text in lower case.
fn after(text: &[u8], end: usize) -> Option<Range<usize>> {
    let between = text[end..]
        .iter()
        .take_while(|byte| byte.is_ascii_punctuation() && **byte != b'%')
        .count();
    let start = end + between;
    let digits = text[start..]
        .iter()
        .take_while(|byte| byte.is_ascii_hexdigit());
    let length = digits.count();
    (between <= MAX_BETWEEN && length >= MIN_LENGTH).then_some(start..start + length)
}
