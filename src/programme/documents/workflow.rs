//! How a document goes on: to the city, to its final form, to everybody. What it is not: writing it.

use chrono::NaiveDate;
use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::DocumentId;
use crate::kernel::text;
use crate::programme::documents::actions::{changed, no_document, note, written};
use crate::programme::documents::model::{Document, DocumentStatus};
use crate::programme::documents::{rules, store};

/// Shows a draft to the city, which checks the facts until a day: 14 days from today when nothing is said.
///
/// # Errors
/// `NotFound`, `Stale`; refused for what is not a draft, and for a time that is no time.
pub fn open_fact_check(
    tx: &mut Tx<'_>,
    id: DocumentId,
    version: i32,
    until: Option<NaiveDate>,
) -> Result<DocumentId> {
    let document = written(tx, id, version)?;
    rules::demand(&document, &[DocumentStatus::Draft]).map_err(Error::refused)?;
    let until = rules::check_until(until, tx.today()).map_err(Error::refused)?;

    let shown = Document {
        status: DocumentStatus::FactCheck,
        shown_edition: Some(document.edition),
        fact_check_until: Some(until),
        checked_at: None,
        checked_by: None,
        may_be_published: false,
        ..changed(document, tx)
    };
    store::update(tx, &shown)?;

    note(
        tx,
        "document.shown",
        &shown,
        json!({ "edition": shown.edition, "until": until }),
    )
}

/// Says for the city that the facts are right, and whether the document may be published. Said again it may
/// change its mind about the publication until it is published.
///
/// # Errors
/// `NotFound`, also for another city's coordinator; `Stale`; refused for what the city was not shown.
pub fn confirm_facts(
    tx: &mut Tx<'_>,
    id: DocumentId,
    version: i32,
    may_be_published: bool,
) -> Result<DocumentId> {
    let scope = tx.viewer.scope_of_list(Permission::CheckFacts)?;
    let document = store::lock(tx, id)?;
    if !scope.has_city(document.city_id) || document.shown_edition.is_none() {
        return Err(no_document(id));
    }
    expect_version(Some(version), document.version)?;
    let states = [DocumentStatus::FactCheck, DocumentStatus::Final];
    rules::demand(&document, &states).map_err(Error::refused)?;

    let checked = Document {
        checked_at: document.checked_at.or(Some(tx.now)),
        checked_by: document.checked_by.or(tx.viewer.user_id()),
        may_be_published,
        ..changed(document, tx)
    };
    store::update(tx, &checked)?;

    note(
        tx,
        "document.checked",
        &checked,
        json!({ "mayBePublished": may_be_published }),
    )
}

/// Makes a document final: the city has checked the facts, or has said nothing in time.
///
/// # Errors
/// `NotFound`, `Stale`; refused while the city has time, and for what is not with it.
pub fn finalise(tx: &mut Tx<'_>, id: DocumentId, version: i32) -> Result<DocumentId> {
    let document = written(tx, id, version)?;
    rules::check_final(&document, tx.today()).map_err(Error::refused)?;

    let done = Document {
        status: DocumentStatus::Final,
        ..changed(document, tx)
    };
    store::update(tx, &done)?;

    let silent = done.checked_at.is_none();
    note(
        tx,
        "document.final",
        &done,
        json!({ "edition": done.edition, "inSilence": silent }),
    )
}

/// Publishes a final document: everybody can read this edition.
///
/// # Errors
/// `NotFound`, `Stale`; refused for what is not final, and without the city's consent.
pub fn publish(tx: &mut Tx<'_>, id: DocumentId, version: i32) -> Result<DocumentId> {
    let document = written(tx, id, version)?;
    rules::check_publication(&document).map_err(Error::refused)?;

    let published = Document {
        status: DocumentStatus::Published,
        published_edition: Some(document.edition),
        published_on: Some(tx.today()),
        ..changed(document, tx)
    };
    store::update(tx, &published)?;

    note(
        tx,
        "document.published",
        &published,
        json!({ "edition": published.edition }),
    )
}

/// Takes a document back: nobody but those who write sees it any more.
///
/// # Errors
/// `NotFound`, `Stale`; refused without a reason, and for what was taken back.
pub fn withdraw(tx: &mut Tx<'_>, id: DocumentId, version: i32, reason: &str) -> Result<DocumentId> {
    use DocumentStatus::{Draft, FactCheck, Final, Published};
    let document = written(tx, id, version)?;
    rules::demand(&document, &[Draft, FactCheck, Final, Published]).map_err(Error::refused)?;
    let reason = text::paragraph("reason", reason)?;

    let withdrawn = Document {
        status: DocumentStatus::Withdrawn,
        withdrawn_reason: Some(reason.clone()),
        ..changed(document, tx)
    };
    store::update(tx, &withdrawn)?;

    note(
        tx,
        "document.withdrawn",
        &withdrawn,
        json!({ "reason": reason }),
    )
}
