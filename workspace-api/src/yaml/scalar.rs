//! The values of plain scalars in YAML 1.2, by its core schema.

use serde_json::Value;

/// Returns the value of a plain scalar; `None` if it is a number that JSON cannot express.
pub(super) fn plain(text: &str) -> Option<Value> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Some(Value::Null),
        "true" | "True" | "TRUE" => return Some(Value::Bool(true)),
        "false" | "False" | "FALSE" => return Some(Value::Bool(false)),
        _ => {}
    }
    if let Some(number) = integer(text) {
        return Some(number);
    }
    if !is_float(text) {
        return Some(Value::from(text));
    }
    let number: f64 = text.parse().ok()?;
    number.is_finite().then(|| Value::from(number))
}

fn integer(text: &str) -> Option<Value> {
    let radix = match text.get(..2) {
        Some("0o") => 8,
        Some("0x") => 16,
        _ => {
            // Rust, too, allows a sign and leading zeros.
            let unsigned = text.parse::<u64>().map(Value::from);
            return unsigned
                .or_else(|_| text.parse::<i64>().map(Value::from))
                .ok();
        }
    };
    let digits = &text[2..];
    if digits.starts_with(['+', '-']) {
        return None;
    }
    u64::from_str_radix(digits, radix).ok().map(Value::from)
}

/// Whether this is a decimal number, infinity or not a number.
fn is_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_mantissa = match mantissa.split_once('.') {
        Some(("", fraction)) => !fraction.is_empty() && is_digits(fraction),
        Some((integer, fraction)) => is_digits(integer) && is_digits(fraction),
        None => !mantissa.is_empty() && is_digits(mantissa),
    };
    let is_exponent = |exponent: &str| {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !digits.is_empty() && is_digits(digits)
    };
    is_mantissa && exponent.is_none_or(is_exponent)
}
