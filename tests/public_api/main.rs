//! The public API of the crate, as text: reviewed in `current.txt`, and compared with the last
//! release, so that no release breaks a caller by accident.
//!
//! The sources are read, not the compiled crate, so no special compiler is needed. Each line is a
//! promise: what can break a caller removes or changes a line, and what cannot only adds lines.
//! After a change, rewrite the file: `UPDATE_API=1 cargo test -p workspace-api --test public_api`.
//! A release copies it to `released/VERSION.txt`.

#![allow(clippy::unwrap_used)]

#[path = "../support/code.rs"]
mod code;
mod surface;

use std::fs;
use std::path::{Path, PathBuf};

const HOW: &str = "UPDATE_API=1 cargo test -p workspace-api --test public_api";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/public_api")
}

fn current() -> Vec<String> {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("workspace-api/src");
    surface::of_crate(&sources)
}

fn read(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

#[test]
fn the_public_api_is_reviewed() {
    let path = folder().join("current.txt");
    let current = current();
    if std::env::var_os("UPDATE_API").is_some() {
        fs::write(&path, current.join("\n") + "\n").unwrap();
    }
    let reviewed = read(&path);
    let added = without(&current, &reviewed);
    let removed = without(&reviewed, &current);
    assert!(
        added.is_empty() && removed.is_empty(),
        "the public API changed. Added:\n{}\nRemoved:\n{}\nReview it: {HOW}",
        added.join("\n"),
        removed.join("\n")
    );
}

/// While the crate is 0.x, only a new minor version may break callers.
#[test]
fn no_release_breaks_a_caller() {
    let this = env!("CARGO_PKG_VERSION");
    let current = current();
    for file in fs::read_dir(folder().join("released")).unwrap() {
        let path = file.unwrap().path();
        let version = path.file_stem().unwrap().to_str().unwrap();
        if breaking_part(version) != breaking_part(this) {
            continue;
        }
        let broken = without(&read(&path), &current);
        assert!(
            broken.is_empty(),
            "version {this} may not break callers of {version}, but these promises are gone:\n{}\n\
             Keep them, or add a section `## Unreleased` to CHANGELOG.md and raise the version with \
             `release/prepare {}`.",
            broken.join("\n"),
            next_breaking(this)
        );
    }
}

fn numbers(version: &str) -> Vec<u64> {
    version
        .split('.')
        .map(|part| part.parse().unwrap())
        .collect()
}

/// Returns the part of a version whose change may break callers: `0.1` of `0.1.7`, `2` of `2.3.4`.
fn breaking_part(version: &str) -> Vec<u64> {
    let numbers = numbers(version);
    let length = if numbers[0] == 0 { 2 } else { 1 };
    numbers[..length].to_vec()
}

/// Returns the next version that may break callers: `0.2.0` after `0.1.7`.
fn next_breaking(version: &str) -> String {
    let part = breaking_part(version);
    match part[..] {
        [0, minor] => format!("0.{}.0", minor + 1),
        _ => format!("{}.0.0", part[0] + 1),
    }
}

fn without(lines: &[String], others: &[String]) -> Vec<String> {
    let mut rest = lines.to_vec();
    rest.retain(|line| !others.contains(line));
    rest
}

/// A change that breaks a caller changes a promise; any other change only adds promises.
#[test]
fn promises() {
    let base = "pub struct Open { pub id: u8, secret: u8 } \
                #[non_exhaustive] pub struct Growing { pub id: u8 } \
                pub struct Literal { pub id: u8 } \
                pub enum Closed { A, B } \
                #[non_exhaustive] #[derive(Clone)] pub enum Extensible { A { x: u8 }, B } \
                impl Open { pub fn set(&mut self, id: u8) -> Self {} fn hidden() {} } \
                impl From<u8> for Open { fn from(id: u8) -> Self {} } \
                pub trait Provide { fn provide(&self); fn name(&self) -> u8 { 0 } } \
                mod inner { pub struct Unreachable; }";
    let old = surface::of_source(base);
    let broken = |from: &str, to: &str| {
        let changed = base.replace(from, to);
        assert_ne!(changed, base, "{from}");
        !without(&old, &surface::of_source(&changed)).is_empty()
    };
    for (from, to) in [
        ("pub id: u8, secret", "id: u8, secret"),
        ("Growing { pub id: u8 }", "Growing { pub id: u16 }"),
        (
            "Literal { pub id: u8 }",
            "Literal { pub id: u8, pub name: u8 }",
        ),
        ("Closed { A, B }", "Closed { A, B, C }"),
        ("x: u8 }, B", "x: u8, y: u8 }, B"),
        ("#[derive(Clone)]", ""),
        ("&mut self, id: u8", "&mut self, id: u8, name: u8"),
        ("pub fn set", "fn set"),
        ("-> Self {} fn hidden", "-> u8 {} fn hidden"),
        ("impl From<u8> for Open { fn from(id: u8) -> Self {} }", ""),
        ("fn provide(&self);", "fn provide(&self); fn more(&self);"),
        (
            "pub struct Open",
            "#[non_exhaustive] pub struct Literally; struct Open",
        ),
    ] {
        assert!(broken(from, to), "{from} -> {to}");
    }
    for (from, to) in [
        ("secret: u8", "secret: u8, more: u8"),
        (
            "Growing { pub id: u8 }",
            "Growing { pub id: u8, pub name: u8 }",
        ),
        ("x: u8 }, B", "x: u8 }, B, C"),
        ("set(&mut self, id: u8)", "set(&mut self, other: u8)"),
        ("fn hidden() {}", ""),
        ("{ 0 }", "{ 0 } fn more(&self) { }"),
        ("pub struct Unreachable;", ""),
        ("#[derive(Clone)]", "#[derive(Clone, Copy)]"),
    ] {
        assert!(!broken(from, to), "{from} -> {to}");
    }
    let private = format!("{base} trait Private {{}} impl Private for Open {{}}");
    assert_eq!(surface::of_source(&private), old);
}
