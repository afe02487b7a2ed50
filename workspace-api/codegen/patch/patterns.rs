//! Lets the client's own matcher match patterns, in place of that of progenitor.
//!
//! It takes a fiftieth of the time, and every id in a request is matched.

use syn::fold::{Fold, fold_expr, fold_expr_call, fold_path};
use syn::{Expr, ExprCall, ImplItemFn, Path, parse_quote};

use super::messages::failure;

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
        function.block = self.fold_block(function.block.clone());
    }

    /// Returns whether every pattern was replaced.
    pub fn are_complete(&self) -> bool {
        self.paths == 2 * self.messages && self.matches == self.messages
    }
}

impl Fold for Patterns {
    fn fold_path(&mut self, path: Path) -> Path {
        if path == parse_quote! { ::regress::Regex } {
            self.paths += 1;
            return parse_quote! { crate::pattern::Pattern };
        }
        if path == parse_quote! { ::regress::Regex::new } {
            self.paths += 1;
            return parse_quote! { crate::pattern::Pattern::new };
        }
        fold_path(self, path)
    }

    fn fold_expr(&mut self, expression: Expr) -> Expr {
        if expression == parse_quote! { PATTERN.find(value).is_none() } {
            self.matches += 1;
            return parse_quote! { !PATTERN.matches(value) };
        }
        fold_expr(self, expression)
    }

    /// `Err("doesn't match pattern \"^[a-z]+$\"".into())`
    fn fold_expr_call(&mut self, call: ExprCall) -> ExprCall {
        if failure(&call, "into").is_some_and(|text| text.starts_with("doesn't match pattern ")) {
            self.messages += 1;
        }
        fold_expr_call(self, call)
    }
}
