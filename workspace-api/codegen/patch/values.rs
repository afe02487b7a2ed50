//! Restores the values of enums and the names of parameters that were generated from other texts.

use syn::{
    Attribute, Block, Expr, ExprLit, ImplItem, ImplItemFn, ItemEnum, ItemImpl, Lit, LitStr, Pat,
    Stmt, Token, parse_quote,
};

use super::syntax::implements;
use crate::codegen::variants::value;

/// How many values were restored.
#[derive(Default)]
pub struct Values {
    /// Those of the variants.
    variants: usize,
    /// Those of `Display` and `FromStr`.
    matches: usize,
    /// The attributes of variants that are not `rename`.
    unknown: usize,
}

impl Values {
    /// Restores the values in `#[serde(rename = "…")]`, and documents these variants.
    pub fn restore_variants(&mut self, item: &mut ItemEnum) {
        for variant in &mut item.variants {
            let mut restored = None;
            for attribute in &mut variant.attrs {
                if !attribute.path().is_ident("serde") {
                    continue;
                }
                let Some(text) = renamed(attribute) else {
                    self.unknown += 1;
                    continue;
                };
                if let Some(value) = value(&text) {
                    *attribute = parse_quote! { #[serde(rename = #value)] };
                    restored = Some(value);
                }
            }
            if let Some(value) = restored {
                self.variants += 1;
                let documentation = documentation(&value);
                variant
                    .attrs
                    .insert(0, parse_quote! { #[doc = #documentation] });
            }
        }
    }

    /// Restores the values in the `match` of `Display` and of `FromStr`.
    pub fn restore_matches(&mut self, item: &mut ItemImpl) {
        if !implements(item, "Display") && !implements(item, "FromStr") {
            return;
        }
        for item in &mut item.items {
            if let ImplItem::Fn(function) = item
                && let Some(Stmt::Expr(Expr::Match(choice), None)) = function.block.stmts.last_mut()
            {
                for arm in &mut choice.arms {
                    // `"asc" => Ok(Self::Asc)`
                    if let Pat::Lit(pattern) = &mut arm.pat {
                        self.matches += usize::from(restore(pattern));
                    }
                    // `Self::Asc => f.write_str("asc")`
                    if let Expr::MethodCall(call) = arm.body.as_mut()
                        && let Some(Expr::Lit(text)) = call.args.first_mut()
                    {
                        self.matches += usize::from(restore(text));
                    }
                }
            }
        }
    }

    /// Returns whether every value was restored wherever it is.
    pub fn are_complete(&self) -> bool {
        self.unknown == 0 && self.matches == 2 * self.variants
    }
}

/// Restores the names of parameters in a `send`, and returns their number: in
/// `.query(&QueryParam::new("url", &url))` and `header_map.append("url", …)`.
pub fn restore_names(send: &mut ImplItemFn) -> usize {
    restore_block(&mut send.block)
}

fn restore_block(block: &mut Block) -> usize {
    let statements = block.stmts.iter_mut().map(|statement| match statement {
        Stmt::Local(local) => {
            let init = local.init.as_mut();
            init.map_or(0, |init| restore_expression(&mut init.expr))
        }
        Stmt::Expr(expression, _) => restore_expression(expression),
        _ => 0,
    });
    statements.sum()
}

fn restore_expression(expression: &mut Expr) -> usize {
    match expression {
        Expr::Lit(literal) => usize::from(restore(literal)),
        Expr::MethodCall(call) => {
            let arguments: usize = call.args.iter_mut().map(restore_expression).sum();
            restore_expression(&mut call.receiver) + arguments
        }
        Expr::Call(call) => call.args.iter_mut().map(restore_expression).sum(),
        Expr::Reference(reference) => restore_expression(&mut reference.expr),
        Expr::Try(tried) => restore_expression(&mut tried.expr),
        Expr::If(branch) => restore_block(&mut branch.then_branch),
        _ => 0,
    }
}

/// Restores the value in a text. Returns whether it has one.
fn restore(literal: &mut ExprLit) -> bool {
    if let Lit::Str(text) = &literal.lit
        && let Some(value) = value(&text.value())
    {
        literal.lit = Lit::Str(LitStr::new(&value, text.span()));
        return true;
    }
    false
}

/// Returns the documentation of a variant, as Markdown that shows the value as it is.
fn documentation(value: &str) -> String {
    if value.is_empty() {
        return "The empty value.".to_owned();
    }
    let is_shown = value.trim() == value && !value.contains(char::is_control);
    let value = if is_shown {
        value.to_owned()
    } else {
        format!("{value:?}")
    };
    if value.contains('`') {
        format!("The value ```` {value} ````.")
    } else {
        format!("The value `{value}`.")
    }
}

/// Returns the text in `#[serde(rename = "text")]`.
fn renamed(attribute: &Attribute) -> Option<String> {
    let rename = attribute.parse_args_with(|input: syn::parse::ParseStream| {
        let name: syn::Ident = input.parse()?;
        input.parse::<Token![=]>()?;
        let text: LitStr = input.parse()?;
        Ok((name == "rename").then(|| text.value()))
    });
    rename.ok().flatten()
}
