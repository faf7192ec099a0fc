//! What makes a city's record right. What it is not: whether a name is free; the database holds
//! that.

use crate::kernel::check_digits;
use crate::kernel::email::Email;
use crate::kernel::fold;
use crate::kernel::place;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::text;
use crate::registry::cities::model::{CityDetails, NewCity};

/// Why the register says no to a city.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CityRefusal {
    /// A city of the country has this name.
    NameTaken(String),
    /// Another city has this identifier; the field names it.
    IdentifierTaken(&'static str),
}

impl From<CityRefusal> for Refusal {
    fn from(refusal: CityRefusal) -> Self {
        match refusal {
            CityRefusal::NameTaken(name) => Self::new(
                RefusalCode::NameTaken,
                "name",
                format!(
                    "{name} is registered in this country already; search for it, or give the distinguishing part of the name."
                ),
                format!(
                    "{name} er allerede registreret i dette land; søg efter byen, eller angiv den del af navnet der skiller."
                ),
            ),
            CityRefusal::IdentifierTaken(field) => Self::new(
                RefusalCode::IdentifierTaken,
                field,
                format!("Another city has this {field}."),
                format!("En anden by har denne {field}."),
            ),
        }
    }
}

/// Checks a city to register and brings its texts into the form that is kept; finds all problems.
///
/// # Errors
/// Every problem that was found.
pub fn check_new(city: &NewCity) -> Result<NewCity, Vec<Refusal>> {
    let mut problems = Vec::new();
    if place::country(&city.country).is_none() {
        problems.push(Refusal::new(
            RefusalCode::InvalidText,
            "country",
            "The country must be two letters of ISO 3166-1, such as DK.",
            "Landet skal angives med to bogstaver efter ISO 3166-1, fx DK.",
        ));
    }
    let name = keep(&mut problems, text::line("name", &city.name)).unwrap_or_default();
    check_zone(&mut problems, &city.time_zone);
    let details = check_details(&mut problems, &city.details);
    if problems.is_empty() {
        Ok(NewCity {
            name,
            country: city.country.clone(),
            time_zone: city.time_zone.clone(),
            details,
        })
    } else {
        Err(problems)
    }
}

/// Checks the zone of a city.
pub fn check_zone(problems: &mut Vec<Refusal>, zone: &str) {
    if place::time_zone(zone).is_none() {
        problems.push(Refusal::new(
            RefusalCode::InvalidText,
            "timeZone",
            "The time zone must be one of the IANA database, such as Europe/Copenhagen.",
            "Tidszonen skal være en fra IANA-databasen, fx Europe/Copenhagen.",
        ));
    }
}

/// Checks what can be said of a city and brings texts into the form that is kept.
pub fn check_details(problems: &mut Vec<Refusal>, details: &CityDetails) -> CityDetails {
    let mut kept = details.clone();
    kept.names = Vec::with_capacity(details.names.len());
    for (index, (language, name)) in details.names.iter().enumerate() {
        let tag = place::language_tag(language);
        let name = keep(problems, text::line(&format!("names.{index}.name"), name));
        match (tag, name) {
            (Some(tag), _) if kept.names.iter().any(|(known, _)| *known == tag) => {
                problems.push(Refusal::new(
                    RefusalCode::InvalidText,
                    format!("names.{index}.language"),
                    format!("There are two names for {tag}."),
                    format!("Der er to navne på {tag}."),
                ));
            }
            (Some(tag), Some(name)) => kept.names.push((tag, name)),
            (None, _) => problems.push(Refusal::new(
                RefusalCode::InvalidText,
                format!("names.{index}.language"),
                "A language is written as BCP 47, such as da.",
                "Et sprog skrives efter BCP 47, fx da.",
            )),
            (Some(_), None) => {}
        }
    }
    in_range(problems, "population", details.population, 0, 100_000_000);
    in_range(
        problems,
        "populationYear",
        details.population_year.map(i64::from),
        1800,
        2100,
    );
    in_range(
        problems,
        "geonamesId",
        details.geonames_id,
        1,
        i64::from(i32::MAX),
    );
    degrees(problems, "latitude", details.latitude, 90.0);
    degrees(problems, "longitude", details.longitude, 180.0);
    if let Some(cvr) = &details.cvr
        && let Err(reason) = check_digits::check_cvr(cvr)
    {
        problems.push(Refusal {
            code: RefusalCode::InvalidCvr,
            field: "cvr".to_owned(),
            message: reason.phrase(),
        });
    }
    if let Some(gln) = &details.gln
        && let Err(reason) = check_digits::check_gln(gln)
    {
        problems.push(Refusal {
            code: RefusalCode::InvalidGln,
            field: "gln".to_owned(),
            message: reason.phrase(),
        });
    }
    if let Some(email) = &details.invoice_email
        && Email::parse(email).is_err()
    {
        problems.push(Refusal::new(
            RefusalCode::InvalidText,
            "invoiceEmail",
            "This is not an e-mail address.",
            "Dette er ikke en e-mailadresse.",
        ));
    }
    for (field, given, kept) in [
        (
            "populationSource",
            &details.population_source,
            &mut kept.population_source,
        ),
        ("invoiceName", &details.invoice_name, &mut kept.invoice_name),
        (
            "invoiceStreet",
            &details.invoice_street,
            &mut kept.invoice_street,
        ),
        (
            "invoicePostalCode",
            &details.invoice_postal_code,
            &mut kept.invoice_postal_code,
        ),
        ("invoiceTown", &details.invoice_town, &mut kept.invoice_town),
        (
            "orderReference",
            &details.order_reference,
            &mut kept.order_reference,
        ),
    ] {
        *kept = keep(problems, text::optional_line(field, given.as_deref())).flatten();
    }
    kept
}

/// What a search looks in: all names of a city, folded, one on each line. A name whose spelling falls
/// together with another's (`Joensuu`, `Jønsuu`) stands there both ways, so that a search that begins
/// inside of the pair finds it too.
#[must_use]
pub fn search_key(name: &str, names: &[(String, String)]) -> String {
    let mut keys: Vec<String> = Vec::new();
    for name in std::iter::once(name).chain(names.iter().map(|(_, name)| name.as_str())) {
        for key in [fold::search_key(name), fold::sort_stem(name)] {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    keys.join("\n")
}

fn keep<T>(problems: &mut Vec<Refusal>, read: Result<T, Refusal>) -> Option<T> {
    read.map_err(|problem| problems.push(problem)).ok()
}

fn in_range(problems: &mut Vec<Refusal>, field: &str, value: Option<i64>, least: i64, most: i64) {
    if value.is_some_and(|value| !(least..=most).contains(&value)) {
        problems.push(out_of_range(field, &least.to_string(), &most.to_string()));
    }
}

fn degrees(problems: &mut Vec<Refusal>, field: &str, value: Option<f64>, most: f64) {
    if value.is_some_and(|value| !(-most..=most).contains(&value)) {
        problems.push(out_of_range(field, &format!("-{most}"), &most.to_string()));
    }
}

fn out_of_range(field: &str, least: &str, most: &str) -> Refusal {
    Refusal::new(
        RefusalCode::OutOfRange,
        field,
        format!("{field} must be from {least} to {most}."),
        format!("{field} skal være fra {least} til {most}."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn city() -> NewCity {
        NewCity {
            name: "Ålborg".to_owned(),
            country: "DK".to_owned(),
            time_zone: "Europe/Copenhagen".to_owned(),
            details: CityDetails::default(),
        }
    }

    #[test]
    fn a_plain_city_is_right() {
        assert_eq!(check_new(&city()), Ok(city()));
    }

    #[test]
    fn names_every_problem_at_once() {
        let details = CityDetails {
            cvr: Some("12345678".to_owned()),
            gln: Some("5798000000000".to_owned()),
            population: Some(-1),
            latitude: Some(91.0),
            names: vec![
                ("da".to_owned(), "Ålborg".to_owned()),
                ("da".to_owned(), "Aalborg".to_owned()),
                ("!".to_owned(), "x".to_owned()),
            ],
            ..CityDetails::default()
        };
        let wrong = NewCity {
            name: " ".to_owned(),
            country: "XX".to_owned(),
            time_zone: "Nowhere".to_owned(),
            details,
        };
        let found: Vec<(RefusalCode, String)> = check_new(&wrong)
            .unwrap_err()
            .into_iter()
            .map(|problem| (problem.code, problem.field))
            .collect();
        let expected = [
            (RefusalCode::InvalidText, "country"),
            (RefusalCode::Required, "name"),
            (RefusalCode::InvalidText, "timeZone"),
            (RefusalCode::InvalidText, "names.1.language"),
            (RefusalCode::InvalidText, "names.2.language"),
            (RefusalCode::OutOfRange, "population"),
            (RefusalCode::OutOfRange, "latitude"),
            (RefusalCode::InvalidCvr, "cvr"),
            (RefusalCode::InvalidGln, "gln"),
        ];
        assert_eq!(
            found,
            expected.map(|(code, field)| (code, field.to_owned()))
        );
    }

    #[test]
    fn the_search_key_holds_each_name_once() {
        let names = [
            ("da".to_owned(), "København".to_owned()),
            ("en".to_owned(), "Copenhagen".to_owned()),
        ];
        let key = "copenhagen\nkobenhavn\nkoebenhavn";
        assert_eq!(search_key("Copenhagen", &names), key);
    }
}
