//! Makes the descriptions of the contract valid documentation of Rust.
//!
//! Both are Markdown, but rustdoc compiles blocks of code as tests, reads brackets as links to
//! items, and rejects HTML and bare addresses.

use serde_json::{Map, Value};

/// Keys whose values are data, in which `description` is not documentation.
const DATA: [&str; 4] = ["default", "enum", "example", "examples"];

/// Cleans every description below a value of the contract, and marks what is deprecated.
pub fn clean_all(value: &mut Value) {
    match value {
        Value::Object(map) => clean_object(map),
        Value::Array(items) => items.iter_mut().for_each(clean_all),
        _ => {}
    }
}

fn clean_object(map: &mut Map<String, Value>) {
    let is_deprecated = map.get("deprecated") == Some(&Value::Bool(true));
    for (key, value) in map.iter_mut() {
        match (key.as_str(), value) {
            ("description", Value::String(text)) => {
                *text = clean(text);
                if is_deprecated {
                    text.push_str("\n\nDeprecated.");
                }
            }
            ("summary" | "title", Value::String(text)) => *text = clean(text),
            // Its keys are names, not keywords.
            ("properties", Value::Object(properties)) => {
                properties.values_mut().for_each(clean_all);
            }
            (key, _) if DATA.contains(&key) => {}
            (_, value) => clean_all(value),
        }
    }
}

fn clean(markdown: &str) -> String {
    let mut cleaned: Vec<String> = Vec::new();
    let mut paragraph: Vec<String> = Vec::new();
    let mut fence: Option<String> = None;
    for line in markdown.lines() {
        let content = line.trim_start();
        if let Some(open) = &fence {
            if content.starts_with(open.as_str())
                && content.trim_end_matches(['`', '~', ' ']).is_empty()
            {
                fence = None;
                cleaned.push(content.to_owned());
            } else {
                cleaned.push(line.to_owned());
            }
            continue;
        }
        let opening = opening_fence(content);
        if opening.is_some() || content.is_empty() {
            end_paragraph(&mut paragraph, &mut cleaned);
        }
        if let Some(open) = opening {
            cleaned.push(format!("{open}text"));
            fence = Some(open);
        } else if content.is_empty() {
            cleaned.push(String::new());
        } else {
            // From four blanks on, this would be a block of code.
            let indentation = (line.len() - content.len()).min(3);
            paragraph.push(" ".repeat(indentation) + &tighten(content));
        }
    }
    end_paragraph(&mut paragraph, &mut cleaned);
    cleaned.extend(fence);
    let mut text = cleaned.join("\n");
    if markdown.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// Returns the fence that starts a block of code.
fn opening_fence(line: &str) -> Option<String> {
    let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = line.chars().take_while(|c| *c == mark).count();
    let is_fence = length >= 3 && !(mark == '`' && line[length..].contains('`'));
    is_fence.then(|| mark.to_string().repeat(length))
}

/// Removes the blanks after the mark of a list item or quotation, which would start a block of
/// code.
fn tighten(line: &str) -> String {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let mark = match line.as_bytes().get(digits) {
        Some(b'.' | b')') if digits > 0 => digits + 1,
        Some(b'-' | b'*' | b'+' | b'>') if digits == 0 => 1,
        _ => return line.to_owned(),
    };
    let (mark, rest) = line.split_at(mark);
    match rest.strip_prefix([' ', '\t']) {
        Some(rest) => format!("{mark} {}", tighten(rest.trim_start())),
        None => line.to_owned(),
    }
}

fn end_paragraph(paragraph: &mut Vec<String>, cleaned: &mut Vec<String>) {
    if !paragraph.is_empty() {
        cleaned.push(escape(&paragraph.join("\n")));
        paragraph.clear();
    }
}

/// Escapes what rustdoc reads as a link or as HTML, outside of code.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let follows_word = escaped.ends_with(char::is_alphanumeric);
        let kept = match first {
            '\\' => rest.chars().take(2).map(char::len_utf8).sum(),
            '`' => code(rest),
            '<' => autolink(rest),
            '[' => link(rest),
            'h' if !follows_word => {
                let length = address(rest);
                if length > 0 {
                    escaped.extend(["<", &rest[..length], ">"]);
                    rest = &rest[length..];
                    continue;
                }
                1
            }
            _ => first.len_utf8(),
        };
        if kept == 0 {
            escaped.push('\\');
        }
        let (token, after) = rest.split_at(kept.max(first.len_utf8()));
        escaped.push_str(token);
        rest = after;
    }
    escaped
}

/// Returns the length of the code at the start, or 0 if its backticks are not closed.
fn code(text: &str) -> usize {
    let length = text.bytes().take_while(|byte| *byte == b'`').count();
    let mut position = length;
    while let Some(start) = text[position..].find('`') {
        position += start;
        let run = text[position..].bytes().take_while(|byte| *byte == b'`');
        let run = run.count();
        position += run;
        if run == length {
            return position;
        }
    }
    0
}

/// Returns the length of `<https://…>`, or 0.
fn autolink(text: &str) -> usize {
    let Some(end) = text.find('>') else { return 0 };
    let is_address = address(&text[1..end]) == end - 1 && end > 1;
    if is_address { end + 1 } else { 0 }
}

/// Returns the length of `[text](https://…)`, or 0.
fn link(text: &str) -> usize {
    let Some((label, rest)) = text.split_once("](") else {
        return 0;
    };
    let Some((target, _)) = rest.split_once(')') else {
        return 0;
    };
    let is_link = !label[1..].contains(['[', ']', '<', '`', '\n'])
        && !label.contains("://")
        && target.starts_with("http")
        && address(target) == target.len();
    if is_link {
        label.len() + target.len() + 3
    } else {
        0
    }
}

/// Returns the length of the address at the start, without a full stop or bracket after it; or 0.
fn address(text: &str) -> usize {
    if !text.starts_with("http://") && !text.starts_with("https://") {
        return 0;
    }
    let is_end = |c: char| !c.is_ascii_graphic() || r#"<>"`|\^{}"#.contains(c);
    let address = &text[..text.find(is_end).unwrap_or(text.len())];
    address
        .trim_end_matches(|c| ".,;:!?)]'*_".contains(c))
        .len()
}

// The benchmark of the generator compiles this without the test harness.
#[cfg(test)]
#[allow(dead_code, unused_imports)]
mod tests {
    use super::clean;

    #[test]
    fn descriptions_become_documentation() {
        for (markdown, documentation) in [
            ("A lamp.\nIts room.\n", "A lamp.\nIts room.\n"),
            ("Use:\n\n    let x = 1;\n", "Use:\n\n   let x = 1;\n"),
            ("\tcode", " code"),
            ("```\nlet x;\n```\n", "```text\nlet x;\n```\n"),
            ("~~~rust\nx", "~~~text\nx\n~~~"),
            ("- a\n\n      deep\n-     code", "- a\n\n   deep\n- code"),
            (">     code", "> code"),
            ("12.    code", "12. code"),
            ("From [0, 5] or [a](b).", r"From \[0, 5] or \[a](b)."),
            (
                "[a](https://b.c/d) <https://e>",
                "[a](https://b.c/d) <https://e>",
            ),
            (
                "See https://b.c/d. (http://e)",
                "See <https://b.c/d>. (<http://e>)",
            ),
            ("A <b> or </b>", r"A \<b> or \</b>"),
            ("`<b>` ``[`]`` ` open", r"`<b>` ``[`]`` \` open"),
            ("`a\n[b]`", "`a\n[b]`"),
            ("``` inline", "```text\n```"),
            (r"\[a] and \", r"\[a] and \"),
            ("-5 to 5", "-5 to 5"),
            ("", ""),
        ] {
            assert_eq!(clean(markdown), documentation, "{markdown:?}");
        }
    }
}
