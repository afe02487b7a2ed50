//! Endpoints that the environment or the vendor's regions file gives to a region.

use std::path::Path;

#[cfg(feature = "regions-file")]
use saphyr::{LoadableYamlNode, Yaml};

use super::endpoint::InvalidValue;
use super::setting::Absent;
use super::variables::{REGION_ENDPOINT_PREFIX, REGIONS_FILE};
use super::{Endpoint, Environment, Error, Region, Setting, Source, profile};

/// Looks at the variable and at the file for the endpoint of `service` in `region`.
pub(super) fn look(
    setting: &mut Setting<Endpoint>,
    service: &str,
    region: &Region,
    environment: &Environment,
    endpoint: impl Fn(String) -> Result<Endpoint, InvalidValue>,
) -> Result<(), Error> {
    let region_in_name = region.as_str().to_uppercase().replace('-', "_");
    let name = format!(
        "{REGION_ENDPOINT_PREFIX}{}_{region_in_name}",
        service.to_uppercase()
    );
    setting.look(Source::variable(&name), || {
        let value = environment.text(&name)?;
        // The vendor's tools take several, separated by commas, and use the first as long as it answers.
        let first = value.split(',').next().unwrap_or_default().trim();
        Ok(endpoint(first.to_owned())?)
    })?;

    let path = environment
        .file(REGIONS_FILE, "regions.yaml")
        .unwrap_or_else(|| Path::new("~/.huaweicloud/regions.yaml").into());
    let source = Source::File {
        path,
        entry: format!("{service}, id {region}"),
    };
    setting.look(source, || {
        let text = profile::read(environment, REGIONS_FILE, "regions.yaml")?;
        Ok(endpoint(in_file(text.expose(), service, region)?)?)
    })
}

#[cfg(not(feature = "regions-file"))]
fn in_file(_text: &str, _service: &str, _region: &Region) -> Result<String, Absent> {
    // To pass over it in silence might send requests to another place than the vendor's tools do.
    Err(Absent::Wrong(
        "this program was built without the feature `regions-file`. Give the endpoint by hand, or move the file."
            .to_owned(),
    ))
}

/// The endpoint in `Service: [{id, endpoint}]`, or the first of `endpoints`.
#[cfg(feature = "regions-file")]
fn in_file(text: &str, service: &str, region: &Region) -> Result<String, Absent> {
    let documents = Yaml::load_from_str(text)
        .map_err(|error| Absent::Wrong(format!("the file is not YAML: {error}")))?;
    let Some(root) = documents.first() else {
        return Err(Absent::Missing("the file is empty".to_owned()));
    };
    let services = root.as_mapping().ok_or_else(|| {
        Absent::Wrong("the file must hold `Service: [{id, endpoint}]`".to_owned())
    })?;
    let is_service = |key: &Yaml<'_>| {
        key.as_str()
            .is_some_and(|key| key.eq_ignore_ascii_case(service))
    };
    let Some((_, regions)) = services.iter().find(|(key, _)| is_service(key)) else {
        return Err(Absent::Missing(format!("the file has no `{service}`")));
    };
    let regions = regions.as_sequence().ok_or_else(|| {
        Absent::Wrong(format!("`{service}` must be a list of `{{id, endpoint}}`"))
    })?;
    let entry = |region: &'_ Yaml<'_>, key: &str| {
        region
            .as_mapping_get(key)
            .and_then(Yaml::as_str)
            .map(str::to_owned)
    };
    let Some(found) = regions
        .iter()
        .find(|at| entry(at, "id").as_deref() == Some(region.as_str()))
    else {
        return Err(Absent::Missing(format!(
            "`{service}` has no entry with the id `{region}`"
        )));
    };
    let listed = || {
        found
            .as_mapping_get("endpoints")?
            .as_sequence()?
            .first()?
            .as_str()
            .map(str::to_owned)
    };
    listed()
        .or_else(|| entry(found, "endpoint"))
        .ok_or_else(|| {
            Absent::Wrong(format!(
                "the entry with the id `{region}` has no `endpoint`"
            ))
        })
}
