//! Entries are the same after they were kept in little memory.

#![allow(clippy::unwrap_used)]

use crate::plan::outcome::Status;

use super::*;

#[test]
fn entries_stay_the_same() {
    let mut names = DesktopNames::default();
    names.insert("d-1", "design-01");
    let entry = |id: &str, name: Option<&str>, status| Entry {
        desktop_name: name.map(str::to_owned),
        time: Some("2026-03-10T20:00:00.000Z".to_owned()),
        ..Entry::new(id.parse().unwrap(), status)
    };
    let message = |id: &str| format!("{id} is not {id}0 \u{1} \"{id}\"");
    let entries = [
        entry("d-1", Some("design-01"), Status::Succeeded),
        entry("d-2", None, Status::Succeeded),
        entry("d-3", Some("of the service"), Status::Accepted),
        entry("d-4", None, Status::Failed).with_message(message("d-4")),
        entry("d-5", None, Status::Failed).with_message(message("d-5")),
        Entry {
            error_kind: Some("rejected".to_owned()),
            request_id: Some("r-1 \u{3}".to_owned()),
            ..entry("d-7", Some(",\"status\":"), Status::Failed).with_message(",\"status\":1\"}")
        },
        Entry {
            verified: Some(false),
            missing: Some("a record".to_owned()),
            status: Some(409),
            error_code: Some("d".to_owned()),
            ..entry("d-6", None, Status::Succeeded)
        },
    ];
    let mut kept = KeptEntries::new(&names);
    for entry in &entries {
        kept.push(entry);
    }
    assert_eq!(
        serde_json::to_string(&kept).unwrap(),
        serde_json::to_string(&entries).unwrap()
    );
    assert_eq!(kept.statements.contents.len(), 5);
    kept.replace(1, &entry("d-2", None, Status::Unknown));
    assert_eq!(kept.get(1).unwrap().outcome, Status::Unknown);
    assert_eq!(kept.get(2).unwrap().desktop_id.as_str(), "d-3");
}
