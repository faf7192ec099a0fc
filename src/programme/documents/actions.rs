//! Writing a document, and what is remarked on it. What it is not: how it goes on (`workflow`).

use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::files;
use crate::identity::audit;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::{ActivityId, CityId, DocumentId, FileId, Id};
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::{place, text};
use crate::programme::activities;
use crate::programme::documents::model::{
    Document, DocumentEdition, DocumentKind, DocumentRemark, DocumentStatus, NewDocument,
};
use crate::programme::documents::rules::{self, Reader};
use crate::programme::documents::store;
use crate::programme::search_feed;
use crate::registry::cities;

/// Begins a document with its first edition.
///
/// # Errors
/// `NotFound`; refused for an activity that is not of the city or of another kind, and for a file that is not
/// the network's.
pub fn draft(tx: &mut Tx<'_>, new: NewDocument) -> Result<DocumentId> {
    tx.viewer.permit(Permission::WriteDocuments)?;

    let city = cities::get(tx.db, new.city)?;
    if let Some(activity) = new.activity {
        demand_activity(tx, city.id, activity, new.kind)?;
    }
    let title = text::line("title", &new.title)?;
    let language = place::language_tag(&new.language).ok_or_else(|| {
        Error::refused(Refusal::new(
            RefusalCode::OutOfRange,
            "language",
            "Give the language as a tag, such as da or en.",
            "Angiv sproget som en kode, f.eks. da eller en.",
        ))
    })?;
    demand_file(tx, new.file)?;

    let document = Document {
        id: tx.new_id(),
        city_id: city.id,
        activity_id: new.activity,
        kind: new.kind,
        title,
        language,
        status: DocumentStatus::Draft,
        edition: 1,
        shown_edition: None,
        published_edition: None,
        fact_check_until: None,
        checked_at: None,
        checked_by: None,
        may_be_published: false,
        published_on: None,
        withdrawn_reason: None,
        created_at: tx.now,
        created_by: tx.viewer.user_id(),
        updated_at: tx.now,
        version: 1,
    };
    store::insert(tx, &document)?;
    add_edition(tx, &document, new.file, None)?;

    note(
        tx,
        "document.drafted",
        &document,
        json!({ "kind": document.kind }),
    )
}

/// Adds an edition. What was final or published is a draft again, and the published edition stays until the
/// new one is published; what is with the city is shown to it, and its word on the facts is asked anew.
///
/// # Errors
/// `NotFound`, `Stale`; refused for what was taken back, and for a file that is not the network's.
pub fn revise(
    tx: &mut Tx<'_>,
    id: DocumentId,
    version: i32,
    file: FileId,
    words: Option<&str>,
) -> Result<DocumentId> {
    use DocumentStatus::{Draft, FactCheck, Final, Published};
    let document = written(tx, id, version)?;
    rules::demand(&document, &[Draft, FactCheck, Final, Published]).map_err(Error::refused)?;
    demand_file(tx, file)?;
    let words = text::optional_paragraph("note", words)?;

    let edition = document.edition.saturating_add(1);
    let is_checked = document.status == FactCheck;
    let revised = Document {
        status: if is_checked { FactCheck } else { Draft },
        edition,
        shown_edition: if is_checked {
            Some(edition)
        } else {
            document.shown_edition
        },
        checked_at: None,
        checked_by: None,
        may_be_published: false,
        ..changed(document, tx)
    };
    store::update(tx, &revised)?;
    add_edition(tx, &revised, file, words)?;

    note(
        tx,
        "document.revised",
        &revised,
        json!({ "edition": edition }),
    )
}

/// Remarks something on the edition that one sees.
///
/// # Errors
/// `NotFound`, also for whoever may not read it; refused for what was taken back.
pub fn remark(tx: &mut Tx<'_>, id: DocumentId, words: &str) -> Result<DocumentId> {
    let scope = tx.viewer.scope_of_list(Permission::CheckFacts)?;
    let document = store::lock(tx, id)?;
    let reader = rules::reader(&document, tx.viewer);
    let seen = rules::last_edition(&document, reader);
    let Some(edition) =
        seen.filter(|_| reader > Reader::Public && scope.has_city(document.city_id))
    else {
        return Err(no_document(id));
    };
    let words = text::paragraph("remark", words)?;

    let known = store::remarks_of(tx.db, &[id])?.remove(&id);
    let number = known.map_or(0, |remarks| remarks.len());
    let remark = DocumentRemark {
        document_id: id,
        number: i32::try_from(number).unwrap_or(i32::MAX).saturating_add(1),
        edition,
        words,
        said_by: tx.viewer.name().to_owned(),
        created_at: tx.now,
        created_by: tx.viewer.user_id(),
    };
    store::insert_remark(tx, &remark)?;
    let remarked = changed(document, tx);
    store::update(tx, &remarked)?;

    note(
        tx,
        "document.remarked",
        &remarked,
        json!({ "edition": edition }),
    )
}

fn add_edition(
    tx: &mut Tx<'_>,
    document: &Document,
    file: FileId,
    words: Option<String>,
) -> Result<()> {
    let edition = DocumentEdition {
        document_id: document.id,
        number: document.edition,
        file_id: file,
        note: words,
        created_at: tx.now,
        created_by: tx.viewer.user_id(),
    };
    store::insert_edition(tx, &edition)
}

/// A file of the network: one of the city would be read by the city before it is shown to it.
fn demand_file(tx: &mut Tx<'_>, file: FileId) -> Result<()> {
    let found = files::find(tx.db, file)?;
    let found = found.filter(|found| files::rules::visible(found, tx.viewer));
    let refused =
        |code, en: &str, da: &str| Err(Error::refused(Refusal::new(code, "fileId", en, da)));
    match found {
        None => refused(
            RefusalCode::NotFound,
            "There is no such file; store it first (PUT /api/v1/files).",
            "Filen findes ikke; gem den først (PUT /api/v1/files).",
        ),
        Some(file) if file.city_id.is_some() => refused(
            RefusalCode::NotInState,
            "The city can read this file already; store it for the network, without a city.",
            "Byen kan allerede læse denne fil; gem den for netværket, uden by.",
        ),
        Some(_) => Ok(()),
    }
}

fn demand_activity(
    tx: &mut Tx<'_>,
    city: CityId,
    activity: ActivityId,
    kind: DocumentKind,
) -> Result<()> {
    let found = activities::find(tx.db, activity)?;
    if found.is_some_and(|one| one.city_id == city && one.kind == kind.activity()) {
        return Ok(());
    }
    Err(Error::refused(Refusal::new(
        RefusalCode::NotFound,
        "activityId",
        "The city has no such activity of this kind.",
        "Byen har ikke en sådan aktivitet af denne art.",
    )))
}

/// The document, locked, for those who write.
pub(super) fn written(tx: &mut Tx<'_>, id: DocumentId, version: i32) -> Result<Document> {
    tx.viewer.permit(Permission::WriteDocuments)?;
    let document = store::lock(tx, id)?;
    expect_version(Some(version), document.version)?;
    Ok(document)
}

pub(super) fn no_document(id: DocumentId) -> Error {
    Error::NotFound {
        kind: DocumentId::KIND,
        id: id.public(),
    }
}

/// The record with its next version.
pub(super) fn changed(document: Document, tx: &Tx<'_>) -> Document {
    Document {
        updated_at: tx.now,
        version: document.version.saturating_add(1),
        ..document
    }
}

pub(super) fn note(
    tx: &mut Tx<'_>,
    what: &'static str,
    document: &Document,
    details: serde_json::Value,
) -> Result<DocumentId> {
    search_feed::changed(tx, search_feed::Kind::Document, document.id.uuid())?;
    audit::record(tx, what, document.id, Some(document.city_id), details)?;
    Ok(document.id)
}
