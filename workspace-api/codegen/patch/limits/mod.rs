//! Makes every generated method check the limits that the generated types do not check: those of
//! numbers and lists.
//!
//! The fields of the types are public, so no type can check them; the `send` of the operation does,
//! before it builds the request. A limit that is checked nowhere stops the build.

mod checks;
mod keywords;
mod numbers;

use std::collections::{HashMap, HashSet};
use std::mem::swap;

use proc_macro2::Ident;
use quote::{format_ident, quote};
use syn::{
    Expr, ExprMethodCall, Fields, File, ImplItemFn, Item, ItemImpl, ItemStruct, Lit, Stmt,
    parse_quote,
};

use super::syntax::{functions, last_name, module, parameter, variable};
use crate::codegen::diagnostic::Diagnostic;
use crate::codegen::document::{Document, Operation, operations};
use crate::codegen::names::argument;
use crate::codegen::yaml::Node;
use checks::Checks;
use keywords::Checked;

/// Adds the checks to the patched client, or returns every limit that they miss.
pub fn add(document: &Document, client: &mut File) -> Result<(), Vec<Diagnostic>> {
    let types = module(client, "types").map(structs).unwrap_or_default();
    let arguments = module(client, "builder").map(structs).unwrap_or_default();
    let mut checks = Checks::new(document, types);
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
                check_arguments(document, &mut checks, operation, arguments, send);
            }
        }
    }
    let mut missed = Vec::new();
    let mut seen = HashSet::new();
    for operation in operations.values() {
        for (_, _, schema) in requested(document, operation) {
            checks
                .checked()
                .collect_missed(document, schema, &mut seen, &mut missed);
        }
    }
    // Another value of the same schema may be checked.
    let mut seen = HashSet::new();
    for schema in checks.unchecked() {
        Checked::default().collect_missed(document, schema, &mut seen, &mut missed);
    }
    if !missed.is_empty() {
        missed.sort();
        missed.dedup();
        return Err(missed);
    }
    let checks = checks.of_types().into_iter().map(|(name, body)| {
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
            Item::Impl(check)
    });
    let checks: Vec<_> = checks.collect();
    if let Some(items) = module(client, "types") {
        items.extend(checks);
    }
    Ok(())
}

/// Returns the schemas of the parameters and of the body, each with its variable and its name.
fn requested<'a>(
    document: &'a Document,
    operation: &Operation<'a>,
) -> Vec<(String, &'a str, &'a Node)> {
    let mut schemas = Vec::new();
    for owner in [operation.item, operation.node] {
        for entry in owner.get("parameters").into_iter().flat_map(Node::items) {
            if let Some(parameter) = document.follow(entry)
                && let Some(name) = parameter.get("name").and_then(Node::text)
                && let Some(schema) = parameter.get("schema")
            {
                schemas.push((argument(name), name, schema));
            }
        }
    }
    let body = operation.node.get("requestBody");
    if let Some(body) = body.and_then(|body| document.follow(body))
        && let Some(content) = body.get("content")
        && let Some(media_type) = content.get("application/json")
        && let Some(schema) = media_type.get("schema")
    {
        schemas.push(("body".to_owned(), "body", schema));
    }
    schemas
}

/// Adds the checks of the arguments, each before it is unwrapped.
fn check_arguments<'a>(
    document: &'a Document,
    checks: &mut Checks<'a>,
    operation: &Operation<'a>,
    arguments: &ItemStruct,
    send: &mut ImplItemFn,
) {
    let requested = requested(document, operation);
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
        let check = checks.check(&quote! { value }, ty, schema, name);
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
