//! The keys of a plan that are names of the contract.
//!
//! They come from the generated types: a property that the contract gains or renames is written to a
//! report without a change here, so it must also be known when the report is read.

use std::sync::LazyLock;

use serde::de::value::Error;
use serde::de::{Deserialize, Deserializer, Error as _, Visitor};
use serde::forward_to_deserialize_any;
use workspace_api::types::{DetachInstancesDesktopInfo, DetachInstancesUserInfo};

/// The keys of each type of the contract that a plan has.
static KEYS: LazyLock<[&[&str]; 2]> = LazyLock::new(|| {
    [
        keys::<DetachInstancesDesktopInfo>(),
        keys::<DetachInstancesUserInfo>(),
    ]
});

/// Returns true for a key of the desktops and users in a plan.
pub fn is_of_plan(key: &str) -> bool {
    KEYS.iter().any(|keys| keys.contains(&key))
}

/// Returns the keys of a type, in JSON.
fn keys<'de, T: Deserialize<'de>>() -> &'static [&'static str] {
    let mut keys: &[&str] = &[];
    // It ends with an error as soon as the type has said its keys.
    let _ = T::deserialize(Keys(&mut keys));
    keys
}

/// Keeps the keys that a type asks for, and has no value for them.
struct Keys<'k>(&'k mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Keys<'_> {
    type Error = Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Error> {
        *self.0 = fields;
        Err(Error::custom("has no value"))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("has no keys"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}
