//! What a proposal must say, and who may publish it. Pure. What it is not: a judgement of the practice.

use chrono::{Datelike, NaiveDate};

use crate::kernel::ids::UserId;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::{place, text};
use crate::programme::practice_proposals::model::{PracticeProposal, ProposalStatus};
use crate::programme::practices::{Contact, Content, Words};
use crate::programme::reference::Source;

/// The most figures, sources and contacts.
const MOST_PARTS: usize = 20;

/// The words made fit to keep; every problem of them at once.
///
/// # Errors
/// Every text, number and link that is wrong.
pub fn checked(content: Content, today: NaiveDate) -> Result<Content, Vec<Refusal>> {
    let mut found = Vec::new();
    let mut content = content;
    let titles = [&content.title.da, &content.title.en];
    let has_title = titles
        .into_iter()
        .flatten()
        .any(|title| !title.trim().is_empty());
    line(&mut found, "cityName", &mut content.city_name);
    words(&mut found, "title", &mut content.title, text::line);
    for (field, part) in [
        ("summary", &mut content.summary),
        ("purpose", &mut content.purpose),
        ("stimulus", &mut content.stimulus),
        ("process", &mut content.process),
        ("impact", &mut content.impact),
    ] {
        words(&mut found, field, part, text::paragraph);
    }
    if place::country(&content.country).is_none() {
        found.push(out_of_range("country", "a country code", "en landekode"));
    }
    if !has_title {
        found.push(required("title", "a title", "en titel"));
    }
    if content
        .year
        .is_some_and(|year| !(1900..=today.year()).contains(&year))
    {
        found.push(out_of_range(
            "year",
            "a year from 1900 to this one",
            "et år fra 1900 til i år",
        ));
    }
    if content.steps.iter().any(|step| !(1..=10).contains(step)) {
        found.push(out_of_range(
            "steps",
            "steps from 1 to 10",
            "trin fra 1 til 10",
        ));
    }
    content.areas.sort_unstable();
    content.areas.dedup();
    content.steps.sort_unstable();
    content.steps.dedup();
    content.indicators.sort_unstable();
    content.indicators.dedup();
    parts(&mut found, &mut content);
    if found.is_empty() {
        Ok(content)
    } else {
        Err(found)
    }
}

fn parts(found: &mut Vec<Refusal>, content: &mut Content) {
    for (field, length) in [
        ("figures", content.figures.len()),
        ("sources", content.sources.len()),
        ("contacts", content.contacts.len()),
    ] {
        if length > MOST_PARTS {
            found.push(out_of_range(field, "at most 20 of them", "højst 20 af dem"));
        }
    }
    for (place, figure) in content.figures.iter_mut().enumerate() {
        let under = |part: &str| format!("figures.{place}.{part}");
        line(found, &under("name"), &mut figure.what.da);
        line(found, &under("name"), &mut figure.what.en);
        line(found, &under("unit"), &mut figure.unit.da);
        line(found, &under("unit"), &mut figure.unit.en);
        if let Some(method) = &mut figure.method {
            line(found, &under("method"), &mut method.da);
            line(found, &under("method"), &mut method.en);
        }
    }
    for (place, source) in content.sources.iter_mut().enumerate() {
        let Source {
            title, publisher, ..
        } = source;
        line(found, &format!("sources.{place}.title"), title);
        line(found, &format!("sources.{place}.publisher"), publisher);
    }
    for (place, contact) in content.contacts.iter_mut().enumerate() {
        let Contact { name, .. } = contact;
        line(found, &format!("contacts.{place}.name"), name);
    }
}

fn line(found: &mut Vec<Refusal>, field: &str, line: &mut String) {
    match text::line(field, line) {
        Ok(kept) => *line = kept,
        Err(refusal) if !found.contains(&refusal) => found.push(refusal),
        Err(_) => {}
    }
}

fn words(
    found: &mut Vec<Refusal>,
    field: &str,
    words: &mut Words,
    check: fn(&str, &str) -> Result<String, Refusal>,
) {
    for (language, said) in [("da", &mut words.da), ("en", &mut words.en)] {
        let Some(written) = said.take().filter(|written| !written.trim().is_empty()) else {
            continue;
        };
        match check(&format!("{field}.{language}"), &written) {
            Ok(kept) => *said = Some(kept),
            Err(refusal) => found.push(refusal),
        }
    }
}

/// What is missing before somebody else can judge the words.
#[must_use]
pub fn missing(content: &Content) -> Vec<Refusal> {
    let mut found = Vec::new();
    if content.languages().is_empty() {
        found.push(required(
            "summary",
            "title and summary in the same language",
            "titel og resumé på samme sprog",
        ));
    }
    if content.areas.is_empty() {
        found.push(required("areas", "a policy area", "et politikområde"));
    }
    if content.sources.is_empty() {
        found.push(required(
            "sources",
            "where it is described",
            "hvor det er beskrevet",
        ));
    }
    found
}

/// Whether somebody may publish the proposal now.
///
/// # Errors
/// It was not handed in, or by the same person.
pub fn check_publisher(proposal: &PracticeProposal, by: Option<UserId>) -> Result<(), Refusal> {
    demand(proposal, ProposalStatus::Submitted)?;
    if by.is_some() && proposal.submitted_by == by {
        return Err(Refusal::new(
            RefusalCode::SecondPersonNeeded,
            "proposalId",
            "Whoever handed a practice in does not publish it; ask a colleague.",
            "Den, der har indsendt et eksempel, offentliggør det ikke selv; spørg en kollega.",
        ));
    }
    Ok(())
}

/// Demands a state.
///
/// # Errors
/// It is in another one.
pub fn demand(proposal: &PracticeProposal, status: ProposalStatus) -> Result<(), Refusal> {
    if proposal.status == status {
        return Ok(());
    }
    let (was, is) = (proposal.status, status);
    Err(Refusal::new(
        RefusalCode::NotInState,
        "proposalId",
        format!("The proposal is {was}; this is done with one that is {is}."),
        format!("Forslaget er {was}; det gøres kun med et, der er {is}."),
    ))
}

fn required(field: &str, en: &str, da: &str) -> Refusal {
    Refusal::new(
        RefusalCode::Required,
        field,
        format!("What is missing is {en}."),
        format!("Der mangler {da}."),
    )
}

fn out_of_range(field: &str, en: &str, da: &str) -> Refusal {
    Refusal::new(
        RefusalCode::OutOfRange,
        field,
        format!("Give {en}."),
        format!("Angiv {da}."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::period::parse_date;
    use crate::programme::reference::Reference;

    fn vic() -> Content {
        let reference = Reference::compiled_in().unwrap();
        let example = reference.practices.iter().find(|one| one.city == "Vic");
        Content::from(example.unwrap())
    }

    fn fields(found: &[Refusal]) -> Vec<&str> {
        found.iter().map(|refusal| refusal.field.as_str()).collect()
    }

    #[test]
    fn words_are_checked_all_at_once() {
        let today = parse_date("2026-11-22").unwrap();
        assert_eq!(checked(vic(), today), Ok(vic()));

        let mut content = vic();
        content.title = Words::default();
        content.summary.da = Some("x".repeat(4001));
        content.purpose.en = Some("  ".to_owned());
        content.year = Some(2027);
        content.steps = vec![3, 11, 3];
        "XX".clone_into(&mut content.country);
        content.sources[0].publisher.clear();
        let found = checked(content, today).unwrap_err();
        assert_eq!(
            fields(&found),
            [
                "summary.da",
                "country",
                "title",
                "year",
                "steps",
                "sources.0.publisher"
            ]
        );
    }

    #[test]
    fn what_is_handed_in_is_whole_in_one_language_at_least() {
        assert_eq!(missing(&vic()), []);
        let mut content = vic();
        content.title.da = None;
        content.summary.en = None;
        content.areas.clear();
        content.sources.clear();
        assert_eq!(fields(&missing(&content)), ["summary", "areas", "sources"]);
        content.title.en = None;
        content.title.da = Some("Mægling".to_owned());
        assert_eq!(fields(&missing(&content)), ["areas", "sources"]);
    }
}
