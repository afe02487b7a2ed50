//! Region, endpoints and project: which place wins, and what is refused.

use workspace_api::config::{Config, Environment, Error, Overrides};

use crate::{SK, at_home, environment, home};

const SINGAPORE: &str = "ap-southeast-3";

pub fn given(region: &str) -> Overrides {
    Overrides {
        region: Some(region.to_owned()),
        ..Overrides::default()
    }
}

fn endpoint(given: &Overrides, environment: &Environment) -> String {
    let endpoint = Config::resolve(given, environment).unwrap().endpoint;
    format!(
        "{} <- {}",
        endpoint.value().unwrap(),
        endpoint.source().unwrap()
    )
}

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

#[test]
fn the_first_place_that_has_an_endpoint_wins() {
    let home = home("endpoint", &[("regions.yaml", REGIONS)]);
    let file = home.join(".huaweicloud/regions.yaml");
    let variable = (
        "HUAWEICLOUD_SDK_REGION_WORKSPACE_AP_SOUTHEAST_3",
        "https://variable.example, https://b.example",
    );
    let by_hand = Overrides {
        endpoint: Some("https://hand.example/prefix/".to_owned()),
        ..given(SINGAPORE)
    };

    assert_eq!(
        endpoint(&by_hand, &at_home(&home, &[variable])),
        "https://hand.example/prefix <- given by hand"
    );
    let from_variable = format!(
        "https://variable.example <- environment variable {}",
        variable.0
    );
    assert_eq!(
        endpoint(&given(SINGAPORE), &at_home(&home, &[variable])),
        from_variable
    );
    let from_file = format!(
        "https://file.example <- {}: Workspace, id ap-southeast-3",
        file.display()
    );
    assert_eq!(endpoint(&given(SINGAPORE), &at_home(&home, &[])), from_file);
    let named = environment(&[("HUAWEICLOUD_SDK_REGIONS_FILE", file.to_str().unwrap())]);
    assert_eq!(endpoint(&given(SINGAPORE), &named), from_file);
    assert!(endpoint(&given("eu-west-101"), &named).starts_with("https://first.file.example <- "));
    for region in ["ap-southeast-1", "eu-west-101", "xx-unheard-of-9"] {
        let built =
            format!("https://workspace.{region}.myhuaweicloud.com <- built from the region");
        assert_eq!(endpoint(&given(region), &environment(&[])), built);
    }
    let by_terraform = environment(&[("HW_REGION_NAME", "cn-north-4")]);
    assert!(endpoint(&Overrides::default(), &by_terraform).contains("workspace.cn-north-4."));
    assert!(endpoint(&given(SINGAPORE), &by_terraform).contains("workspace.ap-southeast-3."));
}

#[test]
fn iam_and_project_come_with_the_keys_of_the_profile_only() {
    let text =
        "[basic]\nak = A\nsk = B\nproject_id = p-file\niam_endpoint = https://iam.file.example\n";
    let home = home("project", &[("credentials", text)]);
    let found = |given: &Overrides, variables: &[(&str, &str)]| {
        let Config {
            iam_endpoint,
            project_id,
            ..
        } = Config::resolve(given, &at_home(&home, variables)).unwrap();
        (
            iam_endpoint.value().unwrap().to_string(),
            project_id.value().cloned(),
        )
    };
    let of = |iam: &str, project: Option<&str>| (iam.to_owned(), project.map(str::to_owned));
    let built = "https://iam.ap-southeast-3.myhuaweicloud.com";
    let sdk = [("HUAWEICLOUD_SDK_AK", "A"), ("HUAWEICLOUD_SDK_SK", SK)];
    let variables = [
        ("HUAWEICLOUD_SDK_PROJECT_ID", "p-sdk"),
        ("HUAWEICLOUD_SDK_IAM_ENDPOINT", "https://iam.sdk.example"),
    ];
    let by_hand = Overrides {
        project_id: Some("p-hand".to_owned()),
        iam_endpoint: Some("https://iam.hand.example".to_owned()),
        ..given(SINGAPORE)
    };
    let own = Overrides {
        credentials: true,
        ..given(SINGAPORE)
    };
    assert_eq!(
        found(&given(SINGAPORE), &[]),
        of("https://iam.file.example", Some("p-file"))
    );
    assert_eq!(found(&given(SINGAPORE), &sdk), of(built, None));
    assert_eq!(found(&own, &[]), of(built, None));
    assert_eq!(
        found(&given(SINGAPORE), &variables),
        of("https://iam.sdk.example", Some("p-sdk"))
    );
    assert_eq!(
        found(&given(SINGAPORE), &[("HW_PROJECT_ID", "p-hw")])
            .1
            .as_deref(),
        Some("p-hw")
    );
    assert_eq!(
        found(&by_hand, &variables),
        of("https://iam.hand.example", Some("p-hand"))
    );
    assert_eq!(
        found(&given("eu-west-101"), &sdk).0,
        "https://iam.eu-west-101.myhuaweicloud.eu"
    );
}

#[test]
fn every_place_says_why_it_was_passed_over() {
    let home = home("places", &[("regions.yaml", "IAM: []\n")]);
    let config = Config::resolve(
        &given(SINGAPORE),
        &at_home(&home, &[("HW_REGION_NAME", "cn-north-4")]),
    )
    .unwrap();
    let shown = |places: &[workspace_api::config::Skipped]| {
        places.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let region =
        ["environment variable HW_REGION_NAME: has one too, but comes later than: given by hand"];
    assert_eq!(shown(config.region.skipped()), region);
    let endpoint = [
        "given by hand: not set".to_owned(),
        "environment variable HUAWEICLOUD_SDK_REGION_WORKSPACE_AP_SOUTHEAST_3: not set".to_owned(),
        format!(
            "{}/.huaweicloud/regions.yaml: Workspace, id ap-southeast-3: the file has no `Workspace`",
            home.display()
        ),
    ];
    assert_eq!(shown(config.endpoint.skipped()), endpoint);
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
fn without_a_region_only_the_endpoint_by_hand_is_left() {
    let nothing = Config::resolve(&Overrides::default(), &environment(&[])).unwrap();
    let error = nothing.endpoint.require().unwrap_err().to_string();
    assert!(
        error.contains("there is no region; give one, or set HW_REGION_NAME"),
        "{error}"
    );
    let by_hand = Overrides {
        endpoint: Some("http://127.0.0.1:8080".to_owned()),
        ..Overrides::default()
    };
    assert_eq!(
        endpoint(&by_hand, &environment(&[])),
        "http://127.0.0.1:8080 <- given by hand"
    );
}

#[test]
fn a_place_with_something_wrong_is_not_passed_over() {
    let regions = |test, text: &str| at_home(&home(test, &[("regions.yaml", text)]), &[]);
    let hand = |endpoint: &str| Overrides {
        endpoint: Some(endpoint.to_owned()),
        ..given(SINGAPORE)
    };
    let cases = [
        (
            given("evil.example/"),
            environment(&[]),
            "\"evil.example/\" is not a region",
        ),
        (
            Overrides::default(),
            environment(&[("HW_REGION_NAME", "AP-SOUTHEAST-3")]),
            "HW_REGION_NAME: \"AP-SOUTHEAST-3\" is not",
        ),
        (
            hand("workspace.example"),
            environment(&[]),
            "it is not a URL",
        ),
        (
            hand("https://user:MARKED@host"),
            environment(&[]),
            "user name or password",
        ),
        (
            hand("https://host/?a=MARKED"),
            environment(&[]),
            "a query or a fragment",
        ),
        (
            hand("http://workspace.example"),
            environment(&[]),
            "plain http",
        ),
        (hand("ftp://host"), environment(&[]), "must be https"),
        (hand("mailto:MARKED"), environment(&[]), "without a host"),
        (
            given(SINGAPORE),
            environment(&[("HUAWEICLOUD_SDK_REGION_WORKSPACE_AP_SOUTHEAST_3", ",")]),
            "it is not a URL",
        ),
        (
            given(SINGAPORE),
            regions("yaml", "a: ["),
            "the file is not YAML",
        ),
        (
            given(SINGAPORE),
            regions("list", "- a\n"),
            "the file must hold",
        ),
        (
            given(SINGAPORE),
            regions("service", "Workspace: https://x\n"),
            "`Workspace` must be a list",
        ),
        (
            given(SINGAPORE),
            regions("entry", "Workspace: [{id: ap-southeast-3}]\n"),
            "has no `endpoint`",
        ),
        (
            given(SINGAPORE),
            regions(
                "http",
                "Workspace: [{id: ap-southeast-3, endpoint: 'http://x.example'}]\n",
            ),
            "plain http",
        ),
    ];
    for (given, environment, expected) in cases {
        let error = Config::resolve(&given, &environment).unwrap_err();
        let shown = error.to_string();
        assert!(
            matches!(error, Error::Invalid { .. }) && shown.contains(expected),
            "{expected} is missing in: {shown}"
        );
        assert!(!shown.contains("MARKED"), "{shown}");
    }
    for (test, text) in [
        ("empty-regions", ""),
        (
            "other-regions",
            "Workspace: [{id: cn-north-4, endpoint: 'https://x'}]\n",
        ),
    ] {
        let built = "https://workspace.ap-southeast-3.myhuaweicloud.com <- built from the region";
        assert_eq!(endpoint(&given(SINGAPORE), &regions(test, text)), built);
    }
}

#[test]
fn what_a_later_place_has_wrong_does_not_matter() {
    let home = home(
        "later",
        &[("regions.yaml", "a: ["), ("credentials", "[basic")],
    );
    let given = Overrides {
        endpoint: Some("https://hand.example".to_owned()),
        iam_endpoint: Some("https://iam.hand.example".to_owned()),
        project_id: Some("p".to_owned()),
        ..given(SINGAPORE)
    };
    let config = Config::resolve(&given, &at_home(&home, &[])).unwrap();
    let last = config.project_id.skipped().last().unwrap().to_string();
    assert!(last.contains("the file is not an INI file"), "{last}");
}
