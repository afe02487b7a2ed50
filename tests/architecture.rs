//! Imports run one way: between the modules of each crate as the tables below allow, and between
//! the files of a module without a cycle. The test reads the sources, so it fails on the first
//! import that would begin a cycle.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The modules at the top of a crate's sources, each with the others that it may import.
type Allowed = Vec<(&'static str, Vec<&'static str>)>;

#[test]
fn the_client_imports_one_way() {
    let below = [
        "sync",
        "secret",
        "text",
        "yaml",
        "operation",
        "pattern",
        "error",
        "signing",
        "http",
        "config",
        "credentials",
    ];
    let mut client = below.to_vec();
    client.push("generated");
    check(
        "workspace-api/src",
        vec![
            ("sync", vec![]),
            ("secret", vec![]),
            ("text", vec![]),
            ("yaml", vec![]),
            ("operation", vec![]),
            ("pattern", vec![]),
            ("error", vec!["operation", "text"]),
            ("signing", vec!["secret"]),
            (
                "http",
                vec!["error", "operation", "secret", "signing", "text"],
            ),
            ("config", vec!["error", "http", "secret", "text", "yaml"]),
            (
                "credentials",
                vec![
                    "http", "config", "signing", "error", "secret", "sync", "text",
                ],
            ),
            ("client", client),
            // The generated methods end in a call of the client, and the client is a generated
            // type.
            (
                "generated",
                vec!["client", "http", "operation", "pattern", "error"],
            ),
            (
                "desktops",
                vec!["client", "http", "error", "generated", "sync", "text"],
            ),
        ],
    );
}

#[test]
fn the_generator_imports_one_way() {
    check_below(
        "codegen",
        "workspace-api/codegen",
        layers(&[
            &["diagnostic", "documentation", "names"],
            &["variants", "yaml"],
            &["document"],
            &["constants", "openapi_3_0", "requested"],
            &["responses", "rules"],
            &["culprit", "normalize", "repeated"],
            &["generate", "patch"],
            &["divide"],
        ]),
    );
}

#[test]
fn the_command_imports_one_way() {
    check(
        "workspace-api-cli/src",
        layers(&[
            &["output", "desktops"],
            // The values of an option, such as a format, are those that the output has.
            &["cli"],
            &["error"],
            &["plan", "input", "signals", "connection", "verbose"],
            &["report"],
            &["batch"],
            &["commands"],
        ]),
    );
}

#[test]
fn the_sandbox_imports_one_way() {
    check(
        "workspace-api-sandbox/src",
        layers(&[
            &["error", "clock", "position", "signals", "sync"],
            &["http"],
            &["contract", "seed"],
            &["faults", "banner"],
            &["service"],
            &["routes"],
            &["server"],
            &["sandbox"],
            &["builder"],
            &["run"],
        ]),
    );
}

/// Returns what modules in layers may import: every module of the layers before their own.
fn layers(layers: &[&[&'static str]]) -> Allowed {
    let mut allowed = Vec::new();
    let mut below = Vec::new();
    for layer in layers {
        allowed.extend(layer.iter().map(|module| (*module, below.clone())));
        below.extend(layer.iter().copied());
    }
    allowed
}

fn check(sources: &str, allowed: Allowed) {
    check_below("", sources, allowed);
}

/// Checks the sources of a module at the top of a crate; of a whole crate if its name is empty.
fn check_below(top: &str, sources: &str, allowed: Allowed) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(sources);
    let mut path = ModulePath::new();
    path.extend(Some(top.to_owned()).filter(|top| !top.is_empty()));
    let modules = Modules::read(&root, &path);
    let allowed: BTreeMap<_, _> = allowed.into_iter().collect();
    let mut problems = Vec::new();
    let mut files: BTreeMap<ModulePath, BTreeSet<ModulePath>> = BTreeMap::new();
    for (from, module) in &modules.0 {
        for import in &module.imports {
            let to = modules.resolve(import);
            let (Some(importing), Some(imported)) = (from.get(path.len()), to.get(path.len()))
            else {
                continue;
            };
            if to == *from {
                continue;
            }
            if importing == imported {
                files.entry(from.clone()).or_default().insert(to);
            } else if !allowed
                .get(importing.as_str())
                .is_some_and(|modules| modules.contains(&imported.as_str()))
            {
                problems.push(format!("{} imports {}", from.join("::"), to.join("::")));
            }
        }
    }
    problems.extend(files.keys().filter_map(|file| cycle(file, &files)));
    problems.sort();
    problems.dedup();
    assert!(problems.is_empty(), "{sources}:\n{}", problems.join("\n"));
}

/// Returns the shortest cycle of imports from a file back to itself, written from its
/// alphabetically first member.
fn cycle(start: &ModulePath, files: &BTreeMap<ModulePath, BTreeSet<ModulePath>>) -> Option<String> {
    let mut reached: BTreeMap<&ModulePath, &ModulePath> = BTreeMap::new();
    let mut next = std::collections::VecDeque::from([start]);
    while let Some(file) = next.pop_front() {
        for to in files.get(file).into_iter().flatten() {
            if to == start {
                let mut path = vec![file];
                while *path.last().unwrap() != start {
                    path.push(reached[path.last().unwrap()]);
                }
                path.reverse();
                let first = path
                    .iter()
                    .enumerate()
                    .min_by_key(|(_, file)| **file)
                    .unwrap()
                    .0;
                path.rotate_left(first);
                path.push(path[0]);
                let path: Vec<_> = path.into_iter().map(|file| file.join("::")).collect();
                return Some(format!("cycle: {}", path.join(" → ")));
            }
            if !reached.contains_key(to) {
                reached.insert(to, file);
                next.push_back(to);
            }
        }
    }
    None
}

type ModulePath = Vec<String>;

#[derive(Default)]
struct Module {
    /// Absolute paths that the file uses.
    imports: Vec<ModulePath>,
    /// Names that the file re-exports, and their absolute paths.
    exports: BTreeMap<String, ModulePath>,
}

/// The module tree of a crate, by path from its root.
struct Modules(BTreeMap<ModulePath, Module>);

impl Modules {
    /// Reads the sources of a crate, or of the module at this path.
    fn read(root: &Path, path: &ModulePath) -> Self {
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
    fn resolve(&self, path: &[String]) -> ModulePath {
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
