//! The operations as data, and the last look at a request's path before it leaves.

use memchr::memchr;
use reqwest::Url;

use crate::{Error, ErrorKind};

/// One operation of the contract.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Operation {
    /// The vendor's name of the operation, such as `BatchDetachInstances`.
    pub id: &'static str,
    /// The HTTP method, in upper case.
    pub method: &'static str,
    /// The path with its parameters in braces.
    pub path: &'static str,
    /// The IAM action that a caller needs, as far as the contract names one.
    pub iam_action: Option<&'static str>,
    /// What the body of a success is.
    pub response_body: ResponseBody,
}

/// The body that the contract promises for a success.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ResponseBody {
    /// No body.
    Empty,
    /// A JSON object.
    Object,
    /// JSON other than an object.
    Json,
}

impl Operation {
    /// The operation of this id.
    pub(crate) fn find(id: &str) -> Result<&'static Self, Error> {
        let mut operations = crate::OPERATIONS.iter();
        operations
            .find(|operation| operation.id == id)
            .ok_or_else(|| {
                Error::invalid_input(format!("`{id}` is not an operation of the contract"))
            })
    }

    /// The project in the path of a request of this operation.
    pub(crate) fn project_id<'a>(&self, baseurl: &str, url: &'a Url) -> Option<&'a str> {
        let mut segments = url.as_str().strip_prefix(baseurl)?.split('/');
        segments.nth(
            self.path
                .split('/')
                .position(|segment| segment == "{project_id}")?,
        )
    }

    /// Refuses a URL that is not this operation's: an id such as `..` is folded away by the URL parser and would call
    /// another operation. The contract's patterns refuse such ids first; this holds for every parameter, whatever the
    /// contract says of it.
    pub(crate) fn check_path(&'static self, baseurl: &str, url: &Url) -> Result<(), Error> {
        let after = |part: Option<&str>| part.map_or(0, |part| part.len() + 1);
        let end = url.as_str().len() - after(url.query()) - after(url.fragment());
        let path = url.as_str()[..end].strip_prefix(baseurl);
        if path.is_some_and(|path| self.is_path(path)) {
            return Ok(());
        }
        let message = format!(
            "an id in the path of {} would change the path {}, so nothing was sent. An id must not be empty, `.` or \
             `..`, and must not contain `/`, `\\`, `?`, `#`, `%` or control characters.",
            self.id, self.path
        );
        Err(Error::new(ErrorKind::InvalidInput, message).of(self))
    }

    fn is_path(&self, mut path: &str) -> bool {
        let mut template = self.path;
        while let Some(start) = memchr(b'{', template.as_bytes()) {
            let (literal, parameter) = template.split_at(start);
            let Some(rest) = path.strip_prefix(literal) else {
                return false;
            };
            let (value, rest) = split(rest);
            if !is_one_segment(value) {
                return false;
            }
            (path, (_, template)) = (rest, split(parameter));
        }
        path == template
    }
}

/// The first segment, and the rest with its `/`.
fn split(path: &str) -> (&str, &str) {
    path.split_at(memchr(b'/', path.as_bytes()).unwrap_or(path.len()))
}

/// Whether a server that decodes the segment once still sees one segment.
fn is_one_segment(encoded: &str) -> bool {
    if memchr(b'%', encoded.as_bytes()).is_none() {
        return !matches!(encoded, "" | "." | "..");
    }
    let dots = encoded.to_ascii_lowercase().replace("%2e", ".");
    if dots == "." || dots == ".." {
        return false;
    }
    encoded.split('%').skip(1).all(|rest| {
        let byte = rest
            .get(..2)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        byte.is_some_and(|byte| !byte.is_ascii_control() && !b"/\\?#%".contains(&byte))
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// The contract's patterns refuse such ids before, so only here can they come this far.
    #[test]
    fn an_id_that_changes_the_path_is_refused_whatever_the_contract_says() {
        let base = "https://workspace.example.com/prefix";
        let read = Operation::find("ListDesktopDetachInfo").unwrap();
        let check = |operation: &'static Operation, path: &str| {
            let url = Url::parse(&format!("{base}{path}")).unwrap();
            operation.check_path(base, &url).is_ok()
        };
        assert!(check(read, "/v2/p/desktops/d/detach-info"));
        assert!(check(
            read,
            "/v2/p/desktops/%E4%BA%91%20a.../detach-info?limit=1"
        ));
        for id in [
            "", ".", "..", "%2e", ".%2E", "a/b", "a%2Fb", "a%5cb", "a%3fb", "a%23b", "a%2525b",
            "a%0Ab", "a%7f", "a%",
        ] {
            assert!(
                !check(read, &format!("/v2/p/desktops/{id}/detach-info")),
                "{id}"
            );
        }
        let log_off = Operation::find("BatchLogoffDesktops").unwrap();
        assert!(check(log_off, "/v2/p/desktops/logoff"));
        assert!(!check(log_off, "/v2/p/desktops/batch-detach"));
        let elsewhere = Url::parse("https://other.example.com/v2/p/desktops/logoff").unwrap();
        assert!(log_off.check_path(base, &elsewhere).is_err());
    }
}
