//! Renames the builders of types, wherever a builder of an operation names them.
//!
//! progenitor gives a builder the name of what it builds. Statements never name one.

use quote::format_ident;
use syn::{
    Fields, FnArg, GenericArgument, ImplItem, Item, Path, PathArguments, ReturnType, Signature,
    Type, TypeParamBound, WherePredicate,
};

/// Renames builders: the last segment of a path that begins with `scope`.
pub struct Rename<'a> {
    pub scope: &'a [&'a str],
}

impl Rename<'_> {
    pub fn item(&self, item: &mut Item) {
        match item {
            Item::Struct(item) => self.fields(&mut item.fields),
            Item::Impl(item) => {
                if let Some((path, _)) = &mut item.trait_ {
                    self.path(path);
                }
                self.ty(&mut item.self_ty);
                for item in &mut item.items {
                    match item {
                        ImplItem::Fn(function) => self.signature(&mut function.sig),
                        ImplItem::Type(item) => self.ty(&mut item.ty),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    fn fields(&self, fields: &mut Fields) {
        for field in fields.iter_mut() {
            self.ty(&mut field.ty);
        }
    }

    fn signature(&self, signature: &mut Signature) {
        for input in &mut signature.inputs {
            if let FnArg::Typed(input) = input {
                self.ty(&mut input.ty);
            }
        }
        self.output(&mut signature.output);
        if let Some(clause) = &mut signature.generics.where_clause {
            for predicate in &mut clause.predicates {
                self.predicate(predicate);
            }
        }
    }

    fn predicate(&self, predicate: &mut WherePredicate) {
        if let WherePredicate::Type(predicate) = predicate {
            self.ty(&mut predicate.bounded_ty);
            for bound in &mut predicate.bounds {
                if let TypeParamBound::Trait(bound) = bound {
                    self.path(&mut bound.path);
                }
            }
        }
    }

    fn output(&self, output: &mut ReturnType) {
        if let ReturnType::Type(_, output) = output {
            self.ty(output);
        }
    }

    fn ty(&self, ty: &mut Type) {
        match ty {
            Type::Path(ty) => {
                if let Some(owner) = &mut ty.qself {
                    self.ty(&mut owner.ty);
                }
                self.path(&mut ty.path);
            }
            Type::Reference(ty) => self.ty(&mut ty.elem),
            Type::Tuple(ty) => ty.elems.iter_mut().for_each(|ty| self.ty(ty)),
            _ => {}
        }
    }

    fn path(&self, path: &mut Path) {
        for segment in &mut path.segments {
            self.arguments(&mut segment.arguments);
        }
        if path.leading_colon.is_some() || path.segments.len() != self.scope.len() + 1 {
            return;
        }
        let mut scope = path.segments.iter().zip(self.scope);
        if scope.all(|(segment, name)| segment.ident == name)
            && let Some(last) = path.segments.last_mut()
        {
            last.ident = format_ident!("{}Builder", last.ident);
        }
    }

    fn arguments(&self, arguments: &mut PathArguments) {
        match arguments {
            PathArguments::None => {}
            PathArguments::AngleBracketed(arguments) => {
                for argument in &mut arguments.args {
                    if let GenericArgument::Type(ty) = argument {
                        self.ty(ty);
                    }
                }
            }
            PathArguments::Parenthesized(arguments) => {
                arguments
                    .inputs
                    .iter_mut()
                    .for_each(|ty| self.ty(&mut ty.ty));
                self.output(&mut arguments.output);
            }
        }
    }
}
