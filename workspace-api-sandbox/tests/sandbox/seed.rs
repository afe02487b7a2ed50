//! Seeds from files and from Rust, and the errors of invalid ones.

use serde_json::Value;
use workspace_api_sandbox::defaults::{self, PROJECT_ID};
use workspace_api_sandbox::seed::{Desktop, Group, Project, SAMPLE_SEED, Seed};
use workspace_api_sandbox::{Error, Sandbox};

use crate::iam_action;

#[test]
fn the_defaults_match_the_sample_seed() {
    let seed: Seed = SAMPLE_SEED.parse().unwrap();
    assert_eq!(seed, Seed::default());
    let project = &seed.projects[0];
    assert_eq!(
        (project.id.as_str(), project.name.as_str()),
        (PROJECT_ID, defaults::PROJECT_NAME)
    );
    let ids: Vec<_> = project
        .desktops
        .iter()
        .map(|desktop| desktop.id.as_str())
        .collect();
    let named = [
        defaults::SINGLE_USER_DESKTOP,
        defaults::MULTI_USER_DESKTOP,
        defaults::POOL_DESKTOP,
        defaults::BUSY_DESKTOP,
    ];
    assert_eq!(ids, named);
    assert!(
        project
            .users
            .iter()
            .any(|user| user.name == defaults::USER && user.id == defaults::USER_ID)
    );
    assert!(
        project
            .groups
            .iter()
            .any(|group| group.name == defaults::GROUP && group.id == defaults::GROUP_ID)
    );
    let keys: Vec<_> = seed
        .credentials
        .keys
        .iter()
        .map(|key| (key.access.as_str(), key.secret.as_str()))
        .collect();
    assert_eq!(keys[0], (defaults::ACCESS_KEY, defaults::SECRET_KEY));
    assert_eq!(
        keys[1],
        (
            defaults::TEMPORARY_ACCESS_KEY,
            defaults::TEMPORARY_SECRET_KEY
        )
    );
    assert_eq!(
        seed.credentials.keys[1].security_token.as_deref(),
        Some(defaults::SECURITY_TOKEN)
    );
    assert_eq!(seed.credentials.tokens[0].token, defaults::TOKEN);
}

#[test]
fn errors_in_a_seed_have_line_and_column() {
    for (from, to, column, expected) in [
        ("  - id: 0bec", "  - idd: 0bec", 5, "unknown field `idd`"),
        ("os: windows", "os: macos", 13, "`macos`"),
        ("pool: false", "pool: perhaps", 15, ""),
        ("session: single", "session: both", 18, "`both`"),
        (
            "- name: li-na\n",
            "- name: lina\n",
            19,
            "which project `0bec5db98280d2d02fd6c00c2de791ce` does not have",
        ),
        (
            "id: 4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0002",
            "id: 4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f0001",
            13,
            "is used twice",
        ),
        (
            "name: omar, domain",
            "name: li-na, domain",
            55,
            "the name `li-na` of users is used twice",
        ),
        ("deny: []", "deny: [a, b: c]", 11, ""),
    ] {
        let line = SAMPLE_SEED[..SAMPLE_SEED.find(from).unwrap()]
            .matches('\n')
            .count()
            + 1;
        let error = SAMPLE_SEED
            .replacen(from, to, 1)
            .parse::<Seed>()
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with(&format!("{line}:{column}: ")) && error.contains(expected),
            "{to}: {error}"
        );
    }
    for (yaml, expected) in [
        ("projects: []", "at least one project"),
        (
            "projects: [{ id: '', name: n }]",
            "the id `` of projects is empty",
        ),
        (
            "projects: [{ id: p, name: n }, { id: q, name: n }]",
            "the name `n` of projects is used twice",
        ),
        (
            "projects: [{ id: p, name: n, users: [{ id: u, name: u }], desktops: [{ id: d, name: d, bound: [{ name: u }, { name: u }] }] }]",
            "bound to the user `u` twice",
        ),
        (
            "projects: [{ id: p, name: n }]\ncredentials: { tokens: [{ token: t, project: q }] }",
            "2:46: the token's project `q`",
        ),
    ] {
        let error = yaml.parse::<Seed>().unwrap_err().to_string();
        assert!(error.contains(expected), "{expected}: {error}");
    }
    for text in [
        "",
        "projects: []",
        "\u{0}",
        "- a\n- b\n",
        "projects: [",
        "&a [*a]",
    ] {
        assert!(
            matches!(text.parse::<Seed>(), Err(Error::Seed(_))),
            "{text:?}"
        );
    }
}

#[test]
fn a_seed_without_credentials_has_the_default_credentials() {
    let seed: Seed = "projects: [{ id: p, name: n }]".parse().unwrap();
    assert_eq!(seed.credentials, Seed::default().credentials);
}

#[tokio::test]
async fn a_deny_rule_that_matches_no_action_is_an_error() {
    let rule = "workspace:desktops:logof".to_owned();
    let error = Sandbox::builder()
        .change_seed(|seed| seed.deny.push(rule))
        .start()
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("`workspace:desktops:logof`"),
        "{error}"
    );
    assert!(
        error
            .to_string()
            .contains(iam_action("BatchDetachInstances")),
        "{error}"
    );
}

#[tokio::test]
async fn a_seed_from_rust_is_validated_too() {
    let desktop = Desktop::new("d", "n").bound_to_group("nobody");
    let error = Sandbox::builder()
        .desktop(desktop.clone())
        .start()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("the group `nobody`"), "{error}");
    let group = Group {
        id: "g".into(),
        name: "nobody".into(),
    };
    assert!(
        Sandbox::builder()
            .desktop(desktop)
            .group(group)
            .start()
            .await
            .is_ok()
    );
}

#[test]
fn a_seed_may_have_many_desktops() {
    use std::fmt::Write;
    let mut yaml = "projects:\n  - id: p1\n    name: north\n    desktops:\n".to_owned();
    for number in 0..21_000 {
        writeln!(
            yaml,
            "      - {{ id: d-{number}, name: n-{number}, os: linux, pool: true, state: SHUTOFF }}"
        )
        .unwrap();
    }
    // The error shows that the whole seed was read, and is found in all of it.
    yaml.push_str("      - { id: d-0, name: last }\n");
    let error = yaml.parse::<Seed>().unwrap_err().to_string();
    assert!(error.starts_with("21005:15: "), "{error}");
}

/// Collects the objects of the contract's examples: those in an example, and those that the examples
/// of a schema's properties make together. An object inside that of a desktop gets its id.
fn example_objects(contract: &Value, desktop: Option<&Value>, found: &mut Vec<Value>) {
    match contract {
        Value::Object(object) => {
            if let Some(properties) = object.get("properties").and_then(Value::as_object) {
                let examples = properties.iter().filter_map(|(name, property)| {
                    Some((name.clone(), property.get("example")?.clone()))
                });
                found.push(examples.collect());
            }
            let desktop = object.get("desktop_id").or(desktop);
            let inside = desktop.map(|id| ("desktop_id".to_owned(), id.clone()));
            found.push(object.clone().into_iter().chain(inside).collect());
            for value in object.values() {
                example_objects(value, desktop, found);
            }
        }
        Value::Array(list) => {
            for value in list {
                example_objects(value, desktop, found);
            }
        }
        _ => {}
    }
}

/// Returns what the seed says about the desktop and the user of an example, by the contract's names.
fn seeded(example: &Value, project: &Project) -> Vec<(&'static str, Option<String>)> {
    let text = |name: &str| example.get(name).and_then(Value::as_str);
    let mut facts = Vec::new();
    let desktop = text("desktop_id");
    let desktop = desktop.and_then(|id| project.desktops.iter().find(|desktop| desktop.id == id));
    if let Some(desktop) = desktop {
        facts.push(("desktop_name", Some(desktop.name.clone())));
    }
    let user = text("user_name");
    let user = user.and_then(|name| project.users.iter().find(|user| user.name == name));
    if let Some(user) = user {
        facts.push(("user_id", Some(user.id.clone())));
        facts.push(("domain", user.domain.clone()));
    }
    if let (Some(desktop), Some(user)) = (desktop, user) {
        let mut bound = desktop.bound.iter();
        let bound = bound.find(|bound| bound.name == user.name);
        let bound = bound.and_then(|bound| bound.user_group.clone());
        let mut unbound = desktop.unbound.iter();
        let unbound = unbound.find(|record| record.user_name == user.name);
        let unbound = unbound.map(|record| record.user_group.clone());
        facts.push(("user_group", bound.or(unbound)));
    }
    facts
}

/// Somebody who reads the contract meets its desktops and users in the sandbox.
#[test]
fn the_sample_seed_matches_the_examples_of_the_contract() {
    let contract: Value = serde_saphyr::from_str(workspace_api::OPENAPI_YAML).unwrap();
    let project = &Seed::default().projects[0];
    let mut examples = Vec::new();
    example_objects(&contract, None, &mut examples);
    let mut compared = 0;
    for example in &examples {
        for (name, expected) in seeded(example, project) {
            if let Some(documented) = example.get(name) {
                assert_eq!(
                    documented.as_str(),
                    expected.as_deref(),
                    "{name} of {example}"
                );
                compared += 1;
            }
        }
    }
    assert!(compared > 0);
}
