//! The profiles of KooCLI.

use serde_json::{Value, json};
use workspace_api::config::{Config, Overrides};
use workspace_api::credentials::{DefaultChain, InstanceMetadata};
use workspace_api_sandbox::defaults::{
    ACCESS_KEY, AGENCY, LOGIN_DOMAIN, PROJECT_ID, PROJECT_NAME, SECRET_KEY, SECURITY_TOKEN,
    TEMPORARY_ACCESS_KEY, TEMPORARY_SECRET_KEY,
};

use crate::{Fixture, Variables, with_causes};

const FILE: &str = ".hcloud/config.json";

fn profile(name: &str) -> Value {
    json!({
        "name": name, "mode": "AKSK", "accessKeyId": ACCESS_KEY, "secretAccessKey": SECRET_KEY,
        "securityToken": "", "region": PROJECT_NAME, "projectId": "", "domainId": "",
        "ssoAuth": { "stsToken": { "accessKeyId": "", "secretAccessKey": "" } },
        "xaccountType": "cn",
    })
}

fn file(current: &str, profiles: &[Value]) -> String {
    json!({ "language": "en", "current": current, "profiles": profiles }).to_string()
}

#[tokio::test]
async fn the_current_profile_is_used_with_its_region_and_project() {
    let mut own = profile("default");
    own["projectId"] = json!(PROJECT_ID);
    let fixture = Fixture::start("koocli", &[("HW_REGION_NAME", "")]).await;
    fixture.write(FILE, &file("default", &[profile("other"), own]));
    let source = fixture.read().await.unwrap().to_string();
    assert!(source.contains("config.json: current profile"), "{source}");
    assert_eq!(fixture.count("/v3/projects"), 0);

    // The project of a profile belongs to its region.
    let fixture = Fixture::start("koocli-region", &[]).await;
    let mut elsewhere = profile("default");
    elsewhere["region"] = json!("cn-north-4");
    elsewhere["projectId"] = json!("another-project");
    fixture.write(FILE, &file("default", &[elsewhere]));
    fixture.read().await.unwrap();
    assert_eq!(fixture.count("/v3/projects"), 1);
}

#[tokio::test]
async fn variables_name_the_file_and_the_profile() {
    let fixture = Fixture::start("koocli-named", &[("HW_PROFILE", "mine")]).await;
    let mut temporary = profile("mine");
    temporary["accessKeyId"] = json!("");
    temporary["ssoAuth"]["stsToken"] = json!({
        "accessKeyId": TEMPORARY_ACCESS_KEY, "secretAccessKey": TEMPORARY_SECRET_KEY,
        "securityToken": SECURITY_TOKEN,
    });
    fixture.write("elsewhere.json", &file("default", &[temporary]));
    fixture.set("HW_SHARED_CONFIG_FILE", "~/elsewhere.json");
    // A variable is more explicit than a file in its usual place.
    fixture.write(".huaweicloud/credentials", "[basic]\nak = A\nsk = B\n");
    let source = fixture.read().await.unwrap().to_string();
    assert!(
        source.contains("elsewhere.json: profile mine (HW_PROFILE)"),
        "{source}"
    );
}

#[tokio::test]
async fn the_vendors_profile_file_comes_before_koocli() {
    let fixture = Fixture::start("koocli-later", &[]).await;
    let keys = format!("[basic]\nak = {ACCESS_KEY}\nsk = {SECRET_KEY}\n");
    fixture.write(".huaweicloud/credentials", &keys);
    let mut other = profile("default");
    other["projectId"] = json!("another-project");
    fixture.write(FILE, &file("default", &[other]));
    let source = fixture.read().await.unwrap().to_string();
    assert!(source.ends_with("[basic] ak, sk"), "{source}");
}

#[tokio::test]
async fn a_profile_with_an_agency_assumes_it() {
    let mut with_agency = profile("default");
    with_agency["agencyName"] = json!(AGENCY);
    with_agency["agencyDomainName"] = json!(LOGIN_DOMAIN);
    let fixture = Fixture::start("koocli-agency", &[]).await;
    fixture.write(FILE, &file("default", &[with_agency]));
    let source = fixture.read().await.unwrap().to_string();
    assert!(source.starts_with(&format!("agency {AGENCY}")), "{source}");
}

#[tokio::test]
async fn a_profile_that_cannot_be_used_is_named() {
    let mut encrypted = profile("default");
    encrypted["accessKeyId"] = json!("9b2f".repeat(24));
    encrypted["secretAccessKey"] = json!("4c71".repeat(32));
    let mut without_keys = profile("default");
    without_keys["mode"] = json!("ecsAgency");
    without_keys["accessKeyId"] = json!("");
    let cases: [(String, Variables<'_>, &str); 5] = [
        (
            file("default", &[encrypted]),
            &[],
            "hcloud configure set --cli-auth-encrypt=false",
        ),
        (
            file("default", &[without_keys]),
            &[],
            "the mode `ecsAgency`",
        ),
        (
            file("default", &[profile("default")]),
            &[("HW_PROFILE", "other")],
            "the file has no profile `other`",
        ),
        ("{".to_owned(), &[], "not the JSON of KooCLI (line 1"),
        (
            file("default", &[profile("default")]),
            &[("HW_SHARED_CONFIG_FILE", "/nonexistent/config.json")],
            "/nonexistent/config.json: current profile, accessKeyId, secretAccessKey): the file \
             does not exist",
        ),
    ];
    for (number, (text, variables, expected)) in cases.into_iter().enumerate() {
        let fixture = Fixture::start(&format!("koocli-unusable-{number}"), variables).await;
        fixture.write(FILE, &text);
        let text = with_causes(&fixture.read().await.unwrap_err());
        assert!(text.contains(expected), "{expected} is missing in: {text}");
        assert!(text.contains("config.json"), "{text}");
        assert!(!text.contains("9b2f") && !text.contains("4c71"), "{text}");
    }
}

/// No other tool of the vendor reads KooCLI's usual file, so one that KooCLI encrypted is named and
/// the next source is used, with nothing of the file.
#[tokio::test]
async fn an_encrypted_file_is_named_and_the_next_source_is_used() {
    let mut encrypted = profile("default");
    encrypted["accessKeyId"] = json!("9b2f".repeat(24));
    encrypted["projectId"] = json!("another-project");
    let fixture = Fixture::start("koocli-encrypted", &[]).await;
    fixture.write(FILE, &file("default", &[encrypted]));
    let metadata = InstanceMetadata::at(fixture.sandbox.base_url());
    let chain = DefaultChain::new(fixture.environment(), metadata);
    let found = chain.resolve().await.unwrap();
    let source = found.source().unwrap().to_string();
    assert!(source.starts_with("instance metadata"), "{source}");
    let mut skipped = found.skipped().iter().map(ToString::to_string);
    let line = skipped.find(|line| line.contains("config.json")).unwrap();
    assert!(
        line.contains("exists but is not used: the keys of profile `default` are"),
        "{line}"
    );
    let config = Config::inspect(&Overrides::default(), &fixture.environment());
    assert!(config.project_id.value().is_none());
}
