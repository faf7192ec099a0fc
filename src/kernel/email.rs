//! An e-mail address that can be written to, and the key by which two spellings are the same.
//! What it is not: proof that somebody reads it.

/// An e-mail address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

/// The text is no e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not an e-mail address")]
pub struct NotAnEmail;

impl Email {
    /// Reads an address by the form that browsers accept (WHATWG HTML, "valid e-mail address"),
    /// with a dot in the domain and at most 254 characters (RFC 5321).
    ///
    /// # Errors
    /// The text is no e-mail address.
    pub fn parse(text: &str) -> Result<Self, NotAnEmail> {
        let (local, domain) = text.rsplit_once('@').ok_or(NotAnEmail)?;
        let local_fits = (1..=64).contains(&local.len())
            && local.bytes().all(|byte| {
                byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte)
            });
        let label_fits = |label: &str| {
            (1..=63).contains(&label.len())
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let domain_fits = domain.contains('.') && domain.split('.').all(label_fits);
        if text.len() <= 254 && local_fits && domain_fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotAnEmail)
        }
    }

    /// The address as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key for comparison: no mail system in use tells upper from lower case.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_addresses() {
        for good in [
            "anna@example.org",
            "a.b+c@mail.example.org",
            "o'neil@example.org",
        ] {
            assert!(Email::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "anna",
            "@example.org",
            "anna@",
            "anna@example",
            "an na@example.org",
            "anna@-example.org",
            "anna@example..org",
            "å@example.org",
        ] {
            assert!(Email::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(
            Email::parse("Anna@Example.org").unwrap().key(),
            "anna@example.org"
        );
    }
}
