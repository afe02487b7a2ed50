//! Reads the code that progenitor generated: items, types and statements.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    Attribute, Expr, File, GenericArgument, ImplItem, ImplItemFn, Item, ItemImpl, Local, Pat, Path,
    PathArguments, Stmt, Type,
};

/// Returns the items of a module of the client.
pub fn module<'a>(client: &'a mut File, name: &str) -> Option<&'a mut Vec<Item>> {
    client.items.iter_mut().find_map(|item| match item {
        Item::Mod(module) if module.ident == name => {
            module.content.as_mut().map(|(_, items)| items)
        }
        _ => None,
    })
}

/// Whether this implements a trait of this name, with any path and parameters.
pub fn implements(item: &ItemImpl, name: &str) -> bool {
    let is_named = |path: &Path| path.segments.last().is_some_and(|last| last.ident == name);
    item.trait_.as_ref().is_some_and(|(path, _)| is_named(path))
}

/// Returns the functions of an `impl`.
pub fn functions(item: &mut ItemImpl) -> impl Iterator<Item = &mut ImplItemFn> {
    item.items.iter_mut().filter_map(|item| match item {
        ImplItem::Fn(function) => Some(function),
        _ => None,
    })
}

/// Returns the JSON name of a field in `#[serde(rename = "type")]`.
pub fn wire_name(field: &syn::Field) -> Option<String> {
    let mut name = None;
    for attribute in field
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"))
    {
        // Only `rename` is read. Errors come from the other attributes.
        let _ = attribute.parse_nested_meta(|meta| {
            if let Ok(value) = meta.value() {
                let literal: syn::Lit = value.parse()?;
                if let (true, syn::Lit::Str(text)) = (meta.path.is_ident("rename"), literal) {
                    name = Some(text.value());
                }
            }
            Ok(())
        });
    }
    name
}

/// Whether this is `#[serde(default = "…")]`, a default of the contract.
pub fn has_default(attribute: &Attribute) -> bool {
    let mut has_default = false;
    if attribute.path().is_ident("serde") {
        // Other attributes are skipped, and an error comes from the compiler.
        let _ = attribute.parse_nested_meta(|meta| {
            if let Ok(value) = meta.value() {
                value.parse::<syn::Lit>()?;
                has_default |= meta.path.is_ident("default");
            }
            Ok(())
        });
    }
    has_default
}

/// Returns the name of a type without its path and parameters.
pub fn last_name(ty: &Type) -> String {
    let last = match ty {
        Type::Path(ty) => ty.path.segments.last(),
        _ => None,
    };
    last.map(|segment| segment.ident.to_string())
        .unwrap_or_default()
}

/// Whether this is a type of the standard library, or a JSON map: a type of the contract may have
/// its name, but not its path.
pub fn is_standard(ty: &Type) -> bool {
    let Type::Path(ty) = ty else { return false };
    let is_primitive = |name: &Ident| {
        name.to_string()
            .starts_with(|c: char| c.is_ascii_lowercase())
    };
    ty.path.leading_colon.is_some() || ty.path.get_ident().is_some_and(is_primitive)
}

/// Whether this consists of these tokens.
pub fn is_code(syntax: &dyn ToTokens, code: &TokenStream) -> bool {
    is_same(syntax.to_token_stream(), code.clone())
}

/// Whether tokens are the same, wherever an operator is separated from another by a blank.
fn is_same(one: TokenStream, other: TokenStream) -> bool {
    let mut one = one.into_iter();
    let mut other = other.into_iter();
    loop {
        let is_equal = match (one.next(), other.next()) {
            (None, None) => return true,
            (Some(TokenTree::Ident(one)), Some(TokenTree::Ident(other))) => one == other,
            (Some(TokenTree::Punct(one)), Some(TokenTree::Punct(other))) => {
                one.as_char() == other.as_char()
            }
            (Some(TokenTree::Literal(one)), Some(TokenTree::Literal(other))) => {
                one.to_string() == other.to_string()
            }
            (Some(TokenTree::Group(one)), Some(TokenTree::Group(other))) => {
                one.delimiter() == other.delimiter() && is_same(one.stream(), other.stream())
            }
            _ => false,
        };
        if !is_equal {
            return false;
        }
    }
}

/// Whether this is `::std::vec::Vec<_>`.
pub fn is_list(ty: &Type) -> bool {
    is_type(ty, ["std", "vec", "Vec"])
}

/// Whether this is `::std::string::String`.
pub fn is_string(ty: &Type) -> bool {
    is_type(ty, ["std", "string", "String"])
}

/// Whether this is a type with this path, with any parameters.
fn is_type(ty: &Type, path: [&str; 3]) -> bool {
    let Type::Path(ty) = ty else { return false };
    let names = ty
        .path
        .segments
        .iter()
        .map(|segment| segment.ident.to_string());
    ty.path.leading_colon.is_some() && names.eq(path)
}

/// Returns the first parameter of a type of this name.
pub fn parameter<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    parameters(ty)
        .filter(|_| last_name(ty) == name)?
        .first()
        .copied()
}

/// Returns the last parameter of a type.
pub fn last_parameter(ty: &Type) -> Option<&Type> {
    parameters(ty)?.last().copied()
}

fn parameters(ty: &Type) -> Option<Vec<&Type>> {
    let Type::Path(path) = ty else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    Some(types.collect())
}

/// Returns the name and the value in `let name = value;`.
pub fn variable(statement: &mut Stmt) -> Option<(&Ident, &mut Expr)> {
    match statement {
        Stmt::Local(Local {
            pat: Pat::Ident(pattern),
            init: Some(init),
            ..
        }) => Some((&pattern.ident, &mut init.expr)),
        _ => None,
    }
}

/// Returns the right-hand side of `let _ = …;`.
pub fn initializer(statement: &Stmt) -> Option<&Expr> {
    match statement {
        Stmt::Local(Local {
            init: Some(init), ..
        }) => Some(&init.expr),
        _ => None,
    }
}

pub fn has_function(item: &ItemImpl, name: &str) -> bool {
    item.items.iter().any(|item| match item {
        ImplItem::Fn(function) => function.sig.ident == name,
        _ => false,
    })
}

pub fn is_doc(attribute: &Attribute) -> bool {
    attribute.path().is_ident("doc")
}
