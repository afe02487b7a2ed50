//! Changes the types: they can grow, and text types are aliases of one type.

use std::collections::{HashMap, HashSet};
use std::mem;

use quote::quote;
use syn::token::Brace;
use syn::{
    Attribute, GenericArgument, ImplItem, Item, ItemImpl, ItemStruct, PathArguments, Visibility,
    parse_quote,
};

use super::type_builders::{FieldDocs, TypeBuilders};
use crate::codegen::patch::messages::Labels;
use crate::codegen::patch::syntax::{
    functions, has_function, implements, is_code, is_doc, last_name,
};
use crate::codegen::patch::texts::{self, implementations, is_text};
use crate::codegen::print::print_inner;

/// Printed code, which no patch needs to look at.
#[derive(Default)]
pub struct Written {
    /// Code to add to types, by their names.
    pub types: HashMap<String, String>,
    /// The limits of text types, by their names.
    pub limits: Vec<(String, String)>,
    /// The builders of types: their names, and their code.
    pub builders: Vec<(String, String)>,
}

/// What the types became.
#[derive(Default)]
pub struct Types {
    /// The types that are text.
    pub texts: HashSet<String>,
    pub written: Written,
}

/// Changes the types, and writes the builders of those that are not `without`. An error names a part
/// that was not found.
pub fn refine(
    labels: &Labels,
    without: &HashSet<String>,
    items: &mut Vec<Item>,
) -> Result<Types, String> {
    let mut docs = FieldDocs::new();
    let mut limited = HashSet::new();
    let mut texts = HashSet::new();
    let mut displayed = HashSet::new();
    let mut parsed = HashSet::new();
    let non_exhaustive: Attribute = parse_quote! { #[non_exhaustive] };
    let from_text = quote! { ::std::convert::TryFrom<&str> };
    for item in items.iter_mut() {
        match item {
            Item::Struct(item) if is_text(item) => {
                texts.insert(item.ident.to_string());
            }
            Item::Struct(item) => {
                item.attrs.push(non_exhaustive.clone());
                docs.insert(item.ident.to_string(), field_docs(item));
            }
            Item::Enum(item) => item.attrs.push(non_exhaustive.clone()),
            Item::Impl(item) if implements(item, "Display") => {
                displayed.insert(last_name(&item.self_ty));
            }
            Item::Impl(item)
                if implements(item, "TryFrom")
                    && item
                        .trait_
                        .as_ref()
                        .is_some_and(|(path, _)| is_code(path, &from_text)) =>
            {
                parsed.insert(last_name(&item.self_ty));
            }
            Item::Impl(item) if has_function(item, "check_limits") => {
                limited.insert(last_name(&item.self_ty));
            }
            // That of the crate is made by its text types, too.
            Item::Mod(module) if module.ident == "error" => {
                module.content = Some((
                    Brace::default(),
                    vec![parse_quote! { pub use crate::checked_text::ConversionError; }],
                ));
            }
            // serde reads the defaults by path, and nobody else can call them.
            Item::Mod(module) if module.ident == "defaults" => {
                module.vis = Visibility::Inherited;
                // progenitor adds those of integers for a number too, which has one of its own.
                for item in module.content.iter_mut().flat_map(|(_, items)| items) {
                    if let Item::Fn(function) = item
                        && !function.sig.generics.params.is_empty()
                    {
                        function.attrs.push(parse_quote! { #[allow(dead_code)] });
                    }
                }
            }
            _ => {}
        }
    }
    let checked: HashSet<_> = texts.intersection(&parsed).cloned().collect();
    let mut written = Written {
        limits: replace_checked_texts(&checked, items)?,
        ..Written::default()
    };
    items.retain(|item| match item {
        Item::Impl(item) if implements(item, "Deref") => !texts.contains(&last_name(&item.self_ty)),
        _ => true,
    });
    for item in items.iter_mut() {
        if let Item::Mod(module) = item
            && module.ident == "builder"
            && let Some((_, content)) = &mut module.content
            && let [Item::Verbatim(generated)] = content.as_mut_slice()
        {
            let type_builders = TypeBuilders {
                labels,
                docs: &docs,
                limited: &limited,
                without,
            };
            written.builders = type_builders.write(mem::take(generated))?;
            content.clear();
        }
    }
    remove_builder_functions(items);
    for (name, _) in &written.builders {
        written.types.insert(name.clone(), builder_function(name));
    }
    for name in texts.difference(&checked) {
        let code = implementations(name, displayed.contains(name));
        written.types.insert(name.clone(), code);
    }
    Ok(Types { texts, written })
}

/// Removes `impl Lamp { pub fn builder() -> builder::Lamp { … } }` of each type.
fn remove_builder_functions(items: &mut Vec<Item>) {
    items.retain(|item| match item {
        Item::Impl(item) => {
            item.trait_.is_some() || !matches!(item.items.as_slice(), [ImplItem::Verbatim(_)])
        }
        _ => true,
    });
}

fn builder_function(name: &str) -> String {
    format!(
        "impl {name} {{
    pub fn builder() -> builder::{name}Builder {{
        Default::default()
    }}
}}
"
    )
}

/// Replaces the text types with limits by aliases, and removes their implementations. Returns their
/// names and limits.
fn replace_checked_texts(
    checked: &HashSet<String>,
    items: &mut Vec<Item>,
) -> Result<Vec<(String, String)>, String> {
    let mut not_found = None;
    let mut limits = Vec::new();
    items.retain_mut(|item| match item {
        Item::Struct(text) if checked.contains(&text.ident.to_string()) => {
            *item = texts::alias(text);
            true
        }
        Item::Impl(item) => {
            let name = last_name(&item.self_ty);
            if implements(item, "FromStr") && checked.contains(&name) {
                let mut functions = functions(item);
                let found = functions.find_map(|function| texts::limits(&name, function));
                match found {
                    Some(found) => limits.push((name.clone(), print_inner(&found))),
                    None => not_found = Some(name.clone()),
                }
            }
            !is_of_text(item, checked)
        }
        _ => true,
    });
    if let Some(name) = not_found {
        return Err(format!("the limits of the text `{name}`"));
    }
    for item in items.iter_mut() {
        match item {
            Item::Impl(item) if implements(item, "Default") => {
                for item in &mut item.items {
                    texts::make_defaults(item, checked);
                }
            }
            Item::Mod(module) if module.ident == "defaults" => {
                for item in module.content.iter_mut().flat_map(|(_, items)| items) {
                    texts::make_defaults(item, checked);
                }
            }
            _ => {}
        }
    }
    Ok(limits)
}

/// Whether `CheckedText` implements this for the text types among these.
fn is_of_text(item: &ItemImpl, checked: &HashSet<String>) -> bool {
    let Some((path, _)) = &item.trait_ else {
        return false;
    };
    let Some(last) = path.segments.last() else {
        return false;
    };
    // `impl From<DesktopId> for String`
    if let PathArguments::AngleBracketed(arguments) = &last.arguments
        && let Some(GenericArgument::Type(from)) = arguments.args.first()
        && last.ident == "From"
        && checked.contains(&last_name(from))
    {
        return true;
    }
    // A default is that of one text.
    last.ident != "Default" && checked.contains(&last_name(&item.self_ty))
}

fn field_docs(item: &ItemStruct) -> HashMap<String, (usize, Vec<Attribute>)> {
    let mut docs = HashMap::new();
    for (place, field) in item.fields.iter().enumerate() {
        if let Some(name) = &field.ident {
            let attributes = field.attrs.iter().filter(|attribute| is_doc(attribute));
            docs.insert(name.to_string(), (place, attributes.cloned().collect()));
        }
    }
    docs
}
