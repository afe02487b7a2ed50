//! The `workspace` command.
fn main() {}
