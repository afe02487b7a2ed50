//! Specifications of objects and values, and the check against them.

use serde_json::Value;

use super::unsupported::advice;
use crate::codegen::diagnostic::Diagnostic;
use crate::codegen::document::Document;
use crate::codegen::variants::VARIANT_NAMES;
use crate::codegen::yaml::{Data, Key, Node};

/// The extensions of this project, the object that each belongs to, and whether they are text or a
/// list of texts. The IAM dependencies and condition keys are documentation.
const EXTENSIONS: [(&str, &str, ValueSpec); 5] = [
    (VARIANT_NAMES, "schema", ValueSpec::List(&ValueSpec::String)),
    ("x-huaweicloud-iam-action", "operation", ValueSpec::String),
    (
        "x-huaweicloud-iam-condition-keys",
        "operation",
        ValueSpec::List(&ValueSpec::String),
    ),
    (
        "x-huaweicloud-iam-dependencies",
        "operation",
        ValueSpec::List(&ValueSpec::String),
    ),
    ("x-pattern-description", "schema", ValueSpec::String),
];

/// An object of `OpenAPI`.
pub struct ObjectSpec {
    /// The name of the object in diagnostics.
    pub name: &'static str,
    pub keys: &'static [(KeySpec, ValueSpec)],
}

pub enum KeySpec {
    Required(&'static str),
    Optional(&'static str),
}

pub enum ValueSpec {
    Any,
    Bool,
    /// `true`, `false`, or another value.
    FlagOr(&'static ValueSpec),
    /// Text that is not empty.
    String,
    /// One of these texts.
    Enum(&'static [&'static str]),
    Number,
    /// A whole number from 0.
    Size,
    List(&'static ValueSpec),
    /// A map with any keys.
    Map(&'static ValueSpec),
    Object(&'static ObjectSpec),
    /// The object, or a `$ref` to this section of the components.
    OrReference(&'static ObjectSpec, &'static str),
}

impl KeySpec {
    fn name(&self) -> &'static str {
        match self {
            Self::Required(name) | Self::Optional(name) => name,
        }
    }
}

impl ObjectSpec {
    /// Checks an object and everything in it.
    pub fn check(&self, document: &Document, node: &Node, diagnostics: &mut Vec<Diagnostic>) {
        let Data::Map(entries) = &node.data else {
            let error = format!("this {} must be a map. Check the indentation.", self.name);
            diagnostics.push(node.position.error(error));
            return;
        };
        for (key, value) in entries {
            if key.name.starts_with("x-") {
                self.check_extension(document, key, value, diagnostics);
                continue;
            }
            match self.keys.iter().find(|(spec, _)| spec.name() == key.name) {
                Some((_, spec)) => spec.check(document, &key.name, value, diagnostics),
                None => diagnostics.push(self.unknown_key(key)),
            }
        }
        for (spec, _) in self.keys {
            // A misspelt key is reported, and is not missing.
            if let KeySpec::Required(name) = spec
                && node.get(name).is_none()
                && !entries.iter().any(|(key, _)| is_like(&key.name, name))
            {
                let error = format!("this {} has no `{name}`. Add it.", self.name);
                diagnostics.push(node.position.error(error));
            }
        }
    }

    /// Checks an extension. One that nothing reads would be lost without a word.
    fn check_extension(
        &self,
        document: &Document,
        key: &Key,
        value: &Node,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let extension = EXTENSIONS.iter().find(|(name, _, _)| *name == key.name);
        let Some((name, owner, spec)) = extension else {
            let known: Vec<_> = EXTENSIONS.iter().map(|(name, _, _)| *name).collect();
            diagnostics.push(key.position.error(format!(
                "unknown extension `{}`; known: {}. Correct the spelling, or remove it.",
                key.name,
                known.join(", ")
            )));
            return;
        };
        if *owner != self.name {
            diagnostics.push(key.position.error(format!(
                "`{name}` has no effect in this {}. Move it to the {owner}, or remove it.",
                self.name
            )));
        }
        spec.check(document, name, value, diagnostics);
    }

    fn unknown_key(&self, key: &Key) -> Diagnostic {
        if let Some(advice) = advice(self.name, &key.name) {
            return key.position.error(format!(
                "the client does not support `{}` in this {}. {advice}",
                key.name, self.name
            ));
        }
        let mut names = self.keys.iter().map(|(spec, _)| spec.name());
        if let Some(name) = names.find(|name| is_like(&key.name, name)) {
            return key.position.error(format!(
                "unknown key `{}` in this {}. Write `{name}`.",
                key.name, self.name
            ));
        }
        let allowed: Vec<_> = self.keys.iter().map(|(spec, _)| spec.name()).collect();
        key.position.error(format!(
            "unknown key `{}` in this {}; allowed: {}. Correct the spelling or the indentation.",
            key.name,
            self.name,
            allowed.join(", ")
        ))
    }
}

/// Returns true if the key is the name but for its case and one character.
fn is_like(key: &str, name: &str) -> bool {
    let [key, name] = [key, name].map(str::to_lowercase);
    let same = |(one, other): &(u8, u8)| one == other;
    let start = key.bytes().zip(name.bytes()).take_while(same).count();
    let [key, name] = [&key.as_bytes()[start..], &name.as_bytes()[start..]];
    let backwards = key.iter().rev().zip(name.iter().rev());
    let end = backwards.take_while(|(one, other)| one == other).count();
    start > 0 && key.len().max(name.len()) <= end + 1
}

impl ValueSpec {
    /// Checks the value of `key` and everything in it.
    fn check(
        &self,
        document: &Document,
        key: &str,
        node: &Node,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let expected = match (self, &node.data) {
            (Self::Any, _)
            | (Self::Bool | Self::FlagOr(_), Data::Scalar(Value::Bool(_)))
            | (Self::Number, Data::Scalar(Value::Number(_))) => return,
            (Self::Size, Data::Scalar(Value::Number(size))) if size.is_u64() => return,
            (Self::String, Data::Scalar(Value::String(text))) if !text.trim().is_empty() => return,
            (Self::Enum(texts), Data::Scalar(Value::String(text)))
                if texts.contains(&text.as_str()) =>
            {
                return;
            }
            (Self::List(spec), Data::List(items)) => {
                for item in items {
                    spec.check(document, key, item, diagnostics);
                }
                return;
            }
            (Self::Map(spec), Data::Map(entries)) => {
                for (key, value) in entries {
                    spec.check(document, &key.name, value, diagnostics);
                }
                return;
            }
            (Self::FlagOr(spec), _) => return spec.check(document, key, node, diagnostics),
            (Self::Object(spec), _) => return spec.check(document, node, diagnostics),
            (Self::OrReference(spec, section), _) => {
                return check_or_reference(document, spec, section, node, diagnostics);
            }
            (Self::Bool, _) => "`true` or `false`, without quotes".to_owned(),
            (Self::String, _) => {
                "non-empty text, in quotes if it looks like something else".to_owned()
            }
            (Self::Enum(texts), Data::List(_)) if key == "type" => format!(
                "one of {}, and not a list: `nullable: true` allows `null`",
                texts.join(", ")
            ),
            (Self::Enum(texts), _) => format!("one of {}", texts.join(", ")),
            (Self::Number, _) => "a number, without quotes".to_owned(),
            (Self::Size, _) => "a whole number from 0, without quotes".to_owned(),
            (Self::List(_), _) => "a list".to_owned(),
            (Self::Map(_), _) => "a map".to_owned(),
        };
        diagnostics.push(node.position.error(format!(
            "`{key}` must be {expected}. Correct the value or the indentation."
        )));
    }
}

fn check_or_reference(
    document: &Document,
    spec: &ObjectSpec,
    section: &str,
    node: &Node,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let Some(reference) = node.get("$ref") else {
        spec.check(document, node, diagnostics);
        return;
    };
    let text = reference.text().unwrap_or_default();
    let prefix = format!("#/components/{section}/");
    let name = text.strip_prefix(&prefix);
    if name.is_none_or(|name| name.contains('/')) {
        let error = format!("`{text}` is not a valid reference here. Use '{prefix}NAME'.");
        diagnostics.push(reference.position.error(error));
    } else if document.resolve(text).is_none() {
        let error =
            format!("`{text}` is not defined. Correct the name, or define it under `components`.");
        diagnostics.push(reference.position.error(error));
    }
    for (key, _) in node.entries().filter(|(key, _)| key.name != "$ref") {
        let error = format!(
            "`{}` next to `$ref` has no effect. Remove it, or move it to the definition.",
            key.name
        );
        diagnostics.push(key.position.error(error));
    }
}
