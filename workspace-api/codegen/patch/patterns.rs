//! Lets the client's own matcher match patterns, in place of that of progenitor.
//!
//! It takes a fiftieth of the time, and every id in a request is matched.

use quote::quote;
use syn::{
    Block, Expr, ExprReturn, GenericArgument, ImplItemFn, Item, PathArguments, Stmt, Type,
    parse_quote,
};

use super::messages::failure;
use super::syntax::is_code;

/// How often the parts of a generated match were found.
#[derive(Default)]
pub struct Patterns {
    /// The types and constructors of patterns, two for each.
    paths: usize,
    matches: usize,
    /// The messages about texts that do not match.
    messages: usize,
}

impl Patterns {
    /// Replaces the match in a conversion that checks a pattern.
    pub fn replace(&mut self, function: &mut ImplItemFn) {
        for statement in &mut function.block.stmts {
            match statement {
                // `static PATTERN: LazyLock<Regex> = LazyLock::new(|| { Regex::new("^[a-z]+$").unwrap() });`
                Stmt::Item(Item::Static(pattern)) => {
                    self.replace_type(&mut pattern.ty);
                    self.replace_constructor(&mut pattern.expr);
                }
                Stmt::Expr(Expr::If(check), _) if failed_match(&check.then_branch) => {
                    self.messages += 1;
                    if is_code(&check.cond, &quote! { PATTERN.find(value).is_none() }) {
                        self.matches += 1;
                        *check.cond = parse_quote! { !PATTERN.matches(value) };
                    }
                }
                _ => {}
            }
        }
    }

    fn replace_type(&mut self, lock: &mut Type) {
        if let Type::Path(lock) = lock
            && let Some(last) = lock.path.segments.last_mut()
            && let PathArguments::AngleBracketed(arguments) = &mut last.arguments
            && let Some(GenericArgument::Type(pattern)) = arguments.args.first_mut()
            && is_code(pattern, &quote! { ::regress::Regex })
        {
            self.paths += 1;
            *pattern = parse_quote! { crate::pattern::Pattern };
        }
    }

    fn replace_constructor(&mut self, expression: &mut Expr) {
        match expression {
            Expr::Call(call) => {
                if is_code(&call.func, &quote! { ::regress::Regex::new }) {
                    self.paths += 1;
                    *call.func = parse_quote! { crate::pattern::Pattern::new };
                } else if let Some(argument) = call.args.first_mut() {
                    self.replace_constructor(argument);
                }
            }
            Expr::Closure(closure) => self.replace_constructor(&mut closure.body),
            Expr::Block(inner) => {
                if let Some(Stmt::Expr(last, _)) = inner.block.stmts.last_mut() {
                    self.replace_constructor(last);
                }
            }
            Expr::MethodCall(call) => self.replace_constructor(&mut call.receiver),
            _ => {}
        }
    }

    /// Returns whether every pattern was replaced.
    pub fn are_complete(&self) -> bool {
        self.paths == 2 * self.messages && self.matches == self.messages
    }
}

/// Whether this is `{ return Err("doesn't match pattern \"^[a-z]+$\"".into()); }`.
fn failed_match(block: &Block) -> bool {
    let Some(Stmt::Expr(
        Expr::Return(ExprReturn {
            expr: Some(error), ..
        }),
        _,
    )) = block.stmts.first()
    else {
        return false;
    };
    match error.as_ref() {
        Expr::Call(error) => {
            failure(error, "into").is_some_and(|text| text.starts_with("doesn't match pattern "))
        }
        _ => false,
    }
}
