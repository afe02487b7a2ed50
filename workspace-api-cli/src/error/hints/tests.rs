//! The hint for each error, as the command prints it.

use std::io;

use workspace_api::CredentialsKind::{AccessKey, TemporaryAccessKey, UserToken};
use workspace_api::{OPENAPI_YAML, OPERATIONS, Operation};

use super::*;

const READ: &str = "ListDesktopDetachInfo";

fn operation(id: &str) -> &'static Operation {
    OPERATIONS
        .iter()
        .find(|operation| operation.id == id)
        .unwrap()
}

fn iam_action(id: &str) -> &'static str {
    operation(id).iam_action.unwrap()
}

/// An error response to an operation.
fn response(id: &str, status: u16, code: &str, message: &str) -> Error {
    let kind = match status {
        400 | 413 => ErrorKind::BadRequest,
        401 => ErrorKind::Unauthorized,
        403 => ErrorKind::Forbidden,
        404 => ErrorKind::NotFound,
        409 => ErrorKind::Conflict,
        429 => ErrorKind::TooManyRequests,
        500.. => ErrorKind::Server,
        _ => ErrorKind::UnexpectedStatus,
    };
    let builder = Error::builder(kind)
        .operation(operation(id))
        .status(reqwest::StatusCode::from_u16(status).unwrap())
        .message(message);
    if code.is_empty() {
        builder
    } else {
        builder.code(code)
    }
    .build()
}

fn connection(kind: ErrorKind, cause: &str) -> Error {
    Error::builder(kind)
        .operation(operation(READ))
        .source(io::Error::other(cause.to_owned()))
        .build()
}

fn in_region(region: &str) -> Destination {
    Destination {
        region: Some(region.to_owned()),
        sts_endpoint: Some("https://sts.cn-east-3.myhuaweicloud.com".to_owned()),
    }
}

/// Checks that the hint has all of the first parts and none of the second.
fn check(error: &Error, has: &[&str], has_not: &[&str]) {
    let hint = hint_at(error, &in_region("cn-east-3")).unwrap_or_default();
    for part in has {
        assert!(hint.contains(part), "{error}: no {part:?} in: {hint}");
    }
    for part in has_not {
        assert!(!hint.contains(part), "{error}: {part:?} in: {hint}");
    }
}

#[test]
fn a_401_depends_on_code_message_and_credentials() {
    let with = |kind, code: &str, message: &str| {
        Error::builder(ErrorKind::Unauthorized)
            .status(reqwest::StatusCode::UNAUTHORIZED)
            .code(code)
            .message(message)
            .credentials_kind(kind)
            .build()
    };
    for prefix in ["APIGW", "APIG"] {
        let error = with(
            UserToken,
            &format!("{prefix}.0307"),
            "The token must be updated.",
        );
        check(
            &error,
            &["expired", "another region"],
            &["_SK", "signature", "clock"],
        );
        let message = "Incorrect IAM authentication information: AK access failed to reach the \
                       limit,forbidden.";
        let error = with(AccessKey, &format!("{prefix}.0301"), message);
        check(
            &error,
            &["is locked", "Wait five minutes"],
            &["_SK", "token", "clock"],
        );
        let message = "Incorrect IAM authentication information: decrypt token fail";
        let error = with(UserToken, &format!("{prefix}.0301"), message);
        check(&error, &["token has expired", "cut off"], &["_SK", "clock"]);
        let message = "Incorrect IAM authentication information: ak not exist";
        let error = with(AccessKey, &format!("{prefix}.0301"), message);
        check(
            &error,
            &["key id", "HUAWEICLOUD_SDK_AK"],
            &["_SK", "TOKEN", "clock"],
        );
        let message = "Incorrect IAM authentication information: verify aksk signature fail";
        let error = with(AccessKey, &format!("{prefix}.0301"), message);
        check(&error, &["HUAWEICLOUD_SDK_SK", "lock the key"], &["TOKEN"]);
        let error = with(TemporaryAccessKey, &format!("{prefix}.0301"), message);
        check(&error, &["temporary", "security token"], &["HW_AUTH_TOKEN"]);
        let error = with(UserToken, &format!("{prefix}.0301"), "Incorrect token");
        check(&error, &["HW_AUTH_TOKEN"], &["_SK", "lock"]);
    }
    let clock = Error::builder(ErrorKind::Unauthorized)
        .detail("this machine's clock is 60 minutes ahead of the server's (15 allowed); correct it")
        .credentials_kind(AccessKey)
        .build();
    assert_eq!(hint_for(&clock), None);
}

#[test]
fn a_403_names_an_iam_action_only_if_one_is_missing() {
    for code in ["APIGW.0302", "APIG.0302", "APIGW.0306", "WKS.00010099"] {
        let error = response(DETACH, 403, code, "You are not allowed to use this.");
        assert_eq!(error.iam_action(), None);
        assert!(!error.to_string().contains(iam_action(DETACH)), "{error}");
        check(&error, &[], &[iam_action(DETACH), "vpc:"]);
    }
    check(
        &response(DETACH, 403, "APIGW.0302", ""),
        &["no IAM action"],
        &[],
    );
    check(
        &response(DETACH, 403, "WKS.00010099", ""),
        &["disabled"],
        &[],
    );
    check(
        &response(DETACH, 403, "", "<html>Forbidden</html>"),
        &["Something other"],
        &[],
    );
    for code in ["PAP5.0001", "IAM.0002", "403"] {
        let error = response(DETACH, 403, code, "Forbidden by policy.");
        let dependency = "vpc:ports:get";
        assert!(
            OPENAPI_YAML.contains(&format!("x-huaweicloud-iam-dependencies: ['{dependency}']")),
            "the contract has other `x-huaweicloud-iam-dependencies` of the unbinding than \
             `{dependency}`; correct `DETACH_NEEDS` in workspace-api-cli/src/error/hints/permission.rs \
             and this test"
        );
        check(&error, &[iam_action(DETACH), dependency], &[]);
        let error = response(LOG_OFF, 403, code, "Forbidden by policy.");
        check(&error, &[iam_action(LOG_OFF)], &["vpc:"]);
        let error = response(READ, 403, code, "You have no permission.");
        check(&error, &[iam_action(READ)], &["vpc:"]);
    }
    let error = Error::builder(ErrorKind::Forbidden)
        .operation(operation(DETACH))
        .code("WKS.00081102")
        .encoded_authorization_message("AB'C\"=")
        .build();
    let command = "workspace api --endpoint https://sts.cn-east-3.myhuaweicloud.com POST \
                   /v5/decode-authorization-message --body '{\"encoded_message\":\"ABC=\"}'";
    check(&error, &[iam_action(DETACH), command], &["REGION"]);
}

#[test]
fn a_403_of_the_projects_names_the_option_and_the_action() {
    for code in ["IAM.0002", "PAP5.0001", "403"] {
        let of_iam = Error::builder(ErrorKind::Forbidden)
            .code(code)
            .message("Forbidden")
            .encoded_authorization_message("ABC=")
            .build();
        let error = Error::builder(ErrorKind::Credentials)
            .message("the request to https://iam.test for the project of the region r failed")
            .source(of_iam)
            .build();
        check(
            &error,
            &["--project-id", "iam:projects:list", "\"ABC=\""],
            &["workspace config"],
        );
    }
    let unreachable = Error::builder(ErrorKind::Credentials)
        .message("the request to https://iam.test for the project of the region r failed")
        .source(connection(ErrorKind::Connect, "dns error"))
        .build();
    check(&unreachable, &["--project-id", "resolve names"], &[]);
}

#[test]
fn an_unclear_response_depends_on_the_operation() {
    for error in [
        |id| response(id, 500, "WKS.0001", "Internal error."),
        |id| response(id, 502, "", "Bad gateway"),
    ] {
        check(
            &error(LOG_OFF),
            &["no record", "login_status"],
            &["detach-info"],
        );
        check(
            &error(DETACH),
            &["workspace detach-info"],
            &["login_status"],
        );
        check(&error(READ), &["safe to try again"], &["processed"]);
    }
    let lost = Error::builder(ErrorKind::ConnectionLost)
        .operation(operation(LOG_OFF))
        .build();
    check(&lost, &["no record"], &["detach-info"]);
}

#[test]
fn a_state_that_does_not_pass_is_not_waited_for() {
    for (state, has, has_not) in [
        ("SHUTOFF", "waiting does not help", "Wait until"),
        ("HIBERNATED", "hibernated", "Wait until"),
        ("ERROR", "Waiting does not help", "Wait until"),
        ("REBOOT", "Wait until", "does not help"),
        ("starting", "Wait until", "does not help"),
    ] {
        let message =
            format!("The desktop current instance status is [{state}] and deny operation [logoff]");
        let whole = response(LOG_OFF, 409, STATE_DENIES_OPERATION, &message);
        check(&whole, &[has], &[has_not]);
        let of_desktop = Error::builder(ErrorKind::Desktop)
            .code(STATE_DENIES_OPERATION)
            .message(message)
            .build();
        check(&of_desktop, &[has], &[has_not]);
    }
}

#[test]
fn a_proxy_that_rejects_its_password_is_named() {
    let rejected = Error::builder(ErrorKind::UnexpectedStatus)
        .status(StatusCode::PROXY_AUTHENTICATION_REQUIRED);
    check(&rejected.build(), &["HTTP_PROXY"], &["Something other"]);
}

#[test]
fn a_failed_connection_depends_on_its_cause() {
    let failed = |cause| connection(ErrorKind::Connect, cause);
    for (cause, has) in [
        ("invalid peer certificate: UnknownIssuer", "SSL_CERT_FILE"),
        ("error:1416F086: certificate verify failed", "SSL_CERT_FILE"),
        (
            "received corrupt message of type InvalidContentType",
            "not with TLS",
        ),
        (
            "tunnel error: proxy authorization required",
            "rejected passwords",
        ),
        ("tunnel error: unsuccessful", "ALL_PROXY"),
        ("dns error: failed to lookup address", "resolve names"),
    ] {
        check(
            &failed(cause),
            &[has],
            &["safe to try again", "Reading changes nothing"],
        );
    }
    let lost = connection(ErrorKind::ConnectionLost, "invalid HTTP version parsed");
    check(&lost, &["https://"], &["safe to try again"]);
    for region in ["eu-west-101", "eu-west-102"] {
        let hint = hint_at(&failed("dns error"), &in_region(region)).unwrap();
        let endpoint = format!("https://workspace.{region}.myhuaweicloud.eu");
        assert!(hint.contains(&endpoint), "{hint}");
    }
}

#[test]
fn the_gateway_has_codes_of_its_own() {
    for prefix in ["APIGW", "APIG"] {
        let missing = response(
            DETACH,
            404,
            &format!("{prefix}.0101"),
            "The API does not exist",
        );
        check(&missing, &["does not offer Workspace", "region"], &[]);
        let large = response(
            DETACH,
            413,
            &format!("{prefix}.0201"),
            "Request entity too large",
        );
        check(&large, &["--batch-size"], &[]);
    }
    assert_eq!(
        hint_for(&response(
            DETACH,
            404,
            "WKS.0202",
            "The desktop does not exist."
        )),
        None
    );
    let throttled = response(DETACH, 429, "APIGW.0308", "The throttling threshold");
    check(&throttled, &["Wait a minute", "report"], &["--report"]);
    check(
        &response(READ, 429, "APIGW.0308", ""),
        &["Wait a minute"],
        &["report"],
    );
}

#[test]
fn a_401_of_the_projects_advises_no_other_request() {
    let rejected = Error::builder(ErrorKind::Unauthorized)
        .status(reqwest::StatusCode::UNAUTHORIZED)
        .code("APIGW.0301")
        .message("Incorrect IAM authentication information: verify aksk signature fail")
        .credentials_kind(AccessKey)
        .build();
    let error = Error::builder(ErrorKind::Credentials)
        .message("the request to https://iam.test for the project of the region r failed")
        .source(rejected)
        .build();
    check(
        &error,
        &["before you try again", "lock the key"],
        &["--project-id"],
    );
}

#[test]
fn a_desktop_without_users_is_done() {
    let failed = |message: &str| {
        let builder = Error::builder(ErrorKind::Desktop).code("WKS.0001");
        builder.message(message).build()
    };
    for message in [
        "No user is bound to the desktop.",
        "No users are assigned to this desktop",
    ] {
        check(&failed(message), &["nothing is left to unbind"], &[]);
    }
    for message in [
        "No user is named and is_detach_all_users is not true.",
        "The user is not allowed to be assigned.",
        "",
    ] {
        assert_eq!(hint_for(&failed(message)), None, "{message}");
    }
}
