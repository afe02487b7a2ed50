//! Writes the builders of types.
//!
//! They are the largest part of the client, and differ in nothing but names, types, defaults and
//! documentation. Of progenitor's builders, only the fields and their defaults are read, as text.
//! The rest is a template, because to parse, change and print the code would take much longer.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::iter::Peekable;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::Attribute;

use crate::codegen::names;
use crate::codegen::patch::messages::{Labels, items};
use crate::codegen::patch::read::part;
use crate::codegen::print::print_lines;
use crate::codegen::yaml::Node;

/// The places of fields in their types, and their documentation: by type, then by field.
pub type FieldDocs = HashMap<String, HashMap<String, (usize, Vec<Attribute>)>>;

/// What the builders need of the types.
pub struct TypeBuilders<'a> {
    pub labels: &'a Labels<'a>,
    pub docs: &'a FieldDocs,
    /// The types with limits that `check_limits` checks.
    pub limited: &'a HashSet<String>,
    /// The types that need no builder.
    pub without: &'a HashSet<String>,
}

/// A builder of progenitor.
struct Builder {
    /// The name of what it builds.
    name: String,
    fields: Vec<Field>,
}

struct Field {
    name: String,
    ty: String,
    /// The initial value, which is a `Result`.
    default: String,
}

impl TypeBuilders<'_> {
    /// Returns the names of the types, and the code of their builders. `module` is what progenitor
    /// generated for them.
    pub fn write(&self, module: TokenStream) -> Result<Vec<(String, String)>, String> {
        let mut written = Vec::new();
        for mut builder in read(module)? {
            if !self.without.contains(&builder.name) {
                if let Some(docs) = self.docs.get(&builder.name) {
                    let place = |field: &Field| docs.get(&field.name).map(|(place, _)| *place);
                    builder.fields.sort_by_key(place);
                }
                let text = self.builder(&builder);
                written.push((builder.name, text));
            }
        }
        Ok(written)
    }

    fn builder(&self, builder: &Builder) -> String {
        let Builder { name, fields } = builder;
        let value = if fields.is_empty() { "_value" } else { "value" };
        let minimums = self.minimums(name);
        let docs = self.docs.get(name);
        let mut types = String::new();
        let mut defaults = String::new();
        let mut setters = String::new();
        let mut built = String::new();
        let mut taken = String::new();
        for Field { name, ty, default } in fields {
            // Writing to a text never fails.
            let _ = writeln!(types, "    {name}: Result<{ty}, String>,");
            let _ = writeln!(defaults, "            {name}: {default},");
            let _ = writeln!(built, "            {name}: value.{name}?,");
            let _ = writeln!(taken, "            {name}: Ok(value.{name}),");
            let documentation = docs.and_then(|docs| docs.get(name));
            for documentation in documentation.into_iter().flat_map(|(_, docs)| docs) {
                let documentation = print_lines(documentation.to_token_stream());
                let _ = write!(setters, "    {documentation}");
            }
            setters += &setter(name, ty, minimums.get(name).copied());
        }
        // A property of this name has a setter of this name.
        if !fields.iter().any(|field| field.name == "build") {
            setters += &self.build(name);
        }
        format!(
            "\
///The builder of [`{name}`](super::{name}).
#[derive(Clone, Debug)]
#[must_use = \"nothing is built before `build`\"]
pub struct {name}Builder {{
{types}}}
impl Default for {name}Builder {{
    fn default() -> Self {{
        Self {{
{defaults}        }}
    }}
}}
impl {name}Builder {{
{setters}}}
impl TryFrom<{name}Builder> for super::{name} {{
    type Error = super::error::ConversionError;
    fn try_from({value}: {name}Builder) -> Result<Self, Self::Error> {{
        Ok(Self {{
{built}        }})
    }}
}}
impl From<super::{name}> for {name}Builder {{
    fn from({value}: super::{name}) -> Self {{
        Self {{
{taken}        }}
    }}
}}
"
        )
    }

    /// Returns the numbers of items that the lists among the properties must have.
    fn minimums(&self, schema: &str) -> HashMap<String, usize> {
        let properties = self
            .labels
            .schema(schema)
            .and_then(|it| it.get("properties"));
        let mut minimums = HashMap::new();
        for (key, list) in properties.into_iter().flat_map(Node::entries) {
            let minimum = list.get("minItems");
            if let Some(minimum) = minimum.and_then(|minimum| minimum.to_value().as_u64())
                && minimum > 0
            {
                let minimum = usize::try_from(minimum).unwrap_or(usize::MAX);
                minimums.insert(names::field(&key.name), minimum);
            }
        }
        minimums
    }

    fn build(&self, name: &str) -> String {
        let check = if self.limited.contains(name) {
            "        built.check_limits().map_err(crate::Error::invalid_input)?;\n"
        } else {
            ""
        };
        format!(
            "    ///Checks the values and returns the [`{name}`](super::{name}).
    pub fn build(self) -> crate::Result<super::{name}> {{
        let built = super::{name}::try_from(self)?;
{check}        Ok(built)
    }}
"
        )
    }
}

/// Returns the setter of a property. It takes a plain value also where the property is optional,
/// and rejects an empty list that must not be empty.
fn setter(name: &str, ty: &str, minimum: Option<usize>) -> String {
    let optional = parameter(ty, "::std::option::Option<");
    let is_list = parameter(ty, "::std::vec::Vec<").is_some();
    let then = match minimum {
        _ if optional.is_some() => ".map(Some)".to_owned(),
        Some(minimum) if is_list => format!(
            ".and_then(|items: {ty}| {{
            if items.len() < {minimum} {{
                Err(\"{name}: fewer than {}\".to_owned())
            }} else {{
                Ok(items)
            }}
        }})",
            items(minimum)
        ),
        _ => String::new(),
    };
    let ty = optional.unwrap_or(ty);
    format!(
        "    pub fn {name}<T>(mut self, value: T) -> Self
    where T: ::std::convert::TryInto<{ty}>, T::Error: ::std::fmt::Display {{
        self.{name} = super::super::convert(value, \"{name}\"){then};
        self
    }}
"
    )
}

/// Reads the builders that progenitor generated, one after another: the type, its default, its
/// setters and two conversions.
fn read(module: TokenStream) -> Result<Vec<Builder>, String> {
    let mut builders = Vec::new();
    let mut tokens = module.into_iter().peekable();
    while let Some(declaration) = part(&mut tokens) {
        let head = print_lines(declaration.head);
        let declared = head.rsplit_once("pub struct ");
        let name = declared.and_then(|(_, name)| name.split_once(' '));
        let Some((name, _)) = name else {
            return Err(format!("a builder: {head}"));
        };
        let fail = || format!("the builder of `{name}`");
        let types = print_lines(declaration.body.unwrap_or_default());
        let default = part(&mut tokens).ok_or_else(fail)?;
        if print_lines(default.head).trim_end()
            != format!("impl::std::default::Default for {name} {{}}")
        {
            return Err(fail());
        }
        let defaults = print_lines(default.body.unwrap_or_default());
        let fields = fields(&types, &defaults).ok_or_else(fail)?;
        skip_implementations(&mut tokens);
        let name = name.to_owned();
        builders.push(Builder { name, fields });
    }
    Ok(builders)
}

/// Skips the setters and the conversions.
fn skip_implementations(tokens: &mut Peekable<impl Iterator<Item = TokenTree>>) {
    while let Some(TokenTree::Ident(keyword)) = tokens.peek()
        && keyword == "impl"
    {
        let is_body = |token: &TokenTree| match token {
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            _ => false,
        };
        while tokens.next().is_some_and(|token| !is_body(&token)) {}
    }
}

/// Reads the fields of a builder and the function that returns its default:
/// `id: ::std::result::Result<u8, ::std::string::String>,` and `id: Ok(Default::default()),`.
fn fields(types: &str, defaults: &str) -> Option<Vec<Field>> {
    let mut types = types.lines();
    let mut fields = Vec::new();
    for line in defaults.lines() {
        // `fn default() -> Self {`, `Self {` and their ends.
        let Some((name, default)) = line.trim_start().split_once(": ") else {
            continue;
        };
        let default = default.strip_suffix(',')?;
        let default = if default.starts_with("Err(") {
            format!("Err(\"{name} is missing\".to_string())")
        } else {
            default.to_owned()
        };
        let (field, ty) = types.next()?.split_once(": ")?;
        let ty = ty
            .strip_prefix("::std::result::Result<")?
            .strip_suffix(", ::std::string::String>,")?;
        if field != name {
            return None;
        }
        fields.push(Field {
            name: name.to_owned(),
            ty: ty.to_owned(),
            default,
        });
    }
    types.next().is_none().then_some(fields)
}

/// Returns the parameter of a type, which begins with `start`.
fn parameter<'a>(ty: &'a str, start: &str) -> Option<&'a str> {
    ty.strip_prefix(start)?.strip_suffix('>')
}
