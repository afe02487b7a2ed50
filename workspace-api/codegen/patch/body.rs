//! Splits a `send` with a body in two, so that the client can send a body that it keeps.
//!
//! `send` checks the body, and `send_body` does the rest with a reference to it. The bulk methods
//! call `send_body`, because they need the ids in the body again for the outcomes. They do not
//! compile if a `send` was not split.

use proc_macro2::Ident;
use syn::{
    Expr, File, ImplItem, ImplItemFn, Item, ItemImpl, Local, Member, Pat, Path, Stmt, parse_quote,
};

use super::syntax::{module, variable};

/// Splits every `send` with a body.
pub fn split(client: &mut File) {
    for item in module(client, "builder").into_iter().flatten() {
        if let Item::Impl(item) = item
            && item.trait_.is_none()
        {
            split_send(item);
        }
    }
}

fn split_send(item: &mut ItemImpl) {
    let sends = item.items.iter_mut().find_map(|item| match item {
        ImplItem::Fn(function) if function.sig.ident == "send" => Some(function),
        _ => None,
    });
    let Some(send) = sends else { return };
    let Some((index, name, body)) = checked_body(send) else {
        return;
    };
    let Some(parameters) = parameters(&send.block.stmts[0]) else {
        return;
    };
    let mut rest = send.block.stmts.clone();
    let check = rest.remove(index);
    let destructured = rest.remove(0);
    let others = parameters.iter().filter(|parameter| **parameter != name);
    let output = &send.sig.output;
    let mut send_body: ImplItemFn = parse_quote! {
        /// Sends the request with this body, which must be within its limits.
        #[allow(dead_code)]
        pub(crate) async fn send_body(self, #name: &#body) #output {
            let Self { #(#others,)* .. } = self;
        }
    };
    send_body.block.stmts.extend(rest);
    let fields = parameters.iter().map(|parameter| -> syn::FieldValue {
        if *parameter == name {
            parse_quote! { #name: Err(String::new()) }
        } else {
            parse_quote! { #parameter }
        }
    });
    let call = parse_quote! { Self { #(#fields),* }.send_body(&#name).await };
    send.block.stmts = vec![destructured, check, Stmt::Expr(call, None)];
    item.items.push(ImplItem::Fn(send_body));
}

/// Returns the statement that checks the body, the name of its variable, and its type.
fn checked_body(send: &mut ImplItemFn) -> Option<(usize, Ident, Path)> {
    let statements = send.block.stmts.iter_mut().enumerate();
    statements.skip(1).find_map(|(index, statement)| {
        let (name, value) = variable(statement)?;
        let body = converted(value)?;
        Some((index, name.clone(), body))
    })
}

/// Returns the type in `body.and_then(|v| types::SwitchLampReq::try_from(v).map_err(…)).map_err(…)?`.
fn converted(expression: &Expr) -> Option<Path> {
    match expression {
        Expr::Try(tried) => converted(&tried.expr),
        Expr::MethodCall(call) => {
            let mut inner = [Some(call.receiver.as_ref()), call.args.first()].into_iter();
            inner.find_map(|inner| converted(inner?))
        }
        Expr::Closure(closure) => converted(&closure.body),
        Expr::Block(block) => match block.block.stmts.as_slice() {
            [Stmt::Expr(only, None)] => converted(only),
            _ => None,
        },
        Expr::Call(call) => {
            let Expr::Path(function) = call.func.as_ref() else {
                return None;
            };
            let mut ty = function.path.clone();
            let function = ty.segments.pop()?;
            ty.segments.pop_punct();
            (function.ident == "try_from" && ty.segments.len() == 2).then_some(ty)
        }
        _ => None,
    }
}

/// Returns the names in `let Self { client, lamp_id, body } = self;`.
fn parameters(statement: &Stmt) -> Option<Vec<Ident>> {
    let Stmt::Local(Local {
        pat: Pat::Struct(pattern),
        ..
    }) = statement
    else {
        return None;
    };
    let fields = pattern.fields.iter().map(|field| match &field.member {
        Member::Named(name) => Some(name.clone()),
        Member::Unnamed(_) => None,
    });
    fields.collect()
}
