//! The texts of the network's mails, both languages side by side. What they are not: markup; mails
//! are plain text, which every reader shows and nobody can hide a link in.

use chrono::TimeDelta;

use crate::kernel::email::Email;
use crate::kernel::language::Language;
use crate::kernel::phrase::Phrase;
use crate::notifications::model::Message;

/// To whom, and in which language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The name the mail greets.
    pub name: String,
    /// The address.
    pub email: Email,
    /// The language.
    pub language: Language,
}

impl Recipient {
    fn message(&self, subject: &Phrase, text: &Phrase) -> Message {
        let greeting = Phrase::new(
            format!("Dear {},", self.name),
            format!("Kære {}", self.name),
        );
        let farewell = Phrase::new(
            "Kind regards\nThe secretariat of Intercultural Cities",
            "Venlig hilsen\nSekretariatet for Intercultural Cities",
        );
        let language = self.language;
        Message {
            name: self.name.clone(),
            recipient: self.email.clone(),
            subject: subject.in_language(language).to_owned(),
            text: format!(
                "{}\n\n{}\n\n{}\n",
                greeting.in_language(language),
                text.in_language(language),
                farewell.in_language(language)
            ),
        }
    }
}

/// An invitation to open an account with the link that does it.
#[must_use]
pub fn invitation(to: &Recipient, link: &str, valid_for: TimeDelta) -> Message {
    let hours = valid_for.num_hours();
    to.message(
        &Phrase::new(
            "Your account at Intercultural Cities",
            "Din konto hos Intercultural Cities",
        ),
        &Phrase::new(
            format!(
                "You are invited to the network's service. Choose a password here:\n\n{link}\n\n\
                 The link works once, for {hours} hours. If it has expired, ask the secretariat for a new one."
            ),
            format!(
                "Du er inviteret til netværkets tjeneste. Vælg en adgangskode her:\n\n{link}\n\n\
                 Linket virker én gang i {hours} timer. Er det udløbet, så bed sekretariatet om et nyt."
            ),
        ),
    )
}

/// A link with which a password is chosen anew.
#[must_use]
pub fn password_reset(to: &Recipient, link: &str, valid_for: TimeDelta) -> Message {
    let minutes = valid_for.num_minutes();
    to.message(
        &Phrase::new("Choose a new password", "Vælg en ny adgangskode"),
        &Phrase::new(
            format!(
                "Somebody asked for a new password for your account. If it was you, choose it here:\n\n{link}\n\n\
                 The link works once, for {minutes} minutes. If it was not you, do nothing: your password stays as it is."
            ),
            format!(
                "Nogen har bedt om en ny adgangskode til din konto. Var det dig, så vælg den her:\n\n{link}\n\n\
                 Linket virker én gang i {minutes} minutter. Var det ikke dig, skal du ikke gøre noget: din adgangskode ændres ikke."
            ),
        ),
    )
}

/// Tells a city's people that it has joined the network.
#[must_use]
pub fn welcome(to: &Recipient, city: &str) -> Message {
    to.message(
        &Phrase::new(
            format!("Welcome to Intercultural Cities, {city}"),
            format!("Velkommen til Intercultural Cities, {city}"),
        ),
        &Phrase::new(
            format!(
                "{city} is now a member of the network. The next steps are the appointment of a coordinator, \
                 the city's index and the first expert visit; the secretariat will be in touch about them."
            ),
            format!(
                "{city} er nu medlem af netværket. De næste skridt er udpegning af en koordinator, \
                 byens indeks og det første ekspertbesøg; sekretariatet kontakter jer om dem."
            ),
        ),
    )
}

/// Tells somebody that they coordinate a city from a day on.
#[must_use]
pub fn appointed_coordinator(to: &Recipient, city: &str, starts_on: chrono::NaiveDate) -> Message {
    let danish_day = starts_on.format("%d.%m.%Y");
    to.message(
        &Phrase::new(
            format!("You coordinate {city}"),
            format!("Du er koordinator for {city}"),
        ),
        &Phrase::new(
            format!(
                "From {starts_on} you are the coordinator of {city} in the network. You are the one \
                 whom the secretariat and the other cities write to."
            ),
            format!(
                "Fra {danish_day} er du koordinator for {city} i netværket. Det er dig, som \
                 sekretariatet og de andre byer skriver til."
            ),
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mail_greets_in_its_language_and_holds_what_it_is_about() {
        for (language, greeting) in [(Language::En, "Dear Åse,"), (Language::Da, "Kære Åse")] {
            let to = Recipient {
                name: "Åse".to_owned(),
                email: Email::parse("aase@example.org").unwrap(),
                language,
            };
            let day = chrono::NaiveDate::from_ymd_opt(2026, 3, 5).unwrap();
            let link = "https://network.example.org/invitations/secret";
            let mails = [
                (
                    invitation(&to, link, TimeDelta::hours(72)),
                    vec![link, "72"],
                ),
                (
                    password_reset(&to, link, TimeDelta::hours(1)),
                    vec![link, "60"],
                ),
                (welcome(&to, "Ålborg"), vec!["Ålborg"]),
                (
                    appointed_coordinator(&to, "Ålborg", day),
                    vec![
                        "Ålborg",
                        if language == Language::Da {
                            "05.03.2026"
                        } else {
                            "2026-03-05"
                        },
                    ],
                ),
            ];
            for (mail, needed) in mails {
                assert!(mail.text.starts_with(greeting), "{}", mail.text);
                assert!(
                    needed.iter().all(|part| mail.text.contains(part)),
                    "{}",
                    mail.text
                );
                assert!(!mail.subject.contains('\n') && mail.recipient == to.email);
            }
        }
    }
}
