//! What makes an expert's record right. What it is not: whether the person is an expert already;
//! the database holds that.

use chrono::NaiveDate;

use crate::kernel::ids::CityId;
use crate::kernel::period::{DateRefusal, check_date};
use crate::kernel::place;
use crate::kernel::policy_area::PolicyArea;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::text;
use crate::registry::experts::model::{ExpertKind, ExpertTerms};

/// Why the register says no to an expert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExpertRefusal {
    /// The person is an expert.
    IsExpert,
    /// There is no such city.
    NoSuchHomeCity,
}

impl From<ExpertRefusal> for Refusal {
    fn from(refusal: ExpertRefusal) -> Self {
        match refusal {
            ExpertRefusal::IsExpert => Self::new(
                RefusalCode::IdentifierTaken,
                "person",
                "This person is registered as an expert already; search for the name.",
                "Denne person er allerede registreret som ekspert; søg efter navnet.",
            ),
            ExpertRefusal::NoSuchHomeCity => Self::new(
                RefusalCode::NotFound,
                "homeCityId",
                "There is no city with this id; take it from a query.",
                "Der er ingen by med dette id; tag det fra en forespørgsel.",
            ),
        }
    }
}

/// What is said of an expert, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Where the expert comes from.
    pub kind: ExpertKind,
    /// BCP 47 tags in their usual case, each once.
    pub languages: Vec<String>,
    /// The policy areas, each once, in the order of the list.
    pub policy_areas: Vec<PolicyArea>,
    /// Whom the expert works for.
    pub organisation: Option<String>,
    /// Where the expert lives or works.
    pub home_city_id: Option<CityId>,
    /// The first day on which the expert can be planned.
    pub available_from: Option<NaiveDate>,
    /// The day after the last.
    pub available_until: Option<NaiveDate>,
}

/// Checks what is said of an expert.
///
/// # Errors
/// All problems.
pub fn check(terms: &ExpertTerms) -> Result<Checked, Vec<Refusal>> {
    let mut problems = Vec::new();
    let languages = check_languages(&mut problems, &terms.languages);
    let mut policy_areas = terms.policy_areas.clone();
    policy_areas.sort_unstable();
    policy_areas.dedup();
    let organisation = text::optional_line("organisation", terms.organisation.as_deref());
    let organisation = organisation.map_err(|problem| problems.push(problem));
    for (field, date) in [
        ("availableFrom", terms.available_from),
        ("availableUntil", terms.last_available),
    ] {
        if let Some(Err(wrong)) = date.map(check_date) {
            problems.push(of_date(field, wrong));
        }
    }
    if let Some((from, last)) = terms.available_from.zip(terms.last_available)
        && last < from
    {
        problems.push(of_date("availableUntil", DateRefusal::EndsBeforeStart));
    }
    match organisation {
        Ok(organisation) if problems.is_empty() => Ok(Checked {
            kind: terms.kind,
            languages,
            policy_areas,
            organisation,
            home_city_id: terms.home_city_id,
            available_from: terms.available_from,
            available_until: terms.last_available.and_then(|last| last.succ_opt()),
        }),
        _ => Err(problems),
    }
}

fn check_languages(problems: &mut Vec<Refusal>, languages: &[String]) -> Vec<String> {
    let mut kept: Vec<String> = Vec::with_capacity(languages.len());
    for (index, language) in languages.iter().enumerate() {
        match place::language_tag(language) {
            Some(tag) if !kept.contains(&tag) => kept.push(tag),
            Some(_) => {}
            None => problems.push(Refusal::new(
                RefusalCode::InvalidText,
                format!("languages.{index}"),
                "A language is written as BCP 47, such as da.",
                "Et sprog skrives efter BCP 47, fx da.",
            )),
        }
    }
    if languages.is_empty() {
        problems.push(Refusal::new(
            RefusalCode::Required,
            "languages",
            "Give at least one language; a visit needs one that expert and city share.",
            "Angiv mindst ét sprog; et besøg kræver et sprog som ekspert og by deler.",
        ));
    }
    if languages.len() > 20 {
        problems.push(Refusal::new(
            RefusalCode::OutOfRange,
            "languages",
            "Give at most 20 languages.",
            "Angiv højst 20 sprog.",
        ));
    }
    kept
}

fn of_date(field: &str, wrong: DateRefusal) -> Refusal {
    Refusal {
        code: RefusalCode::OutOfRange,
        field: field.to_owned(),
        message: wrong.phrase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::period::parse_date;

    fn terms() -> ExpertTerms {
        ExpertTerms {
            kind: ExpertKind::CityPeer,
            languages: vec!["DA".to_owned(), "en-gb".to_owned(), "da".to_owned()],
            policy_areas: vec![
                PolicyArea::Housing,
                PolicyArea::LabourMarket,
                PolicyArea::Housing,
            ],
            organisation: Some(" City of Oslo ".to_owned()),
            home_city_id: None,
            available_from: Some(parse_date("2026-01-01").unwrap()),
            last_available: Some(parse_date("2026-12-31").unwrap()),
        }
    }

    #[test]
    fn keeps_what_is_right_once() {
        let checked = check(&terms()).unwrap();
        assert_eq!(checked.languages, ["da", "en-GB"]);
        assert_eq!(
            checked.policy_areas,
            [PolicyArea::LabourMarket, PolicyArea::Housing]
        );
        assert_eq!(checked.organisation.as_deref(), Some("City of Oslo"));
        assert_eq!(
            checked.available_until,
            Some(parse_date("2027-01-01").unwrap())
        );
    }

    #[test]
    fn names_every_problem_at_once() {
        for (terms, fields) in [
            (
                ExpertTerms {
                    languages: Vec::new(),
                    organisation: Some("a\u{0}".to_owned()),
                    ..terms()
                },
                &["languages", "organisation"][..],
            ),
            (
                ExpertTerms {
                    languages: vec!["da".to_owned(), "!".to_owned()],
                    last_available: Some(parse_date("2025-12-31").unwrap()),
                    ..terms()
                },
                &["languages.1", "availableUntil"],
            ),
        ] {
            let found: Vec<_> = check(&terms)
                .unwrap_err()
                .into_iter()
                .map(|problem| problem.field)
                .collect();
            assert_eq!(found, fields);
        }
    }
}
