//! The two languages the service speaks to people, and how a request chooses one. What it is not:
//! the language tags of names and texts, which may be any of BCP 47.

/// A language of messages and reference texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// English, used when nothing else fits.
    #[default]
    En,
    /// Danish.
    Da,
}

impl Language {
    /// The BCP 47 tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Da => "da",
        }
    }

    /// The language of a tag such as `da-DK`; anything but Danish reads as English.
    #[must_use]
    pub fn of_tag(tag: &str) -> Self {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("da") {
            Self::Da
        } else {
            Self::En
        }
    }

    /// The best of the two for an `Accept-Language` header (RFC 9110, 12.5.4).
    #[must_use]
    pub fn accepted(header: &str) -> Self {
        let mut best = (0_u16, Self::En);
        for entry in header.split(',') {
            let mut parts = entry.split(';');
            let tag = parts.next().unwrap_or_default().trim();
            let quality = parts
                .filter_map(|part| part.trim().strip_prefix("q="))
                .find_map(|value| value.trim().parse::<f32>().ok())
                .unwrap_or(1.0);
            let primary = tag
                .split('-')
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase();
            let language = match primary.as_str() {
                "da" => Self::Da,
                "en" | "*" => Self::En,
                _ => continue,
            };
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "clamped to 0..=1000"
            )]
            let weight = (quality.clamp(0.0, 1.0) * 1000.0) as u16;
            if weight > best.0 {
                best = (weight, language);
            }
        }
        best.1
    }
}

#[cfg(test)]
mod tests {
    use super::Language::{self, Da, En};

    #[test]
    fn chooses_the_language_of_a_request() {
        for (header, expected) in [
            ("", En),
            ("da", Da),
            ("da-DK,da;q=0.9,en;q=0.8", Da),
            ("en;q=0.5, da;q=0.9", Da),
            ("en, da;q=0.9", En),
            ("fr, de", En),
            ("fr, da;q=0.1", Da),
            ("da;q=0", En),
            ("*", En),
        ] {
            assert_eq!(Language::accepted(header), expected, "{header}");
        }
    }
}
