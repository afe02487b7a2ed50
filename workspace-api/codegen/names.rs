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

/// Returns the field of a property, or the argument of a parameter.
pub fn field(name: &str) -> String {
    identifier(name, str::to_snake_case)
}

/// Returns the type of a schema, or the variant of a value.
pub fn type_name(name: &str) -> String {
    identifier(name, str::to_pascal_case)
}

fn identifier(name: &str, to_case: fn(&str) -> String) -> String {
    let is_kept = |c: char| c.is_alphanumeric() || c == '_';
    let name = name.replace('\'', "");
    let converted = to_case(&name.replace(|c| !is_kept(c), "-"));
    let name = if converted.starts_with(char::is_alphabetic) {
        converted
    } else {
        to_case("x") + &converted
    };
    if KEYWORDS.contains(&name.as_str()) {
        name + "_"
    } else {
        name
    }
}
