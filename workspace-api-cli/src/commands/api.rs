//! `workspace api`: sends any signed request and prints the answer.

use std::fs;
use std::io::{self, IsTerminal, Read, Write};

use reqwest::Method;

use crate::cli::{Api, ConnectionOptions};
use crate::error::{CommandError, Exit};
use crate::output::{self, sanitize};

pub async fn run(arguments: &Api, options: &ConnectionOptions) -> Result<Exit, CommandError> {
    let method = arguments.method.to_ascii_uppercase();
    let method = Method::from_bytes(method.as_bytes())
        .map_err(|_| CommandError::usage(format!("{method:?} is not a method")))?;
    let body = arguments.body.as_deref().map(body).transpose()?;
    let connection = options.connect().await?;
    let mut path = arguments.path.clone();
    if path.contains("{project_id}") {
        path = path.replace("{project_id}", connection.project_id().await?.as_str());
    }
    let answer = connection
        .client
        .request(method, &path, body.map(Into::into))
        .await?;
    let mut text = Vec::new();
    if arguments.include {
        writeln!(text, "{}", answer.status())?;
        for (name, value) in answer.headers() {
            writeln!(
                text,
                "{name}: {}",
                String::from_utf8_lossy(value.as_bytes())
            )?;
        }
        writeln!(text)?;
    }
    text.extend(printed(answer.body()));
    io::stdout().lock().write_all(&text)?;
    if answer.status().is_success() {
        return Ok(Exit::Success);
    }
    Err(CommandError::new(
        Exit::Failed,
        format!("the service answered {}", answer.status()),
    ))
}

/// The body as it came; on a terminal with line breaks and without what would steer it.
fn printed(body: &[u8]) -> Vec<u8> {
    if !io::stdout().is_terminal() {
        return body.to_vec();
    }
    let text = String::from_utf8_lossy(body);
    let mut text =
        sanitize::sanitize_for_terminal(&output::pretty(&text).unwrap_or_else(|_| text.into()));
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.into_bytes()
}

/// The body that an argument names, if it is JSON.
fn body(argument: &str) -> Result<Vec<u8>, CommandError> {
    let read = match argument.strip_prefix('@') {
        Some(path) => fs::read(path),
        None if argument == "-" => {
            let mut bytes = Vec::new();
            io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
        }
        None => Ok(argument.as_bytes().to_vec()),
    };
    let body = read.map_err(|error| {
        CommandError::usage(format!("the body {argument} cannot be read: {error}"))
    })?;
    match serde_json::from_slice::<serde::de::IgnoredAny>(&body) {
        Ok(_) => Ok(body),
        Err(error) => Err(
            CommandError::usage(format!("the body is not JSON: {error}"))
                .hint("Give the text itself, @FILE for a file, or - for standard input."),
        ),
    }
}
