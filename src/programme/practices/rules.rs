//! How words become a record, and when a record changes. What it is not: the storing of it.

use chrono::{Months, NaiveDate};
use uuid::Uuid;

use crate::kernel::error::Result;
use crate::kernel::fold;
use crate::kernel::ids::{CityId, Id, PracticeId};
use crate::kernel::instant::Instant;
use crate::kernel::json::Json;
use crate::kernel::language::Language;
use crate::programme::practices::content::Content;
use crate::programme::practices::model::{Practice, PracticeOrigin, PracticeStatus};

/// After how many months somebody looks whether a practice still holds.
const MONTHS_TO_REVIEW: u32 = 24;

/// The key of a practice: the same in every database, so that links to it last.
#[must_use]
pub fn id_of(slug: &str) -> PracticeId {
    let name = format!("intercultural-cities:practice:{slug}");
    PracticeId::of(Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()))
}

/// The lasting name of a practice: city and title, in lower-case letters, digits and single hyphens.
#[must_use]
pub fn slug_of(content: &Content) -> String {
    let title = content.title.in_language(Language::En).unwrap_or_default();
    let folded = fold::sort_stem(&format!("{} {title}", content.city_name));
    let mut slug = String::new();
    for character in folded.chars() {
        if character.is_ascii_alphanumeric() {
            slug.push(character);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(80);
    slug.trim_end_matches('-').to_owned()
}

/// Where and when a practice is published.
#[derive(Debug, Clone, Copy)]
pub struct Publication<'a> {
    /// Its lasting name.
    pub slug: &'a str,
    /// Who keeps its words.
    pub origin: PracticeOrigin,
    /// The city, when it is registered.
    pub city: Option<CityId>,
    /// The first day.
    pub on: NaiveDate,
    /// The moment.
    pub now: Instant,
}

/// The record of words as they are first published.
///
/// # Errors
/// A fault of ours when a part of it cannot be written as JSON.
pub fn record(content: &Content, publication: Publication<'_>) -> Result<Practice> {
    let texts = [&content.title, &content.summary];
    let texts = texts
        .iter()
        .flat_map(|words| [&words.da, &words.en])
        .flatten();
    let search: Vec<String> = std::iter::once(&content.city_name)
        .chain(texts)
        .map(|text| fold::search_key(text))
        .collect();
    let title = content.title.in_language(Language::En).unwrap_or_default();
    Ok(Practice {
        id: id_of(publication.slug),
        slug: publication.slug.to_owned(),
        origin: publication.origin,
        city_id: publication.city,
        country: content.country.clone(),
        status: PracticeStatus::Published,
        edition: 1,
        areas: Json::of(&content.areas)?,
        steps: Json::of(&content.steps)?,
        indicators: Json::of(&content.indicators)?,
        content: Json::of(content)?,
        sort_key: fold::sort_key(&format!("{} {title}", content.city_name)),
        search_key: search.join("\n"),
        published_on: publication.on,
        review_on: match publication.origin {
            PracticeOrigin::Reference => None,
            PracticeOrigin::Network => publication
                .on
                .checked_add_months(Months::new(MONTHS_TO_REVIEW)),
        },
        created_at: publication.now,
        updated_at: publication.now,
        version: 1,
    })
}

/// The stored record as it shall be from now on; none when nothing of it changed. Other words are another
/// edition.
#[must_use]
pub fn changed(stored: &Practice, wanted: Practice) -> Option<Practice> {
    let same_words = stored.content == wanted.content;
    let edition = stored.edition.saturating_add(i32::from(!same_words));
    let same_age = Practice {
        edition,
        published_on: stored.published_on,
        review_on: stored.review_on,
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        version: stored.version,
        ..wanted.clone()
    };
    (same_age != *stored).then(|| Practice {
        edition,
        published_on: if same_words {
            stored.published_on
        } else {
            wanted.published_on
        },
        created_at: stored.created_at,
        version: stored.version.saturating_add(1),
        ..wanted
    })
}

/// The record of a practice that is taken out; none when it is archived.
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
    use crate::kernel::period::parse_date;
    use crate::programme::practices::content::Words;
    use crate::programme::reference::Reference;

    fn moment(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    fn oslo(city: Option<CityId>, now: Instant) -> Practice {
        let reference = Reference::compiled_in().unwrap();
        let example = &reference.practices[0];
        let publication = Publication {
            slug: &example.slug,
            origin: PracticeOrigin::Reference,
            city,
            on: parse_date("2026-01-01").unwrap(),
            now,
        };
        record(&Content::from(example), publication).unwrap()
    }

    #[test]
    fn a_record_changes_only_with_its_words_and_its_city() {
        let (first, later) = (
            moment("2026-01-01T00:00:00Z"),
            moment("2026-02-01T00:00:00Z"),
        );
        let stored = oslo(None, first);
        assert_eq!(stored.id, id_of("oslo-oxlo"));
        assert_eq!(changed(&stored, oslo(None, later)), None);

        let city = CityId::of(Uuid::from_u128(1));
        let linked = changed(&stored, oslo(Some(city), later)).unwrap();
        assert_eq!((linked.version, linked.city_id), (2, Some(city)));
        assert_eq!((linked.created_at, linked.updated_at), (first, later));
        assert_eq!(linked.edition, 1, "the words are the same");

        let mut content = linked.content().unwrap();
        content.purpose.en = Some("To be one city.".to_owned());
        let publication = Publication {
            slug: "oslo-oxlo",
            origin: PracticeOrigin::Reference,
            city: Some(city),
            on: parse_date("2026-02-01").unwrap(),
            now: later,
        };
        let reworded = changed(&linked, record(&content, publication).unwrap()).unwrap();
        assert_eq!((reworded.edition, reworded.version), (2, 3));
        assert_eq!(reworded.published_on, publication.on);

        let gone = archived(&reworded, later).unwrap();
        assert_eq!((gone.status, gone.version), (PracticeStatus::Archived, 4));
        assert_eq!(archived(&gone, later), None);
    }

    #[test]
    fn a_search_finds_both_languages() {
        let key = oslo(None, moment("2026-01-01T00:00:00Z")).search_key;
        for text in ["OXLO", "for\u{ad}skellig", "a city for all", "åben"] {
            assert!(key.contains(&fold::search_key(text)), "{text}");
        }
    }

    #[test]
    fn a_lasting_name_is_of_letters_digits_and_single_hyphens() {
        let mut content = Content::from(&Reference::compiled_in().unwrap().practices[0]);
        for (city, title, slug) in [
            ("Århus", "Beboere – på tværs!", "aarhus-beboere-paa-tvaers"),
            ("Łódź", "1. Mødested", "lodz-1-moedested"),
            ("Київ", "Дім", ""),
        ] {
            city.clone_into(&mut content.city_name);
            content.title = Words {
                da: Some(title.to_owned()),
                en: None,
            };
            assert_eq!(slug_of(&content), slug);
        }
    }
}
