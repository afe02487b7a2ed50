//! The file of certificate authorities that the TLS library trusts instead of the system's.

use super::environment::Environment;
use super::setting::{LookupError, Setting};
use super::source::{SettingName, SkipReason, Source};

const CA_FILE: &str = "SSL_CERT_FILE";

/// Returns the file as a setting. With one that it cannot read, the TLS library trusts no server
/// and does not say why.
pub(super) fn setting(environment: &Environment) -> Setting<String> {
    let mut setting = Setting::new(SettingName::CaFile);
    let source = Source::variable(CA_FILE);
    match environment.text(CA_FILE) {
        Ok(_) if cfg!(any(windows, target_os = "macos")) => {
            let why = "the certificates are those of the system";
            setting.skip(source, SkipReason::NotUsed(why.to_owned()));
        }
        Ok(path) => setting.try_source(source, check(path)),
        Err(error) => setting.try_source(source, Err(error)),
    }
    setting
}

fn check(path: String) -> Result<String, LookupError> {
    match std::fs::read(&path) {
        Ok(bytes) if memchr::memmem::find(&bytes, b"-----BEGIN CERTIFICATE-----").is_some() => {
            Ok(path)
        }
        Ok(_) => Err(LookupError::Invalid(format!(
            "the file {path} has no certificate in PEM. Set another one, or unset the variable."
        ))),
        Err(error) => Err(LookupError::Invalid(format!(
            "the file {path} cannot be read: {error}. Set another one, or unset the variable."
        ))),
    }
}
