//! What makes an account right, and why one is refused. What it is not: whether the address is
//! free; the database holds that.

use crate::identity::passwords::{NewPassword, PasswordProblem};
use crate::identity::users::model::NewUser;
use crate::kernel::email::Email;
use crate::kernel::fold;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::text;

/// Why an account is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserRefusal {
    /// The address has an account.
    EmailTaken,
    /// The account is disabled already.
    AlreadyDisabled,
    /// Without this account nobody could manage users.
    LastAdministrator,
    /// The current password is another one.
    WrongPassword,
}

impl From<UserRefusal> for Refusal {
    fn from(refusal: UserRefusal) -> Self {
        match refusal {
            UserRefusal::EmailTaken => Self::new(
                RefusalCode::EmailTaken,
                "email",
                "This e-mail address has an account; give that user another role instead.",
                "Denne e-mailadresse har en konto; giv i stedet brugeren en rolle mere.",
            ),
            UserRefusal::AlreadyDisabled => Self::new(
                RefusalCode::NotInState,
                "id",
                "This account is disabled already.",
                "Denne konto er allerede spærret.",
            ),
            UserRefusal::LastAdministrator => Self::new(
                RefusalCode::NotInState,
                "id",
                "This is the last administrator; make somebody else one first.",
                "Dette er den sidste administrator; giv først en anden rollen.",
            ),
            UserRefusal::WrongPassword => Self::new(
                RefusalCode::WrongPassword,
                "current",
                "This is not your current password.",
                "Dette er ikke din nuværende adgangskode.",
            ),
        }
    }
}

/// Checks an account to be and brings its texts into the form that is kept; finds all problems.
///
/// # Errors
/// Every problem of the input.
pub fn check_new(user: &NewUser) -> Result<NewUser, Vec<Refusal>> {
    let mut problems = Vec::new();
    let email = user.email.trim();
    if Email::parse(email).is_err() {
        problems.push(Refusal::new(
            RefusalCode::InvalidText,
            "email",
            "This is not an e-mail address.",
            "Dette er ikke en e-mailadresse.",
        ));
    }
    let name = text::line("name", &user.name)
        .map_err(|problem| problems.push(problem))
        .unwrap_or_default();
    if problems.is_empty() {
        Ok(NewUser {
            email: email.to_owned(),
            name,
            ..user.clone()
        })
    } else {
        Err(problems)
    }
}

/// Reads a password that somebody chooses.
///
/// # Errors
/// Every problem of the password, at the field.
pub fn new_password(field: &str, text: &str) -> Result<NewPassword, Vec<Refusal>> {
    let refusal = |problem: PasswordProblem| {
        let code = match problem {
            PasswordProblem::TooShort | PasswordProblem::TooLong => RefusalCode::OutOfRange,
            PasswordProblem::ControlCharacter => RefusalCode::InvalidText,
        };
        Refusal::new(code, field, problem.in_english(), problem.in_danish())
    };
    NewPassword::parse(text).map_err(|problems| problems.into_iter().map(refusal).collect())
}

/// What a search looks in.
#[must_use]
pub fn search_key(name: &str, email: &str) -> String {
    format!("{}\n{}", fold::search_key(name), fold::search_key(email))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::language::Language;

    fn user(email: &str, name: &str) -> NewUser {
        NewUser {
            email: email.to_owned(),
            name: name.to_owned(),
            language: Language::Da,
            person: None,
        }
    }

    #[test]
    fn keeps_what_is_right_and_names_every_problem() {
        let kept = check_new(&user(" Anna@example.org ", " Anna Holm ")).unwrap();
        assert_eq!(kept, user("Anna@example.org", "Anna Holm"));
        let problems = check_new(&user("anna", " ")).unwrap_err();
        let found: Vec<_> = problems
            .iter()
            .map(|problem| (problem.code, problem.field.as_str()))
            .collect();
        let expected = [
            (RefusalCode::InvalidText, "email"),
            (RefusalCode::Required, "name"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_password_is_refused_with_every_problem() {
        assert!(new_password("new", "twelve chars").is_ok());
        for (text, codes) in [
            ("short", vec![RefusalCode::OutOfRange]),
            (
                "a\u{0}b",
                vec![RefusalCode::OutOfRange, RefusalCode::InvalidText],
            ),
            (&"x".repeat(129), vec![RefusalCode::OutOfRange]),
            (&"x".repeat(2000), vec![RefusalCode::OutOfRange]),
        ] {
            let found: Vec<_> = new_password("new", text)
                .unwrap_err()
                .into_iter()
                .map(|problem| problem.code)
                .collect();
            assert_eq!(found, codes, "{}", text.len());
        }
    }

    #[test]
    fn a_search_looks_in_name_and_address() {
        let key = search_key("Åse Holm", "aase@example.org");
        assert_eq!(key, "ase holm\nase@example.org");
    }
}
