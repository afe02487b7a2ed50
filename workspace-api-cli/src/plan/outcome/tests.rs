//! Entries have the form in which the crate serializes outcomes.

#![allow(clippy::unwrap_used)]

use std::io;

use workspace_api::ErrorKind;
use workspace_api::reexports::reqwest::StatusCode;

use super::*;

#[test]
fn entries_are_what_the_crate_serializes() {
    let error = |kind| {
        Error::builder(kind)
            .status(StatusCode::CONFLICT)
            .code("WKS.00010032")
            .message("The desktop is restarting.")
            .detail("REBOOTING")
            .request_id("r-1")
            .source(io::Error::other("a cause"))
            .build()
    };
    let nothing = Error::builder(ErrorKind::Connect).build();
    for outcome in [
        Outcome::Succeeded,
        Outcome::Accepted {
            job_id: "j-1".to_owned(),
        },
        Outcome::Failed(error(ErrorKind::Conflict)),
        Outcome::Unknown(error(ErrorKind::Server)),
        Outcome::NotSent(error(ErrorKind::Unauthorized)),
        Outcome::Failed(nothing.clone()),
        Outcome::NotSent(nothing),
    ] {
        let mut desktop = DesktopOutcome::new("d-1".parse().unwrap(), outcome);
        desktop.desktop_name = Some("design-01".to_owned());
        let entry = Entry::from(&desktop);
        assert_eq!(
            serde_json::to_string(&entry).unwrap(),
            serde_json::to_string(&desktop).unwrap()
        );
    }
}
