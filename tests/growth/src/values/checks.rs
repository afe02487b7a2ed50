//! Checks a call with each value of each argument, and each valid response.

use reqwest::Url;

use super::Values;
use super::cases::{Case, Cases};
use super::compare::{difference, pruned};
use super::contract::{Argument, Contract, Operation};
use super::json::Json;

pub type Send<'a> = dyn Fn(&str, &Values) -> Result<String, String> + 'a;

/// Checks every argument of a call. Returns how many values were tried.
pub fn check_call(
    contract: &Contract,
    operation: &Operation,
    send: &Send,
    wrong: &mut Vec<String>,
) -> usize {
    let cases = Cases {
        contract,
        is_request: true,
    };
    let mut all = Vec::new();
    for argument in &operation.arguments {
        let of_argument = cases.of(argument.schema, 0);
        let Some(typical) = cases.typical(&[argument.schema], &of_argument) else {
            wrong.push(format!(
                "{} of {}: no valid value was found",
                argument.name, operation.id
            ));
            return 0;
        };
        all.push((argument, of_argument, typical));
    }
    let mut count = 0;
    for (argument, of_argument, _) in &all {
        let others = all
            .iter()
            .filter(|(other, _, _)| other.is_required && other.name != argument.name);
        let others: Vec<_> = others
            .map(|(other, _, typical)| (other.name.clone(), typical.value.clone()))
            .collect();
        for case in of_argument {
            count += 1;
            let mut values = others.clone();
            values.push((argument.name.clone(), case.value.clone()));
            let result = send(operation.id, &Values(values));
            if let Err(problem) = check_sent(contract, operation, argument, case, result) {
                let value = serde_json::to_string(&case.value).unwrap();
                wrong.push(format!(
                    "{} of {}: {value}: {problem}",
                    argument.name, operation.id
                ));
            }
        }
    }
    count
}

fn check_sent(
    contract: &Contract,
    operation: &Operation,
    argument: &Argument,
    case: &Case,
    result: Result<String, String>,
) -> Result<(), String> {
    let valid = contract.check(argument.schema, &case.value);
    let sent = match (result, valid) {
        (Err(_), Err(_)) => return Ok(()),
        (Err(error), Ok(())) => {
            let is_header = argument.name.starts_with("header ") && error.contains("header");
            return if is_header {
                Ok(())
            } else {
                Err(format!("is valid, but not sent: {error}"))
            };
        }
        (Ok(_), Err(problem)) if !case.is_loose => {
            return Err(format!("is sent, but invalid: {problem}"));
        }
        (Ok(sent), _) => sent,
    };
    if argument.name == "body" {
        let body = sent.lines().last().unwrap_or_default();
        let body: Json = serde_json::from_str(body).map_err(|error| error.to_string())?;
        if let Some(difference) = difference(&body, &case.meaning) {
            return Err(format!("is sent with another meaning: body{difference}"));
        }
        return contract
            .check(argument.schema, &body)
            .map_err(|it| format!("its meaning is sent, but invalid: {it}"));
    }
    // The client rejects an id that changes the path, in code that these tests replace.
    let changes_path = |text: &str| ["", ".", ".."].contains(&text) || text.contains('\\');
    if argument.name.starts_with("path ") && case.value.text().is_some_and(changes_path) {
        return Ok(());
    }
    let expected: Vec<_> = match &case.meaning {
        Json::List(items) => items.iter().map(plain).collect(),
        other => vec![plain(other)],
    };
    let sent = sent_texts(operation, &argument.name, &sent);
    // A number may be written in another way.
    let is_same = |(one, other): (&String, &String)| {
        let numbers = [one, other].map(|text| text.parse::<f64>().ok());
        one == other || argument.is_number(contract) && numbers[0] == numbers[1]
    };
    if sent.len() != expected.len() || !sent.iter().zip(&expected).all(is_same) {
        return Err(format!("is sent as {sent:?}"));
    }
    Ok(())
}

/// Returns the text of a value in a URL or a header.
fn plain(value: &Json) -> String {
    let text = value.text().map(str::to_owned);
    text.unwrap_or_else(|| serde_json::to_string(value).unwrap())
}

/// Returns the texts that a request has for a parameter.
fn sent_texts(operation: &Operation, argument: &str, request: &str) -> Vec<String> {
    let (location, name) = argument.split_once(' ').unwrap();
    let mut lines = request.lines();
    let (_, url) = lines.next().unwrap().split_once(' ').unwrap();
    let url = Url::parse(url).unwrap();
    match location {
        "query" => {
            let pairs = url.query_pairs().filter(|(key, _)| key == name);
            pairs.map(|(_, value)| value.into_owned()).collect()
        }
        "path" => {
            let path = format!("/base{}", operation.path);
            let segments = path.split('/').zip(url.path().split('/'));
            let found = segments.filter(|(segment, _)| *segment == format!("{{{name}}}"));
            found.map(|(_, text)| decoded(text)).collect()
        }
        _ => {
            let start = format!("{}: ", name.to_lowercase());
            let found = lines.filter_map(|line| line.strip_prefix(&start));
            found.map(str::to_owned).collect()
        }
    }
}

fn decoded(segment: &str) -> String {
    let query = segment.replace('+', "%2B").replace('&', "%26");
    let query = format!("http://host.example/?v={query}");
    let url = Url::parse(&query).unwrap();
    url.query_pairs()
        .map(|(_, value)| value.into_owned())
        .collect()
}

/// Checks the valid values of a response. Returns how many were read.
pub fn check_response(
    contract: &Contract,
    operation: &Operation,
    read: fn(&str, &str) -> Result<String, String>,
    wrong: &mut Vec<String>,
) -> usize {
    let cases = Cases {
        contract,
        is_request: false,
    };
    let mut count = 0;
    if let Some(schema) = operation.success {
        for case in cases.of(schema, 0) {
            if contract.check(schema, &case.value).is_err() {
                continue;
            }
            count += 1;
            let body = serde_json::to_string(&case.value).unwrap();
            let problem = match read(operation.id, &body) {
                Err(error) => error,
                Ok(text) => {
                    let read: Json = serde_json::from_str(&text).unwrap();
                    match difference(&pruned(&read), &pruned(&case.meaning)) {
                        Some(difference) => {
                            format!("is read with another meaning: body{difference}")
                        }
                        None => continue,
                    }
                }
            };
            wrong.push(format!("response of {}: {body}: {problem}", operation.id));
        }
    }
    count
}
