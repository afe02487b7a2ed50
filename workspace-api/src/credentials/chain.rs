//! The default chain: the sources where the vendor's tools keep credentials, in their order.

use std::fmt;
use std::sync::OnceLock;
use std::time::Duration;

use reqwest::redirect::Policy;
use tracing::debug;

use super::requests::Requests;
use super::services::Services;
use super::sources::{Found, LocalSource};
use super::{
    Credentials, CredentialsFuture, Error, InstanceMetadata, ProvideCredentials, agency,
    pod_identity,
};
use crate::config::variables::{AGENCY, is_any_set};
use crate::config::{
    Config, Endpoint, Environment, LookupError, Overrides, Proxies, Setting, SettingName,
    SkipReason, Source,
};
use crate::http::Timeouts;

/// Timeouts of requests to IAM and STS by a chain that is used without a client.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const TIMEOUT: Duration = Duration::from_secs(60);

/// A provider that finds credentials where the vendor's tools keep them. The guide lists the
/// [sources](super#the-default-chain).
///
/// Refreshes use only the source that first succeeded, because another source may belong to another
/// account. Variables, files and the tokens in files are read again for each refresh.
pub struct DefaultChain {
    environment: Environment,
    metadata: Option<InstanceMetadata>,
    /// The explicit settings of the program, which decide where IAM and STS are.
    overrides: Overrides,
    requests: OnceLock<Requests>,
    /// The source that first succeeded.
    selected: OnceLock<Selected>,
}

#[derive(Clone, Copy, Debug)]
enum Selected {
    Local(LocalSource),
    InstanceMetadata,
    PodIdentity,
}

impl DefaultChain {
    /// A chain of `environment` and, if that has no credentials, the instance metadata service and
    /// the identity of a pod.
    pub fn new(environment: Environment, metadata: InstanceMetadata) -> Self {
        Self {
            metadata: Some(metadata),
            ..Self::without_metadata(environment)
        }
    }

    /// A chain of `environment` alone. It sends requests only to IAM and STS, if the environment
    /// needs them.
    pub fn without_metadata(environment: Environment) -> Self {
        Self {
            environment,
            metadata: None,
            overrides: Overrides::default(),
            requests: OnceLock::new(),
            selected: OnceLock::new(),
        }
    }

    /// Sets the explicit settings of the program, such as the region and the URL of IAM.
    #[must_use]
    pub fn with_overrides(mut self, overrides: Overrides) -> Self {
        self.overrides = overrides;
        self
    }

    /// Sets how requests to IAM and STS are sent. Default: by a new client, with the proxies of the
    /// environment.
    pub(crate) fn with_requests(mut self, requests: Requests) -> Self {
        self.requests = OnceLock::from(requests);
        self
    }

    /// Tries every source and records the one used, the ones skipped, and why. Requests are sent
    /// only for the source used; the instance metadata service is only tried if no source before it
    /// has credentials.
    ///
    /// # Errors
    ///
    /// [`Error::Config`]: a source has invalid credentials, such as one key of a pair, a line end
    /// in a key or a file that cannot be read. [`Error::Request`]: the credentials could not be
    /// requested. Missing credentials are not an error until they are
    /// [required](Setting::require).
    pub async fn resolve(&self) -> Result<Setting<Credentials>, Error> {
        let (setting, _) = self.try_all().await;
        self.fetch(setting).await
    }

    /// Same as [`resolve`](Self::resolve), but only describes credentials that must be requested
    /// from IAM or STS, and keeps an error in the [setting](Setting::error). Only the instance
    /// metadata service is sent requests, if no source before it has credentials.
    pub async fn inspect(&self) -> Setting<String> {
        let (setting, _) = self.try_all().await;
        setting.map(|found| found.to_string())
    }

    /// The source that first succeeded; `None` before.
    pub(crate) fn source(&self) -> Option<Source> {
        match (self.selected.get()?, &self.metadata) {
            (Selected::Local(local), _) => {
                let source = local.source(&self.environment);
                match local.lookup(&self.environment) {
                    Ok(found) => Some(found.source(source)),
                    Err(_) => Some(source),
                }
            }
            (Selected::InstanceMetadata, Some(metadata)) => Some(metadata.source()),
            (Selected::InstanceMetadata, None) => None,
            (Selected::PodIdentity, _) => Some(pod_identity::source()),
        }
    }

    async fn try_all(&self) -> (Setting<Found>, Option<Selected>) {
        let mut setting = Setting::new(SettingName::Credentials);
        let mut selected = None;
        for local in LocalSource::ALL {
            let found = local.lookup(&self.environment);
            let mut source = local.source(&self.environment);
            if let Ok(found) = &found {
                source = found.source(source);
            }
            if local.is_usual(&self.environment) || !matches!(found, Err(LookupError::NotFound(_)))
            {
                setting.try_source(source, found);
            }
            if selected.is_none() && setting.value().is_some() {
                selected = Some(Selected::Local(local));
            }
        }
        if let Some(metadata) = &self.metadata {
            self.try_metadata(metadata, &mut setting).await;
            if selected.is_none() && setting.value().is_some() {
                selected = Some(Selected::InstanceMetadata);
            }
            let pod = pod_identity::lookup(&self.environment);
            setting.try_source(pod_identity::source(), pod.map(Found::PodIdentity));
            if selected.is_none() && setting.value().is_some() {
                selected = Some(Selected::PodIdentity);
            }
        }
        self.note_unused_agency(&mut setting);
        (setting, selected)
    }

    /// Tries the metadata service, unless a source before it decides. A service that is there and
    /// fails is an error if a pod has an identity too: that may be another one.
    async fn try_metadata(&self, metadata: &InstanceMetadata, setting: &mut Setting<Found>) {
        let source = metadata.source();
        if setting.is_decided() {
            setting.skip(source, SkipReason::NotTried);
            return;
        }
        let found = match metadata.fetch().await {
            Ok(credentials) => self.with_agency(Found::Credentials(credentials)),
            // Most programs do not run on an ECS instance, so this is no error.
            Err(error) => match pod_identity::lookup(&self.environment) {
                Ok(_) if !error.is_absent() => Err(LookupError::Invalid(error.with_causes())),
                _ => Err(LookupError::NotFound(error.with_causes())),
            },
        };
        let source = match &found {
            Ok(found) => found.source(source),
            Err(_) => source,
        };
        setting.try_source(source, found);
    }

    /// Lets credentials of the instance assume the agency of the variables, as Terraform does.
    fn with_agency(&self, found: Found) -> Result<Found, LookupError> {
        Ok(match agency::lookup(&self.environment)? {
            Some(agency) => found.assuming(agency),
            None => found,
        })
    }

    /// Records the variables of an agency that nothing assumes.
    fn note_unused_agency(&self, setting: &mut Setting<Found>) {
        if !is_any_set(&self.environment, &AGENCY)
            || matches!(setting.value(), Some(Found::Agency(..)))
        {
            return;
        }
        let source = agency::source(&self.environment);
        match setting.source() {
            Some(decides) => setting.skip(source, SkipReason::Overridden(decides.clone())),
            None => setting.try_source(
                source,
                Err(LookupError::Invalid(
                    "there are no credentials to assume the agency with. Set HW_ACCESS_KEY and \
                     HW_SECRET_KEY, or unset this."
                        .to_owned(),
                )),
            ),
        }
    }

    /// Returns the credentials of the source that decides.
    async fn fetch(&self, setting: Setting<Found>) -> Result<Setting<Credentials>, Error> {
        if let Some(error) = setting.error() {
            return Err(error.into());
        }
        let credentials = match setting.value() {
            Some(Found::Credentials(credentials)) => Some(credentials.clone()),
            Some(found) => Some(found.fetch(&self.services()?).await?),
            None => None,
        };
        Ok(setting.and_value(credentials))
    }

    async fn provide(&self) -> Result<Credentials, Error> {
        let mut setting = Setting::new(SettingName::Credentials);
        match (self.selected.get(), &self.metadata) {
            (Some(Selected::Local(local)), _) => {
                let found = local.lookup(&self.environment);
                setting.try_source(local.source(&self.environment), found);
            }
            (Some(Selected::InstanceMetadata), Some(metadata)) => {
                let credentials = metadata.fetch().await?;
                let found = self.with_agency(Found::Credentials(credentials));
                setting.try_source(metadata.source(), found);
            }
            (Some(Selected::PodIdentity), _) => {
                let found = pod_identity::lookup(&self.environment).map(Found::PodIdentity);
                setting.try_source(pod_identity::source(), found);
            }
            (Some(Selected::InstanceMetadata), None) | (None, _) => return self.select().await,
        }
        Ok(self.fetch(setting).await?.require()?)
    }

    async fn select(&self) -> Result<Credentials, Error> {
        let (setting, selected) = self.try_all().await;
        let setting = self.fetch(setting).await?;
        let source = setting.source().map(ToString::to_string);
        let credentials = setting.require()?;
        debug!(source, %credentials, "found credentials");
        if let Some(selected) = selected {
            // Another call may have set it first.
            let _ = self.selected.set(selected);
        }
        Ok(credentials)
    }

    /// Returns IAM and STS by the present settings: those of a file are read again with its keys.
    fn services(&self) -> Result<Services, Error> {
        let config = Config::inspect(&self.overrides, &self.environment);
        let requests = if let Some(requests) = self.requests.get() {
            requests.clone()
        } else {
            let requests = self.new_requests(&config).map_err(Error::without_client)?;
            self.requests.get_or_init(|| requests).clone()
        };
        Ok(Services::new(requests, config))
    }

    /// Builds a client for a chain that is used without a [`Client`](crate::Client).
    fn new_requests(&self, config: &Config) -> crate::Result<Requests> {
        let proxies = Proxies::new(&self.environment);
        let endpoints = [config.iam_endpoint.value(), config.sts_endpoint.value()];
        for url in endpoints.into_iter().flatten().filter_map(Endpoint::url) {
            proxies.proxy_for(&url)?;
        }
        let mut http = reqwest::Client::builder()
            .user_agent(concat!("workspace-api/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(Policy::none())
            .no_proxy();
        if let Some(proxy) = proxies.client_setting() {
            http = http.proxy(proxy);
        }
        let timeouts = Timeouts::default().within(TIMEOUT);
        let requests = Requests::new(http.build()?).with_timeouts(timeouts);
        Ok(requests.with_proxies(proxies))
    }
}

impl ProvideCredentials for DefaultChain {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(self.provide())
    }
}

impl fmt::Debug for DefaultChain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DefaultChain")
            .field("metadata", &self.metadata)
            .field("selected", &self.selected)
            .finish_non_exhaustive()
    }
}
