//! `workspace api`: sends a signed request and prints the response.

use std::fs;
use std::io::{self, IsTerminal, Read, Write};

use reqwest::Method;
use serde::de::IgnoredAny;

use crate::cli::{Api, ConnectionOptions};
use crate::error::{CommandError, Exit};
use crate::output;
use crate::output::sanitize::{escape_json, sanitize_document, sanitize_for_terminal};

pub async fn run(arguments: &Api, options: &ConnectionOptions) -> Result<Exit, CommandError> {
    let method = arguments.method.to_ascii_uppercase();
    let method = Method::from_bytes(method.as_bytes())
        .map_err(|_| CommandError::usage(format!("{method:?} is not an HTTP method")))?;
    let body = match &arguments.body {
        Some(argument) => Some(read_body(argument)?.into()),
        None => None,
    };
    let connection = options.connect().await?;
    let mut path = arguments.path.clone();
    if path.contains("{project_id}") {
        path = path.replace("{project_id}", connection.project_id().await?.as_str());
    }
    let response = connection.client.request(method, &path, body).await?;
    let status = response.status();
    let mut text = Vec::new();
    if arguments.include {
        writeln!(text, "{status}")?;
        for (name, value) in response.headers() {
            let value = String::from_utf8_lossy(value.as_bytes());
            writeln!(text, "{name}: {}", sanitize_for_terminal(&value))?;
        }
        writeln!(text)?;
    }
    text.extend(printable(response.body(), io::stdout().is_terminal()));
    io::stdout().lock().write_all(&text)?;
    if !status.is_success() {
        let message = format!("HTTP status {status}");
        return Err(CommandError::new(Exit::Failed, message));
    }
    Ok(Exit::Success)
}

/// Returns the body: for a terminal with indentation, elsewhere as it came. In both, the control
/// characters of a text are escapes; in JSON they stay the same values.
fn printable(body: &[u8], for_terminal: bool) -> Vec<u8> {
    let text = match str::from_utf8(body) {
        Ok(text) => text.into(),
        Err(_) if for_terminal => String::from_utf8_lossy(body),
        // A body that is not text is written unchanged.
        Err(_) => return body.to_vec(),
    };
    let is_json = serde_json::from_str::<IgnoredAny>(&text).is_ok();
    let mut text = match output::pretty(&text) {
        Ok(pretty) if for_terminal => pretty,
        _ if is_json => escape_json(text.into_owned()),
        _ => sanitize_document(&text),
    };
    if for_terminal && !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.into_bytes()
}

/// Reads the body that an argument names, and checks that it is JSON.
fn read_body(argument: &str) -> Result<Vec<u8>, CommandError> {
    let body = read_bytes(argument).map_err(|error| {
        CommandError::usage(format!("cannot read the body {argument}: {error}"))
    })?;
    match serde_json::from_slice::<IgnoredAny>(&body) {
        Ok(_) => Ok(body),
        Err(error) => Err(
            CommandError::usage(format!("the body is not JSON: {error}"))
                .hint("Use the text itself, @FILE for a file, or - for standard input."),
        ),
    }
}

fn read_bytes(argument: &str) -> io::Result<Vec<u8>> {
    if let Some(path) = argument.strip_prefix('@') {
        return fs::read(path);
    }
    if argument == "-" {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    Ok(argument.as_bytes().to_vec())
}
