//! The fields of every generated type are in the order of the contract.

// The benchmark of the generator compiles this without the test harness.
#![allow(dead_code, unused_imports)]

use syn::Item;

use super::*;
use crate::codegen::client;

const CONTRACT: &str = include_str!("../../../../tests/contract_diagnostics.yaml");

/// Schemas whose properties are not sorted by name, wherever a type can be.
const SCHEMAS: &str = "
    Zoo:
      type: object
      description: A zoo.
      required: [size]
      properties:
        size: {type: integer, description: The size.}
        owner:
          type: object
          description: The owner.
          properties:
            name: {type: string, description: A name.}
            city: {type: string, description: A city.}
        houses:
          type: array
          description: The houses.
          items:
            type: object
            description: A house.
            properties:
              roof: {type: string, description: A roof.}
              door: {type: string, description: A door.}
        doors:
          type: object
          description: The doors by name.
          additionalProperties:
            type: object
            description: A door.
            properties:
              width: {type: integer, description: A width.}
              height: {type: integer, description: A height.}
        guard:
          description: The guard.
          allOf:
            - $ref: '#/components/schemas/Worker'
            - type: object
              properties:
                shift: {type: string, description: A shift.}
                key:
                  type: object
                  description: A key.
                  properties:
                    type: {type: string, description: A type.}
                    lock: {type: string, description: A lock.}
        animal:
          description: An animal.
          oneOf:
            - type: object
              required: [wings, beak]
              properties:
                wings: {type: integer, description: The wings.}
                beak: {type: string, description: The beak.}
            - $ref: '#/components/schemas/Worker'
        ticket:
          description: A ticket.
          oneOf:
            - type: object
              required: [kind, price, day]
              properties:
                kind: {type: string, enum: [single], description: The kind.}
                price: {type: integer, description: The price.}
                day: {type: string, description: The day.}
            - type: object
              required: [kind, year, holder]
              properties:
                kind: {type: string, enum: [annual], description: The kind.}
                year: {type: integer, description: The year.}
                holder:
                  type: object
                  description: The holder.
                  properties:
                    name: {type: string, description: A name.}
                    age: {type: integer, description: An age.}
        food:
          description: Food.
          oneOf:
            - type: object
              required: [plant]
              properties:
                plant:
                  type: object
                  description: A plant.
                  properties:
                    seed: {type: string, description: A seed.}
                    leaf: {type: string, description: A leaf.}
            - type: object
              required: [meat]
              properties:
                meat: {type: string, description: Meat.}
    Worker:
      type: object
      description: A worker.
      required: [wage]
      properties:
        wage: {type: integer, description: The wage.}
        age: {type: integer, description: The age.}";

const EXPECTED: &str = "\
Worker: wage age
Zoo: size owner houses doors guard animal ticket food
ZooAnimal::Object: wings beak
ZooDoorsValue: width height
ZooFoodVariant0Plant: seed leaf
ZooGuard: wage age shift key
ZooGuardKey: type_ lock
ZooHousesItem: roof door
ZooOwner: name city
ZooTicket::Annual: year holder
ZooTicket::Single: price day
ZooTicketHolder: name age";

/// Returns the contract with these schemas, the first of which is the body of a request.
fn contract() -> String {
    let contract = CONTRACT.replacen("\n  schemas:", &format!("\n  schemas:{SCHEMAS}"), 1);
    let path = "
  /zoo:
    put:
      operationId: ChangeZoo
      description: Changes the zoo.
      requestBody:
        description: The zoo.
        required: true
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/Zoo'
      responses:
        '204':
          description: The zoo is changed.";
    contract.replacen("\npaths:", &format!("\npaths:{path}"), 1)
}

/// Returns a line for each type or variant with several fields.
fn fields_of(items: &[Item]) -> Vec<String> {
    let mut lines = Vec::new();
    for item in items {
        match item {
            Item::Struct(item) => lines.extend(line(&item.ident.to_string(), &item.fields)),
            Item::Enum(item) => {
                for variant in &item.variants {
                    let name = format!("{}::{}", item.ident, variant.ident);
                    lines.extend(line(&name, &variant.fields));
                }
            }
            _ => {}
        }
    }
    lines.sort();
    lines
}

fn line(name: &str, fields: &Fields) -> Option<String> {
    let names = fields.iter().filter_map(|field| field.ident.as_ref());
    let names: Vec<_> = names.map(ToString::to_string).collect();
    (names.len() > 1).then(|| format!("{name}: {}", names.join(" ")))
}

fn module(items: Vec<Item>, name: &str) -> Vec<Item> {
    let mut modules = items.into_iter().filter_map(|item| match item {
        Item::Mod(item) if item.ident == name => item.content,
        _ => None,
    });
    modules.next().unwrap().1
}

#[test]
fn fields_are_in_the_order_of_the_contract() {
    let text = client(&contract()).map_err(|diagnostics| format!("{diagnostics:?}"));
    let types = module(syn::parse_file(&text.unwrap()).unwrap().items, "types");
    let fields = fields_of(&types);
    let is_ours = |line: &&String| line.starts_with("Zoo") || line.starts_with("Worker");
    let ours: Vec<_> = fields.iter().filter(is_ours).cloned().collect();
    assert_eq!(ours.join("\n"), EXPECTED);
    // So are those of their builders.
    let builders = fields_of(&module(types, "builder"));
    assert!(builders.len() > 5);
    for builder in builders {
        assert!(
            fields.contains(&builder.replacen("Builder:", ":", 1)),
            "{builder}"
        );
    }
}
