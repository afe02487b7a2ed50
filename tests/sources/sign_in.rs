//! Sign-in by a password, by OIDC through STS and by an identity provider.

use workspace_api::ErrorKind;
use workspace_api_sandbox::defaults::{
    AGENCY_URN, ID_TOKEN, IDENTITY_PROVIDER, LOGIN_DOMAIN, LOGIN_DOMAIN_ID, LOGIN_PASSWORD,
    LOGIN_USER, LOGIN_USER_ID, PROJECT_ID, PROVIDER_URN,
};

use crate::{Fixture, Variables, with_causes};

const TOKENS: &str = "/v3/auth/tokens";
const STS: &str = "/v5/agencies/assume-with-oidc";

#[tokio::test]
async fn a_name_and_password_sign_in() {
    let cases: [Variables<'_>; 6] = [
        &[
            ("HW_USER_NAME", LOGIN_USER),
            ("HW_USER_PASSWORD", LOGIN_PASSWORD),
            ("HW_DOMAIN_NAME", LOGIN_DOMAIN),
        ],
        &[
            ("HW_USER_NAME", LOGIN_USER),
            ("HW_USER_PASSWORD", LOGIN_PASSWORD),
            ("HW_DOMAIN_ID", LOGIN_DOMAIN_ID),
            ("HW_DOMAIN_NAME", "ignored"),
        ],
        &[
            ("HW_USER_ID", LOGIN_USER_ID),
            ("HW_USER_PASSWORD", LOGIN_PASSWORD),
        ],
        &[
            ("OS_USERNAME", LOGIN_USER),
            ("OS_PASSWORD", LOGIN_PASSWORD),
            ("OS_USER_DOMAIN_NAME", LOGIN_DOMAIN),
        ],
        &[
            ("HW_USER_NAME", LOGIN_USER),
            ("OS_USERNAME", "overridden"),
            ("HW_USER_PASSWORD", LOGIN_PASSWORD),
            ("OS_PROJECT_DOMAIN_ID", LOGIN_DOMAIN_ID),
            ("HW_PROJECT_ID", PROJECT_ID),
        ],
        &[
            ("OS_USER_ID", LOGIN_USER_ID),
            ("OS_PASSWORD", LOGIN_PASSWORD),
            ("HW_REGION_NAME", "xx-other-1"),
            ("HUAWEICLOUD_SDK_REGION_WORKSPACE_XX_OTHER_1", "URL"),
            ("HW_PROJECT_NAME", "ap-southeast-1"),
        ],
    ];
    for (number, variables) in cases.into_iter().enumerate() {
        let fixture = Fixture::start(&format!("password-{number}"), variables).await;
        if variables.iter().any(|(_, value)| *value == "URL") {
            let url = fixture.sandbox.base_url();
            fixture.set("HUAWEICLOUD_SDK_REGION_WORKSPACE_XX_OTHER_1", url);
        }
        let source = fixture.read().await.unwrap().to_string();
        assert!(source.contains("PASSWORD"), "{variables:?}: {source}");
        assert_eq!(fixture.count(TOKENS), 1);
    }
}

#[tokio::test]
async fn half_of_a_login_or_an_invalid_one_is_rejected() {
    let name = ("HW_USER_NAME", LOGIN_USER);
    let domain = ("HW_DOMAIN_NAME", LOGIN_DOMAIN);
    let cases: [(Variables<'_>, &str, usize); 4] = [
        (
            &[name, domain],
            "`HW_USER_NAME` is set, but `HW_USER_PASSWORD` is not",
            0,
        ),
        (
            &[("OS_PASSWORD", LOGIN_PASSWORD), domain],
            "`OS_PASSWORD` is set, but `HW_USER_NAME` is not",
            0,
        ),
        (
            &[name, ("HW_USER_PASSWORD", LOGIN_PASSWORD)],
            "`HW_USER_NAME` is set, but `HW_DOMAIN_NAME` is not",
            0,
        ),
        (
            &[name, domain, ("HW_USER_PASSWORD", "a-wrong-password")],
            "the login of the user `sandbox`",
            1,
        ),
    ];
    for (number, (variables, expected, requests)) in cases.into_iter().enumerate() {
        let fixture = Fixture::start(&format!("half-{number}"), variables).await;
        let client = fixture.client();
        for _ in 0..2 {
            let error = client.authenticate().await.unwrap_err();
            let text = with_causes(&error);
            assert_eq!(error.kind(), ErrorKind::Credentials, "{text}");
            assert!(text.contains(expected), "{expected} is missing in: {text}");
            assert!(!text.contains("a-wrong-password"), "{text}");
        }
        // A wrong password is not sent twice: repeated rejections lock the user out.
        assert_eq!(fixture.count(TOKENS), requests, "{variables:?}");
    }
}

const OIDC: [(&str, &str); 3] = [
    ("HUAWEICLOUD_OIDC_PROVIDER_URN", PROVIDER_URN),
    ("HUAWEICLOUD_OIDC_AGENCY_URN", AGENCY_URN),
    ("HUAWEICLOUD_OIDC_ID_TOKEN", ID_TOKEN),
];
const OTHER_KEYS: [(&str, &str); 2] = [
    ("HUAWEICLOUD_SDK_AK", "ANOTHERACCESSKEY"),
    ("HUAWEICLOUD_SDK_SK", "another-secret-key"),
];

#[tokio::test]
async fn oidc_through_sts_comes_first() {
    let details = [
        ("HUAWEICLOUD_OIDC_SESSION_NAME", "a-session"),
        ("HUAWEICLOUD_OIDC_DURATION_SECONDS", "900"),
        ("HUAWEICLOUD_OIDC_POLICY", r#"{"Version":"5.0"}"#),
        ("HUAWEICLOUD_OIDC_POLICY_IDS", "a, b,"),
    ];
    let fixture = Fixture::start("oidc", &[&OIDC[..], &details, &OTHER_KEYS].concat()).await;
    let source = fixture.read().await.unwrap().to_string();
    assert!(source.contains("HUAWEICLOUD_OIDC_ID_TOKEN"), "{source}");
    assert_eq!(fixture.count(STS), 1);

    // The token of a file, without the line end of the file.
    let fixture = Fixture::start("oidc-file", &OIDC[..2]).await;
    let path = fixture.write("token", &format!("{ID_TOKEN}\n"));
    fixture.set("HUAWEICLOUD_OIDC_TOKEN_FILE", path);
    fixture.read().await.unwrap();
}

#[tokio::test]
async fn a_part_of_oidc_is_rejected_and_no_other_identity_is_used() {
    let path = "/nonexistent/token";
    let wrong = ("HUAWEICLOUD_OIDC_ID_TOKEN", "a-wrong-id-token");
    let cases: [(Vec<(&str, &str)>, &str); 5] = [
        (
            vec![OIDC[0]],
            "`HUAWEICLOUD_OIDC_PROVIDER_URN` is set, but `HUAWEICLOUD_OIDC_AGENCY_URN` is not",
        ),
        (
            vec![OIDC[0], OIDC[1]],
            "is set, but `HUAWEICLOUD_OIDC_TOKEN_FILE` is not",
        ),
        (
            vec![OIDC[0], OIDC[1], ("HUAWEICLOUD_OIDC_TOKEN_FILE", path)],
            "the file in `HUAWEICLOUD_OIDC_TOKEN_FILE` cannot be read",
        ),
        (
            [&OIDC[..], &[("HUAWEICLOUD_OIDC_DURATION_SECONDS", "1h")]].concat(),
            "`HUAWEICLOUD_OIDC_DURATION_SECONDS` is not a number of seconds",
        ),
        (
            vec![OIDC[0], OIDC[1], wrong],
            "The identity provider or the id token is invalid.",
        ),
    ];
    for (number, (variables, expected)) in cases.into_iter().enumerate() {
        let variables = [&variables[..], &OTHER_KEYS].concat();
        let fixture = Fixture::start(&format!("oidc-part-{number}"), &variables).await;
        let text = with_causes(&fixture.read().await.unwrap_err());
        assert!(text.contains(expected), "{expected} is missing in: {text}");
        assert!(!text.contains("a-wrong-id-token"), "{text}");
        assert!(fixture.count(STS) <= 1);
    }
}

#[tokio::test]
async fn an_identity_provider_comes_before_keys_of_the_same_place() {
    let fixture = Fixture::start("idp", &OTHER_KEYS).await;
    let path = fixture.write("token", &format!("{ID_TOKEN}\n"));
    fixture.set("HUAWEICLOUD_SDK_IDP_ID", IDENTITY_PROVIDER);
    fixture.set("HUAWEICLOUD_SDK_ID_TOKEN_FILE", &path);
    let source = fixture.read().await.unwrap().to_string();
    assert!(source.contains("HUAWEICLOUD_SDK_IDP_ID"), "{source}");

    let fixture = Fixture::start("idp-profile", &[]).await;
    let iam = fixture.sandbox.base_url().to_owned();
    fixture.set("HUAWEICLOUD_SDK_IAM_ENDPOINT", "");
    fixture.write(
        ".huaweicloud/credentials",
        &format!(
            "[basic]\nak = OTHER\nsk = other\nidp_id = {IDENTITY_PROVIDER}\n\
             id_token_file = {path}\niam_endpoint = {iam}\nproject_id = {PROJECT_ID}\n"
        ),
    );
    let source = fixture.read().await.unwrap().to_string();
    assert!(
        source.ends_with("[basic] idp_id, id_token_file"),
        "{source}"
    );
    assert_eq!(fixture.count("/v3/projects"), 0);

    // In Terraform the token can be in a variable, and comes before the keys.
    let keys = [
        ("HW_ACCESS_KEY", "ANOTHERACCESSKEY"),
        ("HW_SECRET_KEY", "another-secret-key"),
        ("HW_ASSUME_ROLE_IDP_ID", IDENTITY_PROVIDER),
        ("HW_ASSUME_ROLE_ID_TOKEN", ID_TOKEN),
    ];
    let fixture = Fixture::start("idp-terraform", &keys).await;
    let source = fixture.read().await.unwrap().to_string();
    assert!(source.contains("HW_ASSUME_ROLE_IDP_ID"), "{source}");
}

#[tokio::test]
async fn half_of_an_identity_provider_is_rejected() {
    let id = ("HUAWEICLOUD_SDK_IDP_ID", IDENTITY_PROVIDER);
    let file = ("HUAWEICLOUD_SDK_ID_TOKEN_FILE", "/nonexistent/token");
    let cases: [(Variables<'_>, &str); 3] = [
        (
            &[id],
            "`HUAWEICLOUD_SDK_IDP_ID` is set, but `HUAWEICLOUD_SDK_ID_TOKEN_FILE` is not",
        ),
        (
            &[file],
            "`HUAWEICLOUD_SDK_ID_TOKEN_FILE` is set, but `HUAWEICLOUD_SDK_IDP_ID` is not",
        ),
        (&[id, file], "cannot be read"),
    ];
    for (number, (variables, expected)) in cases.into_iter().enumerate() {
        let variables = [variables, &OTHER_KEYS].concat();
        let fixture = Fixture::start(&format!("idp-half-{number}"), &variables).await;
        let text = with_causes(&fixture.read().await.unwrap_err());
        assert!(text.contains(expected), "{expected} is missing in: {text}");
    }
    let fixture = Fixture::start("idp-empty", &[id]).await;
    let path = fixture.write("token", " \n");
    fixture.set("HUAWEICLOUD_SDK_ID_TOKEN_FILE", path);
    let text = with_causes(&fixture.read().await.unwrap_err());
    assert!(text.contains("is empty"), "{text}");
}
