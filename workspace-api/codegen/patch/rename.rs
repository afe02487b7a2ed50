//! Renames the builders of types, wherever a builder of an operation names them.
//!
//! progenitor gives a builder the name of what it builds. Statements never name one.

use quote::format_ident;
use syn::{
    Fields, FnArg, GenericArgument, ImplItem, Item, Path, PathArguments, ReturnType, Signature,
    Type, TypeParamBound, WherePredicate,
};

/// The modules before the name of a builder.
const SCOPE: [&str; 2] = ["types", "builder"];

/// Renames the builders that an item names: the last segment of a path that begins with `SCOPE`.
pub fn rename_builders(item: &mut Item) {
    match item {
        Item::Struct(item) => rename_fields(&mut item.fields),
        Item::Impl(item) => {
            if let Some((path, _)) = &mut item.trait_ {
                rename_path(path);
            }
            rename_type(&mut item.self_ty);
            for item in &mut item.items {
                match item {
                    ImplItem::Fn(function) => rename_signature(&mut function.sig),
                    ImplItem::Type(item) => rename_type(&mut item.ty),
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

fn rename_fields(fields: &mut Fields) {
    for field in fields.iter_mut() {
        rename_type(&mut field.ty);
    }
}

fn rename_signature(signature: &mut Signature) {
    for input in &mut signature.inputs {
        if let FnArg::Typed(input) = input {
            rename_type(&mut input.ty);
        }
    }
    rename_output(&mut signature.output);
    if let Some(clause) = &mut signature.generics.where_clause {
        for predicate in &mut clause.predicates {
            rename_predicate(predicate);
        }
    }
}

fn rename_predicate(predicate: &mut WherePredicate) {
    if let WherePredicate::Type(predicate) = predicate {
        rename_type(&mut predicate.bounded_ty);
        for bound in &mut predicate.bounds {
            if let TypeParamBound::Trait(bound) = bound {
                rename_path(&mut bound.path);
            }
        }
    }
}

fn rename_output(output: &mut ReturnType) {
    if let ReturnType::Type(_, output) = output {
        rename_type(output);
    }
}

fn rename_type(ty: &mut Type) {
    match ty {
        Type::Path(ty) => {
            if let Some(owner) = &mut ty.qself {
                rename_type(&mut owner.ty);
            }
            rename_path(&mut ty.path);
        }
        Type::Reference(ty) => rename_type(&mut ty.elem),
        Type::Tuple(ty) => ty.elems.iter_mut().for_each(rename_type),
        _ => {}
    }
}

fn rename_path(path: &mut Path) {
    for segment in &mut path.segments {
        rename_arguments(&mut segment.arguments);
    }
    if path.leading_colon.is_some() || path.segments.len() != SCOPE.len() + 1 {
        return;
    }
    let mut scope = path.segments.iter().zip(SCOPE);
    if scope.all(|(segment, name)| segment.ident == name)
        && let Some(last) = path.segments.last_mut()
    {
        last.ident = format_ident!("{}Builder", last.ident);
    }
}

fn rename_arguments(arguments: &mut PathArguments) {
    match arguments {
        PathArguments::None => {}
        PathArguments::AngleBracketed(arguments) => {
            for argument in &mut arguments.args {
                if let GenericArgument::Type(ty) = argument {
                    rename_type(ty);
                }
            }
        }
        PathArguments::Parenthesized(arguments) => {
            arguments
                .inputs
                .iter_mut()
                .for_each(|ty| rename_type(&mut ty.ty));
            rename_output(&mut arguments.output);
        }
    }
}
