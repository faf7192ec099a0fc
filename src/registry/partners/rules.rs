//! What makes a partner's record right. What it is not: whether the name is free; the database
//! holds that.

use crate::kernel::place;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::text;
use crate::registry::partners::model::NewPartner;
use crate::registry::people::rules::check_email;

/// Why the register says no to a partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartnerRefusal {
    /// A partner has this name.
    NameTaken(String),
}

impl From<PartnerRefusal> for Refusal {
    fn from(refusal: PartnerRefusal) -> Self {
        match refusal {
            PartnerRefusal::NameTaken(name) => Self::new(
                RefusalCode::NameTaken,
                "name",
                format!("{name} is registered as a partner already; search for it."),
                format!("{name} er allerede registreret som partner; søg efter den."),
            ),
        }
    }
}

/// Checks what is said of a partner and brings the texts into the form that is kept.
///
/// # Errors
/// All problems.
pub fn check(partner: &NewPartner) -> Result<NewPartner, Vec<Refusal>> {
    let mut problems = Vec::new();
    let name = keep(&mut problems, text::line("name", &partner.name)).unwrap_or_default();
    if let Some(country) = &partner.country
        && place::country(country).is_none()
    {
        problems.push(Refusal::new(
            RefusalCode::InvalidText,
            "country",
            "The country must be two letters of ISO 3166-1, such as DK.",
            "Landet skal angives med to bogstaver efter ISO 3166-1, fx DK.",
        ));
    }
    let website = keep(
        &mut problems,
        text::optional_line("website", partner.website.as_deref()),
    )
    .flatten();
    if website.as_deref().is_some_and(|address| !is_web(address)) {
        problems.push(Refusal::new(
            RefusalCode::InvalidText,
            "website",
            "A web address begins with https:// or http://.",
            "En webadresse begynder med https:// eller http://.",
        ));
    }
    check_email(&mut problems, "email", partner.email.as_deref());
    let description = keep(
        &mut problems,
        text::optional_paragraph("description", partner.description.as_deref()),
    )
    .flatten();
    if problems.is_empty() {
        Ok(NewPartner {
            name,
            website,
            description,
            ..partner.clone()
        })
    } else {
        Err(problems)
    }
}

fn is_web(address: &str) -> bool {
    url::Url::parse(address).is_ok_and(|url| {
        // Credentials in an address would be shown to everybody.
        let public = url.username().is_empty() && url.password().is_none();
        matches!(url.scheme(), "http" | "https") && url.has_host() && public
    })
}

fn keep<T>(problems: &mut Vec<Refusal>, read: Result<T, Refusal>) -> Option<T> {
    read.map_err(|problem| problems.push(problem)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::partners::model::PartnerKind;

    fn partner() -> NewPartner {
        NewPartner {
            name: "Institute of Examples".to_owned(),
            kind: PartnerKind::ThinkTankOrOther,
            country: Some("DK".to_owned()),
            website: Some("https://example.org/about".to_owned()),
            email: Some("office@example.org".to_owned()),
            description: Some("Studies\nexamples.".to_owned()),
        }
    }

    #[test]
    fn keeps_what_is_right() {
        assert_eq!(check(&partner()), Ok(partner()));
    }

    #[test]
    fn names_every_problem_at_once() {
        let wrong = NewPartner {
            name: String::new(),
            country: Some("XX".to_owned()),
            website: Some("javascript:alert(1)".to_owned()),
            email: Some("office".to_owned()),
            description: Some("a\u{0}".to_owned()),
            ..partner()
        };
        let fields: Vec<_> = check(&wrong)
            .unwrap_err()
            .into_iter()
            .map(|problem| problem.field)
            .collect();
        assert_eq!(
            fields,
            ["name", "country", "website", "email", "description"]
        );
    }
}
