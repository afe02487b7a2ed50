//! The checks of numbers, and of the values that a number or a boolean may have.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::keywords::Checked;
use crate::codegen::patch::messages::alternatives;
use crate::codegen::yaml::Node;

/// The type of a number in the client.
#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    Integer,
    F32,
    F64,
}

/// Generates the checks of `number`.
pub fn check_number(
    checked: &mut Checked,
    number: &TokenStream,
    schema: &Node,
    label: &str,
    kind: Kind,
) -> TokenStream {
    let is_integer = kind == Kind::Integer;
    let mut checks = check_choice(checked, number, schema, label, |value| literal(value, kind));
    let exclusive_minimum = checked.flag(schema, "exclusiveMinimum");
    let exclusive_maximum = checked.flag(schema, "exclusiveMaximum");
    // A number cannot be beyond the range of its type.
    let excludes = |limit: &&Node| match kind {
        Kind::Integer => !limit.to_value().is_f64(),
        Kind::F32 => single(limit).is_some_and(f32::is_finite),
        Kind::F64 => true,
    };
    if let Some(minimum) = checked.limit(schema, "minimum").filter(excludes) {
        let limit = literal(minimum, kind);
        let (low, than) = if exclusive_minimum {
            (quote! { #number <= #limit }, "not above")
        } else {
            (quote! { #number < #limit }, "below")
        };
        let message = format!("{label}: {than} {}", minimum.to_value());
        checks.extend(quote! { if #low { return Err(#message.to_owned()); } });
    }
    if let Some(maximum) = checked.limit(schema, "maximum").filter(excludes) {
        let limit = literal(maximum, kind);
        let (high, than) = if exclusive_maximum {
            (quote! { #number >= #limit }, "not below")
        } else {
            (quote! { #number > #limit }, "above")
        };
        let message = format!("{label}: {than} {}", maximum.to_value());
        checks.extend(quote! { if #high { return Err(#message.to_owned()); } });
    }
    if is_integer
        && schema
            .get("multipleOf")
            .is_some_and(|node| node.to_value().is_u64())
        && let Some(factor) = checked.limit(schema, "multipleOf")
    {
        let literal = literal(factor, kind);
        let message = format!("{label}: not a multiple of {}", factor.to_value());
        checks.extend(quote! { if #number % #literal != 0 { return Err(#message.to_owned()); } });
    }
    checks
}

/// Generates the check of an `enum` of numbers or booleans.
pub fn check_choice(
    checked: &mut Checked,
    value: &TokenStream,
    schema: &Node,
    label: &str,
    literal: impl Fn(&Node) -> TokenStream,
) -> TokenStream {
    let Some(choice) = checked.limit(schema, "enum") else {
        return TokenStream::new();
    };
    let values = choice.items().iter();
    let values: Vec<_> = values.filter(|it| !it.to_value().is_null()).collect();
    let literals = values.iter().map(|value| literal(value));
    let texts: Vec<_> = values.iter().map(|it| it.to_value().to_string()).collect();
    let message = format!("{label}: use {}", alternatives(&texts));
    quote! {
        if ![#(#literals),*].contains(&#value) { return Err(#message.to_owned()); }
    }
}

fn literal(limit: &Node, kind: Kind) -> TokenStream {
    let value = limit.to_value();
    match kind {
        Kind::Integer => {
            let number = value
                .as_i64()
                .map(i128::from)
                .or(value.as_u64().map(i128::from));
            let number = number.map(Literal::i128_unsuffixed);
            quote! { #number }
        }
        Kind::F32 => {
            let number = single(limit).filter(|number| number.is_finite());
            let number = number.map(Literal::f32_suffixed);
            quote! { #number }
        }
        Kind::F64 => {
            let number = value.as_f64().map(Literal::f64_suffixed);
            quote! { #number }
        }
    }
}

/// Returns a limit as the number of 32 bits that is written alike: as one of 64 bits, 0.1 is another
/// number.
fn single(limit: &Node) -> Option<f32> {
    limit.to_value().to_string().parse().ok()
}
