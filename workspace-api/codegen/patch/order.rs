//! Restores the contract's order of properties, which progenitor sorts by name.
//!
//! The fields of a type are in this order in the JSON that the client sends, in debug output and in
//! the documentation. Types are found from the schemas, because progenitor invents some names.

use std::collections::{HashMap, VecDeque};
use std::mem::take;

use syn::{Field, Fields, FieldsNamed, Item, ItemEnum, Token, Type};

use super::syntax::{is_standard, last_name, last_parameter};
use crate::codegen::document::{Document, operations};
use crate::codegen::names;
use crate::codegen::yaml::Node;

/// Orders the fields of the generated types.
pub fn restore(document: &Document, items: &mut [Item]) {
    let mut order = Order {
        document,
        unseen: VecDeque::new(),
    };
    order.add_named();
    let mut types = HashMap::new();
    for (index, item) in items.iter().enumerate() {
        match item {
            Item::Struct(item) => types.insert(item.ident.to_string(), index),
            Item::Enum(item) => types.insert(item.ident.to_string(), index),
            _ => None,
        };
    }
    while let Some((name, schema)) = order.unseen.pop_front() {
        let Some(index) = types.get(&name) else {
            continue;
        };
        let fits = match &mut items[*index] {
            Item::Struct(item) => order.fields(&mut item.fields, schema),
            Item::Enum(item) => order.variants(item, schema),
            _ => false,
        };
        if fits {
            types.remove(&name);
        }
    }
}

struct Order<'a> {
    document: &'a Document,
    /// The names of types, with schemas that may be theirs.
    unseen: VecDeque<(String, &'a Node)>,
}

impl<'a> Order<'a> {
    /// Adds the types whose names come from the contract.
    fn add_named(&mut self) {
        let document = self.document;
        let schemas = document.resolve("#/components/schemas");
        for (key, schema) in schemas.into_iter().flat_map(Node::entries) {
            self.add(names::type_name(&key.name), schema);
        }
        for operation in operations(document) {
            let body = operation.node.get("requestBody");
            let responses = operation.node.get("responses").into_iter();
            let responses = responses.flat_map(Node::entries);
            let contents = body.map(|body| ("body", body)).into_iter();
            let contents = contents.chain(responses.map(|(_, response)| ("response", response)));
            for (suffix, content) in contents {
                let content = document.follow(content).and_then(|it| it.get("content"));
                for (_, media_type) in content.into_iter().flat_map(Node::entries) {
                    // What is referred to has a name of its own.
                    if let Some(schema) = media_type.get("schema")
                        && schema.get("$ref").is_none()
                    {
                        let name = format!("{}_{suffix}", operation.id());
                        self.add(names::type_name(&name), schema);
                    }
                }
            }
        }
    }

    fn add(&mut self, name: String, schema: &'a Node) {
        if let Some(schema) = self.meant(schema) {
            self.unseen.push_back((name, schema));
        }
    }

    /// Adds the type that a type consists of.
    fn add_type(&mut self, ty: &Type, schema: &'a Node) {
        let Some(schema) = self.meant(schema) else {
            return;
        };
        let name = last_name(ty);
        if !is_standard(ty) {
            self.add(name, schema);
            return;
        }
        let inner = match name.as_str() {
            "Option" | "Box" => Some(schema),
            "Vec" => schema.get("items"),
            "HashMap" | "Map" => schema.get("additionalProperties"),
            _ => None,
        };
        if let (Some(ty), Some(schema)) = (last_parameter(ty), inner) {
            self.add_type(ty, schema);
        }
    }

    /// Returns the schema that a `$ref`, or an `allOf` of nothing else, is another name for.
    fn meant(&self, schema: &'a Node) -> Option<&'a Node> {
        let schema = self.document.follow(schema)?;
        match schema.get("allOf").map(Node::items) {
            Some([named]) if schema.get("properties").is_none() => self.meant(named),
            _ => Some(schema),
        }
    }

    /// Orders the fields, and adds their types. Returns whether they are those of the schema.
    fn fields(&mut self, fields: &mut Fields, schema: &'a Node) -> bool {
        match fields {
            Fields::Named(fields) => self.named_fields(fields, schema),
            Fields::Unnamed(fields) => {
                for field in &fields.unnamed {
                    self.add_type(&field.ty, schema);
                }
                true
            }
            Fields::Unit => true,
        }
    }

    fn named_fields(&mut self, fields: &mut FieldsNamed, schema: &'a Node) -> bool {
        let mut properties = HashMap::new();
        self.collect(schema, &mut properties);
        let property = |field: &Field| {
            let name = field.ident.as_ref()?.to_string();
            properties.get(&name).copied()
        };
        let found: Vec<_> = fields.named.iter().map(property).collect();
        let has_others = schema.get("additionalProperties").is_some();
        if !has_others && found.iter().any(Option::is_none) {
            return false;
        }
        for (field, property) in fields.named.iter().zip(&found) {
            let schema = property.map_or(schema, |(_, schema)| schema);
            self.add_type(&field.ty, schema);
        }
        // The field of the other properties stays the last.
        let places = found
            .iter()
            .map(|property| property.map_or(usize::MAX, |(place, _)| place));
        let places: Vec<_> = places.collect();
        if !places.is_sorted() {
            let has_comma = fields.named.trailing_punct();
            let unsorted = places.into_iter().zip(take(&mut fields.named));
            let mut sorted: Vec<_> = unsorted.collect();
            sorted.sort_by_key(|(place, _)| *place);
            fields.named = sorted.into_iter().map(|(_, field)| field).collect();
            if has_comma {
                fields.named.push_punct(<Token![,]>::default());
            }
        }
        true
    }

    /// Collects the properties of a schema and of the parts of its `allOf` with their places, by the
    /// names of their fields.
    fn collect(&self, schema: &'a Node, properties: &mut HashMap<String, (usize, &'a Node)>) {
        for (key, value) in schema.entries() {
            match key.name.as_str() {
                "properties" => {
                    for (name, property) in value.entries() {
                        let place = properties.len();
                        let field = names::field(&name.name);
                        properties.entry(field).or_insert((place, property));
                    }
                }
                "allOf" => {
                    for part in value.items() {
                        if let Some(part) = self.document.follow(part) {
                            self.collect(part, properties);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// Orders the fields of the variants. A variant is a part of a `oneOf` or, if the part says which
    /// one it is, a property of it.
    fn variants(&mut self, item: &mut ItemEnum, schema: &'a Node) -> bool {
        let parts = schema.get("oneOf").map_or(&[][..], Node::items);
        if parts.len() != item.variants.len() {
            return false;
        }
        for (variant, part) in item.variants.iter_mut().zip(parts) {
            let Some(part) = self.meant(part) else {
                continue;
            };
            let properties = part.get("properties").into_iter().flat_map(Node::entries);
            let mut schemas = [part].into_iter().chain(properties.map(|(_, it)| it));
            match &mut variant.fields {
                Fields::Named(fields) => {
                    schemas.any(|schema| {
                        let schema = self.meant(schema);
                        schema.is_some_and(|schema| self.named_fields(fields, schema))
                    });
                }
                Fields::Unnamed(fields) => {
                    for schema in schemas {
                        for field in &fields.unnamed {
                            self.add_type(&field.ty, schema);
                        }
                    }
                }
                Fields::Unit => {}
            }
        }
        true
    }
}

#[cfg(test)]
mod tests;
