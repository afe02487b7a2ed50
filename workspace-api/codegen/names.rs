//! The names in the client that names of the contract become.
//!
//! progenitor converts the case, drops what an identifier cannot have, and appends an underscore to
//! a keyword. The rules must predict the result, because two names that become one do not compile.

use std::borrow::Cow;

use heck::{ToPascalCase, ToShoutySnakeCase as _, ToSnakeCase};

use super::shared::USED_PARAMETER_NAMES;

/// Words that are not identifiers. progenitor appends an underscore to them.
const KEYWORDS: &[&str] = &[
    "Self", "_", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
    "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
    "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Returns the field of a property.
pub fn field(name: &str) -> String {
    identifier(name, to_snake_case, "x")
}

/// Returns the argument of a parameter.
pub fn argument(name: &str) -> String {
    identifier(&parameter(name), to_snake_case, "_")
}

/// Returns the name that a parameter is generated from. It is another one if the generated method
/// has a variable or a function of this name.
pub fn parameter(name: &str) -> Cow<'_, str> {
    if USED_PARAMETER_NAMES.contains(&identifier(name, to_snake_case, "_").as_str()) {
        Cow::Owned(format!("{name}-parameter"))
    } else {
        Cow::Borrowed(name)
    }
}

/// Returns the constant of the property of a schema.
pub fn constant(schema: &str, property: &str) -> String {
    separated(&format!("{schema}_{property}")).to_shouty_snake_case()
}

/// Returns the type of a schema, or the variant of a value.
pub fn type_name(name: &str) -> String {
    identifier(name, to_pascal_case, "X")
}

/// `prefix` is what a name gets that does not begin with a letter.
fn identifier(name: &str, to_case: fn(&str) -> String, prefix: &str) -> String {
    let converted = match name {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        _ => to_case(&separated(name)),
    };
    let name = if converted.is_empty() {
        to_case("x")
    } else if converted.starts_with(is_start) {
        converted
    } else {
        prefix.to_owned() + &converted
    };
    if KEYWORDS.contains(&name.as_str()) {
        name + "_"
    } else {
        name
    }
}

/// Most names are in snake case, which takes a fraction of the time of a conversion to see.
fn to_snake_case(name: &str) -> String {
    let mut before = b'_';
    let is_snake_case = name.bytes().all(|byte| {
        let is_kept = match byte {
            b'a'..=b'z' | b'0'..=b'9' => true,
            _ => byte == b'_' && before != b'_',
        };
        before = byte;
        is_kept
    });
    if is_snake_case && before != b'_' {
        name.to_owned()
    } else {
        name.to_snake_case()
    }
}

/// Joins words of ASCII that begin with capitals, which most are or become by their first letter.
fn to_pascal_case(name: &str) -> String {
    let mut pascal = String::with_capacity(name.len());
    let mut before = b'_';
    for byte in name.bytes() {
        match byte {
            b'_' | b'-' => {}
            b'a'..=b'z' | b'0'..=b'9' if before == b'_' || before == b'-' => {
                pascal.push(byte.to_ascii_uppercase().into());
            }
            b'a'..=b'z' | b'0'..=b'9' => pascal.push(byte.into()),
            b'A'..=b'Z' if matches!(before, b'_' | b'-' | b'a'..=b'z') => pascal.push(byte.into()),
            // An abbreviation, as in `XMLFile`, or another alphabet.
            _ => return name.to_pascal_case(),
        }
        before = byte;
    }
    pascal
}

/// Returns the name with `-` in place of what an identifier cannot have.
pub fn separated(name: &str) -> String {
    name.replace('\'', "").replace(|c| !is_kept(c), "-")
}

/// Whether an identifier can have this character.
pub fn is_kept(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_alphanumeric() || character == '_';
    }
    syn::parse_str::<syn::Ident>(&format!("x{character}")).is_ok()
}

/// Whether an identifier can start with this character.
fn is_start(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_alphabetic();
    }
    syn::parse_str::<syn::Ident>(&character.to_string()).is_ok()
}
