//! Agencies that Terraform's variables name, assumed with each of Terraform's credentials.

use workspace_api_sandbox::defaults::{
    ACCESS_KEY, AGENCY, ID_TOKEN, IDENTITY_PROVIDER, LOGIN_DOMAIN, LOGIN_DOMAIN_ID, LOGIN_PASSWORD,
    LOGIN_USER_ID, SECRET_KEY, TOKEN,
};

use crate::{Fixture, Variables, with_causes};

const IAM: &str = "/v3.0/OS-CREDENTIAL/securitytokens";
const STS: &str = "/v5/agencies/assume";

const KEYS: [(&str, &str); 2] = [("HW_ACCESS_KEY", ACCESS_KEY), ("HW_SECRET_KEY", SECRET_KEY)];
const NAME: (&str, &str) = ("HW_ASSUME_ROLE_AGENCY_NAME", AGENCY);
const BY_NAME: (&str, &str) = ("HW_ASSUME_ROLE_DOMAIN_NAME", LOGIN_DOMAIN);
const BY_ID: (&str, &str) = ("HW_ASSUME_ROLE_DOMAIN_ID", LOGIN_DOMAIN_ID);

#[tokio::test]
async fn an_agency_is_assumed_with_every_credential_of_terraform() {
    let bases: [Variables<'_>; 4] = [
        &KEYS,
        &[("HW_AUTH_TOKEN", TOKEN)],
        &[
            ("HW_USER_ID", LOGIN_USER_ID),
            ("HW_USER_PASSWORD", LOGIN_PASSWORD),
        ],
        &[
            ("HW_ASSUME_ROLE_IDP_ID", IDENTITY_PROVIDER),
            ("HW_ASSUME_ROLE_ID_TOKEN", ID_TOKEN),
        ],
    ];
    for (number, base) in bases.into_iter().enumerate() {
        for (account, path) in [(BY_NAME, IAM), (BY_ID, STS)] {
            let variables = [base, &[NAME, account]].concat();
            let test = format!("agency-{number}-{}", account.0);
            let fixture = Fixture::start(&test, &variables).await;
            let source = fixture.read().await.unwrap().to_string();
            let expected = format!("agency {AGENCY}, assumed with environment variable");
            assert!(source.starts_with(&expected), "{source}");
            assert!(fixture.count(path) >= 1, "{variables:?}");
        }
    }
}

#[tokio::test]
async fn an_agency_that_cannot_be_assumed_is_rejected() {
    let cases: [(Variables<'_>, &str); 5] = [
        (
            &[NAME],
            "`HW_ASSUME_ROLE_AGENCY_NAME` is set, but `HW_ASSUME_ROLE_DOMAIN_NAME` is not",
        ),
        (
            &[BY_ID],
            "`HW_ASSUME_ROLE_DOMAIN_ID` is set, but `HW_ASSUME_ROLE_AGENCY_NAME` is not",
        ),
        (
            &[NAME, BY_ID, ("HW_ASSUME_ROLE_DURATION", "long")],
            "`HW_ASSUME_ROLE_DURATION` is not a number",
        ),
        (
            &[("HW_ASSUME_ROLE_AGENCY_NAME", "other"), BY_NAME],
            "The account has no such agency.",
        ),
        (&[("OS_AGENCY_NAME", "x")], "Use HW_ASSUME_ROLE_AGENCY_NAME"),
    ];
    for (number, (variables, expected)) in cases.into_iter().enumerate() {
        let variables = [variables, &KEYS].concat();
        let fixture = Fixture::start(&format!("no-agency-{number}"), &variables).await;
        let text = with_causes(&fixture.read().await.unwrap_err());
        assert!(text.contains(expected), "{expected} is missing in: {text}");
    }
}

/// The vendor's SDKs know nothing of Terraform's agency: their keys are used as they are, and the
/// keys of the profile file are not another identity than for the SDKs.
#[tokio::test]
async fn an_agency_is_not_assumed_with_credentials_of_the_sdks() {
    let keys = [
        ("HUAWEICLOUD_SDK_AK", ACCESS_KEY),
        ("HUAWEICLOUD_SDK_SK", SECRET_KEY),
    ];
    let fixture = Fixture::start("sdk-agency", &[&keys[..], &[NAME, BY_NAME]].concat()).await;
    let source = fixture.read().await.unwrap().to_string();
    assert!(source.contains("HUAWEICLOUD_SDK_AK"), "{source}");
    assert_eq!(fixture.count(IAM), 0);

    let fixture = Fixture::start("profile-agency", &[NAME, BY_NAME]).await;
    let keys = format!("[basic]\nak = {ACCESS_KEY}\nsk = {SECRET_KEY}\n");
    fixture.write(".huaweicloud/credentials", &keys);
    let text = with_causes(&fixture.read().await.unwrap_err());
    assert!(
        text.contains("Terraform does not assume an agency"),
        "{text}"
    );
    assert!(text.contains("HW_ASSUME_ROLE_AGENCY_NAME"), "{text}");
}
