//! The outcomes that follow from a response.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

/// An entry that counts how often its id is read.
struct Counted<'a> {
    id: String,
    reads: &'a AtomicUsize,
}

impl BatchEntry for Counted<'_> {
    fn id(&self) -> &str {
        self.reads.fetch_add(1, Ordering::Relaxed);
        &self.id
    }

    fn into_id(self) -> Option<DesktopId> {
        self.id.parse().ok()
    }
}

fn failure(desktop_id: &str) -> VmOperateResult {
    VmOperateResult {
        desktop_id: Some(desktop_id.to_owned()),
        error_code: Some("WKS.00010032".to_owned()),
        ..VmOperateResult::default()
    }
}

fn outcomes(ids: &[String], failures: Vec<VmOperateResult>) -> (Vec<&'static str>, usize) {
    let reads = AtomicUsize::new(0);
    let batch = ids.iter().map(|id| Counted {
        id: id.clone(),
        reads: &reads,
    });
    let response = BatchResponse {
        failures,
        ..BatchResponse::default()
    };
    let outcome = response.into_outcome(batch.collect());
    let outcomes = outcome.desktops.iter();
    (
        outcomes.map(|desktop| desktop.outcome.as_str()).collect(),
        reads.load(Ordering::Relaxed),
    )
}

#[test]
fn a_failure_is_of_the_desktop_in_whatever_spelling_it_names_it() {
    let id = "4f6f0a1e-0c1d-4f0b-9c57-2a3f8f6f00ab".to_owned();
    let ids = ["lab-01".to_owned(), id.clone()];
    for spelling in [id.clone(), id.to_uppercase(), id.replace('-', "")] {
        let (outcomes, _) = outcomes(&ids, vec![failure(&spelling)]);
        assert_eq!(outcomes, ["succeeded", "failed"], "{spelling}");
    }
    let (outcomes, _) = outcomes(&ids, vec![failure("lab01")]);
    assert_eq!(outcomes, ["unknown", "unknown"]);
}

#[test]
fn the_work_for_a_response_grows_with_the_batch() {
    let ids: Vec<_> = (0..1_000).map(|number| format!("d-{number}")).collect();
    let failures = ids.iter().rev().map(|id| failure(id)).collect();
    let (failed, reads) = outcomes(&ids, failures);
    assert!(failed.iter().all(|outcome| *outcome == "failed"));
    assert!(reads < 5 * ids.len(), "{reads}");
}
