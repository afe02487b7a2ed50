//! The generated client: the committed file is up to date, and its public surface is reviewed as a
//! snapshot.

#![allow(clippy::unwrap_used)]

#[path = "support/code.rs"]
mod code;

use code::on_one_line;
use quote::ToTokens;
use syn::{Attribute, Fields, FnArg, ImplItem, Item, ItemImpl, Lit, Signature, Type, Visibility};
use workspace_api::types::{
    DesktopId, DetachInstancesUserInfo, DetachInstancesUserInfoType, LogoffDesktopsReq, UserName,
};

#[cfg(feature = "codegen")]
const CLIENT: &str = include_str!(concat!(env!("OUT_DIR"), "/generated.rs"));
#[cfg(not(feature = "codegen"))]
const CLIENT: &str = include_str!("../workspace-api/src/generated.rs");

/// Compares the committed client with the generated one, formatted. With the environment variable
/// `UPDATE_GENERATED`, rewrites it.
#[cfg(feature = "codegen")]
#[test]
fn reviewed_client_is_up_to_date() {
    let file = "workspace-api/src/generated.rs";
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let (header, code) = CLIENT.split_once('\n').unwrap();
    let code = prettyplease::unparse(&syn::parse_file(code).unwrap());
    let generated = format!("{header}\n{code}");
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        std::fs::write(&path, &generated).unwrap();
    }
    let reviewed = std::fs::read_to_string(&path).unwrap_or_default();
    let equal_lines = generated
        .lines()
        .zip(reviewed.lines())
        .take_while(|(one, other)| one == other);
    let line = equal_lines.count() + 1;
    assert!(
        // A checkout may have CRLF line ends.
        reviewed.replace("\r\n", "\n") == generated,
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

/// The errors of the generated types name values as people do, and no Rust type.
#[test]
fn errors_of_invalid_values() {
    let user = || DetachInstancesUserInfo::builder();
    let built = |user| DetachInstancesUserInfo::try_from(user).unwrap_err();
    let errors = [
        "a/b".parse::<DesktopId>().unwrap_err(),
        "x".repeat(1000).parse::<DesktopId>().unwrap_err(),
        "".parse::<UserName>().unwrap_err(),
        built(user()),
        built(user().user_name("")),
    ];
    let unknown = "no type".parse::<DetachInstancesUserInfoType>();
    let mut errors = errors.map(|error| error.to_string()).to_vec();
    errors.push(unknown.unwrap_err().to_string());
    // In a file, because limits and patterns may change with the contract.
    insta::assert_snapshot!("errors", errors.join("\n"));
}

/// Adds a line for each public type, field, variant, constant and function.
fn describe(items: &[Item], module: &str, surface: &mut Vec<String>) {
    for item in items {
        match item {
            Item::Mod(inner) => {
                let module = format!("{module}{}::", inner.ident);
                // The setters of these builders are the fields, which are listed with the type. The
                // limits of texts change as the contract does.
                if !["types::builder::", "types::texts::"].contains(&module.as_str())
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
            Item::Type(item) if public(&item.vis) => {
                surface.push(format!("type {module}{}", item.ident));
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

/// Returns code on one line, without the paths of the standard library and lifetimes.
fn short(code: &impl ToTokens) -> String {
    let text = on_one_line(code, &[(",)", ")"), ("<'a>", ""), ("<'_>", "")]);
    text.trim_end_matches(',').to_owned()
}

#[test]
fn short_removes_paths_of_the_standard_library() {
    let ty: Type = syn::parse_str("::std::option::Option<::std::vec::Vec<super::X>>").unwrap();
    assert_eq!(short(&ty), "Option<Vec<super::X>>");
}

/// Text types are used like text.
#[test]
fn ids_compare_print_and_convert() -> workspace_api::Result<()> {
    let id: DesktopId = "desktop-1".parse()?;
    let text = "desktop-1".to_owned();
    assert_eq!(id, "desktop-1");
    assert_eq!("desktop-1", id);
    assert_eq!(id, *"desktop-1");
    assert_eq!(id, text);
    assert_eq!(format!("{id:>11}|"), "  desktop-1|");
    let as_ref: &str = id.as_ref();
    assert_eq!(as_ref, id.as_str());
    let by_id = std::collections::HashMap::from([(id.clone(), 1)]);
    assert_eq!(by_id.get("desktop-1"), Some(&1));
    let sorted = std::collections::BTreeSet::from([id.clone()]);
    assert!(sorted.contains("desktop-1"));
    assert_eq!(DesktopId::try_from(&text)?, id);
    assert_eq!(DesktopId::try_from(text)?, id);
    let error = workspace_api::Error::from("a/b".parse::<DesktopId>().unwrap_err());
    assert_eq!(error.kind(), workspace_api::ErrorKind::InvalidInput);
    Ok(())
}

/// Builders take plain values, and reject an empty list where the contract has a minimum.
#[test]
fn builders_take_plain_values() {
    let user = DetachInstancesUserInfo::builder()
        .user_name("li-na")
        .user_id("5a0f")
        .domain("corp.example.com")
        .type_("USER")
        .build()
        .unwrap();
    assert_eq!(user.domain.as_deref(), Some("corp.example.com"));
    let fluent = DetachInstancesUserInfo::user("li-na")
        .and_then(|user| user.domain("corp.example.com").user_id("5a0f"));
    assert_eq!(fluent.unwrap(), user);

    let empty = LogoffDesktopsReq::builder().desktop_ids([]).build();
    let empty = empty.unwrap_err();
    assert_eq!(empty.kind(), workspace_api::ErrorKind::InvalidInput);
    assert_eq!(empty.to_string(), "desktop_ids: fewer than 1 item");
    let maximum = workspace_api::limits::LOGOFF_DESKTOPS_REQ_DESKTOP_IDS;
    let many = vec!["d".parse::<DesktopId>().unwrap(); maximum + 1];
    let many = LogoffDesktopsReq::builder().desktop_ids(many).build();
    let many = many.unwrap_err().to_string();
    assert_eq!(many, format!("desktop_ids: more than {maximum} items"));
}

/// A new property or value must not break a caller, so no type can be written as a literal and no
/// text type has the methods of `String`.
#[test]
fn types_can_grow() {
    let file = syn::parse_file(CLIENT).unwrap();
    let mut problems = Vec::new();
    for item in &file.items {
        if let Item::Mod(module) = item
            && module.ident == "types"
        {
            for item in &module.content.as_ref().unwrap().1 {
                let is_open = |attributes: &[Attribute]| {
                    let mut attributes = attributes.iter();
                    attributes.any(|attribute| attribute.path().is_ident("non_exhaustive"))
                };
                match item {
                    Item::Struct(item) => {
                        let has_public_field = item.fields.iter().any(|field| public(&field.vis));
                        if has_public_field && !is_open(&item.attrs) {
                            problems.push(format!("{} is a literal", item.ident));
                        }
                    }
                    Item::Enum(item) if !is_open(&item.attrs) => {
                        problems.push(format!("{} is exhaustive", item.ident));
                    }
                    Item::Impl(item) => {
                        let name = item.trait_.as_ref().map(|(path, _)| short(path));
                        if name.is_some_and(|name| name.ends_with("Deref")) {
                            problems.push(format!("{} dereferences", short(&item.self_ty)));
                        }
                    }
                    _ => {}
                }
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
