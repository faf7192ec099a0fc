//! What a city may say of a practice that it took over. Pure. What it is not: a judgement of it.

use chrono::NaiveDate;

use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::programme::practice_adoptions::model::{AdoptionStatus, PracticeAdoption};

/// What is said.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// What the city does with it.
    pub status: AdoptionStatus,
    /// From when.
    pub on: NaiveDate,
    /// What came of it.
    pub outcome: Option<&'a str>,
    /// Whether the practice is the city's own.
    pub is_own: bool,
}

/// Whether a city may say this after what it said last.
///
/// # Errors
/// Every reason against it.
pub fn check(
    last: Option<&PracticeAdoption>,
    said: Said<'_>,
    today: NaiveDate,
) -> Result<(), Vec<Refusal>> {
    let mut refusals = Vec::new();
    if said.is_own {
        refusals.push(Refusal::new(
            RefusalCode::SameCity,
            "cityId",
            "The practice is the city's own; propose a new edition of it.",
            "Eksemplet er byens eget; foreslå en ny udgave af det.",
        ));
    }
    if said.on > today || last.is_some_and(|last| said.on < last.reported_on) {
        refusals.push(Refusal::new(
            RefusalCode::OutOfRange,
            "on",
            "The day is not after today and not before that of the city's last word.",
            "Dagen er ikke efter i dag og ikke før den dag, byen sidst meldte.",
        ));
    }
    if said.status == AdoptionStatus::Dropped && said.outcome.is_none() {
        refusals.push(Refusal::new(
            RefusalCode::Required,
            "outcome",
            "Say why the city does it no more: others learn from it.",
            "Skriv, hvorfor byen ikke gør det mere: det lærer andre af.",
        ));
    }
    if said.status == AdoptionStatus::Dropped && last.is_none() {
        refusals.push(Refusal::new(
            RefusalCode::NotInState,
            "status",
            "The city has not said that it took the practice over.",
            "Byen har ikke meldt, at den har taget eksemplet op.",
        ));
    }
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(refusals)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::kernel::ids::{CityId, Id, PracticeAdoptionId, PracticeId};
    use crate::kernel::instant::Instant;
    use crate::kernel::period::parse_date;

    #[test]
    fn a_city_says_what_it_took_over_and_why_it_let_go() {
        use AdoptionStatus as S;
        let day = |text| parse_date(text).unwrap();
        let last = PracticeAdoption {
            id: PracticeAdoptionId::of(Uuid::nil()),
            practice_id: PracticeId::of(Uuid::nil()),
            city_id: CityId::of(Uuid::nil()),
            sequence: 1,
            status: S::Adopted,
            reported_on: day("2026-05-01"),
            outcome: None,
            source_url: None,
            said_by: "Anna Example".to_owned(),
            created_at: Instant::parse("2026-05-01T00:00:00Z").unwrap(),
            created_by: None,
        };
        for (was, status, on, outcome, is_own, fields) in [
            (false, S::Considering, "2026-11-22", None, false, vec![]),
            (false, S::Adopted, "2020-01-01", None, false, vec![]),
            (
                false,
                S::Adopted,
                "2026-11-23",
                None,
                true,
                vec!["cityId", "on"],
            ),
            (true, S::Adapted, "2026-04-30", None, false, vec!["on"]),
            (true, S::Dropped, "2026-05-01", None, false, vec!["outcome"]),
            (
                true,
                S::Dropped,
                "2026-05-01",
                Some("too dear"),
                false,
                vec![],
            ),
            (
                false,
                S::Dropped,
                "2026-05-01",
                Some("no"),
                false,
                vec!["status"],
            ),
        ] {
            let said = Said {
                status,
                on: day(on),
                outcome,
                is_own,
            };
            let found = check(was.then_some(&last), said, day("2026-11-22"));
            let found = found.err().unwrap_or_default();
            let found: Vec<_> = found.iter().map(|refusal| refusal.field.as_str()).collect();
            assert_eq!(found, fields, "{status} {on}");
        }
    }
}
