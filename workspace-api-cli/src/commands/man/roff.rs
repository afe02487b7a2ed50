//! The language of manual pages: escapes, paragraphs and blocks of lines.

use std::fmt::Write;

/// Returns text in which no character has a meaning of its own. Other characters than ASCII are
/// escapes, because not every reader decodes UTF-8.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => escaped.push_str("\\(rs"),
            '-' => escaped.push_str("\\-"),
            '\'' => escaped.push_str("\\(aq"),
            '`' => escaped.push_str("\\(ga"),
            '^' => escaped.push_str("\\(ha"),
            '~' => escaped.push_str("\\(ti"),
            '"' => escaped.push_str("\\(dq"),
            c if c.is_ascii() => escaped.push(c),
            c => {
                // Writing to a string cannot fail.
                let _ = write!(escaped, "\\[u{:04X}]", u32::from(c));
            }
        }
    }
    escaped
}

pub fn bold(text: &str) -> String {
    format!("\\fB{}\\fR", escape(text))
}

pub fn italic(text: &str) -> String {
    format!("\\fI{}\\fR", escape(text))
}

/// Returns a sentence in which `code` is bold.
pub fn sentence(text: &str) -> String {
    let mut line = String::new();
    for (index, part) in text.split('`').enumerate() {
        if index % 2 == 1 {
            line.push_str(&bold(part));
        } else {
            line.push_str(&escape(part));
        }
    }
    line
}

fn is_indented(line: &str) -> bool {
    line.starts_with("  ")
}

/// A page, line by line.
#[derive(Default)]
pub struct Page(String);

impl Page {
    /// Adds a request, such as `.SH NAME`.
    pub fn request(&mut self, request: &str) {
        self.0.push_str(request);
        self.0.push('\n');
    }

    /// Adds a line of escaped text.
    pub fn line(&mut self, text: &str) {
        if text.starts_with(['.', '\'']) {
            self.0.push_str("\\&");
        }
        self.0.push_str(text);
        self.0.push('\n');
    }

    pub fn section(&mut self, title: &str) {
        self.request(&format!(".SH {title}"));
    }

    /// Adds an entry of a list: what it is about, and the text about it.
    pub fn entry(&mut self, name: &str, text: &str) {
        self.request(".TP");
        self.line(name);
        self.line(text);
    }

    /// Adds a text of the help: its paragraphs are filled, its indented lines stay as they are.
    pub fn text(&mut self, text: &str) {
        let lines: Vec<_> = text.lines().collect();
        for block in lines.chunk_by(|line, next| is_indented(line) == is_indented(next)) {
            if is_indented(block[0]) {
                self.block(block);
            } else {
                self.paragraph(&block.join(" "));
            }
        }
    }

    fn paragraph(&mut self, text: &str) {
        let last = self.0.lines().last().unwrap_or_default();
        if !last.starts_with(".SH") {
            self.request(".PP");
        }
        self.line(&sentence(text));
    }

    fn block(&mut self, lines: &[&str]) {
        self.request(".RS 2");
        self.request(".nf");
        for line in lines {
            self.line(&escape(line.strip_prefix("  ").unwrap_or(line)));
        }
        self.request(".fi");
        self.request(".RE");
    }

    pub fn finish(self) -> String {
        self.0
    }
}
