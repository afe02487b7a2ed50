//! The endpoint of Workspace in a region, from its environment variable or the vendor's regions
//! file.

#[cfg(feature = "regions-file")]
use saphyr::{LoadableYamlNode, Yaml};

use super::endpoint::{Endpoint, Region};
use super::environment::Environment;
use super::error::Error;
use super::setting::{LookupError, Setting};
use super::source::Source;
use super::variables::{REGIONS_FILE, WORKSPACE_ENDPOINT_PREFIX};
use super::vendor_file::VendorFile;

const FILE: VendorFile = VendorFile {
    variable: REGIONS_FILE,
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
) -> Result<(), Error> {
    let region_in_name = region.as_str().to_uppercase().replace('-', "_");
    let variable = format!("{WORKSPACE_ENDPOINT_PREFIX}{region_in_name}");
    endpoint.try_source(
        Source::variable(&variable),
        in_variable(environment, &variable, allow_plain_http),
    )?;
    endpoint.try_source(
        FILE.source(environment, format!("{SERVICE}, id {region}")),
        in_file(environment, region, allow_plain_http),
    )
}

/// The vendor's tools accept several endpoints, separated by commas, and use the first that can be
/// reached.
fn in_variable(
    environment: &Environment,
    name: &str,
    allow_plain_http: bool,
) -> Result<Endpoint, LookupError> {
    let value = environment.text(name)?;
    let first = value.split(',').next().unwrap_or_default().trim();
    Ok(Endpoint::parse(first, allow_plain_http)?)
}

fn in_file(
    environment: &Environment,
    region: &Region,
    allow_plain_http: bool,
) -> Result<Endpoint, LookupError> {
    let text = FILE.read(environment)?;
    let endpoint = find_endpoint(text.expose(), region)?;
    Ok(Endpoint::parse(&endpoint, allow_plain_http)?)
}

/// Ignoring the file could send requests to another endpoint than the vendor's tools use.
#[cfg(not(feature = "regions-file"))]
fn find_endpoint(_text: &str, _region: &Region) -> Result<String, LookupError> {
    Err(LookupError::Invalid(
        "this program was built without the feature `regions-file`. Pass the endpoint explicitly, \
         or move the file."
            .to_owned(),
    ))
}

/// Finds the endpoint in `Service: [{id, endpoint}]`, or the first of `endpoints`.
#[cfg(feature = "regions-file")]
fn find_endpoint(text: &str, region: &Region) -> Result<String, LookupError> {
    let documents = Yaml::load_from_str(text)
        .map_err(|error| LookupError::Invalid(format!("the file is not valid YAML: {error}")))?;
    let Some(root) = documents.first() else {
        return Err(LookupError::NotFound("the file is empty".to_owned()));
    };
    let Some(services) = root.as_mapping() else {
        return Err(LookupError::Invalid(
            "the file must be `Service: [{id, endpoint}]`".to_owned(),
        ));
    };
    let service = services.iter().find(|(key, _)| is_service(key));
    let Some((_, regions)) = service else {
        return Err(LookupError::NotFound(format!(
            "the file has no `{SERVICE}`"
        )));
    };
    let Some(regions) = regions.as_sequence() else {
        return Err(LookupError::Invalid(format!(
            "`{SERVICE}` must be a list of `{{id, endpoint}}`"
        )));
    };
    let entry = regions
        .iter()
        .find(|entry| text_at(entry, "id") == Some(region.as_str()));
    let Some(entry) = entry else {
        return Err(LookupError::NotFound(format!(
            "`{SERVICE}` has no entry with the id `{region}`"
        )));
    };
    match first_endpoint(entry).or_else(|| text_at(entry, "endpoint")) {
        Some(endpoint) => Ok(endpoint.to_owned()),
        None => Err(LookupError::Invalid(format!(
            "the entry with the id `{region}` has no `endpoint`"
        ))),
    }
}

#[cfg(feature = "regions-file")]
fn is_service(key: &Yaml<'_>) -> bool {
    key.as_str()
        .is_some_and(|key| key.eq_ignore_ascii_case(SERVICE))
}

#[cfg(feature = "regions-file")]
fn text_at<'y>(entry: &'y Yaml<'_>, key: &str) -> Option<&'y str> {
    entry.as_mapping_get(key)?.as_str()
}

#[cfg(feature = "regions-file")]
fn first_endpoint<'y>(entry: &'y Yaml<'_>) -> Option<&'y str> {
    entry
        .as_mapping_get("endpoints")?
        .as_sequence()?
        .first()?
        .as_str()
}
