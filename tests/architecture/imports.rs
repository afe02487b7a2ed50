//! Reads the imports of source files: every path in their code that begins in the crate.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

pub type ModulePath = Vec<String>;

#[derive(Default)]
pub struct Module {
    /// Absolute paths that the file uses.
    pub imports: Vec<ModulePath>,
    /// Names that the file re-exports, and their absolute paths.
    exports: BTreeMap<String, ModulePath>,
}

/// The module tree of a crate, by path from its root.
pub struct Modules(pub BTreeMap<ModulePath, Module>);

impl Modules {
    /// Reads the sources of a crate, or of the module at this path.
    pub fn read(root: &Path, path: &ModulePath) -> Self {
        let mut files = Vec::new();
        find(root, &mut path.clone(), &mut files);
        let paths: BTreeSet<_> = files.iter().map(|(path, _)| path.clone()).collect();
        let mut modules = BTreeMap::from([(ModulePath::new(), Module::default())]);
        modules.extend(files.iter().map(|(path, file)| {
            let text = fs::read_to_string(file).unwrap();
            let mut scan = Scan {
                path: path.clone(),
                paths: &paths,
                module: Module::default(),
            };
            scan.tokens(text.parse().unwrap());
            (path.clone(), scan.module)
        }));
        Self(modules)
    }

    /// The module that an absolute path leads to, through re-exports.
    pub fn resolve(&self, path: &[String]) -> ModulePath {
        let mut module = ModulePath::new();
        for (index, name) in path.iter().enumerate() {
            let mut child = module.clone();
            child.push(name.clone());
            if self.0.contains_key(&child) {
                module = child;
                continue;
            }
            return match self.0[&module].exports.get(name) {
                Some(target) => {
                    let mut target = target.clone();
                    target.extend_from_slice(&path[index + 1..]);
                    self.resolve(&target)
                }
                None => module,
            };
        }
        module
    }
}

/// Returns the source files of a crate with the paths of their modules.
pub fn files(root: &Path) -> Vec<(ModulePath, PathBuf)> {
    let mut files = Vec::new();
    find(root, &mut ModulePath::new(), &mut files);
    files
}

/// Finds the source files of a crate. Test modules may import what they test, wherever that is.
fn find(folder: &Path, path: &mut ModulePath, files: &mut Vec<(ModulePath, PathBuf)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().path();
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        if file.is_dir() {
            path.push(name);
            find(&file, path, files);
            path.pop();
        } else if file.extension().is_some_and(|extension| extension == "rs") && name != "tests" {
            let mut module = path.clone();
            if !matches!(name.as_str(), "lib" | "main" | "mod") {
                module.push(name);
            }
            files.push((module, file));
        }
    }
}

/// Reads the paths of one file.
struct Scan<'a> {
    /// The module that is being read: the file, or an inline module in it.
    path: ModulePath,
    paths: &'a BTreeSet<ModulePath>,
    module: Module,
}

impl Scan<'_> {
    fn tokens(&mut self, stream: TokenStream) {
        let tokens: Vec<_> = stream.into_iter().collect();
        let mut index = 0;
        while index < tokens.len() {
            if is_test_attribute(&tokens[index..]) {
                index += 2;
                // The item that the attribute is on.
                while index < tokens.len() && !ends_item(&tokens[index]) {
                    index += 1;
                }
            } else if let [
                TokenTree::Ident(keyword),
                TokenTree::Ident(name),
                TokenTree::Group(body),
                ..,
            ] = &tokens[index..]
                && keyword == "mod"
            {
                self.path.push(name.to_string());
                self.tokens(body.stream());
                self.path.pop();
                index += 2;
            } else if is_quotation(&tokens[index..]) {
                // Generated code imports nothing here.
                index += 2;
            } else if let TokenTree::Group(group) = &tokens[index] {
                self.tokens(group.stream());
            } else if let TokenTree::Ident(name) = &tokens[index]
                && !(index > 0 && is_punct(&tokens[index - 1], ':'))
                && let Some(base) = self.base(&name.to_string())
                && is_path(&tokens[index + 1..])
            {
                let exported = self.paths.contains(&self.path) && is_exported(&tokens[..index]);
                let mut leaves = Vec::new();
                index = leaf_paths(&tokens, index + 3, &base, &mut leaves);
                for (name, path) in leaves {
                    if exported {
                        self.module.exports.insert(name, path);
                    } else {
                        self.module.imports.push(path);
                    }
                }
                continue;
            }
            index += 1;
        }
    }

    /// Returns the module that a path starts from, or `None` if it starts outside this crate.
    fn base(&self, name: &str) -> Option<ModulePath> {
        match name {
            "crate" => Some(ModulePath::new()),
            "self" => Some(self.path.clone()),
            "super" => Some(self.path[..self.path.len().saturating_sub(1)].to_vec()),
            _ => {
                let mut child = self.path.clone();
                child.push(name.to_owned());
                self.paths.contains(&child).then_some(child)
            }
        }
    }
}

/// Collects the paths that begin with `base` and continue at `index`, after `::`. Returns where
/// they end.
fn leaf_paths(
    tokens: &[TokenTree],
    mut index: usize,
    base: &ModulePath,
    leaves: &mut Vec<(String, ModulePath)>,
) -> usize {
    let mut path = base.clone();
    loop {
        match tokens.get(index) {
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                let inner: Vec<_> = group.stream().into_iter().collect();
                for item in inner
                    .split(|token| is_punct(token, ','))
                    .filter(|item| !item.is_empty())
                {
                    leaf_paths(item, 0, &path, leaves);
                }
                return index + 1;
            }
            Some(TokenTree::Ident(name)) if name == "super" => {
                path.pop();
            }
            Some(TokenTree::Ident(name)) if name != "self" => path.push(name.to_string()),
            _ => {}
        }
        index += 1;
        if is_path(&tokens[index.min(tokens.len())..]) {
            index += 2;
            continue;
        }
        let mut name = path.last().cloned().unwrap_or_default();
        if let [TokenTree::Ident(keyword), TokenTree::Ident(alias), ..] =
            &tokens[index.min(tokens.len())..]
            && keyword == "as"
        {
            name = alias.to_string();
        }
        leaves.push((name, path));
        return index;
    }
}

fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}

fn is_path(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [first, second, ..] if is_punct(first, ':') && is_punct(second, ':'))
}

fn is_test_attribute(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [hash, TokenTree::Group(attribute), ..]
        if is_punct(hash, '#') && attribute.stream().to_string().replace(' ', "") == "cfg(test)")
}

/// Whether these tokens begin with `quote! { … }` or `parse_quote! { … }`.
fn is_quotation(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [TokenTree::Ident(name), mark, TokenTree::Group(_), ..]
        if is_punct(mark, '!') && (name == "quote" || name == "parse_quote"))
}

fn ends_item(token: &TokenTree) -> bool {
    is_punct(token, ';')
        || matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}

/// Whether these tokens end in `pub use` or `pub(crate) use`.
fn is_exported(before: &[TokenTree]) -> bool {
    let Some((TokenTree::Ident(last), rest)) = before.split_last() else {
        return false;
    };
    let rest = match rest.split_last() {
        Some((TokenTree::Group(_), rest)) => rest,
        _ => rest,
    };
    last == "use"
        && matches!(rest.last(), Some(TokenTree::Ident(visibility)) if visibility == "pub")
}
