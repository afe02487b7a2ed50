//! Reads the code that progenitor generated, but parses only what a patch may look at.
//!
//! The tokens of an item show its kind. The bodies of functions that no patch changes stay tokens,
//! because parsing and printing them would take a third of the time of the generator.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::parse::Parser as _;
use syn::{Block, Expr, File, ImplItem, ImplItemFn, Item, ItemImpl, ItemMod, Result, Stmt, parse2};

use super::syntax::implements;

/// Where an item is.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// The client and its methods.
    Root,
    Types,
    /// The builders of operations.
    Builders,
    /// A module that no patch changes.
    Other,
}

/// Reads the whole client.
pub fn client(tokens: TokenStream) -> Result<File> {
    Ok(File {
        shebang: None,
        frontmatter: None,
        attrs: Vec::new(),
        items: items(tokens, Place::Root)?,
    })
}

fn items(tokens: TokenStream, place: Place) -> Result<Vec<Item>> {
    let mut items = Vec::new();
    let mut tokens = tokens.into_iter();
    while let Some(part) = part(&mut tokens) {
        items.push(match part.keyword.as_str() {
            "impl" => Item::Impl(implementation(part, place)?),
            "mod" => Item::Mod(module(part, place)?),
            _ => parse2(part.whole())?,
        });
    }
    Ok(items)
}

fn module(part: Part, outer: Place) -> Result<ItemMod> {
    let mut module: ItemMod = parse2(part.head)?;
    if let (Some(body), Some((_, content))) = (part.body, &mut module.content) {
        *content = match (module.ident.to_string().as_str(), outer) {
            ("types", _) => items(body, Place::Types)?,
            // The builders of types are written anew.
            ("builder", Place::Types) => vec![Item::Verbatim(body)],
            ("builder", _) => items(body, Place::Builders)?,
            _ => items(body, Place::Other)?,
        };
    }
    Ok(module)
}

fn implementation(part: Part, place: Place) -> Result<ItemImpl> {
    let mut item: ItemImpl = parse2(part.head)?;
    let Some(body) = part.body else {
        return Ok(item);
    };
    let is_of = |name| implements(&item, name);
    let is_parsed = match (&item.trait_, place) {
        (None, Place::Builders) => true,
        (Some(_), Place::Types) => {
            let is_patched = ["Default", "Display", "FromStr"].into_iter().any(is_of);
            // Most conversions only call `parse`.
            is_patched || is_of("TryFrom") && contains(&body, "Err")
        }
        _ => false,
    };
    if !is_parsed && (item.trait_.is_some() || place == Place::Types) {
        item.items.push(ImplItem::Verbatim(body));
        return Ok(item);
    }
    let mut tokens = body.into_iter();
    while let Some(part) = self::part(&mut tokens) {
        item.items.push(match part.keyword.as_str() {
            "fn" => ImplItem::Fn(function(part, is_parsed)?),
            _ => parse2(part.whole())?,
        });
    }
    Ok(item)
}

fn contains(tokens: &TokenStream, word: &str) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(name) => name == word,
        TokenTree::Group(group) => contains(&group.stream(), word),
        _ => false,
    })
}

fn function(part: Part, is_parsed: bool) -> Result<ImplItemFn> {
    let mut function: ImplItemFn = parse2(part.head)?;
    if let Some(body) = part.body {
        function.block.stmts = if !is_parsed {
            vec![Stmt::Expr(Expr::Verbatim(body), None)]
        } else if function.sig.ident == "send" {
            Block::parse_within.parse2(before_sending(body))?
        } else {
            Block::parse_within.parse2(body)?
        };
    }
    Ok(function)
}

/// Returns the statements of a `send` up to that with the `OperationInfo`, where it is cut.
fn before_sending(body: TokenStream) -> TokenStream {
    let mut is_last = false;
    let mut is_after = false;
    let statements = body.into_iter().take_while(|token| {
        let goes_on = !is_after;
        match token {
            TokenTree::Ident(name) => is_last |= name == "OperationInfo",
            TokenTree::Punct(punct) => is_after = is_last && punct.as_char() == ';',
            _ => {}
        }
        goes_on
    });
    statements.collect()
}

/// An item or a function.
pub struct Part {
    pub keyword: String,
    /// The tokens, with an empty body.
    pub head: TokenStream,
    pub body: Option<TokenStream>,
}

impl Part {
    fn whole(self) -> TokenStream {
        let Some(body) = self.body else {
            return self.head;
        };
        let mut tokens: Vec<_> = self.head.into_iter().collect();
        tokens.pop();
        tokens.push(Group::new(Delimiter::Brace, body).into());
        tokens.into_iter().collect()
    }
}

/// Takes the next item, or the next function of an implementation.
pub fn part(tokens: &mut impl Iterator<Item = TokenTree>) -> Option<Part> {
    let mut keyword = String::new();
    let mut head = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group)
                if group.delimiter() == Delimiter::Brace && has_body(&keyword) =>
            {
                head.push(Group::new(Delimiter::Brace, TokenStream::new()).into());
                return Some(Part {
                    keyword,
                    head: head.into_iter().collect(),
                    body: Some(group.stream()),
                });
            }
            TokenTree::Ident(name) => {
                if keyword.is_empty() {
                    let name = name.to_string();
                    if !["pub", "async", "unsafe"].contains(&name.as_str()) {
                        keyword = name;
                    }
                }
                head.push(name.into());
            }
            TokenTree::Punct(punct) => {
                let is_end = punct.as_char() == ';';
                head.push(punct.into());
                if is_end {
                    break;
                }
            }
            other => head.push(other),
        }
    }
    (!head.is_empty()).then(|| Part {
        keyword,
        head: head.into_iter().collect(),
        body: None,
    })
}

/// Whether an item ends with braces. Others may have some, and end with a semicolon.
fn has_body(keyword: &str) -> bool {
    !matches!(keyword, "const" | "static" | "type" | "use")
}
