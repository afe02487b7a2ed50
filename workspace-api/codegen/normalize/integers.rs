//! Gives integers the type of their format, or of the limits that need another one.
//!
//! progenitor chooses the type by the limits: it makes `NonZeroU32` of `format: int32` with a
//! minimum of 1, which has twice the range, and `u8` of a maximum of 255, which has no negative
//! numbers. The limits themselves are checked when a request is sent.

use openapiv3::{AnySchema, IntegerFormat, IntegerType, VariantOrUnknownOrEmpty};

/// Removes the limits for which progenitor would choose another type.
pub fn normalize(integer: &mut IntegerType) {
    let format = match &integer.format {
        VariantOrUnknownOrEmpty::Item(IntegerFormat::Int32) => Some("int32"),
        VariantOrUnknownOrEmpty::Item(IntegerFormat::Int64) => Some("int64"),
        VariantOrUnknownOrEmpty::Unknown(format) => Some(format.as_str()),
        VariantOrUnknownOrEmpty::Empty => None,
    };
    integer.multiple_of = None;
    let low = integer.minimum.map(i128::from);
    let low = low.map(|limit| limit + i128::from(integer.exclusive_minimum));
    if !keeps_limits(format, low, integer.maximum.is_some()) {
        integer.minimum = None;
        integer.maximum = None;
        integer.exclusive_minimum = false;
        integer.exclusive_maximum = false;
    }
}

/// Does the same for an integer with a limit that only an unsigned integer has. `openapiv3` reads it
/// as a schema of any type. Without a format, it needs the type of its limits.
pub fn normalize_huge(integer: &mut AnySchema) {
    integer.multiple_of = None;
    let format = integer.format.as_deref();
    if format.is_some() && !keeps_limits(format, None, true) {
        integer.minimum = None;
        integer.maximum = None;
        integer.exclusive_minimum = None;
        integer.exclusive_maximum = None;
    }
}

/// Returns whether progenitor chooses a type that has every value between the limits. `low` is the
/// smallest value.
fn keeps_limits(format: Option<&str>, low: Option<i128>, has_maximum: bool) -> bool {
    match (format, low) {
        (Some(format), _) => !format.starts_with("int"),
        // Both limits are those of a type, or 64 bits are chosen.
        (None, Some(_)) if has_maximum => true,
        // These become unsigned types of 64 bits.
        (None, low) => matches!(low, Some(0 | 1)),
    }
}
