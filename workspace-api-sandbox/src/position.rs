//! Line and column of a value in a YAML text, for mistakes that show only when the whole text has been read.

use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_saphyr::{SnippetMode, Spanned, UserMessageFormatter};

/// One step from a YAML node to a node inside it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    Key(String),
    Item(usize),
}

impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

impl From<usize> for Step {
    fn from(item: usize) -> Self {
        Self::Item(item)
    }
}

/// A path such as `steps!["projects", 0, "name"]`.
macro_rules! steps {
    ($($step:expr),* $(,)?) => { vec![$($crate::position::Step::from($step)),*] };
}
pub(crate) use steps;

/// A mistake in the value at `path`, as `LINE:COLUMN: what`, both from 1.
pub(crate) fn error_at_value(yaml: &str, path: &[Step], what: &str) -> String {
    at(find(yaml, Walk { path, key: false }), what)
}

/// A mistake in what stands under the key that `path` ends with, as `LINE:COLUMN: what`, both from 1.
pub(crate) fn error_at_key(yaml: &str, path: &[Step], what: &str) -> String {
    at(find(yaml, Walk { path, key: true }), what)
}

/// Something that is missing stands nowhere: then it is missing in the whole text.
fn at(place: Option<(u64, u64)>, what: &str) -> String {
    let (line, column) = place.unwrap_or((1, 1));
    format!("{line}:{column}: {what}")
}

fn find(yaml: &str, walk: Walk<'_>) -> Option<(u64, u64)> {
    serde_saphyr::with_deserializer_from_str(yaml, |d| walk.deserialize(d))
        .ok()
        .flatten()
}

/// A YAML error as `LINE:COLUMN: what`, without an excerpt of the text.
pub(crate) fn describe(error: &serde_saphyr::Error) -> String {
    let message = error.render_with_options(serde_saphyr::render_options! {
        formatter: &UserMessageFormatter,
        snippets: SnippetMode::Off,
    });
    let place = error.location().map(|place| (place.line(), place.column()));
    // The library says where at the end of its message; compilers, and so editors, say it at the beginning.
    let message = match place {
        Some((line, column)) => message.replace(&format!(" at line {line}, column {column}"), ""),
        None => message,
    };
    at(place, &message)
}

#[derive(Clone, Copy)]
struct Walk<'p> {
    path: &'p [Step],
    key: bool,
}

impl Walk<'_> {
    fn next(self) -> Self {
        Self {
            path: &self.path[1..],
            ..self
        }
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = Option<(u64, u64)>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        if self.path.is_empty() {
            return Ok(place(&Spanned::<IgnoredAny>::deserialize(deserializer)?));
        }
        deserializer.deserialize_any(self)
    }
}

fn place<T>(node: &Spanned<T>) -> Option<(u64, u64)> {
    Some((node.referenced.line(), node.referenced.column()))
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = Option<(u64, u64)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mapping or a sequence")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(key) = map.next_key::<Spanned<String>>()? {
            if self.path[0] != Step::Key(key.value.clone()) {
                map.next_value::<IgnoredAny>()?;
            } else if self.key && self.path.len() == 1 {
                found = place(&key);
                map.next_value::<IgnoredAny>()?;
            } else {
                found = map.next_value_seed(self.next())?;
            }
        }
        Ok(found)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        for at in 0.. {
            if self.path[0] != Step::Item(at) {
                if sequence.next_element::<IgnoredAny>()?.is_none() {
                    break;
                }
            } else if let Some(place) = sequence.next_element_seed(self.next())? {
                found = place;
            }
        }
        Ok(found)
    }
}
