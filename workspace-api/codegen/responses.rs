//! The forms of the bodies of successes, by which the client reads a body that is not what the
//! contract says.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;
use syn::Item;

use super::constants::success_schema;
use super::document::{Document, is_nullable, operations};
use super::yaml::{Data, Node};

const SCHEMAS: &str = "#/components/schemas/";

/// Generates the table of the bodies and of the schemas that they refer to.
pub fn shapes(document: &Document) -> Item {
    let mut shapes = Shapes {
        document,
        schemas: BTreeMap::new(),
    };
    let mut bodies = BTreeMap::new();
    let mut multi_status = BTreeSet::new();
    for operation in operations(document) {
        if let Some(schema) = success_schema(document, &operation) {
            bodies.insert(operation.id(), shapes.shape(schema));
            let responses = operation.node.get("responses");
            if responses.is_some_and(|responses| responses.get("207").is_some()) {
                multi_status.insert(operation.id());
            }
        }
    }
    let multi_status = multi_status.iter();
    let bodies = bodies.iter().map(|(id, shape)| quote! { (#id, #shape) });
    let schemas = shapes
        .schemas
        .iter()
        .map(|(name, shape)| quote! { (#name, #shape) });
    Item::Verbatim(quote! {
        /// The forms of the responses, for those that differ from the contract.
        pub(crate) const RESPONSES: crate::http::Shapes = crate::http::Shapes {
            bodies: &[#(#bodies),*],
            schemas: &[#(#schemas),*],
            multi_status: &[#(#multi_status),*],
        };
    })
}

struct Shapes<'a> {
    document: &'a Document,
    /// The schemas that were referred to.
    schemas: BTreeMap<&'a str, TokenStream>,
}

impl<'a> Shapes<'a> {
    fn shape(&mut self, schema: &'a Node) -> TokenStream {
        if let Some(reference) = schema.get("$ref").and_then(Node::text) {
            return self.reference(reference);
        }
        let shape = self.plain(schema);
        if is_nullable(schema) {
            return quote! { crate::http::Shape::Nullable(&#shape) };
        }
        shape
    }

    fn reference(&mut self, reference: &'a str) -> TokenStream {
        let name = reference.strip_prefix(SCHEMAS).unwrap_or_default();
        if !self.schemas.contains_key(name) {
            // A schema may refer to itself.
            self.schemas.insert(name, TokenStream::new());
            let schema = self.document.resolve(reference);
            let shape = schema.map(|schema| self.shape(schema));
            self.schemas.insert(name, quote! { #shape });
        }
        quote! { crate::http::Shape::Schema(#name) }
    }

    /// Returns the form of a schema that is no reference, without `nullable`.
    fn plain(&mut self, schema: &'a Node) -> TokenStream {
        let parts = schema.get("allOf").map_or(&[][..], Node::items);
        if let [only] = parts
            && schema.get("properties").is_none()
        {
            return self.shape(only);
        }
        match schema.get("type").and_then(Node::text) {
            Some("string") => quote! { crate::http::Shape::Text },
            Some("integer") => quote! { crate::http::Shape::Integer },
            Some("number") => quote! { crate::http::Shape::Number },
            Some("boolean") => quote! { crate::http::Shape::Boolean },
            Some("array") => {
                let items = schema.get("items").map(|items| self.shape(items));
                quote! { crate::http::Shape::List(&#items) }
            }
            Some("object") => self.object(schema),
            _ if !parts.is_empty() => self.object(schema),
            _ => quote! { crate::http::Shape::Any },
        }
    }

    fn object(&mut self, schema: &'a Node) -> TokenStream {
        let mut properties = BTreeMap::new();
        let mut others = None;
        self.collect(schema, &mut properties, &mut others);
        if properties.is_empty() {
            let others = others.unwrap_or_else(|| quote! { crate::http::Shape::Any });
            return quote! { crate::http::Shape::Map(&#others) };
        }
        let properties = properties
            .iter()
            .map(|(name, shape)| quote! { (#name, #shape) });
        let others = if let Some(others) = others {
            quote! { Some(&#others) }
        } else {
            quote! { None }
        };
        quote! { crate::http::Shape::Object(&[#(#properties),*], #others) }
    }

    /// Collects the properties of a schema and of the parts of its `allOf`, and the form of others.
    fn collect(
        &mut self,
        schema: &'a Node,
        properties: &mut BTreeMap<&'a str, TokenStream>,
        others: &mut Option<TokenStream>,
    ) {
        let entries = schema.get("properties").into_iter().flat_map(Node::entries);
        for (key, property) in entries {
            properties.insert(&key.name, self.shape(property));
        }
        if let Some(values) = schema.get("additionalProperties")
            && matches!(values.data, Data::Map(_))
        {
            *others = Some(self.shape(values));
        }
        for part in schema.get("allOf").into_iter().flat_map(Node::items) {
            if let Some(part) = self.document.follow(part) {
                self.collect(part, properties, others);
            }
        }
    }
}
