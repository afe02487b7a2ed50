//! The implementations of a generated text type, such as an id: print, compare, borrow and convert.
//!
//! Most types of a large contract are texts, and only the name differs. Therefore these are
//! templates of printed code: to parse and print the code of each type would take a third of the
//! time of the generator.

use syn::{Attribute, Fields, ItemStruct, Meta};

use super::syntax::is_string;

/// Returns the implementations that a text type has in addition to those of progenitor. Those of a
/// type that checks its text replace progenitor's.
pub fn implementations(name: &str, is_checked: bool, is_displayed: bool) -> String {
    let mut templates = TRAITS.to_owned();
    if !is_displayed {
        templates += DISPLAY;
    }
    if is_checked {
        templates += CHECKED;
    }
    templates.replace("Name", name)
}

/// Whether this is `struct Id(String)`.
pub fn is_text(item: &ItemStruct) -> bool {
    match &item.fields {
        Fields::Unnamed(fields) => {
            fields.unnamed.len() == 1 && fields.unnamed.iter().all(|field| is_string(&field.ty))
        }
        _ => false,
    }
}

/// Removes the derived `Serialize`, which takes the compiler more time than the template does.
/// Returns whether it was found.
pub fn remove_serialize(attributes: &mut Vec<Attribute>) -> bool {
    let mut is_found = false;
    for attribute in attributes.iter_mut() {
        if let Meta::List(list) = &mut attribute.meta
            && list.path.is_ident("derive")
        {
            let derived = list.tokens.to_string();
            let others = derived.replace(":: serde :: Serialize ,", "");
            if others != derived
                && let Ok(others) = others.parse()
            {
                list.tokens = others;
                is_found = true;
            }
        }
    }
    attributes.retain(|attribute| !is_found || !attribute.path().is_ident("serde"));
    is_found
}

/// The traits of text, except a dereference to `String`: its methods would come before those of the
/// type in the documentation.
const TRAITS: &str = "\
impl Name {
    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl ::std::convert::AsRef<str> for Name {
    fn as_ref(&self) -> &str {
        &self.0
    }
}
impl ::std::borrow::Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}
impl ::std::cmp::PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        self.0 == *other
    }
}
impl ::std::cmp::PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        self.0 == **other
    }
}
impl ::std::cmp::PartialEq<::std::string::String> for Name {
    fn eq(&self, other: &::std::string::String) -> bool {
        self.0 == *other
    }
}
impl ::std::cmp::PartialEq<Name> for str {
    fn eq(&self, other: &Name) -> bool {
        *self == other.0
    }
}
impl ::std::cmp::PartialEq<Name> for &str {
    fn eq(&self, other: &Name) -> bool {
        **self == other.0
    }
}
impl ::std::convert::From<&Name> for Name {
    fn from(value: &Name) -> Self {
        value.clone()
    }
}
";

const DISPLAY: &str = "\
impl ::std::fmt::Display for Name {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.pad(&self.0)
    }
}
";

const CHECKED: &str = "\
impl ::std::convert::TryFrom<&str> for Name {
    type Error = self::error::ConversionError;
    fn try_from(value: &str) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<&::std::string::String> for Name {
    type Error = self::error::ConversionError;
    fn try_from(
        value: &::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::std::convert::TryFrom<::std::string::String> for Name {
    type Error = self::error::ConversionError;
    fn try_from(
        value: ::std::string::String,
    ) -> ::std::result::Result<Self, self::error::ConversionError> {
        value.parse()
    }
}
impl ::serde::Serialize for Name {
    fn serialize<S>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error>
    where
        S: ::serde::Serializer,
    {
        serializer.serialize_str(&self.0)
    }
}
impl<'de> ::serde::Deserialize<'de> for Name {
    fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
    where
        D: ::serde::Deserializer<'de>,
    {
        ::std::string::String::deserialize(deserializer)?
            .parse()
            .map_err(|e: self::error::ConversionError| {
                <D::Error as ::serde::de::Error>::custom(e.to_string())
            })
    }
}
";
