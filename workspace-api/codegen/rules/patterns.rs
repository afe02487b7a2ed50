//! Rules for patterns: ECMA-262, which OpenAPI means, and the client's engine read them alike.

use regress::Regex;

use crate::codegen::diagnostic::Diagnostic;
use crate::codegen::yaml::Node;

/// The characters that `\s` matches.
const BLANKS: &str = r"\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff";
/// The characters that `.` does not match.
const LINE_BREAKS: &str = r"\n\r\u2028\u2029";
const ANY: [char; 6] = ['[', '\\', 's', '\\', 'S', ']'];

pub fn check(pattern: &Node, diagnostics: &mut Vec<Diagnostic>) {
    let Some(text) = pattern.text() else { return };
    if let Err(problem) = check_text(text) {
        let error = format!("this pattern {problem}. Rewrite it.");
        diagnostics.push(pattern.position.error(error));
    }
}

/// Rewrites what the client's engine reads as ASCII, so that it means the same as in ECMA-262.
pub fn translate(pattern: &str) -> String {
    let characters: Vec<char> = pattern.chars().collect();
    let mut rest = characters.as_slice();
    let mut translated = String::new();
    let mut in_set = false;
    while let [first, ..] = rest {
        let length = match first {
            '\\' => 2,
            '[' if is_any(rest) => ANY.len(),
            _ => 1,
        };
        let (token, after) = rest.split_at(length.min(rest.len()));
        match token {
            ['['] => in_set = true,
            [']'] => in_set = false,
            _ => {}
        }
        match token {
            ['\\', 's'] if in_set => translated += BLANKS,
            ['\\', 's'] => translated.extend(["[", BLANKS, "]"]),
            ['\\', 'S'] => translated.extend(["[^", BLANKS, "]"]),
            ['.'] if !in_set => translated.extend(["[^", LINE_BREAKS, "]"]),
            _ => translated.extend(token),
        }
        rest = after;
    }
    translated
}

/// Whether a set that matches every character is next.
fn is_any(rest: &[char]) -> bool {
    rest.starts_with(&ANY) || rest.starts_with(&['[', '\\', 'S', '\\', 's', ']'])
}

fn check_text(pattern: &str) -> Result<(), String> {
    if pattern.starts_with("/^") && pattern.ends_with("$/") {
        return Err(
            "is between slashes, which belong to JavaScript and match slashes here".to_owned(),
        );
    }
    let characters: Vec<char> = pattern.chars().collect();
    let mut rest = characters.as_slice();
    while let [first, ..] = rest {
        let length = match first {
            '\\' => escape(rest, false)?,
            '[' => set(rest)?,
            '(' => group(rest)?,
            '*' | '+' | '?' => quantifier(rest, 1)?,
            '{' => quantifier(rest, repetition(rest)?)?,
            ']' | '}' => return Err(format!("has an unescaped `{first}`")),
            _ => 1,
        };
        rest = &rest[length..];
    }
    match Regex::new(&translate(pattern)) {
        Ok(_) => Ok(()),
        Err(error) => {
            let error = error.to_string();
            let reason = error.lines().last().unwrap_or_default();
            Err(format!("cannot be compiled by the client: {reason}"))
        }
    }
}

/// Returns the length of an escape.
fn escape(rest: &[char], in_set: bool) -> Result<usize, String> {
    let digits = |count: usize| {
        let digits = rest.get(2..2 + count).unwrap_or_default();
        digits.len() == count && digits.iter().all(char::is_ascii_hexdigit)
    };
    let text: String = rest.iter().take(2).collect();
    match rest.get(1) {
        Some('x') if digits(2) => Ok(4),
        Some('u') if digits(4) => Ok(6),
        Some('d' | 'D' | 'w' | 'W' | 'f' | 'n' | 'r' | 't' | 'v') => Ok(2),
        Some('b' | 'B') if !in_set => Ok(2),
        Some('-') if in_set => Ok(2),
        Some(c) if r"\.*+?()[]{}|^$/".contains(*c) => Ok(2),
        Some('1'..='9' | 'k') => Err(format!(
            "has the back-reference `{text}`, which the client does not support"
        )),
        Some('s') => Ok(2),
        Some('S') if !in_set => Ok(2),
        _ => Err(format!(
            "has `{text}`, which engines read differently: list the characters"
        )),
    }
}

/// Returns the length of a set of characters, such as `[^a-z]`.
fn set(rest: &[char]) -> Result<usize, String> {
    if is_any(rest) {
        return Ok(ANY.len());
    }
    let start = if rest.get(1) == Some(&'^') { 2 } else { 1 };
    let mut length = start;
    loop {
        match rest.get(length..).unwrap_or_default() {
            [] => return Err("has a `[` without `]`".to_owned()),
            [']', ..] if length == start => {
                return Err("has a set without characters".to_owned());
            }
            [']', ..] => return Ok(length + 1),
            ['[', ..] => return Err("has an unescaped `[` in a set".to_owned()),
            ['&', '&', ..] | ['~', '~', ..] | ['-', '-', ..] => {
                return Err("has an operation on sets, which only some engines support".to_owned());
            }
            escaped @ ['\\', ..] => length += escape(escaped, true)?,
            _ => length += 1,
        }
    }
}

fn group(rest: &[char]) -> Result<usize, String> {
    match rest {
        ['(', '?', ':', ..] => Ok(3),
        ['(', '?', '=' | '!', ..] | ['(', '?', '<', '=' | '!', ..] => Err(
            "has a look-around, which the client does not support: match what is allowed, \
                 such as `^ *[^ ]` for text that is not only blanks, or state the rule in the \
                 description"
                .to_owned(),
        ),
        ['(', '?', ..] => Err("has a group with flags or a name: use `(` or `(?:`".to_owned()),
        _ => Ok(1),
    }
}

/// Returns the length of `{2}`, `{2,}` or `{2,5}`.
fn repetition(rest: &[char]) -> Result<usize, String> {
    let end = rest.iter().position(|c| *c == '}').unwrap_or_default();
    let limits: String = rest.get(1..end).unwrap_or_default().iter().collect();
    let (minimum, maximum) = limits.split_once(',').unwrap_or((&limits, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if is_number(minimum) && (maximum.is_empty() || is_number(maximum)) {
        Ok(end + 1)
    } else {
        Err("has an unescaped `{`".to_owned())
    }
}

/// Returns the length of a quantifier and of the `?` after it.
fn quantifier(rest: &[char], length: usize) -> Result<usize, String> {
    match rest.get(length) {
        Some('?') => Ok(length + 1),
        Some('+' | '*') => Err("has two quantifiers in a row".to_owned()),
        _ => Ok(length),
    }
}

// The benchmark of the generator compiles this without the test harness.
#[cfg(test)]
#[allow(dead_code, unused_imports)]
mod tests {
    use super::check_text;

    #[test]
    fn engines_read_a_pattern_alike() {
        for pattern in [
            "",
            "^[a-z]+$",
            "(ASC|DESC)",
            r"^\d{2,3}?[\w\-\]]*\.\x41\u0041\/$",
            "a|b",
            "^(?:a)?$",
            "^[一-龥]{1,}$",
            r"[^\\/]",
            "a-b",
            ":",
            "[.*+?()|^$]",
            r"^[\s\S]*$",
            r"\s[\s-]\S",
        ] {
            assert_eq!(check_text(pattern), Ok(()), "{pattern}");
        }
        for (pattern, problem) in [
            ("^(?! +$)[a ]$", "look-around"),
            ("(?<=a)b", "look-around"),
            (r"(a)\1", "back-reference"),
            (r"(?<n>a)\k<n>", "a name"),
            ("(?i)a", "flags"),
            ("(?P<n>a)", "flags or a name"),
            ("(?#c)a", "flags"),
            (r"[\S ]", "list the characters"),
            (r"\p{L}", "list the characters"),
            (r"\Aa\z", "list"),
            (r"\Qa\E", "list"),
            (r"\cA", "list"),
            (r"\_", "list"),
            ("a++", "in a row"),
            ("a**", "in a row"),
            ("a{,3}", "unescaped `{`"),
            ("a{x}", "unescaped `{`"),
            ("{", "unescaped `{`"),
            ("]", "unescaped `]`"),
            ("}", "unescaped `}`"),
            ("[^]", "without characters"),
            ("[]a]", "without characters"),
            ("[[:alpha:]]", "unescaped `[` in a set"),
            ("[a&&b]", "operation on sets"),
            ("[a", "without `]`"),
            ("(", "compiled"),
            ("*", "compiled"),
            ("[z-a]", "compiled"),
            (r"\x4", "list"),
            ("/^a$/", "between slashes"),
            (r"\", "list"),
        ] {
            let error = check_text(pattern).unwrap_err();
            assert!(error.contains(problem), "{pattern}: {error}");
        }
    }

    #[test]
    fn blanks_and_line_breaks_are_those_of_ecma_262() {
        for (pattern, matching, other) in [
            (r"^\s$", "\u{3000}", "x"),
            (r"^[\sx]$", "\u{3000}", "y"),
            (r"^\S$", "x", "\u{a0}"),
            (r"^.$", "x", "\u{2028}"),
            (r"^[\s\S]$", "\n", ""),
            (r"^\.[.]$", "..", "x."),
        ] {
            let regex = regress::Regex::new(&super::translate(pattern)).unwrap();
            assert!(regex.find(matching).is_some(), "{pattern}");
            assert!(regex.find(other).is_none(), "{pattern}");
        }
    }
}
