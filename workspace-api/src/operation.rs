//! The operations of the contract, as data.

/// One operation of the contract.
///
/// ```
/// let mut operations = workspace_api::OPERATIONS.iter();
/// let read = operations.find(|operation| operation.id == "ListDesktopDetachInfo").unwrap();
/// assert_eq!(read.method, "GET");
/// assert_eq!(read.path, "/v2/{project_id}/desktops/{desktop_id}/detach-info");
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Operation {
    /// The vendor's name of the operation, such as `BatchDetachInstances`.
    pub id: &'static str,
    /// The HTTP method, in upper case.
    pub method: &'static str,
    /// The path, with its parameters in braces.
    pub path: &'static str,
    /// The IAM action that a caller needs; `None` if the contract names none.
    pub iam_action: Option<&'static str>,
    /// The body of a success.
    pub response_body: ResponseBody,
}

/// The body that the contract promises for a success.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ResponseBody {
    /// No body.
    Empty,
    /// A JSON object.
    Object,
    /// JSON other than an object.
    Json,
}
