//! `workspace spec`: prints the contract.

use std::io::{self, Write};

use workspace_api::OPENAPI_YAML;

use crate::cli::Spec;
use crate::error::{CommandError, Exit};

pub fn run(arguments: &Spec) -> Result<Exit, CommandError> {
    let text = if arguments.json {
        contract_as_json()?
    } else {
        OPENAPI_YAML.as_bytes().to_vec()
    };
    io::stdout().lock().write_all(&text)?;
    Ok(Exit::Success)
}

fn contract_as_json() -> Result<Vec<u8>, CommandError> {
    let mut json = Vec::new();
    let options = serde_saphyr::options! { strict_booleans: true };
    serde_saphyr::with_deserializer_from_str_with_options(OPENAPI_YAML, options, |yaml| {
        serde_transcode::transcode(yaml, &mut serde_json::Serializer::pretty(&mut json))
            .map_err(serde::de::Error::custom)
    })
    .map_err(|error| {
        CommandError::new(
            Exit::Failed,
            format!("cannot convert the contract to JSON: {error}"),
        )
    })?;
    json.push(b'\n');
    Ok(json)
}
