//! The checks of a value by its type and its schema.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Fields, ItemStruct, Type};

use super::keywords::Checked;
use super::numbers::{Kind, check_choice, check_number};
use crate::codegen::document::{Document, is_nullable};
use crate::codegen::patch::messages::items;
use crate::codegen::patch::syntax::{is_standard, last_name, last_parameter, parameter, wire_name};
use crate::codegen::yaml::Node;

/// The checks that were generated.
pub struct Checks<'a> {
    document: &'a Document,
    types: HashMap<String, ItemStruct>,
    /// Those of each type, `None` while they are being generated.
    of_types: HashMap<String, Option<TokenStream>>,
    checked: Checked,
    /// The schemas of values that no check is generated for, such as those of a `oneOf`.
    unchecked: Vec<&'a Node>,
}

impl<'a> Checks<'a> {
    pub fn new(document: &'a Document, types: HashMap<String, ItemStruct>) -> Self {
        Self {
            document,
            types,
            of_types: HashMap::new(),
            checked: Checked::default(),
            unchecked: Vec::new(),
        }
    }

    pub fn checked(&self) -> &Checked {
        &self.checked
    }

    pub fn unchecked(&self) -> &[&'a Node] {
        &self.unchecked
    }

    /// Returns the checks of types, which the checks of values call, sorted by name.
    pub fn of_types(&self) -> Vec<(&str, &TokenStream)> {
        let checks = self.of_types.iter().filter_map(|(name, check)| {
            let check = check.as_ref().filter(|check| !check.is_empty())?;
            Some((name.as_str(), check))
        });
        let mut checks: Vec<_> = checks.collect();
        checks.sort_by_key(|(name, _)| *name);
        checks
    }

    /// Generates the check of `value`, a reference to a value of this type.
    pub fn check(
        &mut self,
        value: &TokenStream,
        ty: &Type,
        schema: &'a Node,
        label: &str,
    ) -> TokenStream {
        let Some(schema) = self.document.follow(schema) else {
            return TokenStream::new();
        };
        // An `allOf` of one schema is only another name for it.
        if let [named] = schema.get("allOf").map_or(&[][..], Node::items)
            && schema.get("properties").is_none()
        {
            return self.check(value, ty, named, label);
        }
        if let Some(inner) = parameter(ty, "Option") {
            let check = self.check(&quote! { value }, inner, schema, label);
            return wrap(&check, &quote! { if let Some(value) = #value });
        }
        let name = last_name(ty);
        if !is_standard(ty) {
            return self.check_type(value, &name, schema, label);
        }
        match name.as_str() {
            "Vec" => self.check_list(value, ty, schema, label),
            "HashMap" | "Map" => {
                let values = schema.get("additionalProperties");
                let (Some(values), Some(inner)) = (values, last_parameter(ty)) else {
                    return TokenStream::new();
                };
                let check = self.check(&quote! { value }, inner, values, label);
                wrap(&check, &quote! { for value in #value.values() })
            }
            "Box" => match last_parameter(ty) {
                Some(inner) => {
                    let check = self.check(&quote! { value }, inner, schema, label);
                    bind(&check, &quote! { &**#value })
                }
                None => TokenStream::new(),
            },
            "bool" => check_choice(
                &mut self.checked,
                &quote! { *#value },
                schema,
                label,
                |value| {
                    let value = value.to_value().as_bool();
                    quote! { #value }
                },
            ),
            "f32" | "f64" => {
                let message = format!("{label}: not a finite number");
                let check = check_number(
                    &mut self.checked,
                    &quote! { *#value },
                    schema,
                    label,
                    if name == "f32" { Kind::F32 } else { Kind::F64 },
                );
                // JSON has no such number: `null` would be sent.
                quote! { if !#value.is_finite() { return Err(#message.to_owned()); } #check }
            }
            "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" => check_number(
                &mut self.checked,
                &quote! { i128::from(*#value) },
                schema,
                label,
                Kind::Integer,
            ),
            name if name.starts_with("NonZero") => check_number(
                &mut self.checked,
                &quote! { i128::from(#value.get()) },
                schema,
                label,
                Kind::Integer,
            ),
            _ => TokenStream::new(),
        }
    }

    fn check_list(
        &mut self,
        list: &TokenStream,
        ty: &Type,
        schema: &'a Node,
        label: &str,
    ) -> TokenStream {
        let mut checks = TokenStream::new();
        let maximum = self.checked.limit(schema, "maxItems").and_then(size);
        // No list is longer than the maximum of the type of its length.
        if let Some(maximum) = maximum.filter(|maximum| *maximum < usize::MAX) {
            let message = format!("{label}: more than {}", items(maximum));
            checks.extend(quote! {
                if #list.len() > #maximum { return Err(#message.to_owned()); }
            });
        }
        if let Some(minimum) = self.checked.limit(schema, "minItems").and_then(size)
            && minimum > 0
        {
            let message = format!("{label}: fewer than {}", items(minimum));
            let few = if minimum == 1 {
                quote! { #list.is_empty() }
            } else {
                quote! { #list.len() < #minimum }
            };
            checks.extend(quote! { if #few { return Err(#message.to_owned()); } });
        }
        let item_schema = schema
            .get("items")
            .and_then(|items| self.document.follow(items));
        let is_comparable = |schema: &Node| {
            let kind = schema.get("type").and_then(Node::text);
            matches!(kind, Some("boolean" | "integer" | "string"))
        };
        if item_schema.is_some_and(is_comparable) && self.checked.flag(schema, "uniqueItems") {
            let message = format!("{label}: an item is in the list twice");
            checks.extend(quote! {
                let mut items = ::std::collections::HashSet::new();
                if !#list.iter().all(|item| items.insert(item)) {
                    return Err(#message.to_owned());
                }
            });
        }
        if let (Some(items), Some(inner)) = (schema.get("items"), last_parameter(ty)) {
            let check = self.check(&quote! { value }, inner, items, label);
            checks.extend(wrap(&check, &quote! { for value in #list.iter() }));
        }
        checks
    }

    /// Generates the call of a type's own check.
    fn check_type(
        &mut self,
        value: &TokenStream,
        name: &str,
        schema: &'a Node,
        label: &str,
    ) -> TokenStream {
        if schema.get("type").and_then(Node::text) == Some("string") {
            // The type checks its text itself.
            for keyword in ["minLength", "maxLength"] {
                self.checked.limit(schema, keyword);
            }
            return TokenStream::new();
        }
        let Some(item) = self.types.get(name).cloned() else {
            self.unchecked.push(schema);
            return TokenStream::new();
        };
        match &item.fields {
            Fields::Unnamed(fields) => match fields.unnamed.first() {
                Some(field) => {
                    let check = self.check(&quote! { value }, &field.ty, schema, label);
                    bind(&check, &quote! { &#value.0 })
                }
                None => TokenStream::new(),
            },
            Fields::Named(_) => {
                if !self.of_types.contains_key(name) {
                    self.of_types.insert(name.to_owned(), None);
                    let body = self.check_fields(&item, schema);
                    self.of_types.insert(name.to_owned(), Some(body));
                }
                match self.of_types.get(name) {
                    Some(Some(body)) if body.is_empty() => TokenStream::new(),
                    _ => quote! { #value.check_limits()?; },
                }
            }
            Fields::Unit => TokenStream::new(),
        }
    }

    fn check_fields(&mut self, item: &ItemStruct, schema: &'a Node) -> TokenStream {
        let mut properties = Vec::new();
        self.collect_properties(schema, &mut properties);
        let mut checks = TokenStream::new();
        for field in &item.fields {
            let Some(ident) = &field.ident else { continue };
            let wire = wire_name(field).unwrap_or_else(|| ident.to_string());
            // Several parts of an `allOf` may limit it.
            let limiting: Vec<_> = properties
                .iter()
                .filter(|(name, _)| *name == wire)
                .collect();
            if let [(name, _), ..] = limiting[..]
                && parameter(&field.ty, "Option").is_some()
                && self.is_required(schema, name)
                && !limiting.iter().all(|(_, it)| self.is_nullable(it))
            {
                let message = format!("{name} is missing");
                checks.extend(quote! {
                    if self.#ident.is_none() { return Err(#message.to_owned()); }
                });
            }
            for (name, property) in &limiting {
                let check = self.check(&quote! { value }, &field.ty, property, name);
                if !check.is_empty() {
                    checks.extend(quote! { let value = &self.#ident; #check });
                }
            }
            if limiting.is_empty()
                && let Some(values) = schema.get("additionalProperties")
                && let Some(inner) = last_parameter(&field.ty)
            {
                let check = self.check(&quote! { value }, inner, values, &wire);
                checks.extend(wrap(&check, &quote! { for value in self.#ident.values() }));
            }
        }
        checks
    }

    /// Whether a schema or a part of its `allOf` requires a property. progenitor makes it optional if
    /// it is a list or a map, and another part has it.
    fn is_required(&self, schema: &Node, name: &str) -> bool {
        let mut required = schema.get("required").into_iter().flat_map(Node::items);
        let mut parts = schema.get("allOf").into_iter().flat_map(Node::items);
        required.any(|it| it.text() == Some(name))
            || parts.any(|part| {
                let part = self.document.follow(part);
                part.is_some_and(|part| self.is_required(part, name))
            })
    }

    fn is_nullable(&self, schema: &Node) -> bool {
        is_nullable(schema) || self.document.follow(schema).is_some_and(is_nullable)
    }

    /// Collects the properties of a schema and of the parts of its `allOf`.
    fn collect_properties(&self, schema: &'a Node, properties: &mut Vec<(&'a str, &'a Node)>) {
        for (name, property) in schema.get("properties").into_iter().flat_map(Node::entries) {
            properties.push((&name.name, property));
        }
        for part in schema.get("allOf").into_iter().flat_map(Node::items) {
            if let Some(part) = self.document.follow(part) {
                self.collect_properties(part, properties);
            }
        }
    }
}

/// Puts a check that is not empty into a block.
fn wrap(check: &TokenStream, head: &TokenStream) -> TokenStream {
    if check.is_empty() {
        return TokenStream::new();
    }
    quote! { #head { #check } }
}

/// Puts a check that is not empty into a block where `value` is this expression.
fn bind(check: &TokenStream, value: &TokenStream) -> TokenStream {
    if check.is_empty() {
        return TokenStream::new();
    }
    quote! { { let value = #value; #check } }
}

fn size(limit: &Node) -> Option<usize> {
    usize::try_from(limit.to_value().as_u64()?).ok()
}
