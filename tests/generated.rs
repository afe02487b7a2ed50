//! The generated client: the committed file is up to date, and its public surface is reviewed as a
//! snapshot.

#![allow(clippy::unwrap_used)]

use quote::ToTokens;
use syn::{Attribute, Fields, FnArg, ImplItem, Item, ItemImpl, Lit, Type, Visibility};

#[cfg(feature = "codegen")]
const CLIENT: &str = include_str!(concat!(env!("OUT_DIR"), "/generated.rs"));
#[cfg(not(feature = "codegen"))]
const CLIENT: &str = include_str!("../workspace-api/src/generated.rs");

/// Compares the committed client with the generated one. With the environment variable
/// `UPDATE_GENERATED`, rewrites it.
#[cfg(feature = "codegen")]
#[test]
fn reviewed_client_is_up_to_date() {
    let file = "workspace-api/src/generated.rs";
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        std::fs::write(&path, CLIENT).unwrap();
    }
    let reviewed = std::fs::read_to_string(&path).unwrap_or_default();
    let equal_lines = CLIENT
        .lines()
        .zip(reviewed.lines())
        .take_while(|(one, other)| one == other);
    let line = equal_lines.count() + 1;
    assert!(
        // A checkout may have CRLF line ends.
        reviewed.replace("\r\n", "\n") == CLIENT,
        "{file}:{line}:1: this line is not what the contract generates. Update the file: \
         UPDATE_GENERATED=1 cargo test -p workspace-api --test generated"
    );
}

#[test]
fn public_surface() {
    let file = syn::parse_file(CLIENT).unwrap();
    let mut surface = String::new();
    describe(&file.items, "", &mut surface);
    for operation in workspace_api::OPERATIONS {
        surface += &format!("{operation:?}\n");
    }
    insta::assert_snapshot!("surface", surface);
}

/// Adds a line for each public type, field, variant, constant and function.
fn describe(items: &[Item], module: &str, surface: &mut String) {
    for item in items {
        match item {
            Item::Mod(inner) => {
                let module = format!("{module}{}::", inner.ident);
                // The setters of these builders are the fields, which are listed with the type.
                if module != "types::builder::"
                    && let Some((_, items)) = &inner.content
                {
                    describe(items, &module, surface);
                }
            }
            Item::Struct(item) if public(&item.vis) => {
                *surface += &format!("struct {module}{}\n", item.ident);
                if let Fields::Named(fields) = &item.fields {
                    for field in fields.named.iter().filter(|field| public(&field.vis)) {
                        let name = field.ident.as_ref().unwrap().to_string();
                        let wire = wire_name(&field.attrs).unwrap_or_else(|| name.clone());
                        *surface += &format!("    {name}: {} = {wire:?}\n", short(&field.ty));
                    }
                }
            }
            Item::Enum(item) if public(&item.vis) => {
                *surface += &format!("enum {module}{}\n", item.ident);
                for variant in &item.variants {
                    let name = variant.ident.to_string();
                    let wire = wire_name(&variant.attrs).unwrap_or_else(|| name.clone());
                    *surface += &format!("    {name} = {wire:?}\n");
                }
            }
            Item::Const(item) if public(&item.vis) => {
                *surface += &format!("const {module}{}: {}", item.ident, short(&item.ty));
                if module == "limits::" {
                    *surface += &format!(" = {}", item.expr.to_token_stream());
                }
                *surface += "\n";
            }
            Item::Impl(item) if item.trait_.is_none() && !module.starts_with("types::") => {
                functions(item, surface)
            }
            _ => {}
        }
    }
}

fn functions(item: &ItemImpl, surface: &mut String) {
    for function in &item.items {
        let ImplItem::Fn(function) = function else {
            continue;
        };
        if !public(&function.vis) {
            continue;
        }
        let arguments = function
            .sig
            .inputs
            .iter()
            .filter_map(|argument| match argument {
                FnArg::Typed(argument) => Some(format!(
                    "{}: {}",
                    argument.pat.to_token_stream(),
                    short(&argument.ty)
                )),
                FnArg::Receiver(_) => None,
            });
        let arguments = arguments.collect::<Vec<_>>().join(", ");
        let name = &function.sig.ident;
        let bounds = function
            .sig
            .generics
            .where_clause
            .as_ref()
            .map(|clause| format!(" {}", short(clause)));
        let output = short(&function.sig.output);
        *surface += &format!(
            "fn {}::{name}({arguments}) {output}{}\n",
            short(&item.self_ty),
            bounds.unwrap_or_default()
        );
    }
}

fn public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Returns the JSON name of a field or variant, if an attribute sets one.
fn wire_name(attributes: &[Attribute]) -> Option<String> {
    let mut name = None;
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"))
    {
        // Only `rename` is read. Errors come from the other attributes.
        let _ = attribute.parse_nested_meta(|meta| {
            if let Ok(value) = meta.value() {
                let literal: Lit = value.parse()?;
                if let (true, Lit::Str(text)) = (meta.path.is_ident("rename"), literal) {
                    name = Some(text.value());
                }
            }
            Ok(())
        });
    }
    name
}

/// Returns code on one line, without the paths of the standard library.
fn short(code: &impl ToTokens) -> String {
    let code = code.to_token_stream().to_string();
    let mut text = code.split_whitespace().collect::<Vec<_>>().join(" ");
    for (from, to) in [
        (" ::", "::"),
        (":: ", "::"),
        (" <", "<"),
        ("< ", "<"),
        (" >", ">"),
        (" ,", ","),
        (",>", ">"),
        (",)", ")"),
        ("& ", "&"),
        (" :", ":"),
        (" (", "("),
        ("<'a>", ""),
        ("<'_>", ""),
    ] {
        text = text.replace(from, to);
    }
    for path in [
        "::std::option::",
        "::std::vec::",
        "::std::string::",
        "std::convert::",
        "std::ops::",
        "std::fmt::",
    ] {
        text = text.replace(path, "");
    }
    text.trim_end_matches(',').to_owned()
}

#[test]
fn short_removes_paths_of_the_standard_library() {
    let ty: Type = syn::parse_str("::std::option::Option<::std::vec::Vec<super::X>>").unwrap();
    assert_eq!(short(&ty), "Option<Vec<super::X>>");
}
