//! The default chain: the sources where the vendor's tools keep credentials, in their order.

use std::sync::OnceLock;

use tracing::debug;

use super::env::{LocalSource, UNSUPPORTED_LAST};
use super::{Credentials, CredentialsFuture, Error, InstanceMetadata, ProvideCredentials};
use crate::config::variables::{POD, Unsupported};
use crate::config::{Environment, LookupError, Setting, SettingName, SkipReason, Source};

/// A provider that finds credentials where the vendor's tools keep them. The guide lists the
/// [sources](super#the-default-chain).
///
/// Refreshes use only the source that first succeeded, because another source may belong to another
/// account.
#[derive(Debug)]
pub struct DefaultChain {
    environment: Environment,
    metadata: Option<InstanceMetadata>,
    /// The source that first succeeded.
    selected: OnceLock<Selected>,
}

#[derive(Clone, Copy, Debug)]
enum Selected {
    Local(LocalSource),
    InstanceMetadata,
}

impl DefaultChain {
    /// A chain of `environment` and, if that has no credentials, the instance metadata service.
    pub fn new(environment: Environment, metadata: InstanceMetadata) -> Self {
        Self {
            environment,
            metadata: Some(metadata),
            selected: OnceLock::new(),
        }
    }

    /// A chain of `environment` alone. It sends no request.
    pub fn without_metadata(environment: Environment) -> Self {
        Self {
            environment,
            metadata: None,
            selected: OnceLock::new(),
        }
    }

    /// Tries every source and records the one used, the ones skipped, and why. The instance
    /// metadata service is only tried if no other source has credentials.
    ///
    /// # Errors
    ///
    /// [`Error::Config`]: a source has invalid credentials, such as one key of a pair, a line end
    /// in a key or a file that cannot be read. Missing credentials are not an error until they are
    /// [required](Setting::require).
    pub async fn resolve(&self) -> Result<Setting<Credentials>, Error> {
        let (setting, _) = self.try_all().await?;
        Ok(setting)
    }

    /// The source that first succeeded; `None` before.
    pub(crate) fn source(&self) -> Option<Source> {
        match (self.selected.get()?, &self.metadata) {
            (Selected::Local(local), _) => Some(local.source(&self.environment)),
            (Selected::InstanceMetadata, Some(metadata)) => Some(metadata.source()),
            (Selected::InstanceMetadata, None) => None,
        }
    }

    async fn try_all(&self) -> Result<(Setting<Credentials>, Option<Selected>), Error> {
        let mut setting = Setting::new(SettingName::Credentials);
        let mut selected = None;
        for local in LocalSource::ALL {
            for unsupported in local.unsupported_before() {
                self.refuse(unsupported, &mut setting);
            }
            let credentials = local.credentials(&self.environment);
            if local.is_usual() || !matches!(credentials, Err(LookupError::NotFound(_))) {
                setting.try_source(local.source(&self.environment), credentials);
            }
            if selected.is_none() && setting.value().is_some() {
                selected = Some(Selected::Local(local));
            }
        }
        for unsupported in &UNSUPPORTED_LAST {
            self.refuse(unsupported, &mut setting);
        }
        let Some(metadata) = &self.metadata else {
            self.refuse(&POD, &mut setting);
            return checked(setting, selected);
        };
        let source = metadata.source();
        if setting.is_decided() {
            setting.skip(source, SkipReason::NotTried);
            self.refuse(&POD, &mut setting);
            return checked(setting, selected);
        }
        match metadata.fetch().await {
            Ok(credentials) => {
                setting.try_source(source, Ok(credentials));
                selected = Some(Selected::InstanceMetadata);
            }
            // Most programs do not run on an ECS instance, so this is not an error.
            Err(error) => setting.skip(source, SkipReason::NotFound(error.with_causes())),
        }
        self.refuse(&POD, &mut setting);
        checked(setting, selected)
    }

    /// Records credentials that the vendor's tools would use and this crate cannot, if they are
    /// set. Going on to the next source could act as somebody else.
    fn refuse(&self, unsupported: &Unsupported, setting: &mut Setting<Credentials>) {
        if let Some(source) = unsupported.source(&self.environment) {
            setting.try_source(source, Err(LookupError::Invalid(unsupported.reason())));
        }
    }

    async fn provide(&self) -> Result<Credentials, Error> {
        match (self.selected.get(), &self.metadata) {
            (Some(Selected::Local(local)), _) => {
                let mut setting = Setting::new(SettingName::Credentials);
                let credentials = local.credentials(&self.environment);
                setting.try_source(local.source(&self.environment), credentials);
                Ok(setting.require()?)
            }
            (Some(Selected::InstanceMetadata), Some(metadata)) => metadata.fetch().await,
            _ => self.select().await,
        }
    }

    async fn select(&self) -> Result<Credentials, Error> {
        let (setting, selected) = self.try_all().await?;
        let source = setting.source().map(ToString::to_string);
        let credentials = setting.require()?;
        debug!(source, %credentials, "found credentials");
        if let Some(selected) = selected {
            // Another call may have set it first.
            let _ = self.selected.set(selected);
        }
        Ok(credentials)
    }
}

/// Returns an error if the source that decides has invalid credentials.
fn checked(
    setting: Setting<Credentials>,
    selected: Option<Selected>,
) -> Result<(Setting<Credentials>, Option<Selected>), Error> {
    match setting.error() {
        Some(error) => Err(error.into()),
        None => Ok((setting, selected)),
    }
}

impl ProvideCredentials for DefaultChain {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(self.provide())
    }
}
