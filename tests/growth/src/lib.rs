//! Clients of contracts with more operations and other constructs than the present one: they must
//! compile without a warning, and send what their contracts describe.
//!
//! The rest of the crate that generated code refers to is replaced: a call does not send its
//! request, but returns it as text.

#![allow(confusable_idents, mixed_script_confusables, uncommon_codepoints)]

#[path = "../../../workspace-api/src/checked_text.rs"]
mod checked_text;
#[cfg(test)]
mod enum_tests;
#[cfg(test)]
mod response_tests;
#[cfg(test)]
mod tests;
#[cfg_attr(not(test), allow(dead_code))]
#[path = "../../../workspace-api/src/http/tolerant/mod.rs"]
mod tolerant;
#[cfg(test)]
mod values;

pub use checked_text::{CheckedText, TextLimits};

// The crate allows the same, and CI denies warnings.
macro_rules! client {
    ($name:ident) => {
        #[deny(warnings)]
        #[allow(
            missing_docs,
            non_camel_case_types,
            non_snake_case,
            unused_imports,
            unused_mut,
            clippy::all,
            clippy::pedantic,
            clippy::unwrap_used
        )]
        pub mod $name {
            include!(concat!(env!("OUT_DIR"), "/", stringify!($name), ".rs"));

            /// Each call, for tests that have its values as JSON.
            #[cfg(test)]
            pub(crate) mod calls {
                include!(concat!(
                    env!("OUT_DIR"),
                    "/",
                    stringify!($name),
                    "_calls.rs"
                ));
            }
        }

        impl $name::Client {
            /// Stands for the builder, which the documentation of a client refers to.
            pub fn builder() {}

            /// Returns the request as an error.
            #[allow(clippy::unused_async)]
            pub(crate) async fn call<T>(
                &self,
                request: reqwest::Request,
                _operation: &'static str,
            ) -> Result<$name::ResponseValue<T>> {
                // The crate uses them.
                let _ = (&self.inner, &$name::RESPONSES);
                Err(Error(text(&request)))
            }
        }
    };
}

client!(alone);
client!(constructs);
client!(enums);
client!(operations);
client!(responses);

/// The error of a call, or its request.
#[derive(Debug)]
pub struct Error(pub String);

/// The result of a call.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub(crate) fn invalid_input(message: impl Into<String>) -> Self {
        Self(format!("invalid: {}", message.into()))
    }

    pub(crate) fn invalid_argument(name: &str, message: String) -> Self {
        if message.is_empty() {
            return Self::invalid_input(format!("{name} is missing"));
        }
        Self::invalid_input(message)
    }
}

impl From<checked_text::ConversionError> for Error {
    fn from(error: checked_text::ConversionError) -> Self {
        Self::invalid_input(error.to_string())
    }
}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<reqwest::header::InvalidHeaderValue> for Error {
    fn from(error: reqwest::header::InvalidHeaderValue) -> Self {
        Self(error.to_string())
    }
}

/// Returns the method, URL, own headers and body of a request.
fn text(request: &reqwest::Request) -> String {
    let mut lines = vec![format!("{} {}", request.method(), request.url())];
    for (name, value) in request.headers() {
        if !["accept", "content-type"].contains(&name.as_str()) {
            lines.push(format!(
                "{name}: {}",
                String::from_utf8_lossy(value.as_bytes())
            ));
        }
    }
    if let Some(body) = request.body().and_then(reqwest::Body::as_bytes) {
        lines.push(String::from_utf8_lossy(body).into_owned());
    }
    lines.join("\n")
}

/// An operation of a contract.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// Its id.
    pub id: &'static str,
    /// Its method.
    pub method: &'static str,
    /// Its path.
    pub path: &'static str,
    /// Its IAM action.
    pub iam_action: Option<&'static str>,
    /// The body of its success.
    pub response_body: ResponseBody,
}

/// The body of a success.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ResponseBody {
    /// None.
    Empty,
    /// An object.
    Object,
    /// Other JSON.
    Json,
}

pub(crate) mod client {
    //! The state of a client.

    use std::fmt;

    pub(crate) use progenitor_client::encode_path;

    #[derive(Clone, Debug)]
    pub(crate) struct Inner;

    #[derive(Clone, Debug)]
    pub(crate) struct BaseUrl(pub(crate) reqwest::Url);

    impl BaseUrl {
        pub(crate) fn join(&self, url: &str) -> reqwest::Url {
            let mut joined = self.0.clone();
            let origin = joined.as_str().len() - joined.path().len();
            joined.set_path(url.get(origin..).unwrap_or_default());
            joined
        }
    }

    impl fmt::Display for BaseUrl {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0.as_str().trim_end_matches('/'))
        }
    }
}

pub(crate) mod http {
    //! How responses are read.

    use serde::{Deserialize, Deserializer};

    pub(crate) use crate::tolerant::{Shape, Shapes};

    pub(crate) fn null_as_empty<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
    where
        D: Deserializer<'de>,
        T: Deserialize<'de>,
    {
        let list = Option::<Vec<T>>::deserialize(deserializer)?;
        Ok(list.unwrap_or_default())
    }
}

pub(crate) mod pattern {
    //! How texts are matched.

    use regress::{Error, Regex};

    pub(crate) struct Pattern(Regex);

    impl Pattern {
        pub(crate) fn new(pattern: &str) -> Result<Self, Error> {
            Regex::new(pattern).map(Self)
        }

        pub(crate) fn matches(&self, text: &str) -> bool {
            self.0.is_match(text)
        }
    }
}
