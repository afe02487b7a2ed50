//! Texts and settings that several hints use.

/// The operation whose outcome can be read afterwards.
pub(super) const DETACH: &str = "BatchDetachInstances";
pub(super) const OTHER_SERVER: &str = "Something other than the service seems to be answering. \
                                       Check the endpoint with `workspace config`.";

/// Where the requests go.
#[derive(Default)]
pub(super) struct Destination {
    pub(super) region: Option<String>,
    pub(super) sts_endpoint: Option<String>,
}
