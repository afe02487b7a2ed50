//! Prints code with a line for each statement, field, item and attribute.
//!
//! The compiler and people who follow its messages read it. It takes a fraction of the time of a
//! formatter, which the reviewed client goes through in its test, and needs no other crate.

use std::fmt::Write as _;

use proc_macro2::{Delimiter, Ident, Literal, Punct, Spacing, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Item;

const INDENTATION: &str = "    ";

/// Returns the text of items.
pub fn print(items: &[Item]) -> String {
    let mut printer = Printer::default();
    for item in items {
        printer.tokens(item.to_token_stream(), true);
        printer.end_line();
    }
    printer.text
}

/// Returns the text of a function or an item in a block of the file.
pub fn print_inner(item: &impl ToTokens) -> String {
    let mut printer = Printer {
        indentation: 1,
        ..Printer::default()
    };
    printer.tokens(item.to_token_stream(), true);
    printer.end_line();
    printer.text
}

/// Returns the text of the statements, fields or items in a pair of braces.
pub fn print_lines(tokens: TokenStream) -> String {
    let mut printer = Printer::default();
    printer.tokens(tokens, true);
    printer.text
}

#[derive(Default)]
struct Printer {
    text: String,
    indentation: usize,
    last: Last,
}

/// What a text ends with.
#[derive(Clone, Copy, Default, PartialEq)]
enum Last {
    /// Nothing, the start of a line or of a group, or an operator that belongs to the next token.
    #[default]
    Start,
    /// A name, a literal or a group.
    Word,
    /// The first part of an operator or of the name of a lifetime.
    Joint(char),
    Punct(char),
    PathSeparator,
}

impl Printer {
    /// Prints tokens. `is_block` is whether commas and attributes end a line.
    fn tokens(&mut self, tokens: TokenStream, is_block: bool) {
        // Commas between `<` and `>` separate parameters.
        let mut angles = 0_usize;
        let mut follows_hash = false;
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            let is_hash = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '#');
            match token {
                TokenTree::Group(group) => {
                    let (delimiter, content) = (group.delimiter(), group.stream());
                    // The only owner of tokens is spared a copy of them.
                    drop(group);
                    self.group(delimiter, content, follows_hash);
                    let is_brace = delimiter == Delimiter::Brace;
                    let goes_on = match tokens.peek() {
                        Some(TokenTree::Punct(punct)) => {
                            matches!(punct.as_char(), ',' | ';' | '.' | '?')
                        }
                        Some(TokenTree::Group(_)) => true,
                        Some(TokenTree::Ident(name)) => name == "else",
                        _ => false,
                    };
                    if is_brace {
                        angles = 0;
                    }
                    if is_block && (follows_hash || is_brace && !goes_on) {
                        self.end_line();
                    }
                }
                TokenTree::Ident(name) => self.name(&name),
                TokenTree::Literal(literal) => self.literal(&literal),
                TokenTree::Punct(punct) => {
                    let is_arrow = matches!(self.last, Last::Joint('-' | '='));
                    self.punct(&punct);
                    match punct.as_char() {
                        '<' if punct.spacing() == Spacing::Alone => angles += 1,
                        '>' if !is_arrow => angles = angles.saturating_sub(1),
                        ';' if is_block => {
                            angles = 0;
                            self.end_line();
                        }
                        ',' if is_block && angles == 0 => self.end_line(),
                        _ => {}
                    }
                }
            }
            follows_hash = is_hash;
        }
    }

    fn group(&mut self, delimiter: Delimiter, content: TokenStream, is_attribute: bool) {
        let (open, close) = match delimiter {
            Delimiter::Parenthesis => ("(", ")"),
            Delimiter::Bracket => ("[", "]"),
            Delimiter::Brace => ("{", "}"),
            Delimiter::None => ("", ""),
        };
        let is_brace = delimiter == Delimiter::Brace;
        let is_separated = match self.last {
            Last::Word => is_brace,
            Last::Punct(last) => !is_attribute && !matches!(last, '&' | '<' | '!'),
            Last::Start | Last::Joint(_) | Last::PathSeparator => false,
        };
        self.separate(is_separated);
        self.text.push_str(open);
        self.last = Last::Start;
        if is_brace && !content.is_empty() {
            self.indentation += 1;
            self.end_line();
            self.tokens(content, true);
            self.end_line();
            self.indentation -= 1;
        } else {
            self.tokens(content, false);
        }
        self.separate(false);
        self.text.push_str(close);
        self.last = Last::Word;
    }

    fn name(&mut self, name: &Ident) {
        self.separate_word();
        // Writing to a text never fails.
        let _ = write!(self.text, "{name}");
        self.last = Last::Word;
    }

    fn literal(&mut self, literal: &Literal) {
        let text = literal.to_string();
        if self.last == Last::Punct('<') {
            // `<-` would be one operator.
            self.separate(text.starts_with('-'));
        } else {
            self.separate_word();
        }
        self.text.push_str(&text);
        self.last = Last::Word;
    }

    fn separate_word(&mut self) {
        let is_separated = match self.last {
            Last::Word => true,
            Last::Punct(last) => !matches!(last, '&' | '.' | '!' | '#' | '<'),
            Last::Start | Last::Joint(_) | Last::PathSeparator => false,
        };
        self.separate(is_separated);
    }

    fn punct(&mut self, punct: &Punct) {
        let char = punct.as_char();
        let is_separated = match self.last {
            // A number can end with a point, which would begin a range.
            Last::Word if char == '.' => self.text.ends_with('.'),
            Last::Word => !matches!(char, ',' | ';' | ':' | '?' | '<' | '>' | '!'),
            // Without a blank, they could become one operator.
            Last::Punct('&' | '<') => matches!(char, '<' | '=' | '-' | '&'),
            Last::Punct('>') => !matches!(char, '.' | ',' | ';' | ':' | '?' | '>'),
            Last::Punct(_) => true,
            Last::Start | Last::Joint(_) | Last::PathSeparator => false,
        };
        let is_path_separator = self.last == Last::Joint(':') && char == ':';
        self.separate(is_separated);
        self.text.push(char);
        self.last = match punct.spacing() {
            _ if is_path_separator => Last::PathSeparator,
            Spacing::Joint => Last::Joint(char),
            Spacing::Alone => Last::Punct(char),
        };
    }

    /// Appends the indentation of a line that starts, or a blank.
    fn separate(&mut self, is_separated: bool) {
        if matches!(self.text.as_bytes().last(), None | Some(b'\n')) {
            for _ in 0..self.indentation {
                self.text.push_str(INDENTATION);
            }
        } else if is_separated {
            self.text.push(' ');
        }
    }

    fn end_line(&mut self) {
        if !matches!(self.text.as_bytes().last(), None | Some(b'\n')) {
            self.text.push('\n');
        }
        self.last = Last::Start;
    }
}
