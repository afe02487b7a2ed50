//! The generated text types, such as an id: print, compare, borrow and convert.
//!
//! Most types of a large contract are texts that differ in their name and limits. Those with limits
//! become aliases of the crate's `CheckedText`: 16 implementations for each would be half of the
//! client. The others get implementations from a template of printed code, because to parse and
//! print them would take longer than all else.

use std::collections::HashSet;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::parse::Parse;
use syn::{
    BinOp, Expr, ExprBinary, ExprIf, ExprReturn, Fields, ImplItemFn, Item, ItemStruct, ItemType,
    Stmt, parse_quote,
};

use super::messages::failure;
use super::syntax::{is_code, is_doc, is_string};

/// Returns the implementations that a text type without limits has in addition to those of
/// progenitor.
pub fn implementations(name: &str, is_displayed: bool) -> String {
    let templates = if is_displayed { "" } else { DISPLAY };
    (TRAITS.to_owned() + templates).replace("Name", name)
}

/// Returns the alias that replaces a text type with limits.
pub fn alias(item: &ItemStruct) -> Item {
    let name = &item.ident;
    let mut alias: ItemType = parse_quote! { pub type #name = crate::CheckedText<texts::#name>; };
    alias.attrs.clone_from(&item.attrs);
    alias.attrs.retain(is_doc);
    Item::Type(alias)
}

/// Returns the limits of a text type, from its `from_str`. `None` if that does something else than
/// to check them.
pub fn limits(name: &str, from_str: &ImplItemFn) -> Option<TokenStream> {
    let (last, checks) = from_str.block.stmts.split_last()?;
    if !is_code(last, &quote! { Ok(Self(value.to_string())) }) {
        return None;
    }
    let mut lengths = Vec::new();
    let mut pattern = Vec::new();
    for check in checks {
        match check {
            Stmt::Item(Item::Static(_)) => pattern.push(check),
            Stmt::Expr(Expr::If(branch), _) => {
                if is_code(&branch.cond, &quote! { !PATTERN.matches(value) }) {
                    pattern.push(check);
                } else {
                    lengths.push(length(branch)?);
                }
            }
            _ => return None,
        }
    }
    let pattern = if pattern.is_empty() {
        quote! {}
    } else {
        quote! {
            fn check_pattern(
                value: &str,
            ) -> ::std::result::Result<(), crate::types::error::ConversionError> {
                #(#pattern)*
                Ok(())
            }
        }
    };
    let ident = format_ident!("{name}");
    let documentation = format!("The limits of [`{name}`](super::{name}).");
    Some(quote! {
        #[doc = #documentation]
        pub enum #ident {}
        impl crate::TextLimits for #ident {
            const NAME: &'static str = #name;
            #(#lengths)*
            #pattern
        }
    })
}

/// Returns the constant for `if value.chars().count() > 255usize { return Err("…".into()); }`.
fn length(branch: &ExprIf) -> Option<TokenStream> {
    let Expr::Binary(ExprBinary {
        left, op, right, ..
    }) = branch.cond.as_ref()
    else {
        return None;
    };
    let [
        Stmt::Expr(
            Expr::Return(ExprReturn {
                expr: Some(error), ..
            }),
            _,
        ),
    ] = branch.then_branch.stmts.as_slice()
    else {
        return None;
    };
    let Expr::Call(error) = error.as_ref() else {
        return None;
    };
    let message = failure(error, "into")?;
    if !is_code(left, &quote! { value.chars().count() }) {
        return None;
    }
    let name = match op {
        BinOp::Gt(_) => quote! { MAXIMUM },
        BinOp::Lt(_) => quote! { MINIMUM },
        _ => return None,
    };
    Some(quote! {
        const #name: ::std::option::Option<(usize, &'static str)> = Some((#right, #message));
    })
}

/// Makes the texts with limits in a default by a function, because an alias is none:
/// `DoorSide("left".to_string())` becomes `DoorSide::unchecked("left".to_string())`. progenitor has
/// checked the default.
pub fn make_defaults<T: Parse + ToTokens>(item: &mut T, checked: &HashSet<String>) {
    let tokens = with_functions(item.to_token_stream(), checked);
    if let Some(tokens) = tokens
        && let Ok(replaced) = syn::parse2(tokens)
    {
        *item = replaced;
    }
}

/// Returns the changed tokens, or `None` if they make no text.
fn with_functions(tokens: TokenStream, checked: &HashSet<String>) -> Option<TokenStream> {
    let mut changed = false;
    let mut output = TokenStream::new();
    let mut tokens = tokens.into_iter().peekable();
    // The variant in `Side::Door` may have the name of a type.
    let mut is_in_type = false;
    while let Some(token) = tokens.next() {
        let is_variant = is_in_type;
        is_in_type = match &token {
            TokenTree::Ident(name) => name.to_string().starts_with(char::is_uppercase),
            TokenTree::Punct(punct) => is_in_type && punct.as_char() == ':',
            _ => false,
        };
        match token {
            TokenTree::Ident(name) if !is_variant && checked.contains(&name.to_string()) => {
                output.extend(quote! { #name });
                if let Some(TokenTree::Group(argument)) = tokens.peek()
                    && argument.delimiter() == Delimiter::Parenthesis
                {
                    output.extend(quote! { ::unchecked });
                    changed = true;
                }
            }
            TokenTree::Group(group) => {
                let inner = group.stream();
                let replaced = with_functions(inner.clone(), checked);
                changed |= replaced.is_some();
                let group = Group::new(group.delimiter(), replaced.unwrap_or(inner));
                output.extend([TokenTree::Group(group)]);
            }
            other => output.extend([other]),
        }
    }
    changed.then_some(output)
}

/// Whether this is `struct Id(String)`.
pub fn is_text(item: &ItemStruct) -> bool {
    match &item.fields {
        Fields::Unnamed(fields) => {
            fields.unnamed.len() == 1 && fields.unnamed.iter().all(|field| is_string(&field.ty))
        }
        _ => false,
    }
}

/// The traits of text, except a dereference to `String`: its methods would come before those of the
/// type in the documentation.
const TRAITS: &str = "\
impl Name {
    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl ::std::convert::AsRef<str> for Name {
    fn as_ref(&self) -> &str {
        &self.0
    }
}
impl ::std::borrow::Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}
impl ::std::cmp::PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        self.0 == *other
    }
}
impl ::std::cmp::PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        self.0 == **other
    }
}
impl ::std::cmp::PartialEq<::std::string::String> for Name {
    fn eq(&self, other: &::std::string::String) -> bool {
        self.0 == *other
    }
}
impl ::std::cmp::PartialEq<Name> for str {
    fn eq(&self, other: &Name) -> bool {
        *self == other.0
    }
}
impl ::std::cmp::PartialEq<Name> for &str {
    fn eq(&self, other: &Name) -> bool {
        **self == other.0
    }
}
impl ::std::convert::From<&Name> for Name {
    fn from(value: &Name) -> Self {
        value.clone()
    }
}
";

const DISPLAY: &str = "\
impl ::std::fmt::Display for Name {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.pad(&self.0)
    }
}
";
