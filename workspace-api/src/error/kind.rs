//! The kinds of failure, which tell a program what to do next.

/// What kind of failure an [`Error`](crate::Error) is.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client could not be built from its settings. Nothing was sent.
    Configuration,
    /// An argument breaks a rule of the contract. Nothing was sent.
    InvalidInput,
    /// No credentials could be had, or IAM did not tell the project. Nothing was sent to Workspace.
    Credentials,
    /// No connection could be made. Nothing was sent.
    Connect,
    /// The time was up. The service may have done what it was asked for.
    Timeout,
    /// The connection broke. The service may have done what it was asked for.
    ConnectionLost,
    /// 400 and every 4xx that has no kind of its own. The service refused the request as it is.
    BadRequest,
    /// 401: the token or signature is wrong or expired. More than five bad signatures in a row lock the access key, so do
    /// not repeat it with the same credentials.
    Unauthorized,
    /// 403: the caller lacks the [IAM action](crate::Error::iam_action).
    Forbidden,
    /// 404. The service often answers 400 instead.
    NotFound,
    /// 409: the state of a desktop does not allow it now.
    Conflict,
    /// 429: too many requests, and still so after the last retry.
    TooManyRequests,
    /// 5xx. The service may have done what it was asked for.
    Server,
    /// A status outside 2xx, 4xx and 5xx, such as a redirect: those are not followed, so that credentials stay here.
    UnexpectedStatus,
    /// A success whose body is not what the contract says. The service may have done what it was asked for, or
    /// something else may have answered in its place.
    #[default]
    InvalidResponse,
    /// The service says that the operation failed on this desktop of a batch. Nothing was done to it.
    Desktop,
    /// Some desktops of a batch failed or are unknown: see [`BatchOutcome`](crate::BatchOutcome).
    PartialFailure,
}
