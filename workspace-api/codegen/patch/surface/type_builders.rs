//! Changes the builders of types: names, plain values, documentation, and `build`.

use std::collections::{HashMap, HashSet};

use proc_macro2::Ident;
use quote::{format_ident, quote};
use syn::{
    Attribute, Expr, GenericArgument, ImplItemFn, Item, PathArguments, Stmt, Type, TypeParamBound,
    WherePredicate, parse_quote,
};

use crate::codegen::names;
use crate::codegen::patch::messages::{Labels, items};
use crate::codegen::patch::rename::Rename;
use crate::codegen::patch::syntax::{functions, has_function, last_name, parameter};
use crate::codegen::yaml::Node;

/// The documentation of fields: by type, then by field.
pub type FieldDocs = HashMap<String, HashMap<String, Vec<Attribute>>>;

/// What the builders need of the types.
pub struct TypeBuilders<'a> {
    pub labels: &'a Labels<'a>,
    pub docs: &'a FieldDocs,
    /// The types with limits that `check_limits` checks.
    pub limited: &'a HashSet<String>,
}

impl TypeBuilders<'_> {
    /// Renames the builders of types, documents their setters, and gives them `build`.
    pub fn refine(&self, items: &mut Vec<Item>) -> Result<HashSet<String>, String> {
        let mut builders = HashSet::new();
        for item in items.iter() {
            if let Item::Struct(item) = item {
                builders.insert(item.ident.to_string());
            }
        }
        let mut names = Vec::new();
        for item in items.iter_mut() {
            match item {
                Item::Struct(item) => {
                    let name = item.ident.to_string();
                    let documentation = format!("The builder of [`{name}`](super::{name}).");
                    item.attrs.push(parse_quote! { #[doc = #documentation] });
                    item.attrs.push(parse_quote! {
                        #[must_use = "nothing is built before `build`"]
                    });
                    names.push(name);
                }
                Item::Impl(item) if item.trait_.is_none() => {
                    let name = last_name(&item.self_ty);
                    for setter in functions(item) {
                        self.setter(&name, setter)?;
                    }
                }
                _ => {}
            }
        }
        // A property of this name has a setter of this name.
        let has_setter = |item: &Item| match item {
            Item::Impl(item) if has_function(item, "build") => Some(last_name(&item.self_ty)),
            _ => None,
        };
        let with_setter: HashSet<String> = items.iter().filter_map(has_setter).collect();
        for name in names {
            if !with_setter.contains(&name) {
                items.push(self.build(&format_ident!("{name}")));
            }
        }
        let rename = Rename {
            builders: &builders,
            scope: &[],
        };
        for item in items.iter_mut() {
            rename.item(item);
            if let Item::Struct(item) = item {
                item.ident = format_ident!("{}Builder", item.ident);
            }
        }
        Ok(builders)
    }

    /// Makes a setter take a plain value instead of an `Option`, reject an empty list that must not
    /// be empty, and have the documentation of its property.
    fn setter(&self, name: &str, setter: &mut ImplItemFn) -> Result<(), String> {
        let property = setter.sig.ident.to_string();
        if let Some(documentation) = self.docs.get(name).and_then(|docs| docs.get(&property)) {
            setter.attrs.splice(0..0, documentation.iter().cloned());
        }
        let Some(converted) = converted_type(setter) else {
            return Err(format!(
                "the setter `{name}::{property}` has no `TryInto<_>`"
            ));
        };
        let optional = parameter(converted, "Option").cloned();
        let wraps = optional.is_some();
        if let Some(inner) = optional {
            *converted = inner;
        }
        let minimum = if wraps {
            0
        } else {
            self.minimum_items(name, &property)
        };
        if !wraps && minimum == 0 {
            return Ok(());
        }
        let Some(Stmt::Expr(Expr::Assign(assign), _)) = setter.block.stmts.first_mut() else {
            return Err(format!("the setter `{name}::{property}` does not assign"));
        };
        if wraps {
            let value = &assign.right;
            *assign.right = parse_quote! { #value.map(Some) };
        } else {
            let value = &assign.right;
            let message = format!("{property}: fewer than {}", items(minimum));
            *assign.right = parse_quote! {
                #value.and_then(|items: ::std::vec::Vec<_>| {
                    if items.len() < #minimum { Err(#message.to_owned()) } else { Ok(items) }
                })
            };
        }
        Ok(())
    }

    /// Returns how many items the list that is this property must have.
    fn minimum_items(&self, schema: &str, property: &str) -> usize {
        let properties = self
            .labels
            .schema(schema)
            .and_then(|it| it.get("properties"));
        let mut properties = properties.into_iter().flat_map(Node::entries);
        let list = properties.find(|(key, _)| names::field(&key.name) == property);
        let minimum = list.and_then(|(_, list)| list.get("minItems"));
        let minimum = minimum.and_then(|minimum| minimum.to_value().as_u64());
        minimum.map_or(0, |minimum| usize::try_from(minimum).unwrap_or(usize::MAX))
    }

    fn build(&self, name: &Ident) -> Item {
        let documentation = format!("Checks the values and returns the [`{name}`](super::{name}).");
        let check = if self.limited.contains(&name.to_string()) {
            quote! { built.check_limits().map_err(crate::Error::invalid_input)?; }
        } else {
            quote! {}
        };
        parse_quote! {
            impl #name {
                #[doc = #documentation]
                pub fn build(self) -> crate::Result<super::#name> {
                    let built = super::#name::try_from(self)?;
                    #check
                    Ok(built)
                }
            }
        }
    }
}

/// Returns the type that a setter converts its argument to: `T` of `where V: TryInto<T>`.
fn converted_type(setter: &mut ImplItemFn) -> Option<&mut Type> {
    let clause = setter.sig.generics.where_clause.as_mut()?;
    let Some(WherePredicate::Type(predicate)) = clause.predicates.first_mut() else {
        return None;
    };
    let Some(TypeParamBound::Trait(bound)) = predicate.bounds.first_mut() else {
        return None;
    };
    let conversion = bound.path.segments.last_mut()?;
    let PathArguments::AngleBracketed(arguments) = &mut conversion.arguments else {
        return None;
    };
    match arguments.args.first_mut()? {
        GenericArgument::Type(ty) if conversion.ident == "TryInto" => Some(ty),
        _ => None,
    }
}
