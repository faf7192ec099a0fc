//! The fields of city policy that the network compares: practices, experts and mentor pairings are
//! sorted by them, so every room knows their codes. What it is not: their names for people; those
//! are texts in `data/reference`.

crate::text_enum! {
    /// A field of city policy: a row of the policy table.
    pub enum PolicyArea {
        /// Organisations that represent minority groups.
        MinorityOrganisations = "MINORITY_ORGANISATIONS",
        /// The labour market.
        LabourMarket = "LABOUR_MARKET",
        /// Housing.
        Housing = "HOUSING",
        /// Schools and other education.
        Education = "EDUCATION",
        /// The police.
        Police = "POLICE",
        /// Public debate and campaigns.
        PublicDebate = "PUBLIC_DEBATE",
        /// Neighbourhoods and public spaces.
        UrbanDevelopment = "URBAN_DEVELOPMENT",
        /// Governance and citizenship.
        GovernanceCitizenship = "GOVERNANCE_CITIZENSHIP",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_read_back_and_only_as_it_is_written() {
        for area in PolicyArea::ALL {
            assert_eq!(area.as_str().parse(), Ok(*area));
        }
        for code in ["", "housing", "HOUSING ", "Housing", "TRANSPORT"] {
            assert!(code.parse::<PolicyArea>().is_err(), "{code:?}");
        }
    }
}
