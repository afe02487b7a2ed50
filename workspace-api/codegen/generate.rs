//! The client from the folded contract, by progenitor, and the few edits that progenitor leaves to us.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use heck::ToShoutySnakeCase;
use openapiv3::OpenAPI;
use proc_macro2::{Ident, Span, TokenStream};
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle};
use quote::quote;
use syn::fold::{
    Fold, fold_arm, fold_block, fold_expr_call, fold_expr_method_call, fold_expr_struct,
    fold_field, fold_item_impl,
};
use syn::{
    Arm, Block, Expr, ExprCall, ExprLit, ExprMethodCall, ExprStruct, Field, ItemImpl, Lit, LitStr,
    Member, Stmt, Type, parse_quote,
};

use super::diagnostic::Diagnostic;
use super::document::{Document, method_name, operations};
use super::normalize::normalize;
use super::yaml::Node;

pub fn generate(document: &Document, contract: OpenAPI) -> Result<String, Diagnostic> {
    let tokens = client(&contract).map_err(|error| {
        let fine = |value| {
            serde_json::from_value(value).is_ok_and(|rest| client(&normalize(rest)).is_ok())
        };
        document.bisect_failure(fine).error(format!(
            "progenitor cannot generate this: {error}. Describe it in another way."
        ))
    })?;
    let (table, limits) = (table(document), limits(document));
    let version = version(document);
    let file: syn::File =
        syn::parse2(quote! { #tokens #table #limits #version }).map_err(|error| {
            document
                .root
                .position
                .error(format!("progenitor generated what is not Rust: {error}."))
        })?;
    let mut edits = Edits {
        document,
        ids: operations(document)
            .map(|operation| (method_name(operation.id()), operation.id()))
            .collect(),
        implemented: None,
    };
    Ok(prettyplease::unparse(&edits.fold_file(file)))
}

fn client(contract: &OpenAPI) -> Result<TokenStream, String> {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote! { crate::Inner });
    // progenitor panics on what it does not know. The hook is the whole program's, so one at a time changes it.
    static HOOK: Mutex<()> = Mutex::new(());
    let _changing = HOOK.lock().unwrap_or_else(PoisonError::into_inner);
    let silent = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let result = catch_unwind(AssertUnwindSafe(|| {
        Generator::new(&settings).generate_tokens(contract)
    }));
    std::panic::set_hook(silent);
    match result {
        Ok(result) => result.map_err(|error| error.to_string()),
        Err(panic) => Err(match panic.downcast_ref::<String>() {
            Some(message) => message.lines().next().unwrap_or_default().to_owned(),
            None => panic
                .downcast_ref::<&str>()
                .unwrap_or(&"a panic")
                .to_string(),
        }),
    }
}

/// The operations as data, for what the generated methods do not know: methods, paths and IAM actions.
fn table(document: &Document) -> TokenStream {
    let mut operations: Vec<_> = operations(document).collect();
    operations.sort_by_key(|operation| operation.id());
    let rows = operations.iter().map(|operation| {
        let (id, method, path) = (operation.id(), operation.method.to_uppercase(), operation.path);
        let iam_action = match operation.node.get("x-huaweicloud-iam-action").and_then(Node::text) {
            Some(action) => quote! { Some(#action) },
            None => quote! { None },
        };
        let answer = answer(document, operation.node);
        quote! {
            crate::Operation { id: #id, method: #method, path: #path, iam_action: #iam_action, response_body: crate::ResponseBody::#answer }
        }
    });
    quote! {
        /// The operations of the contract, in the order of their ids.
        pub const OPERATIONS: &[crate::Operation] = &[#(#rows),*];
    }
}

/// What the body of a success is: the client refuses anything else as not being the service's answer.
fn answer(document: &Document, operation: &Node) -> Ident {
    let responses = operation
        .get("responses")
        .into_iter()
        .flat_map(Node::entries);
    let success = responses
        .filter(|(status, _)| status.name.starts_with('2'))
        .find_map(|(_, node)| document.follow(node));
    let media_type = success.and_then(|node| node.get("content")?.get("application/json"));
    let schema = media_type.and_then(|node| document.follow(node.get("schema")?));
    let answer = match schema {
        None => "Empty",
        Some(schema) if schema.get("type").and_then(Node::text) == Some("object") => "Object",
        Some(_) => "Json",
    };
    Ident::new(answer, Span::call_site())
}

/// The version, which other code may need while it is compiled.
fn version(document: &Document) -> TokenStream {
    let info = document.root.get("info");
    let version = info
        .and_then(|info| info.get("version")?.text())
        .unwrap_or_default();
    quote! {
        /// The version of the contract.
        pub const OPENAPI_VERSION: &str = #version;
    }
}

/// The longest lists, which the generated types do not enforce.
fn limits(document: &Document) -> TokenStream {
    let schemas = document
        .resolve("#/components/schemas")
        .into_iter()
        .flat_map(Node::entries);
    let limits = schemas.flat_map(|(schema, node)| {
        let properties = node.get("properties").into_iter().flat_map(Node::entries);
        properties.filter_map(move |(property, node)| {
            let most = node.get("maxItems")?.to_value().as_u64()? as usize;
            let name = format!("{}_{}", schema.name, property.name).to_shouty_snake_case();
            let name = Ident::new(&name, Span::call_site());
            let documentation = format!(
                "The most items of `{}` in `{}`.",
                property.name, schema.name
            );
            Some(quote! { #[doc = #documentation] pub const #name: usize = #most; })
        })
    });
    quote! {
        /// The longest lists that the contract allows.
        pub mod limits { #(#limits)* }
    }
}

/// What the generator has no setting for.
struct Edits<'a> {
    document: &'a Document,
    /// The ids of the operations by the names of their methods.
    ids: HashMap<String, &'a str>,
    /// The type whose `impl` is being visited.
    implemented: Option<String>,
}

impl Edits<'_> {
    fn description(&self, type_name: &str) -> Option<String> {
        let schema = self
            .document
            .resolve(&format!("#/components/schemas/{type_name}"))?;
        let text = schema.get("description")?.text()?;
        Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

impl Fold for Edits<'_> {
    /// A list reads `null` as empty.
    fn fold_field(&mut self, mut field: Field) -> Field {
        if let Type::Path(path) = &field.ty
            && path
                .path
                .segments
                .last()
                .is_some_and(|segment| segment.ident == "Vec")
            && field
                .attrs
                .iter()
                .any(|attribute| attribute.path().is_ident("serde"))
        {
            field.attrs.push(parse_quote! { #[serde(deserialize_with = "crate::client::passage::null_as_empty")] });
        }
        fold_field(self, field)
    }

    fn fold_item_impl(&mut self, item: ItemImpl) -> ItemImpl {
        self.implemented = match item.self_ty.as_ref() {
            Type::Path(path) => path
                .path
                .segments
                .last()
                .map(|segment| segment.ident.to_string()),
            _ => None,
        };
        let item = fold_item_impl(self, item);
        self.implemented = None;
        item
    }

    /// Patterns are matched by a smaller library than the one that the generator has in mind.
    fn fold_ident(&mut self, ident: Ident) -> Ident {
        if ident == "regress" {
            Ident::new("regex_lite", ident.span())
        } else {
            ident
        }
    }

    /// A value that is refused is refused with the words of the contract.
    fn fold_lit_str(&mut self, literal: LitStr) -> LitStr {
        let text = literal.value();
        let conversion = text
            .strip_prefix("conversion to `")
            .and_then(|rest| rest.strip_suffix(" failed")?.split_once("` for "));
        let words = match conversion {
            Some((type_name, argument)) => self
                .description(type_name)
                .map(|description| format!("{argument} is not a valid {type_name}. {description}")),
            None if text.starts_with("doesn't match pattern") => {
                self.implemented.as_ref().and_then(|type_name| {
                    Some(format!(
                        "not a valid {type_name}. {}",
                        self.description(type_name)?
                    ))
                })
            }
            None => None,
        };
        match words {
            Some(words) => LitStr::new(&words, literal.span()),
            None => literal,
        }
    }

    /// An operation has the id of the contract, not the name of the method.
    fn fold_expr_struct(&mut self, mut expression: ExprStruct) -> ExprStruct {
        for field in &mut expression.fields {
            if matches!(&field.member, Member::Named(name) if name == "operation_id")
                && let Expr::Lit(ExprLit {
                    lit: Lit::Str(method),
                    ..
                }) = &mut field.expr
                && let Some(id) = self.ids.get(&method_name(&method.value()))
            {
                *method = LitStr::new(id, method.span());
            }
        }
        fold_expr_struct(self, expression)
    }

    /// The generator's own header, which the service does not know, is not sent.
    fn fold_block(&mut self, mut block: Block) -> Block {
        let sends_version = |statement: &Stmt| {
            matches!(statement, Stmt::Expr(Expr::MethodCall(append), _)
                if matches!(append.args.first(), Some(Expr::Call(name))
                    if name.args.first() == Some(&parse_quote! { "api-version" })))
        };
        block.stmts.retain(|statement| !sends_version(statement));
        fold_block(self, block)
    }

    /// Without that header most maps of headers stay empty.
    fn fold_expr_call(&mut self, call: ExprCall) -> ExprCall {
        let sized: Expr = parse_quote! { ::reqwest::header::HeaderMap::with_capacity };
        if *call.func == sized {
            return parse_quote! { ::reqwest::header::HeaderMap::new() };
        }
        fold_expr_call(self, call)
    }

    /// The endpoint has been parsed, so only the path still has to be.
    fn fold_expr_method_call(&mut self, mut call: ExprMethodCall) -> ExprMethodCall {
        let http: Expr = parse_quote! { client.client };
        if *call.receiver == http {
            call.args = parse_quote! { crate::client::url(client, &url) };
        }
        fold_expr_method_call(self, call)
    }

    /// A success that cannot be read keeps its status and headers.
    fn fold_arm(&mut self, mut arm: Arm) -> Arm {
        let generated: Expr = parse_quote! {{ ResponseValue::from_response(response).await }};
        if *arm.body == generated {
            *arm.body = parse_quote! { crate::client::passage::read(response, &info).await };
        }
        fold_arm(self, arm)
    }
}
