//! Enumerates values at and near every limit of a schema, with what each of them means.

use serde_json::Value;

use super::contract::Contract;
use super::json::Json;

/// How deep a schema is followed into itself.
pub const MAX_DEPTH: usize = 6;

/// Longer texts and lists are not tried.
const MAX_SIZE: u64 = 2_000;

/// Texts that may be valid where a pattern or a format limits them, or that are easily changed.
const TEXTS: [&str; 11] = [
    "a",
    "",
    " ab",
    "12:30:00",
    "a/b?c&d=e#f%20+",
    "\"\\\u{7f}",
    "e\u{301}",
    "😀",
    "null",
    "0",
    "abc\n",
];

/// A value, and what it means: without the properties that the schema does not have, with its
/// defaults, and with its properties in the order of the contract.
#[derive(Clone, Debug)]
pub struct Case {
    pub value: Json,
    pub meaning: Json,
    /// Whether the value differs from its meaning in what a type cannot hold: `null` for an optional
    /// property, and an unknown property. The client may leave this out where it is invalid.
    pub is_loose: bool,
}

impl Case {
    pub fn new(value: impl Into<Json>) -> Self {
        let value = value.into();
        Self {
            meaning: value.clone(),
            value,
            is_loose: false,
        }
    }
}

pub struct Cases<'a> {
    pub contract: &'a Contract,
    /// Whether the values are sent. Otherwise they are read.
    pub is_request: bool,
}

impl<'a> Cases<'a> {
    /// Returns the cases of a schema, valid and invalid ones, and those of everything in it.
    pub fn of(&self, schema: &'a Json, depth: usize) -> Vec<Case> {
        let schema = self.contract.follow(schema);
        let parts = schema.get("allOf").map_or(&[][..], Json::items);
        if let ([only], None) = (parts, schema.get("properties")) {
            let mut cases = self.of(only, depth);
            cases.push(Case::new(Json::NULL));
            return cases;
        }
        let parts = schema.get("oneOf").map_or(&[][..], Json::items);
        let mut cases = match schema.get("type").and_then(Json::text) {
            _ if !parts.is_empty() => self.of_parts(parts, depth),
            Some("string") => texts(schema),
            Some("integer" | "number") => self.numbers(schema),
            Some("boolean") => vec![Case::new(true), Case::new(false)],
            Some("array") => self.lists(schema, depth),
            _ => self.objects(schema, depth),
        };
        for other in [Json::NULL, true.into(), 0.into(), 0.5.into(), "x".into()] {
            cases.push(Case::new(other));
        }
        // The types of objects read a list, too, but no type has one.
        if schema
            .get("type")
            .and_then(Json::text)
            .is_some_and(|kind| kind != "object")
        {
            cases.push(Case::new(Json::List(Vec::new())));
            cases.push(Case::new(Json::Object(Vec::new())));
        }
        cases
    }

    /// Returns the first case that is valid.
    pub fn typical(&self, schemas: &[&Json], cases: &[Case]) -> Option<Case> {
        let is_valid = |case: &&Case| {
            let is_plain = case.value != Json::NULL && !case.is_loose;
            let mut schemas = schemas.iter();
            is_plain && schemas.all(|it| self.contract.check(it, &case.value).is_ok())
        };
        cases.iter().find(is_valid).cloned()
    }

    /// Returns the cases of each part of a `oneOf` that are values of it or of none.
    fn of_parts(&self, parts: &'a [Json], depth: usize) -> Vec<Case> {
        let mut cases = Vec::new();
        let mut objects = Vec::new();
        for part in parts {
            let of_part = self.of(part, depth);
            let is_valid =
                |part: &&Json, case: &Case| self.contract.check(part, &case.value).is_ok();
            cases.extend(
                of_part
                    .iter()
                    .filter(|case| {
                        is_valid(&part, case) || !parts.iter().any(|part| is_valid(&part, case))
                    })
                    .cloned(),
            );
            if let Some(Case {
                value: Json::Object(entries),
                ..
            }) = self.typical(&[part], &of_part)
            {
                objects.push(entries);
            }
        }
        // An object that is valid in two parts, or has the properties of both.
        for (index, one) in objects.iter().enumerate() {
            for other in &objects[index + 1..] {
                let mut both = one.clone();
                both.extend(
                    other
                        .iter()
                        .filter(|(key, _)| !one.iter().any(|(it, _)| it == key))
                        .cloned(),
                );
                let mut case = Case::new(Json::Object(both));
                case.meaning = Json::Object(one.clone());
                case.is_loose = true;
                cases.push(case);
            }
        }
        cases
    }

    fn numbers(&self, schema: &Json) -> Vec<Case> {
        let is_integer = schema.get("type").and_then(Json::text) == Some("integer");
        let mut cases = vec![];
        let of_enum = schema.get("enum").map_or(&[][..], Json::items).iter();
        cases.extend(of_enum.cloned().map(Case::new));
        cases.extend([1, 0, -1, 2, 5, 7].map(Case::new));
        for key in ["multipleOf", "minimum", "maximum", "default"] {
            let Some(Json::Scalar(limit)) = schema.get(key) else {
                continue;
            };
            let integer = limit
                .as_i64()
                .map(i128::from)
                .or(limit.as_u64().map(i128::from));
            if let Some(integer) = integer {
                // The validator compares fractions, which are not exact beyond this.
                let step = i128::from(integer.abs() < 1 << 53);
                for near in integer - step..=integer + step {
                    if step == 0 && schema.get("multipleOf").is_some() {
                        continue;
                    }
                    // More is a float in `serde_json`.
                    cases.extend(i64::try_from(near).map(Case::new));
                    cases.extend(u64::try_from(near).map(Case::new));
                }
            } else {
                cases.push(Case::new(limit.clone()));
            }
            if let Some(limit) = limit.as_f64().filter(|_| !is_integer) {
                cases.extend([limit - 0.25, limit + 0.25].map(Case::new));
            }
        }
        if !is_integer {
            cases.extend([0.1, -0.0, -1.5].map(Case::new));
            if schema.get("format").and_then(Json::text) != Some("float") {
                cases.extend([1e300, 5e-324].map(Case::new));
            }
        } else if !self.is_request {
            let mut case = Case::new(2.0);
            case.meaning = 2.into();
            cases.push(case);
        }
        cases
    }

    fn lists(&self, schema: &'a Json, depth: usize) -> Vec<Case> {
        let items = schema.get("items").unwrap();
        let of_items = if depth < MAX_DEPTH {
            self.of(items, depth + 1)
        } else {
            Vec::new()
        };
        let is_valid =
            |case: &&Case| !case.is_loose && self.contract.check(items, &case.value).is_ok();
        let mut valid: Vec<Case> = of_items.iter().filter(is_valid).cloned().collect();
        // Distinct ones, for lists without repetition.
        let mut seen = Vec::new();
        valid.retain(|case| {
            !seen.contains(&case.value) && {
                seen.push(case.value.clone());
                true
            }
        });
        let list = |items: Vec<Case>| Case {
            is_loose: items.iter().any(|item| item.is_loose),
            value: Json::List(items.iter().map(|item| item.value.clone()).collect()),
            meaning: Json::List(items.into_iter().map(|item| item.meaning).collect()),
        };
        let least = size(schema, "minItems").unwrap_or(0);
        let mut sizes = vec![1, 0, 2, 3];
        sizes.extend(near(schema, "minItems"));
        sizes.extend(near(schema, "maxItems"));
        let mut cases = Vec::new();
        for size in sizes {
            let cycle = valid.iter().cycle().take(size);
            cases.push(list(cycle.cloned().collect()));
            cases.extend(valid.first().map(|it| list(vec![it.clone(); size])));
        }
        for item in of_items {
            let others = valid.iter().filter(|it| it.value != item.value);
            let mut items: Vec<_> = others.take(least.saturating_sub(1)).cloned().collect();
            items.insert(0, item);
            cases.push(list(items));
        }
        cases
    }
}

fn texts(schema: &Json) -> Vec<Case> {
    let mut texts: Vec<String> = Vec::new();
    let of_enum = schema.get("enum").map_or(&[][..], Json::items).iter();
    let given = ["example", "default"]
        .into_iter()
        .filter_map(|key| schema.get(key));
    for text in of_enum.chain(given).filter_map(Json::text) {
        texts.push(text.to_owned());
        texts.extend([text.to_uppercase(), format!("{text}\n"), format!(" {text}")]);
    }
    texts.extend(TEXTS.map(str::to_owned));
    // The words of a pattern such as `^(ASC|DESC)$`.
    let pattern = schema
        .get("pattern")
        .and_then(Json::text)
        .unwrap_or_default();
    let words = pattern
        .split('|')
        .map(|it| it.trim_matches(|c: char| !c.is_alphanumeric()));
    texts.extend(words.map(str::to_owned));
    for size in near(schema, "minLength")
        .into_iter()
        .chain(near(schema, "maxLength"))
    {
        // The other one has more bytes, and more units of UTF-16.
        texts.extend(["a", "😀"].map(|text| text.repeat(size)));
    }
    texts.into_iter().map(Case::new).collect()
}

fn size(schema: &Json, key: &str) -> Option<usize> {
    let Json::Scalar(Value::Number(size)) = schema.get(key)? else {
        return None;
    };
    let size = size.as_u64().filter(|size| *size < MAX_SIZE)?;
    usize::try_from(size).ok()
}

/// Returns the sizes at and near a limit.
fn near(schema: &Json, key: &str) -> Vec<usize> {
    let size = size(schema, key);
    size.map_or(Vec::new(), |size| {
        (size.saturating_sub(1)..=size + 1).collect()
    })
}
