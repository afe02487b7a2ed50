//! The service behind the routes: authentication, permissions, the operations, and the desktops
//! that they change.

pub(crate) mod app;
pub(crate) mod authentication;
pub(crate) mod authorization;
mod bodies;
pub(crate) mod handlers;
pub(crate) mod issued;
pub(crate) mod state;
