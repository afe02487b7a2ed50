//! Cuts a generated `send` where it would start to send.
//!
//! The remaining statements check the parameters and build the request. The client's own call does
//! everything else. The place of the cut is found by the value that progenitor creates there, not
//! by a variable: progenitor renames its variables if a parameter has the same name.

use std::collections::HashMap;

use proc_macro2::Ident;
use quote::quote;
use syn::{
    Expr, GenericArgument, ImplItemFn, ItemUse, Lit, Local, Member, Pat, PathArguments, ReturnType,
    Stmt, Type, parse_quote,
};

use super::headers::{remove_api_version, simplify_request};
use super::syntax::{initializer, is_code};
use crate::codegen::document::method_name;

/// Ends `send` with the client's own call, where progenitor would start to send.
pub fn cut(send: &mut ImplItemFn, ids: &HashMap<String, &str>) -> Result<(), String> {
    let statements = &mut send.block.stmts;
    let mut infos = statements.iter().map(operation_info).enumerate();
    let Some((end, Some(method))) = infos.find(|(_, info)| info.is_some()) else {
        return Err("a `send` has no `OperationInfo`".to_owned());
    };
    let Some(id) = ids.get(&method_name(&method)) else {
        return Err(format!("`{method}` is not an operation of the contract"));
    };
    let fail = |why: &str| Err(format!("`send` of {id} {why}"));
    statements.truncate(end);
    let Some((client, parameters)) = statements.first().and_then(destructured) else {
        return fail("does not destructure its builder first");
    };
    let Some(last) = statements.last_mut() else {
        return fail("does not build its request last");
    };
    let Some(request) = built_request(last) else {
        return fail("does not build its request last");
    };
    if !join_url(last, &client) {
        return fail("does not begin its request with the URL");
    }
    if replace_errors(statements) != parameters {
        return fail("does not check each of its parameters once");
    }
    if !remove_api_version(statements) {
        return fail("does not set the header `api-version`");
    }
    simplify_request(statements);
    let Some(success) = success(&send.sig.output) else {
        return fail("does not return a `Result<ResponseValue<_>, Error<_>>`");
    };
    statements.push(Stmt::Expr(
        parse_quote! { #client.call(#request, #id).await },
        None,
    ));
    send.sig.output = parse_quote! { -> crate::Result<#success> };
    Ok(())
}

/// Removes progenitor's encoding of path parameters, which copies each of them, from the imports. The
/// client's own takes its place.
pub fn replace_path_encoding(imports: &mut ItemUse) -> bool {
    let found = quote! {
        progenitor_client::{encode_path, ClientHooks, OperationInfo, RequestBuilderExt,}
    };
    if !is_code(&imports.tree, &found) {
        return false;
    }
    let replaced: ItemUse = parse_quote! {
        use {
            crate::client::encode_path,
            progenitor_client::{ClientHooks, OperationInfo, RequestBuilderExt},
        };
    };
    imports.tree = replaced.tree;
    true
}

/// Returns the method name in `let info = OperationInfo { operation_id: "list_lamps" };`.
fn operation_info(statement: &Stmt) -> Option<String> {
    let Expr::Struct(info) = initializer(statement)? else {
        return None;
    };
    let id = info.fields.first()?;
    match &id.expr {
        Expr::Lit(id) if info.path.is_ident("OperationInfo") => match &id.lit {
            Lit::Str(id) => Some(id.value()),
            _ => None,
        },
        _ => None,
    }
}

/// Returns the client and the number of parameters in `let Self { client, lamp_id } = self;`.
fn destructured(statement: &Stmt) -> Option<(Ident, usize)> {
    let Stmt::Local(Local {
        pat: Pat::Struct(pattern),
        ..
    }) = statement
    else {
        return None;
    };
    let client = pattern.fields.first()?;
    match &client.member {
        Member::Named(client) => Some((client.clone(), pattern.fields.len() - 1)),
        Member::Unnamed(_) => None,
    }
}

/// Returns the name of the variable in `let mut request = ….build()?;`, and makes it immutable:
/// nothing changes the request after the cut.
fn built_request(statement: &mut Stmt) -> Option<Ident> {
    let Expr::Try(tried) = initializer(statement)? else {
        return None;
    };
    let Expr::MethodCall(call) = tried.expr.as_ref() else {
        return None;
    };
    if call.method != "build" || !call.args.is_empty() {
        return None;
    }
    let Stmt::Local(Local {
        pat: Pat::Ident(request),
        attrs,
        ..
    }) = statement
    else {
        return None;
    };
    request.mutability = None;
    attrs.clear();
    Some(request.ident.clone())
}

/// Replaces the URL in `client.client.post(url)…`, because the client has parsed the base URL.
fn join_url(statement: &mut Stmt, client: &Ident) -> bool {
    let Stmt::Local(Local {
        init: Some(init), ..
    }) = statement
    else {
        return false;
    };
    let http = quote! { #client.client };
    let mut expression = init.expr.as_mut();
    loop {
        expression = match expression {
            Expr::Try(tried) => tried.expr.as_mut(),
            Expr::MethodCall(call)
                if matches!(*call.receiver, Expr::Field(_)) && is_code(&call.receiver, &http) =>
            {
                let url = call.args.clone();
                call.args = parse_quote! { #client.baseurl.join(&#url) };
                return true;
            }
            Expr::MethodCall(call) => call.receiver.as_mut(),
            _ => return false,
        };
    }
}

/// Replaces progenitor's error for an invalid parameter, `.map_err(Error::InvalidRequest)?`, with
/// the client's. Returns how often.
fn replace_errors(statements: &mut [Stmt]) -> usize {
    let mut count = 0;
    for statement in statements {
        if let Stmt::Local(Local {
            pat: Pat::Ident(parameter),
            init: Some(init),
            ..
        }) = statement
            && let Expr::Try(tried) = init.expr.as_mut()
            && let Expr::MethodCall(call) = tried.expr.as_mut()
            && call.method == "map_err"
            && is_code(&call.args, &quote! { Error::InvalidRequest })
        {
            let name = parameter.ident.to_string();
            call.args = parse_quote! { |error| crate::Error::invalid_argument(#name, error) };
            count += 1;
        }
    }
    count
}

/// Returns the first parameter of `Result<ResponseValue<types::Lamp>,
/// Error<types::ErrorResponse>>`.
fn success(output: &ReturnType) -> Option<&Type> {
    let ReturnType::Type(_, output) = output else {
        return None;
    };
    let Type::Path(output) = output.as_ref() else {
        return None;
    };
    let result = output
        .path
        .segments
        .last()
        .filter(|_| output.path.segments.len() == 1)?;
    let PathArguments::AngleBracketed(arguments) = &result.arguments else {
        return None;
    };
    match arguments.args.first() {
        Some(GenericArgument::Type(success)) if result.ident == "Result" => Some(success),
        _ => None,
    }
}
