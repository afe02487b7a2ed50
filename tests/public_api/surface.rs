//! Reads the promises of a crate from its sources.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use quote::ToTokens;
use syn::{
    Attribute, Fields, FnArg, GenericParam, Generics, ImplItem, Item, ItemImpl, Meta, Signature,
    TraitItem, Type, UseTree, Visibility,
};

use crate::code::on_one_line;

type ModulePath = Vec<String>;

/// A module: its items and the names that it imports.
#[derive(Default)]
struct Module {
    items: Vec<Item>,
    /// Imported names: by name, the path and whether the import is public.
    imports: BTreeMap<String, (ModulePath, bool)>,
    is_public: bool,
}

/// The modules of the crate, by path.
#[derive(Default)]
struct Crate(BTreeMap<ModulePath, Module>);

/// Where an item is defined, and its name there.
type Definition = (ModulePath, String);

/// Returns the promises of the crate whose sources are in this folder.
pub fn of_crate(sources: &Path) -> Vec<String> {
    let mut all = Crate::default();
    let file = syn::parse_file(&fs::read_to_string(sources.join("lib.rs")).unwrap()).unwrap();
    all.add(vec![], file.items, true, Some(sources));
    all.promises()
}

/// Returns the promises of a crate of one file.
pub fn of_source(source: &str) -> Vec<String> {
    let mut all = Crate::default();
    all.add(vec![], syn::parse_file(source).unwrap().items, true, None);
    all.promises()
}

impl Crate {
    fn add(&mut self, path: ModulePath, items: Vec<Item>, is_public: bool, folder: Option<&Path>) {
        let mut module = Module {
            is_public,
            ..Module::default()
        };
        for item in items {
            match item {
                Item::Mod(inner) if is_hidden(&inner.attrs) => {}
                Item::Mod(inner) => {
                    let name = inner.ident.to_string();
                    let is_public = is_public_item(&inner.vis);
                    let inner_path = [path.clone(), vec![name.clone()]].concat();
                    let (items, folder) = match (inner.content, folder) {
                        // The generated client is included, not declared.
                        (Some(_), Some(folder)) if name == "generated" => {
                            (parse(&folder.join("generated.rs")), None)
                        }
                        (Some((_, items)), _) => (items, None),
                        (None, Some(folder)) => {
                            let nested = folder.join(&name);
                            let file = folder.join(format!("{name}.rs"));
                            if file.exists() {
                                (parse(&file), Some(nested))
                            } else {
                                (parse(&nested.join("mod.rs")), Some(nested))
                            }
                        }
                        (None, None) => continue,
                    };
                    self.add(inner_path, items, is_public, folder.as_deref());
                }
                Item::Use(import) => {
                    let is_public = is_public_item(&import.vis);
                    let external = import.leading_colon.is_some();
                    let mut names = Vec::new();
                    flatten(&import.tree, &mut Vec::new(), &mut names);
                    for (name, target) in names {
                        let target = if external {
                            [vec![String::new()], target].concat()
                        } else {
                            target
                        };
                        module.imports.insert(name, (target, is_public));
                    }
                }
                item => module.items.push(item),
            }
        }
        self.0.insert(path, module);
    }

    /// Follows imports to where an item is defined; `None` if that is another crate.
    fn resolve(&self, from: &ModulePath, path: &[String]) -> Option<Definition> {
        let mut place = from.clone();
        let mut rest = path;
        match path.first()?.as_str() {
            "crate" => {
                place.clear();
                rest = &path[1..];
            }
            "self" => rest = &path[1..],
            "super" => {
                while rest.first().is_some_and(|part| part == "super") {
                    place.pop();
                    rest = &rest[1..];
                }
            }
            _ => {}
        }
        let (name, after) = rest.split_first()?;
        let module = self.0.get(&place)?;
        let inner = [place.clone(), vec![name.clone()]].concat();
        if self.0.contains_key(&inner) {
            if after.is_empty() {
                return Some((place, name.clone()));
            }
            return self.resolve(&inner, &[vec!["self".to_owned()], after.to_vec()].concat());
        }
        if after.is_empty()
            && module
                .items
                .iter()
                .any(|item| name_of(item).as_ref() == Some(name))
        {
            return Some((place, name.clone()));
        }
        let (target, _) = module.imports.get(name)?;
        if target.first() == Some(name) && target.len() == 1 {
            return None;
        }
        self.resolve(&place, &[target.clone(), after.to_vec()].concat())
    }

    /// Callers do not see an implementation of a trait that only the crate can name.
    fn is_public_trait(
        &self,
        from: &ModulePath,
        item: &ItemImpl,
        public: &BTreeMap<Definition, String>,
    ) -> bool {
        let Some((implemented, _)) = &item.trait_ else {
            return true;
        };
        let segments = implemented.segments.iter();
        let path: ModulePath = segments.map(|part| part.ident.to_string()).collect();
        match self.resolve(from, &path) {
            Some(definition) => public.contains_key(&definition),
            None => true,
        }
    }

    fn promises(&self) -> Vec<String> {
        let mut public = BTreeMap::new();
        let mut lines = BTreeSet::new();
        self.publish(&vec![], "", &mut public, &mut lines);
        for (path, module) in &self.0 {
            for item in &module.items {
                if let Item::Impl(item) = item
                    && let Some(name) = self.self_type(path, &item.self_ty)
                    && let Some(name) = public.get(&name)
                    && self.is_public_trait(path, item, &public)
                {
                    implementation(item, name, &mut lines);
                }
            }
        }
        lines.into_iter().collect()
    }

    /// Adds the public names of a module.
    fn publish(
        &self,
        path: &ModulePath,
        prefix: &str,
        public: &mut BTreeMap<Definition, String>,
        lines: &mut BTreeSet<String>,
    ) {
        let module = &self.0[path];
        for item in &module.items {
            if let Some(name) = name_of(item)
                && is_public_definition(item)
            {
                let full = format!("{prefix}{name}");
                public
                    .entry((path.clone(), name))
                    .or_insert_with(|| full.clone());
                definition(item, &full, lines);
            }
        }
        for (inner, module) in &self.0 {
            if module.is_public && inner.len() == path.len() + 1 && inner.starts_with(path) {
                let name = inner.last().unwrap();
                self.publish(inner, &format!("{prefix}{name}::"), public, lines);
            }
        }
        for (name, (target, is_public)) in &module.imports {
            if !is_public {
                continue;
            }
            let full = format!("{prefix}{name}");
            let Some((place, original)) = self.resolve(path, target) else {
                lines.insert(format!("use {full} = {}", target.join("::")));
                continue;
            };
            let inner = [place.clone(), vec![original.clone()]].concat();
            if self.0.contains_key(&inner) {
                self.publish(&inner, &format!("{full}::"), public, lines);
                continue;
            }
            let items = &self.0[&place].items;
            let defined = items
                .iter()
                .find(|item| name_of(item).as_ref() == Some(&original));
            if let Some(item) = defined {
                public
                    .entry((place, original))
                    .or_insert_with(|| full.clone());
                definition(item, &full, lines);
            }
        }
    }

    fn self_type(&self, path: &ModulePath, ty: &Type) -> Option<Definition> {
        match ty {
            Type::Path(ty) => {
                let parts = ty.path.segments.iter().map(|part| part.ident.to_string());
                self.resolve(path, &parts.collect::<Vec<_>>())
            }
            _ => None,
        }
    }
}

fn parse(path: &Path) -> Vec<Item> {
    let text =
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    syn::parse_file(&text).unwrap().items
}

fn flatten(tree: &UseTree, path: &mut ModulePath, names: &mut Vec<(String, ModulePath)>) {
    match tree {
        UseTree::Path(tree) => {
            path.push(tree.ident.to_string());
            flatten(&tree.tree, path, names);
            path.pop();
        }
        UseTree::Name(tree) if tree.ident == "self" => {
            names.push((path.last().cloned().unwrap_or_default(), path.clone()));
        }
        UseTree::Name(tree) => {
            let name = tree.ident.to_string();
            names.push((name.clone(), [path.clone(), vec![name]].concat()));
        }
        UseTree::Rename(tree) => {
            let target = [path.clone(), vec![tree.ident.to_string()]].concat();
            names.push((tree.rename.to_string(), target));
        }
        UseTree::Group(tree) => {
            for tree in &tree.items {
                flatten(tree, path, names);
            }
        }
        UseTree::Glob(_) => {}
    }
}

fn name_of(item: &Item) -> Option<String> {
    let name = match item {
        Item::Struct(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Const(item) => &item.ident,
        Item::Static(item) => &item.ident,
        Item::Type(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

fn is_public_definition(item: &Item) -> bool {
    match item {
        Item::Struct(item) => is_public_item(&item.vis) && !is_hidden(&item.attrs),
        Item::Enum(item) => is_public_item(&item.vis) && !is_hidden(&item.attrs),
        Item::Trait(item) => is_public_item(&item.vis) && !is_hidden(&item.attrs),
        Item::Fn(item) => is_public_item(&item.vis) && !is_hidden(&item.attrs),
        Item::Const(item) => is_public_item(&item.vis) && !is_hidden(&item.attrs),
        Item::Static(item) => is_public_item(&item.vis) && !is_hidden(&item.attrs),
        Item::Type(item) => is_public_item(&item.vis) && !is_hidden(&item.attrs),
        _ => false,
    }
}

fn is_public_item(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Whether an item is hidden from the documentation, or is only there for tests.
fn is_hidden(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let text = attribute.to_token_stream().to_string();
        text.contains("doc (hidden)") || text.contains("cfg (test)")
    })
}

fn is_open(attributes: &[Attribute]) -> bool {
    let mut attributes = attributes.iter();
    attributes.any(|attribute| attribute.path().is_ident("non_exhaustive"))
}

/// Adds the promises of a type, trait, function or constant.
fn definition(item: &Item, name: &str, lines: &mut BTreeSet<String>) {
    match item {
        Item::Struct(item) => {
            let generics = generics(&item.generics);
            let fields = fields(&item.fields);
            let is_literal =
                !is_open(&item.attrs) && fields.iter().all(|(is_public, _)| *is_public);
            if is_literal && !fields.is_empty() {
                let fields = fields.iter().map(|(_, field)| field.as_str());
                let fields = fields.collect::<Vec<_>>().join(", ");
                lines.insert(format!(
                    "struct {name}{generics} {{ {fields} }}, all fields"
                ));
            } else {
                lines.insert(format!("struct {name}{generics}"));
            }
            for (_, field) in fields.iter().filter(|(is_public, _)| *is_public) {
                lines.insert(format!("field {name}.{field}"));
            }
            derives(&item.attrs, name, lines);
        }
        Item::Enum(item) => {
            let generics = generics(&item.generics);
            let variants: Vec<_> = item.variants.iter().map(text_of_variant).collect();
            if is_open(&item.attrs) {
                lines.insert(format!("enum {name}{generics}"));
            } else {
                let all = variants.join(", ");
                lines.insert(format!("enum {name}{generics} {{ {all} }}, all variants"));
            }
            for variant in variants {
                lines.insert(format!("variant {name}::{variant}"));
            }
            derives(&item.attrs, name, lines);
        }
        Item::Trait(item) => {
            let mut required = Vec::new();
            for member in &item.items {
                let text = match member {
                    TraitItem::Fn(function) if function.default.is_none() => {
                        let signature = signature(&function.sig);
                        required.push(format!("{} {signature}", function.sig.ident));
                        continue;
                    }
                    TraitItem::Fn(function) => {
                        format!("{} {}", function.sig.ident, signature(&function.sig))
                    }
                    other => {
                        required.push(text(other));
                        continue;
                    }
                };
                lines.insert(format!("trait {name}: {text}"));
            }
            let (generics, bounds) = (generics(&item.generics), text(&item.supertraits));
            let required = required.join("; ");
            lines.insert(format!(
                "trait {name}{generics}: {bounds} {{ {required} }}, all required"
            ));
        }
        Item::Fn(item) => {
            lines.insert(format!("fn {name} {}", signature(&item.sig)));
        }
        Item::Const(item) => {
            lines.insert(format!("const {name}: {}", text(&item.ty)));
        }
        Item::Static(item) => {
            lines.insert(format!("static {name}: {}", text(&item.ty)));
        }
        Item::Type(item) => {
            let generics = generics(&item.generics);
            lines.insert(format!("type {name}{generics} = {}", text(&item.ty)));
        }
        _ => {}
    }
}

/// Returns the fields, and whether each is public.
fn fields(fields: &Fields) -> Vec<(bool, String)> {
    let mut texts = Vec::new();
    for (index, field) in fields.iter().enumerate() {
        let name = match &field.ident {
            Some(name) => name.to_string(),
            None => index.to_string(),
        };
        texts.push((
            is_public_item(&field.vis),
            format!("{name}: {}", text(&field.ty)),
        ));
    }
    texts
}

fn text_of_variant(variant: &syn::Variant) -> String {
    let fields = fields(&variant.fields);
    let fields: Vec<_> = fields.iter().map(|(_, field)| field.as_str()).collect();
    if fields.is_empty() {
        return variant.ident.to_string();
    }
    format!("{} {{ {} }}", variant.ident, fields.join(", "))
}

fn derives(attributes: &[Attribute], name: &str, lines: &mut BTreeSet<String>) {
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("derive"))
    {
        let Meta::List(list) = &attribute.meta else {
            continue;
        };
        let derived = list.parse_args_with(
            syn::punctuated::Punctuated::<syn::Path, syn::Token![,]>::parse_terminated,
        );
        for path in derived.unwrap() {
            let derived = &path.segments.last().unwrap().ident;
            lines.insert(format!("impl {derived} for {name}"));
        }
    }
}

/// Adds the promises of an `impl`.
fn implementation(item: &ItemImpl, name: &str, lines: &mut BTreeSet<String>) {
    if is_hidden(&item.attrs) {
        return;
    }
    let generics = generics(&item.generics);
    let Some((path, _)) = &item.trait_ else {
        for member in &item.items {
            match member {
                ImplItem::Fn(function)
                    if is_public_item(&function.vis) && !is_hidden(&function.attrs) =>
                {
                    let (function, signature) = (&function.sig.ident, signature(&function.sig));
                    lines.insert(format!("fn{generics} {name}::{function} {signature}"));
                }
                ImplItem::Const(constant) if is_public_item(&constant.vis) => {
                    let (constant, ty) = (&constant.ident, text(&constant.ty));
                    lines.insert(format!("const {name}::{constant}: {ty}"));
                }
                _ => {}
            }
        }
        return;
    };
    let mut implemented = path.clone();
    // A derived and a written implementation are the same promise.
    if let Some(last) = implemented.segments.last().cloned() {
        implemented.segments = [last].into_iter().collect();
        implemented.leading_colon = None;
    }
    let bounds = if item.generics.params.is_empty() {
        String::new()
    } else {
        generics
    };
    lines.insert(format!("impl{bounds} {} for {name}", text(&implemented)));
}

/// Returns a signature without its name, and without the names of its arguments, which callers do
/// not see.
fn signature(signature: &Signature) -> String {
    let arguments = signature.inputs.iter().map(|argument| match argument {
        // Callers do not see whether a consumed receiver is mutable.
        FnArg::Receiver(receiver) => match text(receiver) {
            consumed if consumed == "mut self" => "self".to_owned(),
            receiver => receiver,
        },
        FnArg::Typed(argument) => text(&argument.ty),
    });
    let arguments = arguments.collect::<Vec<_>>().join(", ");
    let (generics, output) = (generics(&signature.generics), text(&signature.output));
    let mut text = format!("{generics}({arguments})");
    if !output.is_empty() {
        text = format!("{text} {output}");
    }
    if signature.asyncness.is_some() {
        text = format!("async {text}");
    }
    text
}

fn generics(generics: &Generics) -> String {
    let mut parts = Vec::new();
    for parameter in &generics.params {
        if !matches!(parameter, GenericParam::Lifetime(_)) || generics.params.len() == 1 {
            parts.push(text(parameter));
        }
    }
    let bounds = generics.where_clause.as_ref().map(text).unwrap_or_default();
    match (parts.is_empty(), bounds.is_empty()) {
        (true, true) => String::new(),
        (false, true) => format!("<{}>", parts.join(", ")),
        (_, false) => format!("<{}> {}", parts.join(", "), bounds.trim_end_matches(',')),
    }
}

/// Returns code on one line, without the paths of the standard library.
fn text(code: &impl ToTokens) -> String {
    on_one_line(code, &[("( ", "("), (" )", ")")])
}
