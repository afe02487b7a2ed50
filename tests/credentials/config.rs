//! Region, endpoints and project: which source is used, which are skipped, and what is invalid.

use workspace_api::config::{Config, Endpoint, Environment, Error, Overrides, SettingName, Source};

use crate::{SK, at_home, environment, home};

const SINGAPORE: &str = "ap-southeast-3";

pub fn in_region(region: &str) -> Overrides {
    Overrides {
        region: Some(region.to_owned()),
        ..Overrides::default()
    }
}

fn endpoint(overrides: &Overrides, environment: &Environment) -> String {
    let endpoint = Config::resolve(overrides, environment).unwrap().endpoint;
    format!(
        "{} <- {}",
        endpoint.value().unwrap(),
        endpoint.source().unwrap()
    )
}

#[cfg(feature = "regions-file")]
const REGIONS: &str = "\
IAM:
  - {id: ap-southeast-3, endpoint: 'https://iam.file.example'}
WORKSPACE:
  - id: cn-north-4
    endpoint: https://other.file.example
  - id: ap-southeast-3
    endpoint: https://file.example/
  - id: eu-west-101
    endpoints: [https://first.file.example, https://second.file.example]
";

#[cfg(feature = "regions-file")]
fn regions_file(home: &std::path::Path) -> std::path::PathBuf {
    home.join(".huaweicloud").join("regions.yaml")
}

#[cfg(feature = "regions-file")]
#[test]
fn the_first_source_with_an_endpoint_wins() {
    let home = home("endpoint", &[("regions.yaml", REGIONS)]);
    let file = regions_file(&home);
    let variable = (
        "HUAWEICLOUD_SDK_REGION_WORKSPACE_AP_SOUTHEAST_3",
        "https://variable.example, https://b.example",
    );
    let explicit = Overrides {
        endpoint: Some("https://explicit.example/prefix/".to_owned()),
        ..in_region(SINGAPORE)
    };

    assert_eq!(
        endpoint(&explicit, &at_home(&home, &[variable])),
        "https://explicit.example/prefix <- explicit value"
    );
    let from_variable = format!(
        "https://variable.example <- environment variable {}",
        variable.0
    );
    assert_eq!(
        endpoint(&in_region(SINGAPORE), &at_home(&home, &[variable])),
        from_variable
    );
    let from_file = format!(
        "https://file.example <- {}: Workspace, id ap-southeast-3",
        file.display()
    );
    assert_eq!(
        endpoint(&in_region(SINGAPORE), &at_home(&home, &[])),
        from_file
    );
    let named = environment(&[("HUAWEICLOUD_SDK_REGIONS_FILE", file.to_str().unwrap())]);
    assert_eq!(endpoint(&in_region(SINGAPORE), &named), from_file);
    assert!(
        endpoint(&in_region("eu-west-101"), &named).starts_with("https://first.file.example <- ")
    );
    for region in ["ap-southeast-1", "eu-west-101", "xx-unheard-of-9"] {
        let derived =
            format!("https://workspace.{region}.myhuaweicloud.com <- derived from the region");
        assert_eq!(endpoint(&in_region(region), &environment(&[])), derived);
    }
    let by_terraform = environment(&[("HW_REGION_NAME", "cn-north-4")]);
    assert!(endpoint(&Overrides::default(), &by_terraform).contains("workspace.cn-north-4."));
    assert!(endpoint(&in_region(SINGAPORE), &by_terraform).contains("workspace.ap-southeast-3."));
}

#[test]
fn iam_endpoint_and_project_of_the_profile_are_used_only_with_its_keys() {
    let text =
        "[basic]\nak = A\nsk = B\nproject_id = p-file\niam_endpoint = https://iam.file.example\n";
    let home = home("project", &[("credentials", text)]);
    let found = |overrides: &Overrides, variables: &[(&str, &str)]| {
        let Config {
            iam_endpoint,
            project_id,
            ..
        } = Config::resolve(overrides, &at_home(&home, variables)).unwrap();
        (
            iam_endpoint.value().unwrap().to_string(),
            project_id.value().cloned(),
        )
    };
    let of = |iam: &str, project: Option<&str>| (iam.to_owned(), project.map(str::to_owned));
    let derived = "https://iam.ap-southeast-3.myhuaweicloud.com";
    let sdk = [("HUAWEICLOUD_SDK_AK", "A"), ("HUAWEICLOUD_SDK_SK", SK)];
    let variables = [
        ("HUAWEICLOUD_SDK_PROJECT_ID", "p-sdk"),
        ("HUAWEICLOUD_SDK_IAM_ENDPOINT", "https://iam.sdk.example"),
    ];
    let explicit = Overrides {
        project_id: Some("p-explicit".to_owned()),
        iam_endpoint: Some("https://iam.explicit.example".to_owned()),
        ..in_region(SINGAPORE)
    };
    let with_credentials = Overrides {
        has_credentials: true,
        ..in_region(SINGAPORE)
    };
    assert_eq!(
        found(&in_region(SINGAPORE), &[]),
        of("https://iam.file.example", Some("p-file"))
    );
    assert_eq!(found(&in_region(SINGAPORE), &sdk), of(derived, None));
    assert_eq!(found(&with_credentials, &[]), of(derived, None));
    assert_eq!(
        found(&in_region(SINGAPORE), &variables),
        of("https://iam.sdk.example", Some("p-sdk"))
    );
    assert_eq!(
        found(&in_region(SINGAPORE), &[("HW_PROJECT_ID", "p-hw")])
            .1
            .as_deref(),
        Some("p-hw")
    );
    assert_eq!(
        found(&explicit, &variables),
        of("https://iam.explicit.example", Some("p-explicit"))
    );
    assert_eq!(
        found(&in_region("eu-west-101"), &sdk).0,
        "https://iam.eu-west-101.myhuaweicloud.eu"
    );
}

#[cfg(feature = "regions-file")]
#[test]
fn each_skipped_source_has_a_reason() {
    let home = home("skipped", &[("regions.yaml", "IAM: []\n")]);
    let config = Config::resolve(
        &in_region(SINGAPORE),
        &at_home(&home, &[("HW_REGION_NAME", "cn-north-4")]),
    )
    .unwrap();
    let printed = |skipped: &[workspace_api::config::Skipped]| {
        skipped.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let region =
        ["environment variable HW_REGION_NAME: also set, but explicit value takes precedence"];
    assert_eq!(printed(config.region.skipped()), region);
    let endpoint = [
        "explicit value: not set".to_owned(),
        "environment variable HUAWEICLOUD_SDK_REGION_WORKSPACE_AP_SOUTHEAST_3: not set".to_owned(),
        format!(
            "{}: Workspace, id ap-southeast-3: the file has no `Workspace`",
            regions_file(&home).display()
        ),
    ];
    assert_eq!(printed(config.endpoint.skipped()), endpoint);
    let error = config.project_id.require().unwrap_err().to_string();
    for part in [
        "no project id found",
        "HUAWEICLOUD_SDK_PROJECT_ID: not set",
        "HW_PROJECT_ID: not set",
        "the file does not exist",
    ] {
        assert!(error.contains(part), "{part} is missing in: {error}");
    }
}

#[test]
fn without_a_region_only_an_explicit_endpoint_is_used() {
    let empty = Config::resolve(&Overrides::default(), &environment(&[])).unwrap();
    let error = empty.endpoint.require().unwrap_err().to_string();
    assert!(
        error.contains(
            "derived from the region: no region is set. Set the region or HW_REGION_NAME."
        ),
        "{error}"
    );
    let explicit = Overrides {
        endpoint: Some("http://127.0.0.1:8080".to_owned()),
        ..Overrides::default()
    };
    assert_eq!(
        endpoint(&explicit, &environment(&[])),
        "http://127.0.0.1:8080 <- explicit value"
    );
}

/// Each message is a sentence in every combination of setting, source and reason.
#[test]
fn an_invalid_source_is_an_error() {
    let explicit = |endpoint: &str| Overrides {
        endpoint: Some(endpoint.to_owned()),
        ..in_region(SINGAPORE)
    };
    let no_variables = environment(&[]);
    let from_variable = |name, value| environment(&[(name, value)]);
    let endpoint_variable = "HUAWEICLOUD_SDK_REGION_WORKSPACE_AP_SOUTHEAST_3";
    let cases = [
        (
            in_region("evil.example/"),
            no_variables.clone(),
            "invalid region (explicit value): \"evil.example/\" is not the name of a region. Use 1 to \
             63 lower-case letters, digits and `-`, such as `ap-southeast-1`.",
        ),
        (
            Overrides::default(),
            from_variable("HW_REGION_NAME", "AP-SOUTHEAST-3"),
            "invalid region (environment variable HW_REGION_NAME): \"AP-SOUTHEAST-3\" is not the name \
             of a region. Use 1 to 63 lower-case letters, digits and `-`, such as `ap-southeast-1`.",
        ),
        (
            explicit("one-word"),
            no_variables.clone(),
            "invalid endpoint (explicit value): the value is not a URL (relative URL without a \
             base). Use a URL such as `https://host`.",
        ),
        (
            explicit("https://user:MARKED@host"),
            no_variables.clone(),
            "invalid endpoint (explicit value): the URL has a user name or password. Remove it.",
        ),
        (
            explicit("https://host/?a=MARKED"),
            no_variables.clone(),
            "invalid endpoint (explicit value): the URL has a query or a fragment. Remove it.",
        ),
        (
            explicit("http://workspace.example"),
            no_variables.clone(),
            "invalid endpoint (explicit value): http://workspace.example/ uses plain HTTP, so anyone \
             on the network path could read the credentials. Use https, or allow plain HTTP \
             (`allow_plain_http`).",
        ),
        (
            explicit("ftp://host"),
            no_variables.clone(),
            "invalid endpoint (explicit value): ftp://host/ has the scheme `ftp`. Use https.",
        ),
        (
            explicit("mailto:MARKED"),
            no_variables.clone(),
            "invalid endpoint (explicit value): the URL has no host. Use a URL such as \
             `https://host`.",
        ),
        (
            in_region(SINGAPORE),
            from_variable(endpoint_variable, ","),
            "invalid endpoint (environment variable HUAWEICLOUD_SDK_REGION_WORKSPACE_AP_SOUTHEAST_3): \
             the value is not a URL (relative URL without a base). Use a URL such as `https://host`.",
        ),
    ];
    for (overrides, environment, expected) in cases {
        let error = Config::resolve(&overrides, &environment).unwrap_err();
        assert_eq!(error.to_string(), expected);
        assert!(matches!(error, Error::Invalid { .. }), "{error:?}");
        assert!(!format!("{error:?}").contains("MARKED"), "{error:?}");
    }
}

#[test]
fn an_explicit_value_has_the_label_of_the_program() {
    let overrides = Overrides {
        endpoint: Some("ftp://host".to_owned()),
        label: |setting| match setting {
            SettingName::Region => "--region",
            SettingName::Endpoint => "--endpoint",
            _ => "other",
        },
        ..in_region(SINGAPORE)
    };
    let error = Config::resolve(&overrides, &environment(&[])).unwrap_err();
    let Error::Invalid {
        setting: SettingName::Endpoint,
        source: Source::Explicit { label },
        reason,
    } = &error
    else {
        panic!("{error:?}")
    };
    assert_eq!(*label, "--endpoint");
    assert_eq!(reason, "ftp://host/ has the scheme `ftp`. Use https.");
    assert_eq!(
        error.to_string(),
        "invalid endpoint (--endpoint): ftp://host/ has the scheme `ftp`. Use https."
    );

    let overrides = Overrides {
        endpoint: None,
        ..overrides
    };
    let variables = environment(&[("HW_REGION_NAME", "cn-north-4")]);
    let config = Config::resolve(&overrides, &variables).unwrap();
    assert_eq!(config.region.name(), SettingName::Region);
    assert_eq!(config.region.source().unwrap().to_string(), "--region");
    assert_eq!(
        config.region.skipped()[0].to_string(),
        "environment variable HW_REGION_NAME: also set, but --region takes precedence"
    );
}

#[cfg(feature = "regions-file")]
#[test]
fn an_invalid_regions_file_is_an_error() {
    let cases = [
        ("yaml", "a: [", "the file is not valid YAML: "),
        (
            "deep",
            &"[".repeat(100_000),
            "the file is not valid YAML: more than 255 lists and maps are nested in line 1, column \
             256",
        ),
        (
            "list",
            "- a\n",
            "the file must be `Service: [{id, endpoint}]`",
        ),
        (
            "service",
            "Workspace: https://x\n",
            "`Workspace` must be a list of `{id, endpoint}`",
        ),
        (
            "entry",
            "Workspace: [{id: ap-southeast-3}]\n",
            "the entry with the id `ap-southeast-3` has no `endpoint`",
        ),
        (
            "http",
            "Workspace: [{id: ap-southeast-3, endpoint: 'http://x.example'}]\n",
            "http://x.example/ uses plain HTTP",
        ),
    ];
    for (test, text, reason) in cases {
        let home = home(test, &[("regions.yaml", text)]);
        let error = Config::resolve(&in_region(SINGAPORE), &at_home(&home, &[])).unwrap_err();
        let expected = format!(
            "invalid endpoint ({}: Workspace, id ap-southeast-3): {reason}",
            regions_file(&home).display()
        );
        assert!(error.to_string().starts_with(&expected), "{error}");
        assert!(matches!(error, Error::Invalid { .. }), "{error:?}");
    }
}

/// Returns an endpoint and its alternatives.
fn in_order(config: &Config) -> Vec<&str> {
    let first = config.endpoint.value().unwrap();
    let all = std::iter::once(first).chain(first.alternatives());
    all.map(Endpoint::as_str).collect()
}

#[test]
fn several_endpoints_keep_their_order() {
    let variable = "HUAWEICLOUD_SDK_REGION_WORKSPACE_AP_SOUTHEAST_3";
    let value = "https://a.example, b.example:444,, https://a.example/";
    let config = Config::inspect(&in_region(SINGAPORE), &environment(&[(variable, value)]));
    assert_eq!(
        in_order(&config),
        ["https://a.example", "https://b.example:444"]
    );
    // One that is not valid is an error, though it may never be used.
    let value = "https://a.example,http://b.example";
    let config = Config::inspect(&in_region(SINGAPORE), &environment(&[(variable, value)]));
    assert!(config.endpoint.error().is_some());
}

#[cfg(feature = "regions-file")]
#[test]
fn several_endpoints_of_a_regions_file_keep_their_order() {
    let text =
        "Workspace: [{id: ap-southeast-3, endpoint: c.example, endpoints: [a.example, b.example]}]";
    let home = home("several-endpoints", &[("regions.yaml", text)]);
    let environment = at_home(&home, &[]);
    let config = Config::inspect(&in_region(SINGAPORE), &environment);
    let expected = [
        "https://a.example",
        "https://b.example",
        "https://c.example",
    ];
    assert_eq!(in_order(&config), expected);
}

#[cfg(feature = "regions-file")]
#[test]
fn a_regions_file_without_the_region_is_skipped() {
    let files = [
        ("empty-regions", ""),
        (
            "other-regions",
            "Workspace: [{id: cn-north-4, endpoint: 'https://x'}]\n",
        ),
    ];
    for (test, text) in files {
        let home = home(test, &[("regions.yaml", text)]);
        assert_eq!(
            endpoint(&in_region(SINGAPORE), &at_home(&home, &[])),
            "https://workspace.ap-southeast-3.myhuaweicloud.com <- derived from the region"
        );
    }
}

/// Ignoring the file could send requests to another endpoint than the vendor's tools use.
#[cfg(not(feature = "regions-file"))]
#[test]
fn without_the_feature_a_regions_file_is_an_error() {
    let home = home("no-feature", &[("regions.yaml", "Workspace: []\n")]);
    let error = Config::resolve(&in_region(SINGAPORE), &at_home(&home, &[])).unwrap_err();
    let reason = "this program was built without the feature `regions-file`.";
    assert!(error.to_string().contains(reason), "{error}");
}

#[test]
fn an_invalid_later_source_is_skipped() {
    let home = home(
        "later",
        &[("regions.yaml", "a: ["), ("credentials", "[basic")],
    );
    let overrides = Overrides {
        endpoint: Some("https://explicit.example".to_owned()),
        iam_endpoint: Some("https://iam.explicit.example".to_owned()),
        project_id: Some("p".to_owned()),
        ..in_region(SINGAPORE)
    };
    let config = Config::resolve(&overrides, &at_home(&home, &[])).unwrap();
    let last = config.project_id.skipped().last().unwrap().to_string();
    assert!(last.contains("the file is not valid INI"), "{last}");
}

/// A user who can change the profile decides where requests go, and with which identity.
#[cfg(unix)]
#[test]
fn files_that_others_can_read_or_change_are_warned_of() {
    use std::os::unix::fs::PermissionsExt;

    let home = home(
        "permissions",
        &[("credentials", "[basic]\nak = A\nsk = S\n")],
    );
    let profile = home.join(".huaweicloud/credentials");
    for (mode, expected) in [
        (0o600, None),
        (0o400, None),
        (0o640, Some("can read")),
        (0o644, Some("can read")),
        (0o666, Some("can change")),
        (0o620, Some("can change")),
    ] {
        std::fs::set_permissions(&profile, std::fs::Permissions::from_mode(mode)).unwrap();
        let config = Config::inspect(&Overrides::default(), &at_home(&home, &[]));
        match expected {
            Some(expected) => {
                let warning = config.warnings.join(" ");
                assert!(warning.contains(expected), "{mode:o}: {warning}");
                assert!(warning.contains("chmod 600"), "{mode:o}: {warning}");
            }
            None => assert!(config.warnings.is_empty(), "{mode:o}"),
        }
    }
}
