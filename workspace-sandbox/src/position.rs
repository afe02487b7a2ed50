//! Line and column of a value in a YAML text, for mistakes that show only when the whole text has been read.

use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_saphyr::Spanned;

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

/// Line and column, both from 1, of the node at `path`.
pub(crate) fn find(yaml: &str, path: &[Step]) -> Option<(u64, u64)> {
    serde_saphyr::with_deserializer_from_str(yaml, |d| Walk(path).deserialize(d))
        .ok()
        .flatten()
}

/// A YAML error as `LINE:COLUMN: what is wrong`, without an excerpt of the text.
pub(crate) fn describe(error: &serde_saphyr::Error) -> String {
    let message = error.without_snippet().to_string();
    // The library says where at the end of its message; compilers, and so editors, say it at the beginning.
    match error.location() {
        Some(at) => {
            let place = format!(" at line {}, column {}", at.line(), at.column());
            format!(
                "{}:{}: {}",
                at.line(),
                at.column(),
                message.replace(&place, "")
            )
        }
        None => message,
    }
}

struct Walk<'p>(&'p [Step]);

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = Option<(u64, u64)>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        if self.0.is_empty() {
            let node = Spanned::<IgnoredAny>::deserialize(deserializer)?;
            return Ok(Some((node.referenced.line(), node.referenced.column())));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = Option<(u64, u64)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mapping or a sequence")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(key) = map.next_key::<String>()? {
            match &self.0[0] {
                Step::Key(wanted) if *wanted == key => {
                    found = map.next_value_seed(Walk(&self.0[1..]))?
                }
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(found)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        for at in 0.. {
            let wanted = matches!(&self.0[0], Step::Item(item) if *item == at);
            if wanted {
                match sequence.next_element_seed(Walk(&self.0[1..]))? {
                    Some(place) => found = place,
                    None => break,
                }
            } else if sequence.next_element::<IgnoredAny>()?.is_none() {
                break;
            }
        }
        Ok(found)
    }
}
