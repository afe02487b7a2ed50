//! Records are the same after they were kept in little memory.

#![allow(clippy::unwrap_used)]

use workspace_api::types::DesktopDetachInfo;

use super::*;

#[test]
fn records_stay_the_same() {
    let json = r#"[{"desktop_id":"d-1","desktop_name":"a\",\"type\":\"USER","user_id":"u-1","user_name":"li\u0001\"}","user_group":"sudo","detach_time":"2026-03-10T20:00:00Z","type":"USER"},{},{"type":"GROUP"},{"desktop_id":"","user_name":"设计部"}]"#;
    let records: Vec<DesktopDetachInfo> = serde_json::from_str(json).unwrap();
    let mut kept = Kept::default();
    for record in &records {
        kept.push(record);
    }
    assert!(kept.iter().eq(records));
    assert_eq!(serde_json::to_string(&kept).unwrap(), json);
    let first = kept.json.get(0);
    assert!(first.starts_with("\u{1}d-1\u{2}a"), "{first}");
    assert!(first.contains("\u{4}li\\u0001\\\u{b}"), "{first}");
    assert!(first.ends_with("\u{7}\u{b}"), "{first}");
}
