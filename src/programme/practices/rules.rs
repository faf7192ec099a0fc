//! How an example of the reference data becomes a record. What it is not: the storing of it.

use uuid::Uuid;

use crate::kernel::error::Result;
use crate::kernel::fold;
use crate::kernel::ids::{CityId, Id, PracticeId};
use crate::kernel::instant::Instant;
use crate::kernel::json::Json;
use crate::programme::practices::model::{Practice, PracticeStatus};
use crate::programme::reference;

/// The key of a practice: the same in every database, so that links to it last.
#[must_use]
pub fn id_of(slug: &str) -> PracticeId {
    let name = format!("intercultural-cities:practice:{slug}");
    PracticeId::of(Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()))
}

/// The record of an example as it is first stored.
///
/// # Errors
/// A fault of ours when a part of it cannot be written as JSON.
pub fn record(
    example: &reference::Practice,
    city: Option<CityId>,
    now: Instant,
) -> Result<Practice> {
    let texts = [
        &example.city,
        &example.title.da,
        &example.title.en,
        &example.summary.da,
        &example.summary.en,
    ];
    let search: Vec<String> = texts.iter().map(|text| fold::search_key(text)).collect();
    Ok(Practice {
        id: id_of(&example.slug),
        slug: example.slug.clone(),
        city_id: city,
        city_name: example.city.clone(),
        country: example.country.clone(),
        status: PracticeStatus::Published,
        year: example.year.map(i32::from),
        areas: Json::of(&example.links.areas)?,
        steps: Json::of(&example.links.steps)?,
        indicators: Json::of(&example.links.indicators)?,
        links_editorial: example.links.editorial,
        figures: Json::of(&example.figures)?,
        source: Json::of(&example.source)?,
        sort_key: fold::sort_key(&format!("{} {}", example.city, example.title.en)),
        search_key: search.join("\n"),
        title_da: example.title.da.clone(),
        title_en: example.title.en.clone(),
        summary_da: example.summary.da.clone(),
        summary_en: example.summary.en.clone(),
        created_at: now,
        updated_at: now,
        version: 1,
    })
}

/// The stored record as it shall be from now on; none when nothing of it changed.
#[must_use]
pub fn changed(stored: &Practice, wanted: Practice) -> Option<Practice> {
    let same_age = Practice {
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        version: stored.version,
        ..wanted.clone()
    };
    (same_age != *stored).then(|| Practice {
        created_at: stored.created_at,
        version: stored.version.saturating_add(1),
        ..wanted
    })
}

/// The record of a practice that is no longer in the reference data; none when it is archived.
#[must_use]
pub fn archived(stored: &Practice, now: Instant) -> Option<Practice> {
    (stored.status != PracticeStatus::Archived).then(|| Practice {
        status: PracticeStatus::Archived,
        updated_at: now,
        version: stored.version.saturating_add(1),
        ..stored.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programme::reference::Reference;

    fn moment(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    #[test]
    fn a_record_changes_only_with_its_example() {
        let (first, later) = (
            moment("2026-01-01T00:00:00Z"),
            moment("2026-02-01T00:00:00Z"),
        );
        let reference = Reference::compiled_in().unwrap();
        let oslo = &reference.practices[0];
        let stored = record(oslo, None, first).unwrap();
        assert_eq!(stored.id, id_of("oslo-oxlo"));
        assert_eq!(changed(&stored, record(oslo, None, later).unwrap()), None);

        let city = CityId::of(Uuid::from_u128(1));
        let linked = changed(&stored, record(oslo, Some(city), later).unwrap()).unwrap();
        assert_eq!((linked.version, linked.city_id), (2, Some(city)));
        assert_eq!((linked.created_at, linked.updated_at), (first, later));

        let gone = archived(&linked, later).unwrap();
        assert_eq!((gone.status, gone.version), (PracticeStatus::Archived, 3));
        assert_eq!(archived(&gone, later), None);
    }

    #[test]
    fn a_search_finds_both_languages() {
        let reference = Reference::compiled_in().unwrap();
        let now = moment("2026-01-01T00:00:00Z");
        let key = record(&reference.practices[0], None, now)
            .unwrap()
            .search_key;
        for text in ["OXLO", "for\u{ad}skellig", "a city for all", "åben"] {
            assert!(key.contains(&fold::search_key(text)), "{text}");
        }
    }
}
