//! The text types of the contract, such as ids: text within the limits of its type.
//!
//! Most types of a large contract are texts. Each is an alias of one type with limits of its own,
//! so that the compiler has one implementation of each trait and not one for each text.

use std::borrow::{Borrow, Cow};
use std::cmp::Ordering;
use std::error::Error;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Text that is within the limits of its type, which the contract sets. The text types in `types`,
/// such as `DesktopId`, are aliases of this one.
///
/// `parse` or `try_from` makes one, and fails if the text is not within the limits. It is printed,
/// compared and sorted like its text.
pub struct CheckedText<L> {
    text: String,
    limits: PhantomData<L>,
}

/// The limits of a [`CheckedText`]. The generated client implements it for the types in
/// `types::texts`.
pub trait TextLimits {
    /// Name of the text type.
    const NAME: &'static str;
    /// Maximum number of characters, and the error of a longer text.
    const MAXIMUM: Option<(usize, &'static str)> = None;
    /// Minimum number of characters, and the error of a shorter text.
    const MINIMUM: Option<(usize, &'static str)> = None;

    /// Checks whether the text matches the pattern.
    ///
    /// # Errors
    ///
    /// The text does not match it.
    fn check_pattern(_text: &str) -> Result<(), ConversionError> {
        Ok(())
    }
}

/// Returned if a value is invalid.
pub struct ConversionError(Cow<'static, str>);

impl<L> CheckedText<L> {
    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Makes a text that is known to be within the limits.
    pub(crate) fn unchecked(text: String) -> Self {
        Self {
            text,
            limits: PhantomData,
        }
    }
}

impl<L: TextLimits> CheckedText<L> {
    fn check(text: &str) -> Result<(), ConversionError> {
        // A character has one to four bytes, so most texts are not counted.
        if let Some((maximum, message)) = L::MAXIMUM
            && text.len() > maximum
            && text.chars().count() > maximum
        {
            return Err(message.into());
        }
        if let Some((minimum, message)) = L::MINIMUM
            && text.len() / 4 < minimum
            && text.chars().count() < minimum
        {
            return Err(message.into());
        }
        L::check_pattern(text)
    }
}

impl<L: TextLimits> FromStr for CheckedText<L> {
    type Err = ConversionError;

    fn from_str(text: &str) -> Result<Self, ConversionError> {
        Self::check(text)?;
        Ok(Self::unchecked(text.to_owned()))
    }
}

impl<L: TextLimits> TryFrom<&str> for CheckedText<L> {
    type Error = ConversionError;

    fn try_from(text: &str) -> Result<Self, ConversionError> {
        text.parse()
    }
}

impl<L: TextLimits> TryFrom<&String> for CheckedText<L> {
    type Error = ConversionError;

    fn try_from(text: &String) -> Result<Self, ConversionError> {
        text.parse()
    }
}

impl<L: TextLimits> TryFrom<String> for CheckedText<L> {
    type Error = ConversionError;

    fn try_from(text: String) -> Result<Self, ConversionError> {
        Self::check(&text)?;
        Ok(Self::unchecked(text))
    }
}

impl<L> From<CheckedText<L>> for String {
    fn from(text: CheckedText<L>) -> Self {
        text.text
    }
}

impl<L> From<&CheckedText<L>> for CheckedText<L> {
    fn from(text: &CheckedText<L>) -> Self {
        text.clone()
    }
}

impl<L> AsRef<str> for CheckedText<L> {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl<L> Borrow<str> for CheckedText<L> {
    fn borrow(&self) -> &str {
        &self.text
    }
}

impl<L> Clone for CheckedText<L> {
    fn clone(&self) -> Self {
        Self::unchecked(self.text.clone())
    }
}

impl<L: TextLimits> fmt::Debug for CheckedText<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple(L::NAME).field(&self.text).finish()
    }
}

impl<L> fmt::Display for CheckedText<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl<L> PartialEq for CheckedText<L> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<L> Eq for CheckedText<L> {}

impl<L> PartialEq<str> for CheckedText<L> {
    fn eq(&self, other: &str) -> bool {
        self.text == other
    }
}

impl<L> PartialEq<&str> for CheckedText<L> {
    fn eq(&self, other: &&str) -> bool {
        self.text == **other
    }
}

impl<L> PartialEq<String> for CheckedText<L> {
    fn eq(&self, other: &String) -> bool {
        self.text == *other
    }
}

impl<L> PartialEq<CheckedText<L>> for str {
    fn eq(&self, other: &CheckedText<L>) -> bool {
        self == other.text
    }
}

impl<L> PartialEq<CheckedText<L>> for &str {
    fn eq(&self, other: &CheckedText<L>) -> bool {
        **self == other.text
    }
}

impl<L> PartialOrd for CheckedText<L> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<L> Ord for CheckedText<L> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl<L> Hash for CheckedText<L> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl<L> Serialize for CheckedText<L> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de, L: TextLimits> Deserialize<'de> for CheckedText<L> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::try_from(text).map_err(D::Error::custom)
    }
}

impl fmt::Debug for ConversionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for ConversionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Error for ConversionError {}

impl From<&'static str> for ConversionError {
    fn from(message: &'static str) -> Self {
        Self(message.into())
    }
}

impl From<String> for ConversionError {
    fn from(message: String) -> Self {
        Self(message.into())
    }
}
