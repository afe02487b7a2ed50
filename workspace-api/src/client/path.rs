//! The path of a request: the encoding of its parameters, the final check before it is sent, and the
//! project id in it.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use memchr::memchr;
use reqwest::Url;

use crate::operation::Operation;
use crate::signing::is_unreserved;
use crate::{Error, OPERATIONS, Result};

/// Percent-encodes a parameter of a path. Most parameters need no encoding and are not copied.
pub(crate) fn encode_path(parameter: &str) -> Cow<'_, str> {
    if parameter.bytes().all(is_unreserved) {
        return parameter.into();
    }
    progenitor_client::encode_path(parameter).into()
}

impl Operation {
    /// Finds an operation by its id.
    pub(super) fn find(id: &str) -> Result<&'static Self> {
        let found = OPERATIONS.iter().find(|operation| operation.id == id);
        found.ok_or_else(|| Error::invalid_input(format!("unknown operation {id}")))
    }

    /// Rejects a URL that does not match this operation's path: the URL parser resolves an id such
    /// as `..`, and the request would call another operation.
    ///
    /// The patterns of the contract reject such ids first. This check holds for every parameter,
    /// whatever the contract says about it.
    pub(super) fn check_path(&self, baseurl: &str, url: &Url) -> Result<()> {
        let path = without_query(url).strip_prefix(baseurl);
        if path.is_some_and(|path| matches_template(path, self.path)) {
            return Ok(());
        }
        Err(Error::invalid_input(format!(
            "invalid id in the path of {}: it would change the path {}. No request was sent. An id \
             must not be empty, `.` or `..`, and must not contain `/`, `\\`, `?`, `#`, `%` or \
             control characters.",
            self.id, self.path
        )))
    }

    /// Returns the project id in the URL of a request of this operation.
    pub(super) fn project_id<'a>(&self, baseurl: &str, url: &'a Url) -> Option<&'a str> {
        let mut path = url.as_str().strip_prefix(baseurl)?;
        let mut template = self.path;
        while let Some(literal) = memchr(b'{', template.as_bytes()) {
            let (segment, after_segment) = split_segment(path.get(literal..)?);
            let (parameter, after_parameter) = split_segment(&template[literal..]);
            if parameter == "{project_id}" {
                return Some(segment);
            }
            (path, template) = (after_segment, after_parameter);
        }
        None
    }
}

fn without_query(url: &Url) -> &str {
    let mut end = url.as_str().len();
    for part in [url.query(), url.fragment()].into_iter().flatten() {
        end -= part.len() + 1;
    }
    &url.as_str()[..end]
}

/// Returns whether each segment with a parameter is one segment of the path, and everything else is
/// equal. Every request is checked, and splitting both texts takes several times as
/// long.
fn matches_template(mut path: &str, mut template: &str) -> bool {
    while let Some(literal) = memchr(b'{', template.as_bytes()) {
        let Some(rest) = path.strip_prefix(&template[..literal]) else {
            return false;
        };
        let (segment, after_segment) = split_segment(rest);
        if !is_one_segment(segment.as_bytes()) {
            return false;
        }
        path = after_segment;
        (_, template) = split_segment(&template[literal..]);
    }
    path == template
}

/// Splits a path before its first `/`.
fn split_segment(path: &str) -> (&str, &str) {
    path.split_at(memchr(b'/', path.as_bytes()).unwrap_or(path.len()))
}

/// Returns whether a server that decodes the segment once still sees one segment.
fn is_one_segment(encoded: &[u8]) -> bool {
    if memchr(b'%', encoded).is_none() {
        return !matches!(encoded, b"" | b"." | b"..");
    }
    let text = String::from_utf8_lossy(encoded).to_ascii_lowercase();
    if matches!(text.replace("%2e", ".").as_str(), "." | "..") {
        return false;
    }
    for escape in encoded.split(|byte| *byte == b'%').skip(1) {
        match escape.get(..2).and_then(decode) {
            Some(byte) if byte.is_ascii_control() || b"/\\?#%".contains(&byte) => return false,
            Some(_) => {}
            None => return false,
        }
    }
    true
}

fn decode(hex: &[u8]) -> Option<u8> {
    u8::from_str_radix(str::from_utf8(hex).ok()?, 16).ok()
}
