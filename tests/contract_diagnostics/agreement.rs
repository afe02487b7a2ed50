//! The build takes everything that lint takes: both agree on a table of constructs, or the table says
//! what lint protects. A test of lint in `openapi/tests/` reads the same table.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::codegen;

/// Fragments of YAML by the place where they are planted.
type Constructs = BTreeMap<String, Vec<String>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    contract: String,
    both_take: Constructs,
    both_refuse: Constructs,
    lint_refuses_for: LintRefuses,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LintRefuses {
    vendor: Constructs,
    readers: Constructs,
    other_languages: Constructs,
}

/// Returns the contract with a construct in place of the comments of its place.
fn plant(contract: &str, place: &str, construct: &str) -> String {
    let mark = format!("# {place}: ");
    assert!(contract.contains(&mark), "the contract has no `{mark}`");
    let lines = contract.lines().map(|line| match line.split_once(&mark) {
        Some((indent, template)) if indent.trim().is_empty() => {
            format!("{indent}{}\n", template.replace('…', construct))
        }
        _ => format!("{line}\n"),
    });
    lines.collect()
}

#[test]
fn build_and_lint_agree_on_every_construct() {
    let table: Table = serde_saphyr::from_str(include_str!("agreement.yaml")).unwrap();
    codegen::client(&table.contract).unwrap();
    let mut wrong = Vec::new();
    for (is_taken, all) in [
        (true, table.both_take),
        (false, table.both_refuse),
        (true, table.lint_refuses_for.vendor),
        (true, table.lint_refuses_for.readers),
        (true, table.lint_refuses_for.other_languages),
    ] {
        for (place, constructs) in all {
            for construct in constructs {
                match codegen::client(&plant(&table.contract, &place, &construct)) {
                    Ok(_) if !is_taken => {
                        wrong.push(format!("{place}: {construct}: is taken"));
                    }
                    Err(diagnostics) if is_taken => {
                        wrong.push(format!("{place}: {construct}: {}", diagnostics[0]));
                    }
                    _ => {}
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
