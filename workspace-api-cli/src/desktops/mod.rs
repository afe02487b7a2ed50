//! Lists of desktops that take little memory: a list may have a million of them, and each command
//! holds it once.

pub mod ids;
pub mod names;
pub mod numbers;
pub mod packed;
pub mod texts;
pub mod unbindings;
