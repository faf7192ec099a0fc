//! What may be said of a step. Pure. What it is not: an order of the steps; there is none.

use chrono::NaiveDate;

use crate::kernel::ids::UserId;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::programme::steps::model::{StepReport, StepStatus};

/// What is said.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// The step.
    pub step: i32,
    /// How far it is.
    pub status: StepStatus,
    /// From when.
    pub on: NaiveDate,
    /// What shows it.
    pub evidence: Option<&'a str>,
    /// Why it is less than it was.
    pub reason: Option<&'a str>,
}

/// What a city may say of a step, after what it said last.
///
/// # Errors
/// Every reason against it.
pub fn check(
    last: Option<&StepReport>,
    said: Said<'_>,
    today: NaiveDate,
) -> Result<(), Vec<Refusal>> {
    let was = last.map_or(StepStatus::NotStarted, |last| last.status);
    let mut refusals = Vec::new();
    let mut add = |code, field, en: &str, da: &str| {
        refusals.push(Refusal::new(code, field, en, da));
    };
    if !(1..=10).contains(&said.step) {
        add(
            RefusalCode::OutOfRange,
            "step",
            "There are ten steps, 1 to 10.",
            "Der er ti trin, 1 til 10.",
        );
    }
    if said.on > today || last.is_some_and(|last| said.on < last.reported_on) {
        add(
            RefusalCode::OutOfRange,
            "on",
            "The day is not after today and not before that of the last report.",
            "Dagen er ikke efter i dag og ikke før den seneste melding.",
        );
    }
    if said.status == StepStatus::Verified {
        add(
            RefusalCode::OutOfRange,
            "status",
            "A step is verified by the network, with verifyStep.",
            "Et trin bekræftes af netværket, med verifyStep.",
        );
    }
    if said.status == StepStatus::Done && said.evidence.is_none() {
        add(
            RefusalCode::Required,
            "evidence",
            "Say what shows that the step is taken.",
            "Skriv, hvad der viser, at trinnet er taget.",
        );
    }
    if said.status < was && said.reason.is_none() {
        add(
            RefusalCode::Required,
            "reason",
            "Say why the step is less far than it was.",
            "Skriv, hvorfor trinnet er mindre langt end før.",
        );
    }
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(refusals)
    }
}

/// Whether somebody may verify the step now.
///
/// # Errors
/// It is not said to be done, or by the same person.
pub fn check_verifier(last: Option<&StepReport>, by: Option<UserId>) -> Result<(), Refusal> {
    let Some(last) = last.filter(|last| last.status == StepStatus::Done) else {
        return Err(Refusal::new(
            RefusalCode::NotInState,
            "step",
            "Only a step that the city says is done is verified.",
            "Kun et trin, som byen siger er taget, kan bekræftes.",
        ));
    };
    if by.is_some() && last.created_by == by {
        return Err(Refusal::new(
            RefusalCode::SecondPersonNeeded,
            "step",
            "Whoever said that the step is done does not verify it; ask a colleague.",
            "Den, der har sagt, at trinnet er taget, bekræfter det ikke selv; spørg en kollega.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::kernel::ids::{CityId, Id, StepReportId};
    use crate::kernel::instant::Instant;
    use crate::kernel::period::parse_date;

    fn day(text: &str) -> NaiveDate {
        parse_date(text).unwrap()
    }

    fn last(status: StepStatus) -> StepReport {
        StepReport {
            id: StepReportId::of(Uuid::nil()),
            city_id: CityId::of(Uuid::nil()),
            step: 4,
            sequence: 1,
            status,
            reported_on: day("2026-05-01"),
            evidence: Some("minutes".to_owned()),
            source_url: None,
            reason: None,
            said_by: "Anna Example".to_owned(),
            created_at: Instant::parse("2026-05-01T00:00:00Z").unwrap(),
            created_by: Some(UserId::of(Uuid::from_u128(1))),
        }
    }

    #[test]
    fn a_step_goes_forward_freely_and_back_with_a_reason() {
        use StepStatus as S;
        for (was, status, on, evidence, reason, fields) in [
            (None, S::Done, "2026-11-22", Some("x"), None, vec![]),
            (None, S::InProgress, "2020-01-01", None, None, vec![]),
            (
                Some(S::InProgress),
                S::Done,
                "2026-05-01",
                None,
                None,
                vec!["evidence"],
            ),
            (
                Some(S::Verified),
                S::InProgress,
                "2026-06-01",
                None,
                None,
                vec!["reason"],
            ),
            (
                Some(S::Verified),
                S::NotStarted,
                "2026-06-01",
                None,
                Some("x"),
                vec![],
            ),
            (
                Some(S::Done),
                S::Done,
                "2026-04-30",
                Some("x"),
                None,
                vec!["on"],
            ),
            (
                None,
                S::Verified,
                "2026-11-23",
                None,
                None,
                vec!["on", "status"],
            ),
        ] {
            let was = was.map(last);
            let said = Said {
                step: 4,
                status,
                on: day(on),
                evidence,
                reason,
            };
            let found = check(was.as_ref(), said, day("2026-11-22"))
                .err()
                .unwrap_or_default();
            let found: Vec<_> = found.iter().map(|refusal| refusal.field.as_str()).collect();
            assert_eq!(found, fields, "{status} {on}");
        }
        for step in [0, 11, -1] {
            let said = Said {
                step,
                status: S::InProgress,
                on: day("2026-01-01"),
                evidence: None,
                reason: None,
            };
            assert_eq!(
                check(None, said, day("2026-11-22")).unwrap_err()[0].field,
                "step"
            );
        }
    }

    #[test]
    fn somebody_else_verifies_what_is_done() {
        let (anna, bo) = (
            UserId::of(Uuid::from_u128(1)),
            UserId::of(Uuid::from_u128(2)),
        );
        let done = last(StepStatus::Done);
        assert_eq!(check_verifier(Some(&done), Some(bo)), Ok(()));
        assert_eq!(
            check_verifier(Some(&done), Some(anna)).unwrap_err().code,
            RefusalCode::SecondPersonNeeded
        );
        for other in [
            None,
            Some(last(StepStatus::InProgress)),
            Some(last(StepStatus::Verified)),
        ] {
            assert_eq!(
                check_verifier(other.as_ref(), Some(bo)).unwrap_err().code,
                RefusalCode::NotInState
            );
        }
    }
}
