//! The path of a request: the final check before it is sent, and the project id in it.

#[cfg(test)]
mod tests;

use reqwest::Url;

use crate::operation::Operation;
use crate::{Error, OPERATIONS, Result};

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
            "invalid id in the path of {}: it would change the path {}. No request was sent. An id must not be empty, \
             `.` or `..`, and must not contain `/`, `\\`, `?`, `#`, `%` or control characters.",
            self.id, self.path
        )))
    }

    /// Returns the project id in the URL of a request of this operation.
    pub(super) fn project_id<'a>(&self, baseurl: &str, url: &'a Url) -> Option<&'a str> {
        let segments = url.as_str().strip_prefix(baseurl)?.split('/');
        let mut pairs = self.path.split('/').zip(segments);
        let (_, project_id) = pairs.find(|(name, _)| *name == "{project_id}")?;
        Some(project_id)
    }
}

fn without_query(url: &Url) -> &str {
    let mut end = url.as_str().len();
    for part in [url.query(), url.fragment()].into_iter().flatten() {
        end -= part.len() + 1;
    }
    &url.as_str()[..end]
}

/// Returns whether each parameter of the template is one segment of the path, and everything else
/// is equal.
fn matches_template(path: &str, template: &str) -> bool {
    let mut segments = path.split('/');
    for expected in template.split('/') {
        let Some(segment) = segments.next() else {
            return false;
        };
        let matches = match expected.split_once('{') {
            Some((literal, _)) => segment.strip_prefix(literal).is_some_and(is_one_segment),
            None => segment == expected,
        };
        if !matches {
            return false;
        }
    }
    segments.next().is_none()
}

/// Returns whether a server that decodes the segment once still sees one segment.
fn is_one_segment(encoded: &str) -> bool {
    if !encoded.contains('%') {
        return !matches!(encoded, "" | "." | "..");
    }
    let dots = encoded.to_ascii_lowercase().replace("%2e", ".");
    if dots == "." || dots == ".." {
        return false;
    }
    for escape in encoded.split('%').skip(1) {
        let hex = escape.get(..2).unwrap_or_default();
        match u8::from_str_radix(hex, 16) {
            Ok(byte) if byte.is_ascii_control() || b"/\\?#%".contains(&byte) => return false,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
    true
}
