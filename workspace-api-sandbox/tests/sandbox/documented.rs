//! The sandbox answers with the contract's examples of responses, so that a reader of the contract
//! meets the same desktops and errors in the sandbox.

use std::collections::BTreeMap;

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use workspace_api_sandbox::Sandbox;
use workspace_api_sandbox::defaults::{BUSY_DESKTOP, PROJECT_ID, SINGLE_USER_DESKTOP, TOKEN};

use crate::{client, send};

/// The properties whose values the sandbox makes up for each response.
const MADE_UP: [&str; 3] = [
    "encoded_authorization_message",
    "request_id",
    "success_job_ids",
];

/// The sandbox returns this error for an injected fault only, with a message of its own.
const WITHOUT_REQUEST: [&str; 1] = ["InternalServerError"];

/// Returns the examples of the contract by operation and status, or by the name of the response.
fn examples(contract: &Value) -> BTreeMap<String, Value> {
    let mut examples = BTreeMap::new();
    let mut add = |name: String, response: &Value| {
        let example = response.pointer("/content/application~1json/example");
        examples.extend(example.map(|example| (name, example.clone())));
    };
    for operation in operations(contract) {
        let id = operation["operationId"].as_str().unwrap();
        for (status, response) in operation["responses"].as_object().unwrap() {
            add(format!("{id} {status}"), response);
        }
    }
    for (name, response) in contract["components"]["responses"].as_object().unwrap() {
        add(name.clone(), response);
    }
    examples
}

fn operations(contract: &Value) -> impl Iterator<Item = &Value> {
    requests(contract).map(|(_, _, operation)| operation)
}

/// Returns the path, the method and the description of each operation.
fn requests(contract: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let paths = contract["paths"].as_object().unwrap();
    paths.iter().flat_map(|(path, item)| {
        let entries = item.as_object().unwrap().iter();
        let operations = entries.filter(|(_, it)| it.get("operationId").is_some());
        operations.map(|(method, operation)| (path.as_str(), method.as_str(), operation))
    })
}

/// Returns whether the sandbox emulates the operation of an example. It may not emulate a new one yet.
async fn is_emulated(name: &str, contract: &Value, sandbox: &Sandbox) -> bool {
    let (id, _) = name.split_once(' ').unwrap_or((name, ""));
    let Some((path, method, _)) = requests(contract).find(|(_, _, it)| it["operationId"] == id)
    else {
        return true;
    };
    let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
    let url = format!("{}{}", sandbox.base_url(), path.replace(['{', '}'], ""));
    let (status, _) = send(client().request(method, url)).await;
    status != StatusCode::NOT_IMPLEMENTED
}

/// Returns a request that leads to an example.
fn request(name: &str, contract: &Value, sandbox: &Sandbox) -> Option<RequestBuilder> {
    let desktops = format!("{}/v2/{PROJECT_ID}/desktops", sandbox.base_url());
    let with_token = |request: RequestBuilder| request.header("X-Auth-Token", TOKEN);
    let records = |desktop| client().get(format!("{desktops}/{desktop}/detach-info"));
    let detach = |body: &Value| {
        let request = client().request(Method::POST, format!("{desktops}/batch-detach"));
        with_token(request.json(body))
    };
    let documented = |id: &str| {
        let operation = operations(contract).find(|it| it["operationId"] == id);
        let body = "/requestBody/content/application~1json/example";
        operation.unwrap().pointer(body).unwrap()
    };
    let parameter = &contract["components"]["parameters"]["DesktopInPath"]["example"];
    Some(match name {
        "BatchDetachInstances 200" => detach(documented("BatchDetachInstances")),
        "ListDesktopDetachInfo 200" => with_token(records(parameter.as_str().unwrap())),
        "BadRequest" => detach(&json!({})),
        "Unauthorized" => records(SINGLE_USER_DESKTOP).header("X-Auth-Token", "unknown"),
        "Forbidden" => with_token(records(SINGLE_USER_DESKTOP)),
        "NotFound" => with_token(records("unknown")),
        "Conflict" => {
            let desktop = json!({ "desktop_id": BUSY_DESKTOP, "is_detach_all_users": true });
            detach(&json!({ "desktops": [desktop] }))
        }
        _ => return None,
    })
}

/// Collects the differences of an answer from an example. The answer may have more properties, such
/// as the detail of an error.
fn compare(example: &Value, answer: &Value, at: &str, differences: &mut Vec<String>) {
    match (example, answer) {
        (Value::Object(properties), Value::Object(_)) => {
            for (name, example) in properties {
                let at = format!("{at}/{name}");
                compare(example, &answer[name], &at, differences);
            }
        }
        (Value::Array(items), Value::Array(answers)) if items.len() == answers.len() => {
            for (index, (example, answer)) in items.iter().zip(answers).enumerate() {
                compare(example, answer, &format!("{at}/{index}"), differences);
            }
        }
        (Value::String(_), Value::String(_)) if at.split('/').any(|it| MADE_UP.contains(&it)) => {}
        _ if example == answer => {}
        _ => differences.push(format!(
            "{at} is {example}, but the sandbox answers {answer}"
        )),
    }
}

#[tokio::test]
async fn the_sandbox_answers_with_the_examples_of_the_contract() {
    let contract: Value = serde_saphyr::from_str(workspace_api::OPENAPI_YAML).unwrap();
    let mut differences = Vec::new();
    for (name, example) in examples(&contract) {
        if WITHOUT_REQUEST.contains(&name.as_str()) {
            continue;
        }
        let denied = (name == "Forbidden").then(|| "workspace:desktops:*".to_owned());
        let sandbox = Sandbox::builder().change_seed(|seed| seed.deny.extend(denied));
        let sandbox = sandbox.start().await.unwrap();
        if let Some(request) = request(&name, &contract, &sandbox) {
            let (_, answer) = send(request).await;
            compare(&example, &answer, &name, &mut differences);
        } else if is_emulated(&name, &contract, &sandbox).await {
            differences.push(format!("{name}: no request leads to the example"));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
