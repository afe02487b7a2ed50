//! The generated client: the committed file is up to date, and its public surface is reviewed as a
//! snapshot.

#![allow(clippy::unwrap_used)]

use quote::ToTokens;
use syn::{Attribute, Fields, FnArg, ImplItem, Item, ItemImpl, Lit, Signature, Type, Visibility};

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
    let mut surface = Vec::new();
    describe(&file.items, "", &mut surface);
    for operation in workspace_api::OPERATIONS {
        surface.push(format!("{operation:?}"));
    }
    insta::assert_snapshot!("surface", surface.join("\n"));
}

/// Adds a line for each public type, field, variant, constant and function.
fn describe(items: &[Item], module: &str, surface: &mut Vec<String>) {
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
                surface.push(format!("struct {module}{}", item.ident));
                if let Fields::Named(fields) = &item.fields {
                    for field in fields.named.iter().filter(|field| public(&field.vis)) {
                        let name = field.ident.as_ref().unwrap().to_string();
                        let wire = wire_name(&field.attrs).unwrap_or_else(|| name.clone());
                        surface.push(format!("    {name}: {} = {wire:?}", short(&field.ty)));
                    }
                }
            }
            Item::Enum(item) if public(&item.vis) => {
                surface.push(format!("enum {module}{}", item.ident));
                for variant in &item.variants {
                    let name = variant.ident.to_string();
                    let wire = wire_name(&variant.attrs).unwrap_or_else(|| name.clone());
                    surface.push(format!("    {name} = {wire:?}"));
                }
            }
            Item::Const(item) if public(&item.vis) => {
                let value = if module == "limits::" {
                    format!(" = {}", item.expr.to_token_stream())
                } else {
                    String::new()
                };
                surface.push(format!(
                    "const {module}{}: {}{value}",
                    item.ident,
                    short(&item.ty)
                ));
            }
            Item::Impl(item) if item.trait_.is_none() && !module.starts_with("types::") => {
                functions(item, surface);
            }
            _ => {}
        }
    }
}

fn functions(item: &ItemImpl, surface: &mut Vec<String>) {
    for function in &item.items {
        if let ImplItem::Fn(function) = function
            && public(&function.vis)
        {
            surface.push(signature(&short(&item.self_ty), &function.sig));
        }
    }
}

fn signature(type_name: &str, signature: &Signature) -> String {
    let mut arguments = Vec::new();
    for argument in &signature.inputs {
        if let FnArg::Typed(argument) = argument {
            arguments.push(short(argument));
        }
    }
    let (name, arguments) = (&signature.ident, arguments.join(", "));
    let output = short(&signature.output);
    let bounds = match &signature.generics.where_clause {
        Some(clause) => format!(" {}", short(clause)),
        None => String::new(),
    };
    format!("fn {type_name}::{name}({arguments}) {output}{bounds}")
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
