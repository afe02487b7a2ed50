//! Responses from the contract's examples, for operations that the sandbox does not emulate.

use reqwest::StatusCode;
use serde_json::Value;
use workspace_api_sandbox::Sandbox;

use crate::{client, send};

/// A contract with what the present one does not have: parameters that are lists, headers of a
/// response, statuses other than 200, and examples in other places.
const LAMPS: &str = r"
openapi: 3.0.3
paths:
  /lamps/{id}:
    get:
      operationId: ListLamps
      parameters:
        - {name: id, in: path, required: true, schema: {type: string, maxLength: 4}}
        - {name: id, in: query, schema: {type: array, maxItems: 2, items: {type: integer}}}
        - {name: room, in: query, explode: false, schema: {type: array, items: {type: string, maxLength: 4}}}
        - {name: X-Levels, in: header, schema: {type: array, items: {type: number}}}
      responses:
        '200':
          description: Lamps.
          headers:
            X-Total: {required: true, schema: {type: integer, example: 7}}
            Content-Length: {schema: {type: integer, example: 99999}}
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Lamps'}
    post:
      operationId: SwitchLamps
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        '202':
          description: Accepted.
          content:
            application/json:
              schema: {type: object, properties: {steps: {type: integer}, job: {type: string}}}
              examples:
                first: {$ref: '#/components/examples/Job'}
                second: {value: {job: j-2}}
    delete:
      operationId: RemoveLamps
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'204': {description: Removed.}}
    put:
      operationId: ReplaceLamps
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        '200':
          description: Lamps.
          content: {application/json: {schema: {type: object, properties: {job: {type: string}}}}}
        '204': {description: Nothing was replaced.}
components:
  examples:
    Job: {value: {steps: 2, job: j-1}}
  schemas:
    Lamps:
      type: object
      properties:
        lamps: {type: array, items: {$ref: '#/components/schemas/Item'}}
        next: {$ref: '#/components/schemas/Lamps'}
    Item: {$ref: '#/components/schemas/Lamp'}
    Lamp:
      allOf:
        - {type: object, required: [name, level], properties: {name: {type: string, example: hall}}}
        - {type: object, properties: {on: {type: boolean, example: true}, note: {type: string}}}
        - {type: object, description: Nothing that the contract knows.}
      properties:
        level: {allOf: [{$ref: '#/components/schemas/Level'}], description: The brightness.}
    Level: {type: integer, example: 3}
";

#[tokio::test]
async fn examples_of_every_form_are_responses() {
    let sandbox = Sandbox::builder().contract(LAMPS).examples();
    let sandbox = sandbox.start().await.unwrap();
    let url = format!("{}/lamps/a", sandbox.base_url());
    let listed = client().get(&url).send().await.unwrap();
    assert_eq!(listed.status(), StatusCode::OK);
    assert_eq!(listed.headers()["x-total"], "7");
    // The keys are in the order of the contract.
    assert_eq!(
        listed.text().await.unwrap(),
        r#"{"lamps":[{"name":"hall","on":true,"level":3}]}"#
    );
    let switched = client().post(&url).send().await.unwrap();
    assert_eq!(switched.status(), StatusCode::ACCEPTED);
    assert_eq!(switched.text().await.unwrap(), r#"{"steps":2,"job":"j-1"}"#);
    let removed = send(client().delete(&url)).await;
    assert_eq!(removed, (StatusCode::NO_CONTENT, Value::Null));
    let (status, body) = send(client().put(&url)).await;
    assert_eq!(status, StatusCode::NOT_IMPLEMENTED);
    let message = body["error_msg"].as_str().unwrap();
    assert!(message.contains("ReplaceLamps") && message.contains("no example"));
    let sandbox = Sandbox::builder().contract(LAMPS).start().await.unwrap();
    let url = format!("{}/lamps/a", sandbox.base_url());
    let (status, body) = send(client().get(&url)).await;
    assert_eq!(status, StatusCode::NOT_IMPLEMENTED);
    let message = body["error_msg"].as_str().unwrap();
    assert!(message.contains("--examples"), "{message}");
}

#[tokio::test]
async fn parameters_may_be_lists() {
    let sandbox = Sandbox::builder().contract(LAMPS).examples();
    let sandbox = sandbox.start().await.unwrap();
    for (target, levels, expected) in [
        ("a", "1,2.5", ""),
        ("a?id=1&id=2&room=hall,7", "3", ""),
        ("a?id=1", "3", ""),
        ("long?id=1", "3", ""),
        ("longer", "3", "id: length must be"),
        ("a?id=1&id=2&id=3", "3", "id: maximum 2 items"),
        ("a?id=x", "3", "id: /0: "),
        ("a?room=attic", "3", "room: /0: "),
        ("a", "1,x", "X-Levels: /1: "),
    ] {
        let url = format!("{}/lamps/{target}", sandbox.base_url());
        let (_, body) = send(client().get(url).header("X-Levels", levels)).await;
        let detail = body["error_detail"].as_str().unwrap_or_default();
        assert!(
            detail.starts_with(expected) && detail.is_empty() == expected.is_empty(),
            "{target}: {body}"
        );
    }
}
