//! Makes the generated types convenient, and able to grow: a new optional property, parameter or
//! enum value must not break a caller.
//!
//! progenitor's types can be written as literals, which a new property breaks. Its text types
//! dereference to `String`, its builders have the names of what they build, and their setters take
//! `Option<_>`, which plain text is not. Whatever is not changed here stops the build.

use std::collections::{HashMap, HashSet};

use heck::ToPascalCase as _;
use proc_macro2::Ident;
use quote::{format_ident, quote};
use syn::{
    Attribute, Expr, File, GenericArgument, ImplItem, ImplItemFn, Item, ItemImpl, ItemStruct,
    PathArguments, Stmt, Type, TypeParamBound, Visibility, WherePredicate, parse_quote,
};

use super::messages::Labels;
use super::rename::Rename;
use super::syntax::{functions, implements, is_code, last_name, parameter};
use super::texts::{self, implementations, is_text};
use crate::codegen::diagnostic::Diagnostic;
use crate::codegen::document::{Document, Operation, operations};
use crate::codegen::names::{self, argument};
use crate::codegen::yaml::Node;

/// The documentation of fields: by type, then by field.
type FieldDocs = HashMap<String, HashMap<String, Vec<Attribute>>>;

/// Changes the types, their builders and the builders of the operations. Returns the code to add to
/// types, by their names.
pub fn refine(
    document: &Document,
    labels: &Labels,
    client: &mut File,
) -> Result<HashMap<String, String>, Diagnostic> {
    let mut surface = Surface {
        document,
        labels,
        operations: operations(document)
            .map(|operation| (operation.id().to_pascal_case(), operation))
            .collect(),
        docs: FieldDocs::new(),
        texts: HashSet::new(),
        added: HashMap::new(),
        builders: HashSet::new(),
        limited: HashSet::new(),
        problem: None,
    };
    for item in &mut client.items {
        match item {
            Item::Struct(item) if item.ident == "Client" => surface.client(item),
            Item::Mod(module) if module.ident == "types" => {
                if let Some((_, items)) = &mut module.content {
                    surface.types(items);
                }
            }
            _ => {}
        }
    }
    for item in &mut client.items {
        if let Item::Mod(module) = item
            && module.ident == "builder"
            && let Some((_, items)) = &mut module.content
        {
            surface.operation_builders(items);
        }
    }
    match surface.problem {
        None => Ok(surface.added),
        Some(problem) => Err(document.root.position.error(format!(
            "the generated types cannot be refined: {problem}. Adapt workspace-api/codegen/patch/ \
             to this version of progenitor."
        ))),
    }
}

struct Surface<'a> {
    document: &'a Document,
    labels: &'a Labels<'a>,
    /// The operations by the names of their builders.
    operations: HashMap<String, Operation<'a>>,
    docs: FieldDocs,
    /// The types that are text.
    texts: HashSet<String>,
    /// Printed code to add to types, by their names.
    added: HashMap<String, String>,
    /// The types that have a builder.
    builders: HashSet<String>,
    /// The types with limits that `check_limits` checks.
    limited: HashSet<String>,
    /// The first part that was not found.
    problem: Option<String>,
}

impl Surface<'_> {
    fn fail(&mut self, problem: String) {
        self.problem.get_or_insert(problem);
    }

    /// Documents the client; progenitor's title is that of the contract.
    fn client(&mut self, client: &mut ItemStruct) {
        let text = |pointer| self.document.resolve(pointer).and_then(Node::text);
        let description = text("#/info/description").unwrap_or_default().trim();
        let version = text("#/info/version").unwrap_or_default();
        let documentation = format!(
            "A client of the operations of the contract, version {version}. [`Client::builder`] \
             makes one.\n\nClones share connections, credentials and settings, so a clone is \
             cheap.\n\n# The service\n\n{description}"
        );
        client.attrs.retain(|attribute| !is_doc(attribute));
        client.attrs.push(parse_quote! { #[doc = #documentation] });
    }

    fn types(&mut self, items: &mut Vec<Item>) {
        let mut texts = HashSet::new();
        let mut displayed = HashSet::new();
        let mut parsed = HashSet::new();
        let from_text = quote! { ::std::convert::TryFrom<&str> };
        for item in items.iter_mut() {
            match item {
                Item::Struct(item) if is_text(item) => {
                    texts.insert(item.ident.to_string());
                }
                Item::Struct(item) => {
                    item.attrs.push(parse_quote! { #[non_exhaustive] });
                    self.docs.insert(item.ident.to_string(), field_docs(item));
                }
                Item::Enum(item) => item.attrs.push(parse_quote! { #[non_exhaustive] }),
                Item::Impl(item) if implements(item, "Display") => {
                    displayed.insert(last_name(&item.self_ty));
                }
                Item::Impl(item)
                    if implements(item, "TryFrom")
                        && item
                            .trait_
                            .as_ref()
                            .is_some_and(|(path, _)| is_code(path, &from_text)) =>
                {
                    parsed.insert(last_name(&item.self_ty));
                }
                Item::Impl(item) if has_function(item, "check_limits") => {
                    self.limited.insert(last_name(&item.self_ty));
                }
                // That of the crate is made by its text types, too.
                Item::Mod(module) if module.ident == "error" => {
                    module.content = Some((
                        syn::token::Brace::default(),
                        vec![parse_quote! { pub use crate::checked_text::ConversionError; }],
                    ));
                }
                // serde reads the defaults by path, and nobody else can call them.
                Item::Mod(module) if module.ident == "defaults" => {
                    module.vis = Visibility::Inherited;
                }
                _ => {}
            }
        }
        let checked: HashSet<_> = texts.intersection(&parsed).cloned().collect();
        self.checked_texts(&checked, items);
        items.retain(|item| match item {
            Item::Impl(item) if implements(item, "Deref") => {
                !texts.contains(&last_name(&item.self_ty))
            }
            _ => true,
        });
        for item in items.iter_mut() {
            if let Item::Mod(module) = item
                && module.ident == "builder"
                && let Some((_, items)) = &mut module.content
            {
                self.type_builders(items);
            }
        }
        let rename = Rename {
            builders: &self.builders,
            scope: &["builder"],
        };
        for item in items.iter_mut() {
            rename.item(item);
        }
        for name in texts.difference(&checked) {
            let code = implementations(name, displayed.contains(name));
            self.added.insert(name.clone(), code);
        }
        self.texts = texts;
    }

    /// Replaces the text types with limits by aliases, and their implementations by their limits.
    fn checked_texts(&mut self, checked: &HashSet<String>, items: &mut Vec<Item>) {
        let mut limits = Vec::new();
        items.retain_mut(|item| match item {
            Item::Struct(text) if checked.contains(&text.ident.to_string()) => {
                *item = texts::alias(text);
                true
            }
            Item::Impl(item) => {
                let name = last_name(&item.self_ty);
                if implements(item, "FromStr") && checked.contains(&name) {
                    let mut functions = functions(item);
                    let found = functions.find_map(|function| texts::limits(&name, function));
                    match found {
                        Some(found) => limits.push(found),
                        None => self.fail(format!("the limits of the text `{name}`")),
                    }
                }
                !is_of_text(item, checked)
            }
            _ => true,
        });
        for item in items.iter_mut() {
            match item {
                Item::Impl(item) if implements(item, "Default") => {
                    for item in &mut item.items {
                        texts::make_defaults(item, checked);
                    }
                }
                Item::Mod(module) if module.ident == "defaults" => {
                    for item in module.content.iter_mut().flat_map(|(_, items)| items) {
                        texts::make_defaults(item, checked);
                    }
                }
                _ => {}
            }
        }
        if !limits.is_empty() {
            items.push(Item::Verbatim(quote! {
                /// The limits of the text types.
                pub mod texts { #(#limits)* }
            }));
        }
    }

    /// Renames the builders of types, documents their setters, and gives them `build`.
    fn type_builders(&mut self, items: &mut Vec<Item>) {
        for item in items.iter() {
            if let Item::Struct(item) = item {
                self.builders.insert(item.ident.to_string());
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
                        self.setter(&name, setter);
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
            builders: &self.builders,
            scope: &[],
        };
        for item in items.iter_mut() {
            rename.item(item);
            if let Item::Struct(item) = item {
                item.ident = format_ident!("{}Builder", item.ident);
            }
        }
    }

    /// Makes a setter take a plain value instead of an `Option`, reject an empty list that must not
    /// be empty, and have the documentation of its property.
    fn setter(&mut self, name: &str, setter: &mut ImplItemFn) {
        let property = setter.sig.ident.to_string();
        if let Some(documentation) = self.docs.get(name).and_then(|docs| docs.get(&property)) {
            setter.attrs.splice(0..0, documentation.iter().cloned());
        }
        let Some(converted) = converted_type(setter) else {
            return self.fail(format!(
                "the setter `{name}::{property}` has no `TryInto<_>`"
            ));
        };
        let optional = parameter(converted, "Option").cloned();
        let wraps = optional.is_some();
        if let Some(inner) = optional {
            *converted = inner;
        }
        let minimum = self.minimum_items(name, &property);
        if !wraps && minimum == 0 {
            return;
        }
        let Some(Stmt::Expr(Expr::Assign(assign), _)) = setter.block.stmts.first_mut() else {
            return self.fail(format!("the setter `{name}::{property}` does not assign"));
        };
        if wraps {
            let value = &assign.right;
            *assign.right = parse_quote! { #value.map(Some) };
        } else if minimum > 0 {
            let value = &assign.right;
            let message = match minimum {
                1 => format!("{property}: fewer than 1 item"),
                _ => format!("{property}: fewer than {minimum} items"),
            };
            let minimum = usize::try_from(minimum).unwrap_or(usize::MAX);
            *assign.right = parse_quote! {
                #value.and_then(|items: ::std::vec::Vec<_>| {
                    if items.len() < #minimum { Err(#message.to_owned()) } else { Ok(items) }
                })
            };
        }
    }

    /// Returns how many items the list that is this property must have.
    fn minimum_items(&self, schema: &str, property: &str) -> u64 {
        let properties = self
            .labels
            .schema(schema)
            .and_then(|it| it.get("properties"));
        let mut properties = properties.into_iter().flat_map(Node::entries);
        let list = properties.find(|(key, _)| names::field(&key.name) == property);
        let minimum = list.and_then(|(_, list)| list.get("minItems"));
        let minimum = minimum.map(Node::to_value);
        minimum.and_then(|minimum| minimum.as_u64()).unwrap_or(0)
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

    fn operation_builders(&self, items: &mut [Item]) {
        let rename = Rename {
            builders: &self.builders,
            scope: &["types", "builder"],
        };
        for item in items.iter_mut() {
            rename.item(item);
            match item {
                Item::Struct(item) => item.attrs.push(parse_quote! {
                    #[must_use = "nothing is sent before `send`"]
                }),
                Item::Impl(item) if item.trait_.is_none() => self.operation_builder(item),
                _ => {}
            }
        }
        let mut texts = HashMap::new();
        for item in items.iter() {
            if let Item::Struct(item) = item {
                texts.insert(item.ident.to_string(), self.text_fields(item));
            }
        }
        for item in items.iter_mut() {
            if let Item::Impl(item) = item
                && item.trait_.is_none()
                && let Some(texts) = texts.get(&last_name(&item.self_ty))
            {
                for send in functions(item).filter(|function| function.sig.ident == "send") {
                    borrow_texts(send, texts);
                }
            }
        }
    }

    /// Returns the names of the parameters that are text.
    fn text_fields(&self, builder: &ItemStruct) -> Vec<Ident> {
        let mut names = Vec::new();
        for field in &builder.fields {
            if let (Some(name), Some(ty)) = (&field.ident, parameter(&field.ty, "Result")) {
                let ty = last_name(ty);
                if ty == "String" || self.texts.contains(&ty) {
                    names.push(name.clone());
                }
            }
        }
        names
    }

    /// Documents the methods of an operation's builder.
    fn operation_builder(&self, item: &mut ItemImpl) {
        let name = last_name(&item.self_ty);
        let document = self.document;
        let operation = self.operations.get(&name);
        for function in functions(item) {
            let method = function.sig.ident.to_string();
            match method.as_str() {
                // The client's method makes it.
                "new" => function.vis = parse_quote! { pub(super) },
                "send" => {}
                "body_map" => function.attrs.push(parse_quote! {
                    /// Changes the body.
                }),
                _ => {
                    let description =
                        operation.and_then(|operation| description(document, operation, &method));
                    if let Some(description) = description {
                        function.attrs.push(parse_quote! { #[doc = #description] });
                    }
                }
            }
        }
    }
}

/// Puts text into the path of a request without a copy.
fn borrow_texts(send: &mut ImplItemFn, names: &[Ident]) {
    for statement in &mut send.block.stmts {
        if let Stmt::Local(local) = statement
            && let Some(init) = &mut local.init
            && let Expr::Macro(url) = init.expr.as_mut()
        {
            let mut tokens = url.mac.tokens.to_string();
            for name in names {
                let copied = quote! { &#name.to_string() }.to_string();
                tokens = tokens.replace(&copied, &quote! { #name.as_str() }.to_string());
            }
            if let Ok(tokens) = tokens.parse() {
                url.mac.tokens = tokens;
            }
        }
    }
}

/// Returns the description of a parameter or of the body.
fn description(document: &Document, operation: &Operation, method: &str) -> Option<String> {
    if method == "body" {
        let body = document.follow(operation.node.get("requestBody")?)?;
        return body.get("description")?.text().map(str::to_owned);
    }
    let parameters = [operation.item, operation.node].map(|node| node.get("parameters"));
    let mut parameters = parameters.into_iter().flatten().flat_map(Node::items);
    parameters.find_map(|parameter| {
        let parameter = document.follow(parameter)?;
        let name = parameter.get("name")?.text()?;
        let is_named = argument(name) == method;
        let description = parameter.get("description")?.text()?;
        is_named.then(|| description.to_owned())
    })
}

/// Whether `CheckedText` implements this for the text types among these.
fn is_of_text(item: &ItemImpl, checked: &HashSet<String>) -> bool {
    let Some((path, _)) = &item.trait_ else {
        return false;
    };
    let Some(last) = path.segments.last() else {
        return false;
    };
    // `impl From<DesktopId> for String`
    if let PathArguments::AngleBracketed(arguments) = &last.arguments
        && let Some(GenericArgument::Type(from)) = arguments.args.first()
        && last.ident == "From"
        && checked.contains(&last_name(from))
    {
        return true;
    }
    // A default is that of one text.
    last.ident != "Default" && checked.contains(&last_name(&item.self_ty))
}

fn field_docs(item: &ItemStruct) -> HashMap<String, Vec<Attribute>> {
    let mut docs = HashMap::new();
    for field in &item.fields {
        if let Some(name) = &field.ident {
            let attributes = field.attrs.iter().filter(|attribute| is_doc(attribute));
            docs.insert(name.to_string(), attributes.cloned().collect());
        }
    }
    docs
}

fn is_doc(attribute: &Attribute) -> bool {
    attribute.path().is_ident("doc")
}

fn has_function(item: &ItemImpl, name: &str) -> bool {
    item.items.iter().any(|item| match item {
        ImplItem::Fn(function) => function.sig.ident == name,
        _ => false,
    })
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
