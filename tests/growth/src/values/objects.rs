//! Enumerates the objects of a schema: each property is absent, or has each of its cases.

use super::cases::{Case, Cases, MAX_DEPTH};
use super::json::Json;

/// A property of an object or of the parts of its `allOf`, each of which may describe it.
struct Property<'a> {
    name: &'a str,
    schemas: Vec<&'a Json>,
    cases: Vec<Case>,
    typical: Option<Case>,
    default: Option<&'a Json>,
    is_nullable: bool,
}

impl<'a> Cases<'a> {
    /// Returns the cases of an object.
    pub fn objects(&self, schema: &'a Json, depth: usize) -> Vec<Case> {
        let mut properties = Vec::new();
        let mut required = Vec::new();
        self.collect(schema, &mut properties, &mut required);
        for property in &mut properties {
            let schemas = property.schemas.iter().filter(|_| depth < MAX_DEPTH);
            property.cases = schemas
                .flat_map(|schema| self.of(schema, depth + 1))
                .collect();
            property.typical = self.typical(&property.schemas, &property.cases);
            assert!(
                property.typical.is_some() || depth >= MAX_DEPTH,
                "no valid value of `{}` was found: add an `example`",
                property.name
            );
        }
        let others = schema
            .get("additionalProperties")
            .filter(|it| !matches!(it, Json::Scalar(_)));
        let is_free = properties.is_empty() && others.is_none();
        let typical =
            |property: &Property<'a>| property.typical.clone().map(|it| (property.name, it));
        let full: Vec<_> = properties.iter().filter_map(typical).collect();
        let mut least = full.clone();
        least.retain(|(name, _)| required.contains(name));
        let object =
            |entries: Vec<(&str, Case)>| object(&properties, entries, others.is_some() || is_free);
        let mut cases = vec![
            object(full.clone()),
            object(least.clone()),
            object(Vec::new()),
        ];
        cases.push(object(full.iter().rev().cloned().collect()));
        let with = |name: &'static str, case: Case| {
            let mut entries = full.clone();
            entries.insert(0, (name, case));
            entries
        };
        if others.is_none() {
            cases.push(object(with("unknown", Case::new(1))));
            cases.push(object(with("", Case::new(Json::List(vec![Json::NULL])))));
        }
        for (index, _) in full.iter().enumerate() {
            let mut entries = full.clone();
            entries.remove(index);
            cases.push(object(entries));
        }
        for property in &properties {
            for case in &property.cases {
                let mut entries = least.clone();
                entries.retain(|(name, _)| *name != property.name);
                entries.push((property.name, case.clone()));
                cases.push(object(entries));
            }
        }
        let of_others = others
            .filter(|_| depth < MAX_DEPTH)
            .map(|it| self.of(it, depth + 1));
        for (index, case) in of_others.into_iter().flatten().enumerate() {
            let name = ["other", "", "é.\"/~", "unknown"][index % 4];
            let mut entries = least.clone();
            entries.push((name, case));
            cases.push(object(entries));
        }
        cases
    }

    /// Collects the properties of a schema and of its parts, in the order of the contract.
    fn collect(
        &self,
        schema: &'a Json,
        properties: &mut Vec<Property<'a>>,
        required: &mut Vec<&'a str>,
    ) {
        for (key, value) in self.contract.follow(schema).entries() {
            match key.as_str() {
                "allOf" => value
                    .items()
                    .iter()
                    .for_each(|part| self.collect(part, properties, required)),
                "required" => required.extend(value.items().iter().filter_map(Json::text)),
                "properties" => {
                    for (name, schema) in value.entries() {
                        let known = properties.iter_mut().find(|it| it.name == name);
                        if let Some(known) = known {
                            known.schemas.push(schema);
                            known.is_nullable &= self.contract.check(schema, &Json::NULL).is_ok();
                            continue;
                        }
                        properties.push(Property {
                            name,
                            schemas: vec![schema],
                            cases: Vec::new(),
                            typical: None,
                            is_nullable: self.contract.check(schema, &Json::NULL).is_ok(),
                            default: schema.get("default").filter(|_| self.is_request),
                        });
                    }
                }
                _ => {}
            }
        }
    }
}

/// Returns an object with these entries, and what it means.
fn object(properties: &[Property], entries: Vec<(&str, Case)>, keeps_others: bool) -> Case {
    let is_known = |name: &str| properties.iter().any(|property| property.name == name);
    let get = |name: &str| {
        entries
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, case)| case)
    };
    let mut is_loose = entries.iter().any(|(_, case)| case.is_loose);
    let mut meaning = Vec::new();
    for property in properties {
        let null = get(property.name).filter(|case| case.value == Json::NULL);
        is_loose |= null.is_some() && !property.is_nullable;
        let value = get(property.name).filter(|_| null.is_none() || property.is_nullable);
        // `None` is left out, and the service applies the default.
        let default = property.default.filter(|_| null.is_none()).cloned();
        let value = value.map(|case| case.meaning.clone()).or(default);
        meaning.extend(value.map(|value| (property.name.to_owned(), value)));
    }
    for (name, case) in entries.iter().filter(|(name, _)| !is_known(name)) {
        if keeps_others {
            meaning.push(((*name).to_owned(), case.meaning.clone()));
        } else {
            is_loose = true;
        }
    }
    let value = entries
        .into_iter()
        .map(|(name, case)| (name.to_owned(), case.value));
    Case {
        value: Json::Object(value.collect()),
        meaning: Json::Object(meaning),
        is_loose,
    }
}
