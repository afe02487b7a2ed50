//! `workspace spec`: prints the contract.

use std::io::{self, Write};

use workspace_api::OPENAPI_YAML;

use crate::cli::Spec;
use crate::error::{CommandError, Exit};

pub fn run(arguments: &Spec) -> Result<Exit, CommandError> {
    let mut text = OPENAPI_YAML.as_bytes().to_vec();
    if arguments.json {
        text.clear();
        serde_saphyr::with_deserializer_from_str(OPENAPI_YAML, |yaml| {
            serde_transcode::transcode(yaml, &mut serde_json::Serializer::pretty(&mut text))
                .map_err(serde::de::Error::custom)
        })?;
        text.push(b'\n');
    }
    io::stdout().lock().write_all(&text)?;
    Ok(Exit::Success)
}
