//! Rewrites the messages of the generated validation, so that they name values in plain words and
//! no Rust types.
//!
//! `"a/b".parse::<DesktopId>()` fails with `invalid desktop id "a/b": it must not …`; a method adds
//! the parameter. The label is the name of the schema, property or parameter in words. The rule
//! comes from the contract: a limit, or the `x-pattern-description` of a pattern.

use std::collections::HashMap;

use heck::ToSnakeCase;
use proc_macro2::Span;
use quote::quote;
use syn::{
    Block, Expr, ExprCall, ExprLit, ExprMethodCall, ExprReturn, ImplItemFn, Lit, LitStr, Pat, Stmt,
    WherePredicate, parse_quote,
};

use crate::codegen::document::{Document, operations};
use crate::codegen::names;
use crate::codegen::yaml::Node;

/// The names, as the contract has them, and the schemas of the generated types, by type name.
pub struct Labels<'a>(HashMap<String, (String, &'a Node)>);

impl<'a> Labels<'a> {
    pub fn new(document: &'a Document) -> Self {
        let mut labels = Self(HashMap::new());
        let schemas = document.resolve("#/components/schemas");
        for (name, schema) in schemas.into_iter().flat_map(Node::entries) {
            labels.add(&name.name, &name.name, schema);
        }
        for operation in operations(document) {
            for parameters in [operation.item, operation.node].map(|node| node.get("parameters")) {
                for parameter in parameters.into_iter().flat_map(Node::items) {
                    let parameter = document.follow(parameter);
                    if let Some(parameter) = parameter
                        && let Some(name) = parameter.get("name").and_then(Node::text)
                        && let Some(schema) = parameter.get("schema")
                    {
                        let type_name = format!("{}_{}", operation.id(), names::parameter(name));
                        labels.add(&type_name, name, schema);
                    }
                }
            }
        }
        labels
    }

    /// Returns the schema of a generated type.
    pub fn schema(&self, type_name: &str) -> Option<&'a Node> {
        self.0.get(type_name).map(|(_, schema)| *schema)
    }

    /// Adds a schema and the schemas in it, whose types progenitor names after it.
    fn add(&mut self, type_name: &str, label: &str, schema: &'a Node) {
        self.0
            .insert(names::type_name(type_name), (label.to_owned(), schema));
        for (property, schema) in schema.get("properties").into_iter().flat_map(Node::entries) {
            self.add(
                &format!("{type_name}_{}", property.name),
                &property.name,
                schema,
            );
        }
        if let Some(schema) = schema.get("items") {
            self.add(
                &format!("{type_name}_item"),
                &format!("item of {label}"),
                schema,
            );
        }
    }
}

/// Rewrites the messages of a conversion to `type_name`, and returns their number.
pub fn conversion(function: &mut ImplItemFn, type_name: &str, labels: &Labels) -> usize {
    let (label, schema) = match labels.0.get(type_name) {
        Some((label, schema)) => (words(label), Some(*schema)),
        None => (words(type_name), None),
    };
    let mut conversion = Conversion {
        label,
        schema,
        values: Vec::new(),
        count: 0,
    };
    conversion.block(&mut function.block);
    conversion.count
}

struct Conversion<'a> {
    label: String,
    schema: Option<&'a Node>,
    /// The values of an enum.
    values: Vec<String>,
    count: usize,
}

impl Conversion<'_> {
    fn block(&mut self, block: &mut Block) {
        for statement in &mut block.stmts {
            if let Stmt::Expr(expression, _) = statement {
                self.expression(expression);
            }
        }
    }

    fn expression(&mut self, expression: &mut Expr) {
        match expression {
            Expr::If(branch) => {
                self.block(&mut branch.then_branch);
                if let Some((_, other)) = &mut branch.else_branch {
                    self.expression(other);
                }
            }
            // `match value { "USER" => Ok(Self::User), … }`
            Expr::Match(choice) => {
                for arm in &mut choice.arms {
                    if let Pat::Lit(ExprLit {
                        lit: Lit::Str(value),
                        ..
                    }) = &arm.pat
                    {
                        self.values.push(value.value());
                    }
                    self.expression(&mut arm.body);
                }
            }
            Expr::Block(inner) => self.block(&mut inner.block),
            Expr::Return(ExprReturn {
                expr: Some(returned),
                ..
            }) => self.expression(returned),
            // `Err("longer than 255 characters".into())`
            Expr::Call(call) => {
                if let Some(message) = failure(call, "into")
                    && let Some(Expr::MethodCall(text)) = call.args.first_mut()
                {
                    self.count += 1;
                    *text.receiver = self.message(&message);
                }
            }
            _ => {}
        }
    }

    fn message(&self, generated: &str) -> Expr {
        let label = &self.label;
        if let Some(rule) = length_rule(generated) {
            let text = format!("invalid {label}: {rule}");
            return Expr::Lit(ExprLit {
                attrs: Vec::new(),
                lit: Lit::Str(LitStr::new(&text, Span::call_site())),
            });
        }
        let rule = if generated.starts_with("doesn't match pattern ") {
            format!(": {}", self.pattern_rule())
        } else {
            match self.values.as_slice() {
                [] => String::new(),
                values => format!(": use {}", alternatives(values)),
            }
        };
        let rule = rule.replace('{', "{{").replace('}', "}}");
        let text = format!("invalid {label} {{value:?}}{rule}");
        Expr::Verbatim(quote! { format!(#text) })
    }

    fn pattern_rule(&self) -> String {
        let text = |key| self.schema.and_then(|schema| schema.get(key)?.text());
        match (text("x-pattern-description"), text("pattern")) {
            (Some(rule), _) => rule.to_owned(),
            (None, Some(pattern)) => format!("it must match the pattern {pattern}"),
            (None, None) => "it does not match its pattern".to_owned(),
        }
    }
}

/// Returns the rule of a generated message about the length of a text.
fn length_rule(generated: &str) -> Option<String> {
    let limit = generated.strip_suffix(" characters")?;
    if let Some(maximum) = limit.strip_prefix("longer than ") {
        return Some(format!("longer than {}", characters(maximum)));
    }
    match limit.strip_prefix("shorter than ")? {
        "1" => Some("it is empty".to_owned()),
        minimum => Some(format!("shorter than {}", characters(minimum))),
    }
}

/// Rewrites the message of a builder's setter, so that it has the name of the parameter or property
/// and the error of the value. `convert` is a call of the function that converts values, with the
/// value and an empty name. Returns whether there was a message.
pub fn setter(function: &mut ImplItemFn, convert: &ExprCall) -> bool {
    let name = function.sig.ident.to_string();
    let Some(Stmt::Expr(Expr::Assign(assign), _)) = function.block.stmts.first_mut() else {
        return false;
    };
    let Expr::MethodCall(ExprMethodCall {
        receiver,
        method,
        args,
        ..
    }) = assign.right.as_mut()
    else {
        return false;
    };
    if method != "map_err" || !matches!(args.first(), Some(Expr::Closure(_))) {
        return false;
    }
    if is_conversion(receiver) {
        // One function for all setters is less to compile than a closure in each.
        let mut call = convert.clone();
        if let Some(Expr::Lit(text)) = call.args.last_mut() {
            text.lit = Lit::Str(LitStr::new(&name, Span::call_site()));
        }
        *assign.right = Expr::Call(call);
    } else {
        let text = format!("{name}: {{error}}");
        *args = parse_quote! { |error| format!(#text) };
    }
    // The message contains the error of the value, so that must implement `Display`.
    let clause = function.sig.generics.make_where_clause();
    if let [WherePredicate::Type(value)] = clause.predicates.iter().collect::<Vec<_>>().as_slice() {
        let (ty, conversion) = (&value.bounded_ty, &value.bounds);
        clause
            .predicates
            .push(parse_quote! { <#ty as #conversion>::Error: std::fmt::Display });
    }
    true
}

/// Whether this is `value.try_into()`.
fn is_conversion(expression: &Expr) -> bool {
    match expression {
        Expr::MethodCall(call) => {
            let value = match call.receiver.as_ref() {
                Expr::Path(value) => value.path.is_ident("value"),
                _ => false,
            };
            value && call.method == "try_into" && call.args.is_empty()
        }
        _ => false,
    }
}

/// Removes the messages about values that were not set from the initial values of a builder,
/// `Self { lamp_id: Err("lamp_id was not initialized".to_string()), … }`: few are ever read, and
/// `Error::invalid_argument` makes those.
pub fn missing_values(function: &mut ImplItemFn) {
    let Some(Stmt::Expr(Expr::Struct(builder), None)) = function.block.stmts.last_mut() else {
        return;
    };
    for field in &mut builder.fields {
        if let Expr::Call(call) = &field.expr
            && failure(call, "to_string").is_some()
        {
            field.expr = parse_quote! { Err(String::new()) };
        }
    }
}

/// Returns the text in `Err("text".method())`.
pub(super) fn failure(call: &ExprCall, method: &str) -> Option<String> {
    let Expr::Path(function) = call.func.as_ref() else {
        return None;
    };
    let Some(Expr::MethodCall(text)) = call.args.first() else {
        return None;
    };
    match text.receiver.as_ref() {
        Expr::Lit(ExprLit {
            lit: Lit::Str(literal),
            ..
        }) => {
            let fits = function.path.is_ident("Err") && text.method == method;
            fits.then(|| literal.value())
        }
        _ => None,
    }
}

/// Joins values, with "or" before the last. Quotes show what would not be seen.
pub(super) fn alternatives(values: &[String]) -> String {
    let shown = values.iter().map(|value| {
        let is_hidden = value.is_empty() || value.trim() != value;
        if is_hidden || value.contains(char::is_control) {
            format!("{value:?}")
        } else {
            value.clone()
        }
    });
    let shown: Vec<_> = shown.collect();
    match shown.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => shown.concat(),
    }
}

fn words(name: &str) -> String {
    name.to_snake_case().replace('_', " ")
}

fn characters(count: &str) -> String {
    match count {
        "1" => "1 character".to_owned(),
        _ => format!("{count} characters"),
    }
}

/// Returns a number of items, such as `1 item`.
pub fn items(count: usize) -> String {
    match count {
        1 => "1 item".to_owned(),
        _ => format!("{count} items"),
    }
}
