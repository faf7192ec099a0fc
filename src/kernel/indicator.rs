//! The indicators of the intercultural city index: assessments, practices and mentoring are sorted by
//! them, so every room knows their codes. What it is not: their names for people; those are texts in
//! `data/reference`.

crate::text_enum! {
    /// An indicator of the intercultural city index of 2010.
    pub enum Indicator {
        /// What the city has declared and decided.
        Commitment = "COMMITMENT",
        /// Schools.
        Education = "EDUCATION",
        /// Where people live.
        Neighbourhoods = "NEIGHBOURHOODS",
        /// The city as an employer and provider.
        PublicServices = "PUBLIC_SERVICES",
        /// Work and trade.
        BusinessAndLabour = "BUSINESS_AND_LABOUR",
        /// Culture, sport and associations.
        CulturalAndCivilLife = "CULTURAL_AND_CIVIL_LIFE",
        /// Squares, parks, libraries.
        PublicSpaces = "PUBLIC_SPACES",
        /// Mediation and conflict resolution.
        Mediation = "MEDIATION",
        /// Languages.
        Language = "LANGUAGE",
        /// The media.
        Media = "MEDIA",
        /// Ties with the world.
        InternationalOutlook = "INTERNATIONAL_OUTLOOK",
        /// What the city knows, and what its people can do.
        IntelligenceAndCompetence = "INTELLIGENCE_AND_COMPETENCE",
        /// The reception of newcomers.
        Welcoming = "WELCOMING",
        /// Who decides with the city.
        Governance = "GOVERNANCE",
    }
}

impl Indicator {
    /// Whether it is one of the six whose mean is called "urban policies through the intercultural lens":
    /// education to public spaces.
    #[must_use]
    pub const fn is_of_the_lens(self) -> bool {
        matches!(
            self,
            Self::Education
                | Self::Neighbourhoods
                | Self::PublicServices
                | Self::BusinessAndLabour
                | Self::CulturalAndCivilLife
                | Self::PublicSpaces
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_of_fourteen_are_of_the_lens() {
        assert_eq!(Indicator::ALL.len(), 14);
        let lens = Indicator::ALL.iter().filter(|one| one.is_of_the_lens());
        assert_eq!(lens.count(), 6);
    }
}
