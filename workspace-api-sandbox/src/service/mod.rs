//! The service behind the routes: authentication, the operations, and the desktops that they
//! change.

pub(crate) mod app;
pub(crate) mod authentication;
pub(crate) mod handlers;
pub(crate) mod state;
