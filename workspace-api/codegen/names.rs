//! The names in the client that names of the contract become.
//!
//! progenitor converts the case, drops what an identifier cannot have, and appends an underscore to
//! a keyword. The rules must predict the result, because two names that become one do not compile.

use heck::{ToPascalCase, ToSnakeCase};

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
    identifier(name, str::to_snake_case, "x")
}

/// Returns the argument of a parameter.
pub fn argument(name: &str) -> String {
    identifier(name, str::to_snake_case, "_")
}

/// Returns the type of a schema, or the variant of a value.
pub fn type_name(name: &str) -> String {
    identifier(name, str::to_pascal_case, "X")
}

/// `prefix` is what a name gets that does not begin with a letter.
fn identifier(name: &str, to_case: fn(&str) -> String, prefix: &str) -> String {
    let is_kept = |c: char| c.is_alphanumeric() || c == '_';
    let name = name.replace('\'', "");
    let converted = to_case(&name.replace(|c| !is_kept(c), "-"));
    let name = if converted.is_empty() {
        to_case("x")
    } else if converted.starts_with(char::is_alphabetic) {
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
