//! A contract as the test reads it: its schemas, and whether a value is valid in one of them. The
//! judge is the validator of the sandbox, which shares nothing with the generator.

use std::collections::HashMap;
use std::ptr;

use serde_json::Value;

use super::json::Json;
use super::schema::{Schema, SchemaCompiler, Schemas, UnknownProperties};

/// The range of each format of integers. Without a format, it is that of `int64`, or of `uint64` if
/// the minimum is 0 or 1.
const RANGES: [(&str, i64, u64); 8] = [
    ("int8", i8::MIN as i64, i8::MAX as u64),
    ("int16", i16::MIN as i64, i16::MAX as u64),
    ("int32", i32::MIN as i64, i32::MAX as u64),
    ("int64", i64::MIN, i64::MAX as u64),
    ("uint8", 0, u8::MAX as u64),
    ("uint16", 0, u16::MAX as u64),
    ("uint32", 0, u32::MAX as u64),
    ("uint64", 0, u64::MAX),
];

pub struct Contract {
    pub root: Json,
    schemas: Schemas,
    /// The compiled schemas, by their addresses, which do not change: all are in lists.
    compiled: HashMap<*const Json, Schema>,
}

/// A value that a call has: a parameter, or the body.
pub struct Argument<'a> {
    /// Its location and name, such as `query limit`.
    pub name: String,
    pub schema: &'a Json,
    pub is_required: bool,
}

pub struct Operation<'a> {
    pub id: &'a str,
    pub path: &'a str,
    pub arguments: Vec<Argument<'a>>,
    /// The schema of the success.
    pub success: Option<&'a Json>,
}

impl Argument<'_> {
    /// Whether the values are numbers that may have a fraction, or lists of them.
    pub fn is_number(&self, contract: &Contract) -> bool {
        let schema = contract.follow(self.schema);
        let schema = schema
            .get("items")
            .map_or(schema, |items| contract.follow(items));
        schema.get("type").and_then(Json::text) == Some("number")
    }
}

impl Contract {
    pub fn read(yaml: &str) -> Self {
        let root = with_ranges(serde_saphyr::from_str(yaml).unwrap());
        let mut compiler = SchemaCompiler::new(&root.to_value()).unwrap();
        let mut all = HashMap::new();
        compile(&root, &mut compiler, &mut all);
        Self {
            root,
            schemas: compiler.finish(),
            compiled: all,
        }
    }

    /// Returns the schema itself, or that which it refers to.
    pub fn follow<'a>(&'a self, node: &'a Json) -> &'a Json {
        let reference = node.get("$ref").and_then(Json::text);
        reference.map_or(node, |it| self.root.pointer(&it[1..]).unwrap())
    }

    pub fn check(&self, schema: &Json, value: &Json) -> Result<(), String> {
        let compiled = self.compiled[&ptr::from_ref(schema)];
        self.schemas.check(compiled, &value.to_value())
    }

    pub fn operations(&self) -> Vec<Operation<'_>> {
        let paths = self.root.get("paths").into_iter().flat_map(Json::entries);
        let operations = paths.flat_map(|(path, item)| {
            let nodes = item
                .entries()
                .filter(|(_, it)| it.get("operationId").is_some());
            nodes.map(move |(_, node)| self.operation(path, item, node))
        });
        operations.collect()
    }

    fn operation<'a>(&'a self, path: &'a str, item: &'a Json, node: &'a Json) -> Operation<'a> {
        let parameters = [item, node]
            .into_iter()
            .filter_map(|it| it.get("parameters"));
        let parameters = parameters.flat_map(Json::items).map(|it| self.follow(it));
        let text = |node: &'a Json, key| node.get(key).and_then(Json::text).unwrap_or_default();
        let mut arguments: Vec<_> = parameters
            .map(|it| Argument {
                name: format!("{} {}", text(it, "in"), text(it, "name")),
                schema: it.get("schema").unwrap(),
                is_required: it.get("required").is_some_and(Json::is_true),
            })
            .collect();
        let body = node.get("requestBody").and_then(|body| self.body(body));
        arguments.extend(body.map(|schema| Argument {
            name: "body".to_owned(),
            schema,
            is_required: true,
        }));
        let mut responses = node.get("responses").into_iter().flat_map(Json::entries);
        let success = responses.find(|(status, _)| status.starts_with('2'));
        Operation {
            id: text(node, "operationId"),
            path,
            arguments,
            success: success.and_then(|(_, response)| self.body(response)),
        }
    }

    fn body<'a>(&'a self, holder: &'a Json) -> Option<&'a Json> {
        let content = self.follow(holder).get("content")?;
        content.get("application/json")?.get("schema")
    }
}

/// Compiles every schema. What is none may compile or not, and is never asked for.
fn compile(node: &Json, compiler: &mut SchemaCompiler, all: &mut HashMap<*const Json, Schema>) {
    for (key, value) in node.entries() {
        let is_schema = ["schema", "items", "additionalProperties"].contains(&key.as_str());
        let schemas: Vec<&Json> = match key.as_str() {
            _ if is_schema && !matches!(value, Json::Scalar(_)) => vec![value],
            "properties" | "schemas" => value.entries().map(|(_, schema)| schema).collect(),
            "allOf" | "oneOf" => value.items().iter().collect(),
            _ => Vec::new(),
        };
        for schema in schemas {
            let open = UnknownProperties::Allowed;
            if let Ok(of_schema) = compiler.compile(&schema.to_value(), open) {
                all.insert(ptr::from_ref(schema), of_schema);
            }
        }
        compile(value, compiler, all);
    }
    for item in node.items() {
        compile(item, compiler, all);
    }
}

/// Adds the limits that a format sets, which JSON Schema does not check.
fn with_ranges(node: Json) -> Json {
    match node {
        Json::Object(entries) => {
            let entries = entries.into_iter();
            let mut schema =
                Json::Object(entries.map(|(key, it)| (key, with_ranges(it))).collect());
            if schema.get("type").and_then(Json::text) == Some("integer") {
                limit(&mut schema);
            }
            schema
        }
        Json::List(items) => Json::List(items.into_iter().map(with_ranges).collect()),
        Json::Scalar(_) => node,
    }
}

fn limit(schema: &mut Json) {
    let number = |key| match schema.get(key) {
        Some(Json::Scalar(Value::Number(number))) => number.as_f64(),
        _ => None,
    };
    let (minimum, maximum) = (number("minimum"), number("maximum"));
    let is_exclusive = schema.get("exclusiveMinimum").is_some_and(Json::is_true);
    let lowest = minimum.map(|limit| limit + f64::from(u8::from(is_exclusive)));
    let default = if lowest == Some(0.0) || lowest == Some(1.0) {
        "uint64"
    } else {
        "int64"
    };
    let format = schema.get("format").and_then(Json::text).unwrap_or(default);
    let range = RANGES.iter().find(|(name, _, _)| *name == format);
    let (_, low, high) = *range.unwrap();
    let (low, high) = (Value::from(low), Value::from(high));
    let is_wider = [
        minimum.is_none_or(|it| Some(it) <= low.as_f64()),
        maximum.is_none_or(|it| Some(it) >= high.as_f64()),
    ];
    let Json::Object(entries) = schema else {
        return;
    };
    for ((key, limit), is_wider) in [("minimum", low), ("maximum", high)]
        .into_iter()
        .zip(is_wider)
    {
        if is_wider {
            entries.retain(|(name, _)| name != key);
            entries.push((key.to_owned(), Json::Scalar(limit)));
        }
    }
}
