//! Makes every generated method check the limits that the generated types do not check: those of
//! numbers and lists.
//!
//! The fields of the types are public, so no type can check them; the `send` of the operation does,
//! before it builds the request. A limit that is checked nowhere stops the build.

use std::collections::{HashMap, HashSet};
use std::mem::swap;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{
    Expr, ExprMethodCall, Fields, File, ImplItemFn, Item, ItemImpl, ItemStruct, Lit, Stmt, Type,
    parse_quote,
};

use super::messages::alternatives;
use super::syntax::{
    functions, is_standard, last_name, last_parameter, module, parameter, variable, wire_name,
};
use crate::codegen::diagnostic::{Diagnostic, Position};
use crate::codegen::document::{Document, Operation, operations};
use crate::codegen::names::argument;
use crate::codegen::yaml::Node;

const KEYWORDS: [&str; 11] = [
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "maxItems",
    "maxLength",
    "maximum",
    "minItems",
    "minLength",
    "minimum",
    "multipleOf",
    "uniqueItems",
];

/// Adds the checks to the patched client.
pub fn add(document: &Document, client: &mut File) -> Result<(), Diagnostic> {
    let types = module(client, "types").map(structs).unwrap_or_default();
    let arguments = module(client, "builder").map(structs).unwrap_or_default();
    let mut limits = Limits {
        document,
        types,
        functions: HashMap::new(),
        checked: HashSet::new(),
    };
    let operations: HashMap<_, _> = operations(document)
        .map(|operation| (operation.id().to_owned(), operation))
        .collect();
    for item in module(client, "builder").into_iter().flatten() {
        let Item::Impl(item) = item else { continue };
        let arguments = arguments.get(&last_name(&item.self_ty));
        for send in functions(item).filter(|function| function.sig.ident == "send") {
            if let Some(operation) = called(send).and_then(|id| operations.get(&id))
                && let Some(arguments) = arguments
            {
                limits.check_arguments(operation, arguments, send);
            }
        }
    }
    let mut missed = Vec::new();
    let mut seen = HashSet::new();
    for operation in operations.values() {
        for (_, _, schema) in limits.requested(operation) {
            limits.collect_missed(schema, &mut seen, &mut missed);
        }
    }
    if let Some(first) = missed.into_iter().min() {
        return Err(first);
    }
    let mut names: Vec<_> = limits.functions.iter().collect();
    names.sort_by_key(|(name, _)| *name);
    let checks: Vec<Item> = names
        .into_iter()
        .filter_map(|(name, body)| {
            let body = body.as_ref().filter(|body| !body.is_empty())?;
            let name = format_ident!("{name}");
            let mut check: ItemImpl = parse_quote! {
                impl #name {
                    pub(super) fn check_limits(&self) -> ::std::result::Result<(), ::std::string::String> {}
                }
            };
            let body = Expr::Verbatim(quote! { #body Ok(()) });
            for function in functions(&mut check) {
                function.block.stmts.push(Stmt::Expr(body.clone(), None));
            }
            Some(Item::Impl(check))
        })
        .collect();
    if let Some(items) = module(client, "types") {
        items.extend(checks);
    }
    Ok(())
}

struct Limits<'a> {
    document: &'a Document,
    types: HashMap<String, ItemStruct>,
    /// The checks of each type, `None` while they are being generated.
    functions: HashMap<String, Option<TokenStream>>,
    /// The positions of the keywords that are checked.
    checked: HashSet<Position>,
}

impl<'a> Limits<'a> {
    /// Returns the schemas of the parameters and of the body, each with its variable and its name.
    fn requested(&self, operation: &Operation<'a>) -> Vec<(String, &'a str, &'a Node)> {
        let mut schemas = Vec::new();
        for owner in [operation.item, operation.node] {
            for entry in owner.get("parameters").into_iter().flat_map(Node::items) {
                if let Some(parameter) = self.document.follow(entry)
                    && let Some(name) = parameter.get("name").and_then(Node::text)
                    && let Some(schema) = parameter.get("schema")
                {
                    schemas.push((argument(name), name, schema));
                }
            }
        }
        let body = operation.node.get("requestBody");
        if let Some(body) = body.and_then(|body| self.document.follow(body))
            && let Some(content) = body.get("content")
            && let Some(media_type) = content.get("application/json")
            && let Some(schema) = media_type.get("schema")
        {
            schemas.push(("body".to_owned(), "body", schema));
        }
        schemas
    }

    /// Adds the checks of the arguments, each before it is unwrapped.
    fn check_arguments(
        &mut self,
        operation: &Operation<'a>,
        arguments: &ItemStruct,
        send: &mut ImplItemFn,
    ) {
        let requested = self.requested(operation);
        let Fields::Named(fields) = &arguments.fields else {
            return;
        };
        for field in &fields.named {
            let Some(variable) = &field.ident else {
                continue;
            };
            let mut requested = requested.iter();
            let Some((_, name, schema)) = requested.find(|(name, _, _)| *variable == *name) else {
                continue;
            };
            let Some(ty) = parameter(&field.ty, "Result") else {
                continue;
            };
            let check = self.check(&quote! { value }, ty, schema, name);
            if check.is_empty() {
                continue;
            }
            let mut results = send.block.stmts.iter_mut();
            if let Some(result) = results.find_map(|statement| unwrapped(statement, variable)) {
                let check = quote! {
                    |checked| {
                        let value = &checked;
                        #check
                        Ok(checked)
                    }
                };
                let mut call: ExprMethodCall = parse_quote! { result.and_then(check) };
                swap(call.receiver.as_mut(), result);
                call.args = [Expr::Verbatim(check)].into_iter().collect();
                *result = Expr::MethodCall(call);
            }
        }
    }

    /// Generates the check of `value`, a reference to a value of this type.
    fn check(
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
            "bool" => self.check_choice(&quote! { *#value }, schema, label, |value| {
                let value = value.to_value().as_bool();
                quote! { #value }
            }),
            "f32" | "f64" => {
                self.check_number(&quote! { f64::from(*#value) }, schema, label, false)
            }
            "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" => {
                self.check_number(&quote! { i128::from(*#value) }, schema, label, true)
            }
            name if name.starts_with("NonZero") => {
                self.check_number(&quote! { i128::from(#value.get()) }, schema, label, true)
            }
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
        if let Some(maximum) = self.limit(schema, "maxItems").and_then(size) {
            let message = format!("{label}: more than {}", items(maximum));
            checks.extend(quote! {
                if #list.len() > #maximum { return Err(#message.to_owned()); }
            });
        }
        if let Some(minimum) = self.limit(schema, "minItems").and_then(size)
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
        if item_schema.is_some_and(is_comparable) && self.flag(schema, "uniqueItems") {
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

    fn check_number(
        &mut self,
        number: &TokenStream,
        schema: &'a Node,
        label: &str,
        is_integer: bool,
    ) -> TokenStream {
        let mut checks =
            self.check_choice(number, schema, label, |value| literal(value, is_integer));
        let exclusive_minimum = self.flag(schema, "exclusiveMinimum");
        let exclusive_maximum = self.flag(schema, "exclusiveMaximum");
        // An integer cannot be beyond the range of its type.
        let excludes = |limit: &&Node| !is_integer || !limit.to_value().is_f64();
        if let Some(minimum) = self.limit(schema, "minimum").filter(excludes) {
            let limit = literal(minimum, is_integer);
            let (low, than) = if exclusive_minimum {
                (quote! { #number <= #limit }, "not above")
            } else {
                (quote! { #number < #limit }, "below")
            };
            let message = format!("{label}: {than} {}", minimum.to_value());
            checks.extend(quote! { if #low { return Err(#message.to_owned()); } });
        }
        if let Some(maximum) = self.limit(schema, "maximum").filter(excludes) {
            let limit = literal(maximum, is_integer);
            let (high, than) = if exclusive_maximum {
                (quote! { #number >= #limit }, "not below")
            } else {
                (quote! { #number > #limit }, "above")
            };
            let message = format!("{label}: {than} {}", maximum.to_value());
            checks.extend(quote! { if #high { return Err(#message.to_owned()); } });
        }
        if is_integer
            && schema
                .get("multipleOf")
                .is_some_and(|node| node.to_value().is_u64())
            && let Some(factor) = self.limit(schema, "multipleOf")
        {
            let literal = literal(factor, true);
            let message = format!("{label}: not a multiple of {}", factor.to_value());
            checks
                .extend(quote! { if #number % #literal != 0 { return Err(#message.to_owned()); } });
        }
        checks
    }

    /// Generates the check of an `enum` of numbers or booleans.
    fn check_choice(
        &mut self,
        value: &TokenStream,
        schema: &'a Node,
        label: &str,
        literal: impl Fn(&Node) -> TokenStream,
    ) -> TokenStream {
        let Some(choice) = self.limit(schema, "enum") else {
            return TokenStream::new();
        };
        let values = choice.items().iter();
        let values: Vec<_> = values.filter(|it| !it.to_value().is_null()).collect();
        let literals = values.iter().map(|value| literal(value));
        let texts: Vec<_> = values.iter().map(|it| it.to_value().to_string()).collect();
        let message = format!("{label}: use {}", alternatives(&texts));
        quote! {
            if ![#(#literals),*].contains(&#value) { return Err(#message.to_owned()); }
        }
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
                self.limit(schema, keyword);
            }
            return TokenStream::new();
        }
        let Some(item) = self.types.get(name).cloned() else {
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
                if !self.functions.contains_key(name) {
                    self.functions.insert(name.to_owned(), None);
                    let body = self.check_fields(&item, schema);
                    self.functions.insert(name.to_owned(), Some(body));
                }
                match self.functions.get(name) {
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

    /// Returns a limit, which the caller checks.
    fn limit(&mut self, schema: &'a Node, keyword: &str) -> Option<&'a Node> {
        let limit = schema.get(keyword)?;
        self.checked.insert(limit.position);
        Some(limit)
    }

    fn flag(&mut self, schema: &'a Node, keyword: &str) -> bool {
        let flag = self.limit(schema, keyword);
        flag.is_some_and(Node::is_true)
    }

    /// Collects the limits in a schema that are not checked.
    fn collect_missed(
        &self,
        schema: &'a Node,
        seen: &mut HashSet<Position>,
        missed: &mut Vec<Diagnostic>,
    ) {
        let Some(schema) = self.document.follow(schema) else {
            return;
        };
        if !seen.insert(schema.position) {
            return;
        }
        for (key, value) in schema.entries() {
            let is_limit = KEYWORDS.contains(&key.name.as_str());
            // The type of a text has a variant for each value.
            let is_type =
                key.name == "enum" && schema.get("type").and_then(Node::text) == Some("string");
            let says_nothing = is_type
                || [0.into(), false.into()].contains(&value.to_value())
                    && !matches!(key.name.as_str(), "maximum" | "minimum")
                || key.name == "minimum" && value.to_value() == 0 && is_unsigned(schema);
            if is_limit && !says_nothing && !self.checked.contains(&value.position) {
                missed.push(key.position.error(format!(
                    "the client cannot check `{}` here. Remove it, and state the limit in the \
                     description.",
                    key.name
                )));
            }
            match key.name.as_str() {
                "items" | "additionalProperties" => self.collect_missed(value, seen, missed),
                "properties" => {
                    for (_, property) in value.entries() {
                        self.collect_missed(property, seen, missed);
                    }
                }
                "allOf" | "oneOf" => {
                    for part in value.items() {
                        self.collect_missed(part, seen, missed);
                    }
                }
                _ => {}
            }
        }
    }
}

fn structs(items: &mut Vec<Item>) -> HashMap<String, ItemStruct> {
    let mut structs = HashMap::new();
    for item in items {
        if let Item::Struct(item) = item {
            structs.insert(item.ident.to_string(), item.clone());
        }
    }
    structs
}

/// Returns the operation id in `client.call(request, "ListLamps").await`.
fn called(send: &ImplItemFn) -> Option<String> {
    let Some(Stmt::Expr(Expr::Await(awaited), None)) = send.block.stmts.last() else {
        return None;
    };
    let Expr::MethodCall(call) = awaited.base.as_ref() else {
        return None;
    };
    match call.args.last() {
        Some(Expr::Lit(literal)) => match &literal.lit {
            Lit::Str(id) => Some(id.value()),
            _ => None,
        },
        _ => None,
    }
}

/// Returns the `Result` in `let variable = ….map_err(crate::Error::invalid_input)?;`.
fn unwrapped<'a>(statement: &'a mut Stmt, name: &Ident) -> Option<&'a mut Expr> {
    match variable(statement)? {
        (found, Expr::Try(tried)) if found == name => match tried.expr.as_mut() {
            Expr::MethodCall(call) => Some(&mut call.receiver),
            _ => None,
        },
        _ => None,
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

fn literal(limit: &Node, is_integer: bool) -> TokenStream {
    let value = limit.to_value();
    if is_integer {
        let number = value
            .as_i64()
            .map(i128::from)
            .or(value.as_u64().map(i128::from));
        let number = number.map(proc_macro2::Literal::i128_unsuffixed);
        return quote! { #number };
    }
    let number = value.as_f64().map(proc_macro2::Literal::f64_suffixed);
    quote! { #number }
}

/// Whether no value of this schema is below 0.
fn is_unsigned(schema: &Node) -> bool {
    let format = schema.get("format").and_then(Node::text);
    format.is_some_and(|format| format.starts_with("uint"))
}

fn size(limit: &Node) -> Option<usize> {
    usize::try_from(limit.to_value().as_u64()?).ok()
}

fn items(count: usize) -> String {
    match count {
        1 => "1 item".to_owned(),
        _ => format!("{count} items"),
    }
}
