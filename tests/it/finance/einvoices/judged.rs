//! The judgement over a document, and the folder where all of them are left for the checks of CI.
//! What it is not: the rules.

use std::path::Path;

use en16931::profiles::PEPPOL_BIS_3;
use en16931_formats::{Policy, Recommendation, receive};

use crate::finance::einvoices::checker;

/// Fails unless the document holds every rule that is known here, and leaves it for CI.
#[track_caller]
pub(super) fn judge(name: &str, xml: &[u8]) {
    let text = std::str::from_utf8(xml).unwrap();
    let problems = checker::problems(text);
    assert!(problems.is_empty(), "{name}: {problems:#?}\n{text}");
    let policy = Policy {
        require: Some(&PEPPOL_BIS_3),
        ..Policy::default()
    };
    let received = receive(xml, &policy);
    assert!(
        received.recommendation == Recommendation::Accept && received.coincides(),
        "{name}: {received}\n{text}"
    );

    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("einvoices");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(format!("{name}.xml")), xml).unwrap();
}
