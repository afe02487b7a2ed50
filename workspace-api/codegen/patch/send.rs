//! Cuts a generated `send` where it would start to send.
//!
//! What remains checks the parameters and builds the request; the client's own call does everything else. The cut is
//! found by the value that progenitor makes there, since it renames its variables where a parameter has their name.

use std::collections::HashMap;

use proc_macro2::Ident;
use syn::{
    Expr, GenericArgument, ImplItemFn, Lit, Local, Member, Pat, PathArguments, ReturnType, Stmt,
    Type, parse_quote,
};

use super::super::document::method_name;

/// Ends `send` with the client's own call, where progenitor would start to send.
pub fn cut(send: &mut ImplItemFn, ids: &HashMap<String, &str>) -> Result<(), String> {
    let statements = &mut send.block.stmts;
    let infos = statements.iter().enumerate();
    let info = infos
        .filter_map(|(index, statement)| Some((index, operation_info(statement)?)))
        .next();
    let Some((end, method)) = info else {
        return Err("a `send` makes no `OperationInfo`".to_owned());
    };
    let Some(id) = ids.get(&method_name(&method)) else {
        return Err(format!("`{method}` is not an operation of the contract"));
    };
    let fail = |why: &str| Err(format!("`send` of {id} {why}"));
    statements.truncate(end);
    let Some((client, parameters)) = statements.first().and_then(taken_apart) else {
        return fail("does not take its builder apart first");
    };
    let Some(request) = statements.last_mut().and_then(built_request) else {
        return fail("does not build its request last");
    };
    if replace_errors(statements) != parameters {
        return fail("does not check each of its parameters once");
    }
    if !remove_api_version(statements) {
        return fail("does not set the header `api-version`");
    }
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

/// `let info = OperationInfo { operation_id: "list_lamps" };`: the name of the method.
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

/// `let Self { client, lamp_id } = self;`: the client, which comes first, and the number of the others.
fn taken_apart(statement: &Stmt) -> Option<(Ident, usize)> {
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

/// `let mut request = ….build()?;`: the name, which is another one if a parameter has it. It need not be mutable any
/// more.
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

/// `.map_err(Error::InvalidRequest)?`, with which progenitor reports an invalid parameter, becomes the client's error.
fn replace_errors(statements: &mut [Stmt]) -> usize {
    let mut count = 0;
    for statement in statements {
        if let Stmt::Local(Local {
            init: Some(init), ..
        }) = statement
            && let Expr::Try(tried) = init.expr.as_mut()
            && let Expr::MethodCall(call) = tried.expr.as_mut()
            && call.method == "map_err"
            && call.args == parse_quote! { Error::InvalidRequest }
        {
            call.args = parse_quote! { crate::Error::invalid_input };
            count += 1;
        }
    }
    count
}

/// Removes progenitor's own header, which the service does not know. Without it most header maps stay empty, so they
/// start without an allocation.
fn remove_api_version(statements: &mut Vec<Stmt>) -> bool {
    let append: Stmt = parse_quote! {
        header_map.append(
            ::reqwest::header::HeaderName::from_static("api-version"),
            ::reqwest::header::HeaderValue::from_static(super::Client::api_version()),
        );
    };
    let with_capacity: Expr = parse_quote! { ::reqwest::header::HeaderMap::with_capacity };
    let Some(index) = statements.iter().position(|statement| *statement == append) else {
        return false;
    };
    statements.remove(index);
    if let Some(Stmt::Local(Local {
        init: Some(map), ..
    })) = statements[..index].last_mut()
        && matches!(map.expr.as_ref(), Expr::Call(call) if *call.func == with_capacity)
    {
        *map.expr = parse_quote! { ::reqwest::header::HeaderMap::new() };
        return true;
    }
    false
}

/// `Result<ResponseValue<types::Lamp>, Error<types::ErrorResponse>>`: the type of a success.
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

/// The right-hand side of `let _ = …;`.
fn initializer(statement: &Stmt) -> Option<&Expr> {
    match statement {
        Stmt::Local(Local {
            init: Some(init), ..
        }) => Some(&init.expr),
        _ => None,
    }
}
