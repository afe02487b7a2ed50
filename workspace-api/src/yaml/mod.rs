//! YAML 1.2 as a tree in which every key and value has its position.
//!
//! The crate reads the vendor's regions file with it, and its build script reads the contract. Tags
//! and merge keys are errors, because not every reader knows them.

pub mod builder;
pub mod error;
pub mod node;
mod scalar;
