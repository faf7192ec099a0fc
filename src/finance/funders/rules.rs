//! What makes a funder's record right. What it is not: whether the name is free; the database holds that.

use crate::finance::funders::model::FunderDetails;
use crate::kernel::check_digits;
use crate::kernel::email::Email;
use crate::kernel::place;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::text;

/// A funder has this name.
#[must_use]
pub fn name_taken(name: &str) -> Refusal {
    Refusal::new(
        RefusalCode::NameTaken,
        "name",
        format!("{name} is registered as a funder already."),
        format!("{name} er allerede registreret som tilskudsgiver."),
    )
}

/// Checks what is said of a funder and brings the texts into the form that is kept.
///
/// # Errors
/// All problems.
pub fn check(funder: &FunderDetails) -> Result<FunderDetails, Vec<Refusal>> {
    let mut problems = Vec::new();
    let name = text::line("name", &funder.name)
        .map_err(|problem| problems.push(problem))
        .unwrap_or_default();
    let mut line = |field: &str, given: &Option<String>| {
        text::optional_line(field, given.as_deref())
            .map_err(|problem| problems.push(problem))
            .unwrap_or_default()
    };
    let street = line("street", &funder.street);
    let postal_code = line("postalCode", &funder.postal_code);
    let town = line("town", &funder.town);
    let order_reference = line("orderReference", &funder.order_reference);
    if place::country(&funder.country).is_none() {
        problems.push(Refusal::new(
            RefusalCode::InvalidText,
            "country",
            "The country must be two letters of ISO 3166-1, such as DK.",
            "Landet skal angives med to bogstaver efter ISO 3166-1, fx DK.",
        ));
    }
    if let Some(Err(reason)) = funder.cvr.as_deref().map(check_digits::check_cvr) {
        problems.push(Refusal {
            code: RefusalCode::InvalidCvr,
            field: "cvr".to_owned(),
            message: reason.phrase(),
        });
    }
    if let Some(Err(reason)) = funder.gln.as_deref().map(check_digits::check_gln) {
        problems.push(Refusal {
            code: RefusalCode::InvalidGln,
            field: "gln".to_owned(),
            message: reason.phrase(),
        });
    }
    if funder
        .email
        .as_deref()
        .is_some_and(|email| Email::parse(email).is_err())
    {
        problems.push(Refusal::new(
            RefusalCode::InvalidText,
            "email",
            "This is not an e-mail address.",
            "Dette er ikke en e-mailadresse.",
        ));
    }
    if problems.is_empty() {
        Ok(FunderDetails {
            name,
            street,
            postal_code,
            town,
            order_reference,
            ..funder.clone()
        })
    } else {
        Err(problems)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_is_named_with_its_field() {
        let given = FunderDetails {
            name: "  Fonden for Byer ".to_owned(),
            street: None,
            postal_code: None,
            town: Some(" København ".to_owned()),
            country: "DK".to_owned(),
            cvr: None,
            gln: None,
            order_reference: None,
            email: Some("fond@example.org".to_owned()),
        };
        let kept = check(&given).unwrap();
        assert_eq!(kept.name, "Fonden for Byer");
        assert_eq!(kept.town.as_deref(), Some("København"));

        let wrong = FunderDetails {
            name: " ".to_owned(),
            country: "XX".to_owned(),
            cvr: Some("1".to_owned()),
            gln: Some("2".to_owned()),
            email: Some("nobody".to_owned()),
            ..given
        };
        let problems = check(&wrong).unwrap_err();
        let fields: Vec<&str> = problems.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, ["name", "country", "cvr", "gln", "email"]);
    }
}
