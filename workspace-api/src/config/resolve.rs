//! The sources of each setting, in the order in which they count.

use super::endpoint::{Endpoint, InvalidValue, Region, is_domain};
use super::environment::Environment;
use super::files::Files;
use super::koocli::KooCliProfile;
use super::overrides::Overrides;
use super::profile::Profile;
use super::regions;
use super::setting::{LookupError, Setting};
use super::source::{SettingName, SkipReason, Source};
use super::variables::{
    AUTH_URL, CLOUD, IAM_ENDPOINT, PROJECT_ID, PROJECT_NAME, REGION, STS_ENDPOINT,
    TERRAFORM_PROJECT_ID,
};

/// The domain of Huawei Cloud's services.
const DOMAIN: &str = "myhuaweicloud.com";
/// The domain of IAM and STS in the regions of Europe whose names begin with `eu-west-1`.
const EUROPE: &str = "myhuaweicloud.eu";
/// The regions that have an IAM of their own. All others share the global one, as in the vendor's
/// SDKs.
const IAM_REGIONS: [&str; 27] = [
    "ae-ad-1",
    "af-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "cn-east-2",
    "cn-east-3",
    "cn-east-4",
    "cn-east-5",
    "cn-north-1",
    "cn-north-12",
    "cn-north-2",
    "cn-north-4",
    "cn-north-9",
    "cn-south-1",
    "cn-south-2",
    "cn-southwest-2",
    "eu-west-0",
    "la-north-2",
    "la-south-2",
    "me-east-1",
    "my-kualalumpur-1",
    "na-mexico-1",
    "ru-moscow-1",
    "sa-brazil-1",
    "tr-west-1",
];

/// The regions that have an STS of their own. All others share that of [`STS_REGION`], as in the
/// vendor's SDKs.
const STS_REGIONS: [&str; 12] = [
    "af-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "cn-east-3",
    "cn-north-4",
    "cn-south-1",
    "cn-southwest-2",
    "la-south-2",
    "sa-brazil-1",
    "tr-west-1",
];
const STS_REGION: &str = "cn-north-4";

pub(super) fn region(
    overrides: &Overrides,
    environment: &Environment,
    files: &Files,
) -> Setting<Region> {
    let parse = |name: &str| Ok(Region::new(name)?);
    let mut region = Setting::new(SettingName::Region);
    region.try_source(
        overrides.source(SettingName::Region),
        explicit(overrides.region.as_deref()).and_then(parse),
    );
    try_variables(&mut region, environment, &REGION, parse);
    if let Some(profile) = &files.koocli {
        region.try_source(
            KooCliProfile::source(environment, "region"),
            profile.region().and_then(parse),
        );
    }
    region
}

pub(super) fn endpoint(
    overrides: &Overrides,
    environment: &Environment,
    region: Option<&Region>,
) -> Setting<Endpoint> {
    let mut endpoint = Setting::new(SettingName::Endpoint);
    endpoint.try_source(
        overrides.source(SettingName::Endpoint),
        explicit(overrides.endpoint.as_deref()).and_then(|text| overrides.endpoint(text)),
    );
    if let Some(region) = region {
        let allow_plain_http = overrides.allow_plain_http;
        regions::try_sources(&mut endpoint, region, environment, allow_plain_http);
    }
    try_cloud(&mut endpoint, environment, "workspace", region);
    let derived = |region: &Region| Endpoint::parse(&host("workspace", region, DOMAIN), false);
    endpoint.try_source(Source::Region, with_region(region, derived));
    endpoint
}

pub(super) fn iam_endpoint(
    overrides: &Overrides,
    environment: &Environment,
    files: &Files,
    region: Option<&Region>,
) -> Setting<Endpoint> {
    const ENTRY: &str = "iam_endpoint";
    let mut endpoint = Setting::new(SettingName::IamEndpoint);
    endpoint.try_source(
        overrides.source(SettingName::IamEndpoint),
        explicit(overrides.iam_endpoint.as_deref()).and_then(|text| overrides.endpoint(text)),
    );
    endpoint.try_source(
        Source::variable(IAM_ENDPOINT),
        environment
            .text(IAM_ENDPOINT)
            .and_then(|text| overrides.endpoint(&text)),
    );
    try_if_set(&mut endpoint, environment, &AUTH_URL, |url| {
        let url = url.trim_end_matches('/');
        overrides.endpoint(url.strip_suffix("/v3").unwrap_or(url))
    });
    endpoint.try_source(
        Profile::source(environment, ENTRY),
        files
            .profile
            .get(ENTRY)
            .and_then(|text| overrides.endpoint(text.expose())),
    );
    try_cloud(&mut endpoint, environment, "iam", region);
    let derived = |region: &Region| Endpoint::parse(&iam_host(region), false);
    endpoint.try_source(Source::Region, with_region(region, derived));
    endpoint
}

pub(super) fn sts_endpoint(
    overrides: &Overrides,
    environment: &Environment,
    region: Option<&Region>,
) -> Setting<Endpoint> {
    let mut endpoint = Setting::new(SettingName::StsEndpoint);
    endpoint.try_source(
        Source::variable(STS_ENDPOINT),
        environment
            .text(STS_ENDPOINT)
            .and_then(|text| overrides.endpoint(&text)),
    );
    try_cloud(&mut endpoint, environment, "sts", region);
    let derived = |region: &Region| Endpoint::parse(&sts_host(region), false);
    endpoint.try_source(Source::Region, with_region(region, derived));
    endpoint
}

/// Resolves the id of the project and, if there is none, its name.
pub(super) fn project(
    overrides: &Overrides,
    environment: &Environment,
    files: &Files,
    region: Option<&Region>,
) -> (Setting<String>, Setting<String>) {
    const ENTRY: &str = "project_id";
    let mut id = Setting::new(SettingName::ProjectId);
    id.try_source(
        overrides.source(SettingName::ProjectId),
        explicit(overrides.project_id.as_deref()).map(str::to_owned),
    );
    id.try_source(Source::variable(PROJECT_ID), environment.text(PROJECT_ID));
    let take = |value: &str| Ok(value.to_owned());
    try_variables(&mut id, environment, &TERRAFORM_PROJECT_ID, take);

    let mut name = Setting::new(SettingName::ProjectName);
    match id.source() {
        None => try_if_set(&mut name, environment, &PROJECT_NAME, take),
        Some(of_id) => {
            for variable in set(environment, &PROJECT_NAME) {
                let reason = SkipReason::Overridden(of_id.clone());
                name.skip(Source::variable(variable), reason);
            }
        }
    }
    let in_file = Profile::source(environment, ENTRY);
    let of_file = files.profile.get(ENTRY);
    let of_file = of_file.map(|value| value.expose().to_owned());
    try_file(&mut id, name.source(), in_file, of_file);
    if let Some(profile) = &files.koocli {
        let in_file = KooCliProfile::source(environment, "projectId");
        let of_file = profile.project_id(region.map(Region::as_str));
        try_file(&mut id, name.source(), in_file, of_file.map(str::to_owned));
    }
    (id, name)
}

/// Tries the project id of a file, which a project name in a variable overrides.
fn try_file(
    id: &mut Setting<String>,
    of_name: Option<&Source>,
    in_file: Source,
    value: Result<String, LookupError>,
) {
    match (&value, of_name) {
        (Ok(_), Some(of_name)) => id.skip(in_file, SkipReason::Overridden(of_name.clone())),
        _ => id.try_source(in_file, value),
    }
}

/// Tries variables of one meaning. An alias, one after the first, is recorded only if it is set.
fn try_variables<T>(
    setting: &mut Setting<T>,
    environment: &Environment,
    names: &[&str],
    read: impl Fn(&str) -> Result<T, LookupError>,
) {
    let [first, aliases @ ..] = names else { return };
    let value = environment.text(first).and_then(|text| read(&text));
    setting.try_source(Source::variable(first), value);
    try_if_set(setting, environment, aliases, read);
}

/// Tries variables of one meaning, and records only those that are set.
fn try_if_set<T>(
    setting: &mut Setting<T>,
    environment: &Environment,
    names: &[&str],
    read: impl Fn(&str) -> Result<T, LookupError>,
) {
    for name in set(environment, names) {
        let value = environment.text(name).and_then(|text| read(&text));
        setting.try_source(Source::variable(name), value);
    }
}

fn set<'a>(environment: &Environment, names: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
    let is_set = |name: &&str| environment.text(name).is_ok();
    names.iter().copied().filter(is_set)
}

/// Tries the host of a service in the cloud that a variable names.
fn try_cloud(
    setting: &mut Setting<Endpoint>,
    environment: &Environment,
    service: &str,
    region: Option<&Region>,
) {
    try_if_set(setting, environment, &CLOUD, |cloud| {
        if !is_domain(cloud) {
            return Err(LookupError::Invalid(
                "the value is not the domain of a cloud, such as `myhuaweicloud.com`".to_owned(),
            ));
        }
        let in_cloud = |region: &Region| {
            let url = match (cloud, service) {
                (DOMAIN, "iam") => iam_host(region),
                (DOMAIN, "sts") => sts_host(region),
                _ => host(service, region, cloud),
            };
            Endpoint::parse(&url, false)
        };
        with_region(region, in_cloud)
    });
}

fn host(service: &str, region: &Region, domain: &str) -> String {
    format!("https://{service}.{region}.{domain}")
}

fn iam_host(region: &Region) -> String {
    let name = region.as_str();
    if name.starts_with("eu-west-1") {
        return host("iam", region, EUROPE);
    }
    if IAM_REGIONS.contains(&name) {
        return host("iam", region, DOMAIN);
    }
    format!("https://iam.{DOMAIN}")
}

fn sts_host(region: &Region) -> String {
    let name = region.as_str();
    if name.starts_with("eu-west-1") {
        return host("sts", region, EUROPE);
    }
    if STS_REGIONS.contains(&name) {
        return host("sts", region, DOMAIN);
    }
    format!("https://sts.{STS_REGION}.{DOMAIN}")
}

fn explicit(value: Option<&str>) -> Result<&str, LookupError> {
    value.ok_or_else(LookupError::not_set)
}

fn with_region(
    region: Option<&Region>,
    endpoint: impl Fn(&Region) -> Result<Endpoint, InvalidValue>,
) -> Result<Endpoint, LookupError> {
    match region {
        Some(region) => Ok(endpoint(region)?),
        None => Err(LookupError::NotFound(
            "no region is set. Set the region or HW_REGION_NAME.".to_owned(),
        )),
    }
}
