//! The policies of a seller about annual fees: settings, with the network's decisions as defaults.
//! What follows from them is in `rules` and `refunds`.

use crate::finance::fees::fee_refusal::FeeRefusal;
use crate::finance::fees::years::{FeeYears, MonthDay};

/// The policies of a seller about annual fees. The default is the network's decision: calendar
/// years, the first one by the day, nothing back on leaving.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FeePolicy {
    /// How time is divided into fee years.
    pub years: FeeYears,
    /// What the fee year costs in which a city joins.
    pub first_year: FirstYear,
    /// What is given back of the fee year in which a city leaves.
    pub last_year: LastYear,
}

/// What the fee year costs in which a city joins. With anniversary years that year is a whole one
/// and costs the whole fee under every policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FirstYear {
    /// The whole fee.
    Full,
    /// The days from joining on, of the days of the year.
    #[default]
    Daily,
    /// The months of the fee year that are not over, of twelve; the month of joining counts whole.
    Monthly,
    /// The quarters of the fee year that are not over, of four; that of joining counts whole.
    Quarterly,
    /// The whole fee; for a city that joins on this day of the fee year or later it pays for the
    /// next fee year too.
    Rollover(MonthDay),
}

impl FirstYear {
    /// The policy of a stored word (`full`, `daily`, `monthly`, `quarterly`, `rollover`) and cut-off.
    ///
    /// # Errors
    /// [`FeeRefusal::RolloverWithoutCutOff`], because a rollover without a day would silently be
    /// another policy, and [`FeeRefusal::UnknownPolicy`] for any other word.
    pub fn from_word(word: &str, cut_off: Option<MonthDay>) -> Result<Self, FeeRefusal> {
        match (word, cut_off) {
            ("full", _) => Ok(Self::Full),
            ("daily", _) => Ok(Self::Daily),
            ("monthly", _) => Ok(Self::Monthly),
            ("quarterly", _) => Ok(Self::Quarterly),
            ("rollover", Some(cut_off)) => Ok(Self::Rollover(cut_off)),
            ("rollover", None) => Err(FeeRefusal::RolloverWithoutCutOff),
            _ => Err(FeeRefusal::UnknownPolicy),
        }
    }
}

/// What is given back of the fee year in which a city leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LastYear {
    /// Nothing.
    #[default]
    NoRefund,
    /// The days after the membership.
    Daily,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_the_decisions_of_the_network() {
        let policy = FeePolicy::default();
        assert_eq!(policy.years, FeeYears::Calendar);
        assert_eq!(policy.first_year, FirstYear::Daily);
        assert_eq!(policy.last_year, LastYear::NoRefund);
    }

    #[test]
    fn a_rollover_needs_its_day() {
        let day = MonthDay::new(10, 1).unwrap();
        for (word, cut_off, policy) in [
            ("full", None, Ok(FirstYear::Full)),
            ("daily", None, Ok(FirstYear::Daily)),
            ("daily", Some(day), Ok(FirstYear::Daily)),
            ("monthly", None, Ok(FirstYear::Monthly)),
            ("quarterly", None, Ok(FirstYear::Quarterly)),
            ("rollover", Some(day), Ok(FirstYear::Rollover(day))),
            ("rollover", None, Err(FeeRefusal::RolloverWithoutCutOff)),
            ("Daily", None, Err(FeeRefusal::UnknownPolicy)),
            ("", None, Err(FeeRefusal::UnknownPolicy)),
        ] {
            assert_eq!(FirstYear::from_word(word, cut_off), policy, "{word}");
        }
    }
}
