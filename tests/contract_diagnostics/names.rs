//! Plain names, which the generator converts itself, become what progenitor makes of them.

use heck::{ToPascalCase, ToSnakeCase};

use crate::codegen::names;

#[test]
fn plain_names_are_converted_as_progenitor_does() {
    let mut tried = vec![String::new()];
    for length in 0..6 {
        let longest = tried.iter().filter(|name| name.len() == length);
        let longer = longest
            .flat_map(|name| ["a", "b", "C", "D", "1", "_", "-"].map(|c| format!("{name}{c}")));
        let longer: Vec<_> = longer.collect();
        tried.extend(longer);
    }
    // Others get a prefix.
    for name in tried
        .iter()
        .filter(|name| name.starts_with(char::is_alphabetic))
    {
        assert_eq!(names::field(name), name.to_snake_case(), "{name}");
        assert_eq!(names::type_name(name), name.to_pascal_case(), "{name}");
    }
}
