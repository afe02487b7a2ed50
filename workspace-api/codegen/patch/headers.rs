//! Removes headers from a generated `send`: progenitor's own, and those that the client's call sets.

use proc_macro2::Ident;
use quote::quote;
use syn::{Expr, ExprMethodCall, Local, Pat, Stmt, parse_quote};

use super::syntax::{initializer, is_code};

/// Removes progenitor's own header, which the service does not know. Most header maps are then
/// empty, so they are created without an allocation.
pub(super) fn remove_api_version(statements: &mut Vec<Stmt>) -> bool {
    let append = quote! {
        header_map.append(
            ::reqwest::header::HeaderName::from_static("api-version"),
            ::reqwest::header::HeaderValue::from_static(super::Client::api_version()),
        );
    };
    let with_capacity = quote! { ::reqwest::header::HeaderMap::with_capacity };
    let is_append = |statement: &Stmt| {
        matches!(statement, Stmt::Expr(Expr::MethodCall(_), _)) && is_code(statement, &append)
    };
    let Some(index) = statements.iter().position(is_append) else {
        return false;
    };
    statements.remove(index);
    if let Some(Stmt::Local(Local {
        init: Some(map), ..
    })) = statements[..index].last_mut()
        && matches!(map.expr.as_ref(), Expr::Call(call) if is_code(&call.func, &with_capacity))
    {
        *map.expr = parse_quote! { ::reqwest::header::HeaderMap::new() };
        return true;
    }
    false
}

/// Removes what the client's own call does, and what does nothing, from the building of the request,
/// the last statement: each method of reqwest's builder moves the whole request.
pub(super) fn simplify_request(statements: &mut Vec<Stmt>) {
    let empty_map = remove_empty_map(statements);
    if let Some(Stmt::Local(Local {
        init: Some(init), ..
    })) = statements.last_mut()
    {
        remove_calls(&mut init.expr, empty_map.as_ref());
    }
}

/// Removes the map of headers, if nothing is between it and the request that would add a header.
/// Returns its name.
fn remove_empty_map(statements: &mut Vec<Stmt>) -> Option<Ident> {
    let new = quote! { ::reqwest::header::HeaderMap::new() };
    let index = statements.len().checked_sub(2)?;
    let is_empty = initializer(&statements[index]).is_some_and(|map| is_code(map, &new));
    let name = match &statements[index] {
        Stmt::Local(Local {
            pat: Pat::Ident(map),
            ..
        }) if is_empty => map.ident.clone(),
        _ => return None,
    };
    statements.remove(index);
    Some(name)
}

/// Removes `.header(ACCEPT, "application/json")` and `.headers(empty_map)` from a chain of calls.
fn remove_calls(expression: &mut Expr, empty_map: Option<&Ident>) {
    match expression {
        Expr::Try(tried) => remove_calls(&mut tried.expr, empty_map),
        Expr::MethodCall(call) => {
            remove_calls(&mut call.receiver, empty_map);
            if sets_accept(call) || empty_map.is_some_and(|map| adds(call, map)) {
                *expression = (*call.receiver).clone();
            }
        }
        _ => {}
    }
}

fn sets_accept(call: &ExprMethodCall) -> bool {
    let accept = quote! {
        ::reqwest::header::ACCEPT,
        ::reqwest::header::HeaderValue::from_static("application/json",),
    };
    call.method == "header" && is_code(&call.args, &accept)
}

/// Returns whether this adds the headers of a map.
fn adds(call: &ExprMethodCall, map: &Ident) -> bool {
    call.method == "headers" && is_code(&call.args, &quote! { #map })
}

#[cfg(test)]
mod tests {
    // The benchmark of the generator compiles this without the test harness.
    #![allow(dead_code, unused_imports)]

    use quote::ToTokens;
    use syn::{Block, parse_quote};

    use super::*;

    #[test]
    fn only_headers_that_do_nothing_are_removed() {
        let simplified = |mut block: Block| {
            simplify_request(&mut block.stmts);
            block.to_token_stream().to_string()
        };
        let without_headers: Block = parse_quote! {{
            let mut header_map = ::reqwest::header::HeaderMap::new();
            let request = client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json",),
                )
                .query(&query)
                .headers(header_map)
                .build()?;
        }};
        let expected: Block = parse_quote! {{
            let request = client.get(url).query(&query).build()?;
        }};
        let expected = expected.to_token_stream().to_string();
        assert_eq!(simplified(without_headers), expected);

        let with_header: Block = parse_quote! {{
            let mut header_map = ::reqwest::header::HeaderMap::new();
            header_map.append("x-lamp", lamp.to_string().try_into()?);
            let request = client
                .get(url)
                .header("x-version", "1")
                .headers(header_map)
                .build()?;
        }};
        let unchanged = with_header.to_token_stream().to_string();
        assert_eq!(simplified(with_header), unchanged);
    }
}
