//! The endpoint of Workspace in a region, from its environment variable or the vendor's regions
//! file.

use super::endpoint::{Endpoint, Region};
use super::environment::Environment;
use super::setting::{LookupError, Setting};
use super::source::Source;
use super::variables::{REGIONS_FILE, WORKSPACE_ENDPOINT_PREFIX};
use super::vendor_file::VendorFile;
#[cfg(feature = "regions-file")]
use crate::yaml::{
    builder::parse,
    error::Error,
    node::{Data, Node, Position},
};

const FILE: VendorFile = VendorFile {
    variable: REGIONS_FILE,
    folder: ".huaweicloud",
    name: "regions.yaml",
};
/// The key of Workspace in the regions file. The vendor's tools ignore its case.
const SERVICE: &str = "Workspace";

/// Tries the variable and the file as sources of the endpoint in `region`.
pub(super) fn try_sources(
    endpoint: &mut Setting<Endpoint>,
    region: &Region,
    environment: &Environment,
    allow_plain_http: bool,
) {
    let region_in_name = region.as_str().to_uppercase().replace('-', "_");
    let variable = format!("{WORKSPACE_ENDPOINT_PREFIX}{region_in_name}");
    endpoint.try_source(
        Source::variable(&variable),
        in_variable(environment, &variable, allow_plain_http),
    );
    endpoint.try_source(
        FILE.source(environment, format!("{SERVICE}, id {region}")),
        in_file(environment, region, allow_plain_http),
    );
}

/// The vendor's tools accept several endpoints, separated by commas, and use the first that can be
/// reached.
fn in_variable(
    environment: &Environment,
    name: &str,
    allow_plain_http: bool,
) -> Result<Endpoint, LookupError> {
    let value = environment.text(name)?;
    Ok(Endpoint::parse_all(value.split(','), allow_plain_http)?)
}

fn in_file(
    environment: &Environment,
    region: &Region,
    allow_plain_http: bool,
) -> Result<Endpoint, LookupError> {
    let text = FILE.read(environment)?;
    let endpoints = find_endpoints(text.expose(), region)?;
    let endpoints = endpoints.iter().map(String::as_str);
    Ok(Endpoint::parse_all(endpoints, allow_plain_http)?)
}

/// Ignoring the file could send requests to another endpoint than the vendor's tools use.
#[cfg(not(feature = "regions-file"))]
fn find_endpoints(_text: &str, _region: &Region) -> Result<Vec<String>, LookupError> {
    Err(LookupError::Invalid(
        "this program was built without the feature `regions-file`. Pass the endpoint explicitly, \
         or move the file."
            .to_owned(),
    ))
}

/// Finds the endpoints in `Service: [{id, endpoints, endpoint}]`, in the order of the vendor's
/// tools: the list, then the single one.
#[cfg(feature = "regions-file")]
fn find_endpoints(text: &str, region: &Region) -> Result<Vec<String>, LookupError> {
    let document = parse(text).map_err(invalid_yaml)?;
    if let Some(error) = document.key_errors.into_iter().next() {
        return Err(invalid_yaml(error));
    }
    let file = document.root;
    match &file.data {
        Data::Map(_) => {}
        Data::Scalar(value) if value.is_null() => {
            return Err(LookupError::NotFound("the file is empty".to_owned()));
        }
        Data::Scalar(_) | Data::List(_) => {
            return Err(LookupError::Invalid(
                "the file must be `Service: [{id, endpoint}]`".to_owned(),
            ));
        }
    }
    let mut services = file.entries();
    let service = services.find(|(key, _)| key.name.eq_ignore_ascii_case(SERVICE));
    let Some((_, regions)) = service else {
        return Err(LookupError::NotFound(format!(
            "the file has no `{SERVICE}`"
        )));
    };
    let Data::List(regions) = &regions.data else {
        return Err(LookupError::Invalid(format!(
            "`{SERVICE}` must be a list of `{{id, endpoint}}`"
        )));
    };
    let mut entries = regions.iter();
    let entry = entries.find(|entry| text_of(entry, "id") == Some(region.as_str()));
    let Some(entry) = entry else {
        return Err(LookupError::NotFound(format!(
            "`{SERVICE}` has no entry with the id `{region}`"
        )));
    };
    let endpoints = entry.get("endpoints").map(Node::items).unwrap_or_default();
    let mut found = Vec::new();
    for endpoint in endpoints {
        let Some(endpoint) = endpoint.text() else {
            return Err(LookupError::Invalid(format!(
                "the `endpoints` of the id `{region}` are not all texts"
            )));
        };
        found.push(endpoint.to_owned());
    }
    found.extend(text_of(entry, "endpoint").map(str::to_owned));
    if found.is_empty() {
        return Err(LookupError::Invalid(format!(
            "the entry with the id `{region}` has no `endpoint`"
        )));
    }
    Ok(found)
}

#[cfg(feature = "regions-file")]
fn text_of<'a>(entry: &'a Node, key: &str) -> Option<&'a str> {
    entry.get(key)?.text()
}

#[cfg(feature = "regions-file")]
fn invalid_yaml(error: Error) -> LookupError {
    let Error {
        position: Position { line, column },
        reason,
    } = error;
    LookupError::Invalid(format!(
        "the file is not valid YAML: {reason} in line {line}, column {column}"
    ))
}
