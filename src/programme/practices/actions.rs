//! What is done with practices: those of the reference data are stored, a proposed one is published, one
//! that no longer holds is archived. What it is not: proposing (`practice_proposals`).

use std::collections::HashMap;

use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::identity::audit;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::{CityId, Id, PracticeId};
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::text;
use crate::programme::practices::content::Content;
use crate::programme::practices::model::{
    Practice, PracticeEdition, PracticeOrigin, PracticeStatus,
};
use crate::programme::practices::rules::{self, Publication};
use crate::programme::practices::store;
use crate::programme::reference::Reference;
use crate::programme::search_feed;
use crate::registry::cities;

/// Makes the stored practices those of the reference data, linked to their cities where these are
/// registered; practices that the data no longer holds are archived. Run again it changes nothing.
/// No request can ask for it: it belongs to the start of the service and to its seeding.
///
/// # Errors
/// What the database says.
pub fn ensure_reference(tx: &mut Tx<'_>, reference: &Reference) -> Result<()> {
    let mut stored: HashMap<PracticeId, Practice> = store::of_reference(tx.db)?
        .into_iter()
        .map(|practice| (practice.id, practice))
        .collect();
    for example in &reference.practices {
        let city = cities::find_named(tx.db, &example.country, &example.city)?;
        let publication = Publication {
            slug: &example.slug,
            origin: PracticeOrigin::Reference,
            city: city.map(|city| city.id),
            on: tx.today(),
            now: tx.now,
        };
        let wanted = rules::record(&Content::from(example), publication)?;
        let known = stored.remove(&wanted.id);
        put(tx, known.as_ref(), wanted)?;
    }
    for gone in stored.into_values() {
        if let Some(archived) = rules::archived(&gone, tx.now) {
            store::update(tx, &archived)?;
            search_feed::changed(tx, search_feed::Kind::Practice, archived.id.uuid())?;
            note(tx, "practice.archived", &archived)?;
        }
    }
    Ok(())
}

/// Publishes words: of a new practice, or as the next edition of one that is held by the transaction.
///
/// # Errors
/// `Forbidden`; refused when the city has a practice of this title already.
pub fn publish(
    tx: &mut Tx<'_>,
    content: &Content,
    city: Option<CityId>,
    of: Option<&Practice>,
) -> Result<PracticeId> {
    tx.viewer.permit(Permission::ModeratePractices)?;

    let slug = of.map_or_else(|| rules::slug_of(content), |known| known.slug.clone());
    let slug = if slug.is_empty() {
        format!("practice-{}", tx.new_id::<PracticeId>().uuid().simple())
    } else {
        slug
    };
    let publication = Publication {
        slug: &slug,
        origin: PracticeOrigin::Network,
        city,
        on: tx.today(),
        now: tx.now,
    };
    let wanted = rules::record(content, publication)?;
    let id = wanted.id;
    put(tx, of, wanted)?;
    Ok(id)
}

/// Takes a practice out; it is kept for what refers to it.
///
/// # Errors
/// `NotFound`, `Stale`; refused without a reason, for what is archived, and for reference data.
pub fn archive(tx: &mut Tx<'_>, id: PracticeId, version: i32, reason: &str) -> Result<PracticeId> {
    tx.viewer.permit(Permission::ModeratePractices)?;

    let practice = store::lock(tx, id)?;
    if practice.status != PracticeStatus::Published {
        return Err(Error::NotFound {
            kind: PracticeId::KIND,
            id: id.public(),
        });
    }
    expect_version(Some(version), practice.version)?;
    let reason = text::paragraph("reason", reason)?;
    let archived = rules::archived(&practice, tx.now)
        .filter(|_| practice.origin == PracticeOrigin::Network)
        .ok_or_else(|| {
            Error::refused(Refusal::new(
                RefusalCode::NotInState,
                "practiceId",
                "The memo's examples come with the service and are not archived.",
                "Notatets eksempler følger med tjenesten og kan ikke arkiveres.",
            ))
        })?;
    store::update(tx, &archived)?;
    search_feed::changed(tx, search_feed::Kind::Practice, id.uuid())?;

    let details = json!({ "slug": archived.slug, "version": archived.version, "reason": reason });
    audit::record(tx, "practice.archived", id, archived.city_id, details)?;
    Ok(id)
}

/// Stores a practice, new or changed, with its edition.
fn put(tx: &mut Tx<'_>, known: Option<&Practice>, wanted: Practice) -> Result<()> {
    let (what, stored) = match known {
        None => {
            store::insert(tx, &wanted)?;
            ("practice.published", wanted)
        }
        Some(known) => match rules::changed(known, wanted) {
            None => return Ok(()),
            Some(changed) => {
                store::update(tx, &changed)?;
                ("practice.revised", changed)
            }
        },
    };
    if known.is_none_or(|known| known.edition != stored.edition) {
        let edition = PracticeEdition {
            practice_id: stored.id,
            number: stored.edition,
            content: stored.content.clone(),
            published_on: stored.published_on,
            created_at: tx.now,
            created_by: tx.viewer.user_id(),
        };
        store::insert_edition(tx, &edition)?;
    }
    search_feed::changed(tx, search_feed::Kind::Practice, stored.id.uuid())?;
    note(tx, what, &stored)
}

fn note(tx: &mut Tx<'_>, what: &'static str, practice: &Practice) -> Result<()> {
    let details = json!({ "slug": practice.slug, "version": practice.version });
    audit::record(tx, what, practice.id, practice.city_id, details)
}
