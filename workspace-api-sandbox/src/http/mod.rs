//! HTTP parts that all routes share: error bodies, the context of a request, the request log, and
//! the reset of a connection.

pub(crate) mod api_error;
pub(crate) mod request_context;
pub(crate) mod request_log;
pub(crate) mod reset;
