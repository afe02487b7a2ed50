//! Patches progenitor's output where progenitor has no setting.
//!
//! The most important patch cuts each generated `send` where it would start to send, and ends it
//! with the client's own call, so that every request is checked, authenticated and retried on one
//! path. A patch that no longer applies must never leave a method that sends in another way.
//! Therefore each patch matches a whole item, statement or type that progenitor emits, and is
//! counted. A count that the contract does not explain stops the build.

mod body;
mod headers;
mod limits;
mod messages;
mod order;
mod patterns;
pub mod read;
mod rename;
mod response_types;
mod send;
mod surface;
pub mod syntax;
#[cfg(test)]
mod tests;
mod texts;
mod values;

use std::collections::HashMap;

use quote::quote;
use syn::{ExprCall, Field, Fields, File, ImplItem, Item, ItemImpl, ItemMod, parse_quote};

use super::diagnostic::{Diagnostic, INTERNAL};
use super::document::{Document, method_name, operations};
use super::names::parameter as parameter_name;
use super::yaml::Node;
pub use messages::Labels;
use patterns::Patterns;
pub use surface::Written;
use syntax::{functions, has_default, implements, is_code, is_list, last_name, module, parameter};
use values::Values;

/// The patched client.
pub struct Patched {
    pub client: File,
    pub written: Written,
}

/// Patches the client that progenitor generated from the contract, or from a share of it. The labels
/// are those of the whole contract.
pub fn patch(
    document: &Document,
    labels: &Labels,
    client: File,
) -> Result<Patched, Vec<Diagnostic>> {
    let ids = operations(document).map(|operation| (method_name(operation.id()), operation.id()));
    let mut patches = Patches {
        ids: ids.collect(),
        labels,
        patterns: Patterns::default(),
        values: Values::default(),
        renamed: renamed_parameters(document),
        names: 0,
        constructors: 0,
        client_info: 0,
        hooks: 0,
        base_url: 0,
        path_encoding: 0,
        lists: 0,
        sends: 0,
        uncut: Vec::new(),
        unpatched: Vec::new(),
    };
    let mut client = patches.client(client);
    match patches.failure(has_list(&document.root)) {
        None => {
            if let Some(types) = module(&mut client, "types") {
                order::restore(document, types);
            }
            limits::add(document, &mut client)?;
            let written = surface::refine(document, labels, &mut client).map_err(|error| vec![error])?;
            body::split(&mut client);
            Ok(Patched { client, written })
        }
        Some(failure) => Err(vec![document.root.position.error(format!(
            "{INTERNAL}: the generated client cannot be patched: {failure}. Adapt workspace-api/codegen/patch/ \
             to this version of progenitor."
        ))]),
    }
}

/// The parts of the contract that the patches need, and how often each patch applied.
struct Patches<'a> {
    /// The ids of the operations by the names of their methods.
    ids: HashMap<String, &'a str>,
    labels: &'a Labels<'a>,
    patterns: Patterns,
    values: Values,
    /// The parameters that were generated from other names.
    renamed: usize,
    names: usize,
    constructors: usize,
    client_info: usize,
    hooks: usize,
    base_url: usize,
    path_encoding: usize,
    lists: usize,
    sends: usize,
    /// Why a `send` was not cut.
    uncut: Vec<String>,
    /// The functions whose message was not found.
    unpatched: Vec<String>,
}

impl Patches<'_> {
    /// Describes the first patch that did not apply as often as the contract requires.
    fn failure(&self, has_list: bool) -> Option<String> {
        if let Some(uncut) = self.uncut.first() {
            return Some(uncut.clone());
        }
        let operations = self.ids.len();
        if self.sends != operations {
            return Some(format!(
                "{} of {operations} `send` methods were found",
                self.sends
            ));
        }
        let once = [
            ("the constructors of `Client`", self.constructors),
            ("the impl of `ClientInfo`", self.client_info),
            ("the assertion of `ClientHooks`", self.hooks),
            ("the base URL of `Client`", self.base_url),
            ("the import of `encode_path`", self.path_encoding),
        ];
        for (item, count) in once {
            if count != 1 {
                return Some(format!("{item}: expected once, found {count} times"));
            }
        }
        if has_list && self.lists == 0 {
            return Some("no list field was found".to_owned());
        }
        if let Some(function) = self.unpatched.first() {
            return Some(format!("the error message of `{function}` was not found"));
        }
        if self.names != self.renamed {
            return Some("the name of a parameter was not found".to_owned());
        }
        if !self.values.are_complete() {
            return Some("a value of an enum was not found".to_owned());
        }
        let is_complete = self.patterns.are_complete();
        (!is_complete).then(|| "the match of a pattern was not found".to_owned())
    }

    fn client(&mut self, mut client: File) -> File {
        client.items.retain(|item| !self.removes(item));
        for item in &mut client.items {
            match item {
                Item::Struct(item) if item.ident == "Client" => self.base_url(&mut item.fields),
                Item::Mod(module) => self.module(module),
                Item::Use(imports) => {
                    self.path_encoding += usize::from(send::replace_path_encoding(imports));
                }
                _ => {}
            }
        }
        client
    }

    fn module(&mut self, module: &mut ItemMod) {
        if let Some((_, items)) = &mut module.content {
            match module.ident.to_string().as_str() {
                "types" => self.types(items),
                "builder" => self.builders(items),
                _ => {}
            }
        }
    }

    /// The base URL is parsed once, not for each request.
    fn base_url(&mut self, fields: &mut Fields) {
        let text = quote! { String };
        for field in fields.iter_mut() {
            if field.ident.as_ref().is_some_and(|name| name == "baseurl")
                && is_code(&field.ty, &text)
            {
                field.ty = parse_quote! { crate::client::BaseUrl };
                self.base_url += 1;
            }
        }
    }

    /// Removes the constructors, because clients come from the builder, and the items that only
    /// progenitor's own way of sending needs. Without its hooks, a `send` that is not cut does not
    /// compile.
    fn removes(&mut self, item: &Item) -> bool {
        let count = match item {
            Item::Impl(item) if is_constructors(item) => &mut self.constructors,
            Item::Impl(item) if implements(item, "ClientInfo") => &mut self.client_info,
            item if is_hooks_assertion(item) => &mut self.hooks,
            _ => return false,
        };
        *count += 1;
        true
    }

    fn types(&mut self, items: &mut [Item]) {
        for item in items {
            match item {
                Item::Struct(item) => self.lists(&mut item.fields),
                Item::Enum(item) => {
                    self.values.restore_variants(item);
                    let fields = item.variants.iter_mut().flat_map(|it| it.fields.iter_mut());
                    fields.filter(|field| is_default(field)).for_each(leave_out);
                }
                Item::Impl(item) => {
                    self.values.restore_matches(item);
                    self.conversion(item);
                }
                _ => {}
            }
        }
    }

    /// Makes optional lists of responses read `null` as empty. Required lists are in requests,
    /// which are never read. An optional list or map of a request is left out if it is absent, also
    /// if it has a default or if another part of an `allOf` requires it.
    fn lists(&mut self, fields: &mut Fields) {
        for field in fields.iter_mut() {
            let is_serde = |attribute: &syn::Attribute| attribute.path().is_ident("serde");
            let has_serde = field.attrs.iter().any(is_serde);
            let is_optional_list = parameter(&field.ty, "Option").is_some_and(is_list);
            self.lists += usize::from(is_optional_list);
            if is_optional_list && !has_serde || is_default(field) {
                leave_out(field);
            }
            if !is_list(&field.ty) {
                continue;
            }
            self.lists += 1;
            if has_serde {
                field.attrs.push(parse_quote! {
                    #[serde(deserialize_with = "crate::http::null_as_empty")]
                });
            }
        }
    }

    /// Rewrites the match and the messages of a conversion that checks a value.
    fn conversion(&mut self, item: &mut ItemImpl) {
        if !implements(item, "FromStr") && !implements(item, "TryFrom") {
            return;
        }
        let name = last_name(&item.self_ty);
        for function in functions(item) {
            let checked = quote! { -> ::std::result::Result<Self, self::error::ConversionError> };
            let is_checked =
                function.sig.ident == "from_str" && is_code(&function.sig.output, &checked);
            self.patterns.replace(function);
            let count = messages::conversion(function, &name, self.labels);
            if is_checked && count == 0 {
                self.unpatched.push(format!("{name}::from_str"));
            }
        }
    }

    fn builders(&mut self, items: &mut [Item]) {
        let convert = parse_quote! { super::convert(value, "") };
        for item in items {
            if let Item::Impl(item) = item {
                for send in functions(item).filter(|function| function.sig.ident == "send") {
                    if self.renamed > 0 {
                        self.names += values::restore_names(send);
                    }
                    match send::cut(send, &self.ids) {
                        Ok(()) => self.sends += 1,
                        Err(why) => self.uncut.push(why),
                    }
                }
            }
            self.messages(item, &convert);
        }
    }

    /// Rewrites the messages of a builder about invalid and missing values.
    fn messages(&mut self, item: &mut Item, convert: &ExprCall) {
        let Item::Impl(item) = item else { return };
        let name = last_name(&item.self_ty);
        let is_inherent = item.trait_.is_none();
        for function in functions(item) {
            messages::missing_values(function);
            let method = function.sig.ident.to_string();
            let is_setter = is_inherent && !["new", "body_map", "send"].contains(&method.as_str());
            if is_setter && !messages::setter(function, convert) {
                self.unpatched.push(format!("{name}::{method}"));
            }
        }
    }
}

/// Whether this is an optional list or map with a default.
fn is_default(field: &Field) -> bool {
    parameter(&field.ty, "Option").is_some() && field.attrs.iter().any(has_default)
}

/// Leaves out a field that has no value.
fn leave_out(field: &mut Field) {
    field.attrs.push(parse_quote! {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    });
}

/// Returns the number of parameters that are generated from other names.
fn renamed_parameters(document: &Document) -> usize {
    let owners = operations(document).flat_map(|operation| [operation.item, operation.node]);
    let parameters = owners
        .filter_map(|owner| owner.get("parameters"))
        .flat_map(Node::items);
    let names = parameters.filter_map(|entry| document.follow(entry)?.get("name")?.text());
    names.filter(|name| parameter_name(name) != *name).count()
}

/// Whether this is `impl Client { pub fn new(…) -> Self; pub fn new_with_client(…) -> Self }`.
fn is_constructors(item: &ItemImpl) -> bool {
    let names = item.items.iter().map(|item| match item {
        ImplItem::Fn(function) => function.sig.ident.to_string(),
        _ => String::new(),
    });
    item.trait_.is_none() && names.eq(["new", "new_with_client"])
}

/// Whether this is progenitor's assertion that the hooks are implemented, `const _: () = { … };`.
fn is_hooks_assertion(item: &Item) -> bool {
    let assertion = quote! {
        const _: () = {
            #[allow(dead_code)]
            fn assert_client_hooks() where Client: ClientHooks<crate::client::Inner> {}
        };
    };
    matches!(item, Item::Const(_)) && is_code(item, &assertion)
}

/// Whether the contract has a list property, which becomes a list field of the client. In a part of a
/// `oneOf`, it may become that of a variant.
fn has_list(node: &Node) -> bool {
    let is_array = |node: &Node| node.get("type").and_then(Node::text) == Some("array");
    let mut properties = node.get("properties").into_iter().flat_map(Node::entries);
    let values = node.entries().filter(|(key, _)| key.name != "oneOf");
    let mut parts = values.map(|(_, value)| value).chain(node.items());
    properties.any(|(_, property)| is_array(property)) || parts.any(has_list)
}
