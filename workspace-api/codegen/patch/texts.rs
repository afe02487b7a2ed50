//! The implementations of a generated text type, such as an id: print, compare, borrow and convert.

use proc_macro2::Ident;
use syn::{Fields, Item, ItemStruct, Type, parse_quote};

/// Gives a text type what text has, except `String` itself: a type that dereferences to it has its
/// methods in the documentation before its own.
pub fn text_traits(name: &Ident) -> [Item; 9] {
    [
        parse_quote! {
            impl #name {
                /// Returns the text.
                pub fn as_str(&self) -> &str { &self.0 }
            }
        },
        parse_quote! {
            impl ::std::convert::AsRef<str> for #name {
                fn as_ref(&self) -> &str { &self.0 }
            }
        },
        parse_quote! {
            impl ::std::borrow::Borrow<str> for #name {
                fn borrow(&self) -> &str { &self.0 }
            }
        },
        parse_quote! {
            impl ::std::cmp::PartialEq<str> for #name {
                fn eq(&self, other: &str) -> bool { self.0 == *other }
            }
        },
        parse_quote! {
            impl ::std::cmp::PartialEq<&str> for #name {
                fn eq(&self, other: &&str) -> bool { self.0 == **other }
            }
        },
        parse_quote! {
            impl ::std::cmp::PartialEq<::std::string::String> for #name {
                fn eq(&self, other: &::std::string::String) -> bool { self.0 == *other }
            }
        },
        parse_quote! {
            impl ::std::cmp::PartialEq<#name> for str {
                fn eq(&self, other: &#name) -> bool { *self == other.0 }
            }
        },
        parse_quote! {
            impl ::std::cmp::PartialEq<#name> for &str {
                fn eq(&self, other: &#name) -> bool { **self == other.0 }
            }
        },
        parse_quote! {
            impl ::std::convert::From<&#name> for #name {
                fn from(value: &#name) -> Self { value.clone() }
            }
        },
    ]
}

pub fn display(name: &Ident) -> Item {
    parse_quote! {
        impl ::std::fmt::Display for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(&self.0)
            }
        }
    }
}

pub fn from_string(name: &Ident) -> Item {
    parse_quote! {
        impl ::std::convert::TryFrom<&::std::string::String> for #name {
            type Error = self::error::ConversionError;
            fn try_from(
                value: &::std::string::String,
            ) -> ::std::result::Result<Self, self::error::ConversionError> {
                value.parse()
            }
        }
    }
}

/// Whether this is `struct Id(String)`.
pub fn is_text(item: &ItemStruct) -> bool {
    let text: Type = parse_quote! { ::std::string::String };
    match &item.fields {
        Fields::Unnamed(fields) => {
            fields.unnamed.len() == 1 && fields.unnamed.iter().all(|field| field.ty == text)
        }
        _ => false,
    }
}
