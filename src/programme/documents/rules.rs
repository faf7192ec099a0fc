//! Who reads which edition, and when a document goes on. Pure. What it is not: what a document says.

use chrono::{NaiveDate, TimeDelta};

use crate::access::permission::Permission;
use crate::access::viewer::Viewer;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::programme::documents::model::{Document, DocumentStatus};

/// How many days a city has to check the facts when nothing else is said: domain, "14-day silence".
const DAYS_TO_CHECK: i64 = 14;
/// The longest time for it.
const MOST_DAYS_TO_CHECK: i64 = 90;

/// As whom a viewer reads a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reader {
    /// As anybody.
    Public,
    /// For the city it is about, or as somebody who sees all programmes.
    City,
    /// As one of those who write it.
    Writer,
}

/// As whom the viewer reads documents about a city.
#[must_use]
pub fn reader(document: &Document, viewer: &Viewer) -> Reader {
    if viewer.may(Permission::WriteDocuments) {
        Reader::Writer
    } else if viewer.may_for(Permission::SeeProgramme, document.city_id) {
        Reader::City
    } else {
        Reader::Public
    }
}

/// The last edition that a reader may see; none when the document is not there for them.
#[must_use]
pub fn last_edition(document: &Document, reader: Reader) -> Option<i32> {
    let withdrawn = document.status == DocumentStatus::Withdrawn;
    match reader {
        Reader::Writer => Some(document.edition),
        _ if withdrawn => None,
        Reader::City => document.shown_edition.max(document.published_edition),
        Reader::Public => document.published_edition,
    }
}

/// Whether a reader may see an edition: the public only the one that is published, since drafts before it
/// were never meant for it.
#[must_use]
pub fn sees_edition(document: &Document, reader: Reader, number: i32) -> bool {
    match (reader, last_edition(document, reader)) {
        (_, None) => false,
        (Reader::Public, Some(last)) => number == last,
        (_, Some(last)) => (1..=last).contains(&number),
    }
}

/// How far the document is for a reader: while a new edition is written, the published one is published.
#[must_use]
pub fn status_for(document: &Document, reader: Reader) -> DocumentStatus {
    match reader {
        Reader::Public if document.published_edition.is_some() => DocumentStatus::Published,
        _ => document.status,
    }
}

/// Until when the city may check the facts.
///
/// # Errors
/// A day that is over, or too far away.
pub fn check_until(asked: Option<NaiveDate>, today: NaiveDate) -> Result<NaiveDate, Refusal> {
    let until = asked.or_else(|| today.checked_add_signed(TimeDelta::days(DAYS_TO_CHECK)));
    let fits = |day: &NaiveDate| (1..=MOST_DAYS_TO_CHECK).contains(&(*day - today).num_days());
    until.filter(fits).ok_or_else(|| {
        Refusal::new(
            RefusalCode::OutOfRange,
            "until",
            "Give the city from 1 to 90 days.",
            "Giv byen fra 1 til 90 dage.",
        )
    })
}

/// Whether the document may be made final: the city has checked the facts, or let its time pass.
///
/// # Errors
/// It is not with the city, or the city still has time.
pub fn check_final(document: &Document, today: NaiveDate) -> Result<(), Refusal> {
    demand(document, &[DocumentStatus::FactCheck])?;
    let is_over = document.fact_check_until.is_some_and(|until| until < today);
    if document.checked_at.is_some() || is_over {
        return Ok(());
    }
    let until = document.fact_check_until.unwrap_or(today);
    Err(Refusal::new(
        RefusalCode::NotInState,
        "documentId",
        format!("The city may check the facts until {until}."),
        format!("Byen kan kontrollere fakta til og med {until}."),
    ))
}

/// Whether the document may be published: it is final, and the city agrees.
///
/// # Errors
/// It is not final, or the city has not agreed.
pub fn check_publication(document: &Document) -> Result<(), Refusal> {
    demand(document, &[DocumentStatus::Final])?;
    if document.may_be_published {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalCode::ConsentMissing,
        "documentId",
        "The city has not agreed to its publication; ask its coordinator to say so.",
        "Byen har ikke givet lov til offentliggørelse; bed koordinatoren om det.",
    ))
}

/// Demands one of some states.
///
/// # Errors
/// It is in another one.
pub fn demand(document: &Document, states: &[DocumentStatus]) -> Result<(), Refusal> {
    if states.contains(&document.status) {
        return Ok(());
    }
    let words: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
    let (was, is) = (document.status, words.join(", "));
    Err(Refusal::new(
        RefusalCode::NotInState,
        "documentId",
        format!("The document is {was}; this is done with one that is {is}."),
        format!("Dokumentet er {was}; det gøres kun med et, der er {is}."),
    ))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::kernel::ids::{CityId, DocumentId, Id};
    use crate::kernel::instant::Instant;
    use crate::kernel::period::parse_date;
    use crate::programme::documents::model::DocumentKind;

    fn document(status: DocumentStatus) -> Document {
        let now = Instant::parse("2026-11-01T00:00:00Z").unwrap();
        Document {
            id: DocumentId::of(Uuid::nil()),
            city_id: CityId::of(Uuid::nil()),
            activity_id: None,
            kind: DocumentKind::SwotReport,
            title: "SWOT".to_owned(),
            language: "en".to_owned(),
            status,
            edition: 3,
            shown_edition: None,
            published_edition: None,
            fact_check_until: parse_date("2026-11-20").ok(),
            checked_at: None,
            checked_by: None,
            may_be_published: false,
            published_on: None,
            withdrawn_reason: None,
            created_at: now,
            created_by: None,
            updated_at: now,
            version: 1,
        }
    }

    #[test]
    fn each_reader_sees_what_is_meant_for_them() {
        use DocumentStatus as S;
        use Reader::{City, Public, Writer};
        // Status, shown, published; the last edition for the public, the city, those who write.
        for (status, shown, published, expected) in [
            (S::Draft, None, None, [None, None, Some(3)]),
            (S::FactCheck, Some(3), None, [None, Some(3), Some(3)]),
            (S::Draft, Some(2), None, [None, Some(2), Some(3)]),
            (S::Published, Some(3), Some(3), [Some(3), Some(3), Some(3)]),
            (S::Draft, Some(2), Some(2), [Some(2), Some(2), Some(3)]),
            (S::Withdrawn, Some(2), Some(2), [None, None, Some(3)]),
        ] {
            let one = Document {
                shown_edition: shown,
                published_edition: published,
                ..document(status)
            };
            assert_eq!(
                [Public, City, Writer].map(|who| last_edition(&one, who)),
                expected,
                "{status}"
            );
        }
        let one = Document {
            shown_edition: Some(2),
            published_edition: Some(2),
            ..document(S::Draft)
        };
        let seen = |who| {
            (0..5)
                .filter(|n| sees_edition(&one, who, *n))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            [seen(Public), seen(City), seen(Writer)],
            [vec![2], vec![1, 2], vec![1, 2, 3]]
        );
        assert_eq!(status_for(&one, Public), S::Published);
        assert_eq!(status_for(&one, City), S::Draft);
    }

    #[test]
    fn the_city_has_its_time_and_its_say() {
        let day = |text| parse_date(text).unwrap();
        let today = day("2026-11-06");
        assert_eq!(check_until(None, today), Ok(day("2026-11-20")));
        for wrong in ["2026-11-06", "2026-11-05", "2027-02-05"] {
            assert!(check_until(Some(day(wrong)), today).is_err(), "{wrong}");
        }
        let mut one = document(DocumentStatus::FactCheck);
        assert!(
            check_final(&one, day("2026-11-20")).is_err(),
            "its last day is the city's"
        );
        assert_eq!(check_final(&one, day("2026-11-21")), Ok(()));
        one.checked_at = Some(one.created_at);
        assert_eq!(check_final(&one, day("2026-11-06")), Ok(()));
        assert!(check_final(&document(DocumentStatus::Draft), day("2027-01-01")).is_err());

        let mut done = document(DocumentStatus::Final);
        assert_eq!(
            check_publication(&done).unwrap_err().code,
            RefusalCode::ConsentMissing
        );
        done.may_be_published = true;
        assert_eq!(check_publication(&done), Ok(()));
    }
}
