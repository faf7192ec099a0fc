//! What makes a person's record right. What it is not: whether an address is free; the database
//! holds that.

use crate::kernel::email::Email;
use crate::kernel::fold;
use crate::kernel::place;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::text;
use crate::registry::people::model::NewPerson;

/// Why the register says no to a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersonRefusal {
    /// Another person has the e-mail address.
    EmailTaken,
    /// There is no such city.
    NoSuchCity,
    /// There is no such person.
    NoSuchPerson,
    /// Several people have this name and city.
    Ambiguous(String),
}

impl From<PersonRefusal> for Refusal {
    fn from(refusal: PersonRefusal) -> Self {
        match refusal {
            PersonRefusal::EmailTaken => Self::new(
                RefusalCode::EmailTaken,
                "email",
                "Another person has this e-mail address; use that person, or give another address.",
                "En anden person har denne e-mailadresse; brug den person, eller angiv en anden adresse.",
            ),
            PersonRefusal::NoSuchCity => Self::new(
                RefusalCode::NotFound,
                "cityId",
                "There is no city with this id; take it from a query.",
                "Der er ingen by med dette id; tag det fra en forespørgsel.",
            ),
            PersonRefusal::NoSuchPerson => Self::new(
                RefusalCode::NotFound,
                "id",
                "There is no person with this id; take it from a query.",
                "Der er ingen person med dette id; tag det fra en forespørgsel.",
            ),
            PersonRefusal::Ambiguous(name) => Self::new(
                RefusalCode::Ambiguous,
                "name",
                format!(
                    "Several people of this city are called {name}; give the id or the e-mail address."
                ),
                format!("Flere personer i denne by hedder {name}; angiv id eller e-mailadresse."),
            ),
        }
    }
}

/// Checks what is said of a person and brings the texts into the form that is kept.
///
/// # Errors
/// All problems.
pub fn check(person: &NewPerson) -> Result<NewPerson, Vec<Refusal>> {
    let mut problems = Vec::new();
    let name = keep(&mut problems, text::line("name", &person.name)).unwrap_or_default();
    check_email(&mut problems, "email", person.email.as_deref());
    let phone = check_phone(&mut problems, person.phone.as_deref());
    let organisation = keep(
        &mut problems,
        text::optional_line("organisation", person.organisation.as_deref()),
    );
    let language = person.language.as_deref().map(place::language_tag);
    if language == Some(None) {
        problems.push(Refusal::new(
            RefusalCode::InvalidText,
            "language",
            "A language is written as BCP 47, such as da.",
            "Et sprog skrives efter BCP 47, fx da.",
        ));
    }
    if problems.is_empty() {
        Ok(NewPerson {
            name,
            phone,
            organisation: organisation.flatten(),
            language: language.flatten(),
            ..person.clone()
        })
    } else {
        Err(problems)
    }
}

/// Checks an e-mail address that may be missing.
pub fn check_email(problems: &mut Vec<Refusal>, field: &str, email: Option<&str>) {
    if email.is_some_and(|email| Email::parse(email).is_err()) {
        problems.push(Refusal::new(
            RefusalCode::InvalidText,
            field,
            "This is not an e-mail address.",
            "Dette er ikke en e-mailadresse.",
        ));
    }
}

/// The key of an address that was checked.
#[must_use]
pub fn email_key(email: &str) -> Option<String> {
    Email::parse(email).ok().map(|email| email.key())
}

/// What a search looks in: the folded name and organisation, one on each line.
#[must_use]
pub fn search_key(name: &str, organisation: Option<&str>) -> String {
    let mut key = fold::search_key(name);
    if let Some(organisation) = organisation {
        key.push('\n');
        key.push_str(&fold::search_key(organisation));
    }
    key
}

/// A phone number is kept as it is written: digits, spaces and the signs that group them (ITU-T
/// E.123), with at least three digits.
fn check_phone(problems: &mut Vec<Refusal>, phone: Option<&str>) -> Option<String> {
    let phone = keep(problems, text::optional_line("phone", phone)).flatten()?;
    let fits = phone.len() <= 40
        && phone
            .chars()
            .all(|sign| sign.is_ascii_digit() || " +()-./".contains(sign))
        && phone.chars().filter(char::is_ascii_digit).count() >= 3;
    if !fits {
        problems.push(Refusal::new(
            RefusalCode::InvalidText,
            "phone",
            "A phone number is written with digits, such as +45 33 66 33 66.",
            "Et telefonnummer skrives med cifre, fx +45 33 66 33 66.",
        ));
    }
    Some(phone)
}

fn keep<T>(problems: &mut Vec<Refusal>, read: Result<T, Refusal>) -> Option<T> {
    read.map_err(|problem| problems.push(problem)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::people::model::PersonKind;

    #[test]
    fn keeps_what_is_right() {
        let person = NewPerson {
            email: Some("Anna@Example.org".to_owned()),
            phone: Some(" +45 33 66 33 66 ".to_owned()),
            organisation: Some(" ".to_owned()),
            language: Some("DA-dk".to_owned()),
            ..NewPerson::named(" Anna Kaya ", PersonKind::Official)
        };
        let kept = check(&person).unwrap();
        assert_eq!(
            (kept.name.as_str(), kept.phone.as_deref()),
            ("Anna Kaya", Some("+45 33 66 33 66"))
        );
        assert_eq!(
            (kept.organisation, kept.language.as_deref()),
            (None, Some("da-DK"))
        );
        assert_eq!(
            email_key("Anna@Example.org").as_deref(),
            Some("anna@example.org")
        );
    }

    #[test]
    fn names_every_problem_at_once() {
        let person = NewPerson {
            email: Some("anna".to_owned()),
            phone: Some("call me".to_owned()),
            organisation: Some("a\u{0}".to_owned()),
            language: Some("!".to_owned()),
            ..NewPerson::named(" ", PersonKind::Media)
        };
        let found: Vec<_> = check(&person)
            .unwrap_err()
            .into_iter()
            .map(|problem| (problem.code, problem.field))
            .collect();
        let expected = [
            (RefusalCode::Required, "name"),
            (RefusalCode::InvalidText, "email"),
            (RefusalCode::InvalidText, "phone"),
            (RefusalCode::InvalidText, "organisation"),
            (RefusalCode::InvalidText, "language"),
        ];
        assert_eq!(
            found,
            expected.map(|(code, field)| (code, field.to_owned()))
        );
    }

    #[test]
    fn a_search_looks_in_name_and_organisation() {
        assert_eq!(search_key("Åse", Some("Oslo")), "ase\noslo");
        assert_eq!(search_key("Åse", None), "ase");
    }
}
