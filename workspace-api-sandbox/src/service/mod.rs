//! The service behind the routes: who calls, what the operations do, and the desktops that they do it to.

pub(crate) mod app;
pub(crate) mod authentication;
pub(crate) mod handlers;
pub(crate) mod state;
