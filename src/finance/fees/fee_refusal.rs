//! Why a fee cannot be computed. It is not about invoices: whether a year was charged before is
//! decided where invoices are.

use std::fmt;

use chrono::NaiveDate;

use crate::kernel::money::{MoneyError, ShareRefusal};
use crate::kernel::period::DateRefusal;
use crate::kernel::phrase::Phrase;

/// Why a fee, price or quote cannot be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeeRefusal {
    /// A fee is asked for before the city was a member.
    BeforeJoining,
    /// No version of the price is in force.
    NoPrice {
        /// On this day.
        on: NaiveDate,
    },
    /// A price below nothing.
    NegativePrice,
    /// Two versions of one price begin on the same day.
    TwoPricesOnOneDay {
        /// The day.
        day: NaiveDate,
    },
    /// A rollover of the first year without the day from which it applies.
    RolloverWithoutCutOff,
    /// A word that names no policy.
    UnknownPolicy,
    /// A day such as 29 February, which not every year has.
    NotADayOfEveryYear,
    /// A date or period that is not accepted.
    Date(DateRefusal),
    /// Amounts that cannot be put together or divided.
    Amount(ShareRefusal),
}

impl FeeRefusal {
    /// What is wrong, for the user.
    #[must_use]
    pub fn phrase(self) -> Phrase {
        match self {
            Self::BeforeJoining => Phrase::new(
                "There is no fee before the city has joined.",
                "Der er intet kontingent, før byen er indtrådt.",
            ),
            Self::NoPrice { on } => Phrase::new(
                format!("No price is in force on {on}."),
                format!("Ingen pris gælder den {on}."),
            ),
            Self::NegativePrice => Phrase::new(
                "A price cannot be below zero.",
                "En pris kan ikke være under nul.",
            ),
            Self::TwoPricesOnOneDay { day } => Phrase::new(
                format!("Two prices begin on {day}; only one can."),
                format!("To priser begynder den {day}; kun én kan."),
            ),
            Self::RolloverWithoutCutOff => Phrase::new(
                "The policy for the first year needs the day from which the next year is included.",
                "Reglen for det første år mangler den dag, fra hvilken næste år er inkluderet.",
            ),
            Self::UnknownPolicy => Phrase::new(
                "The policy for the first year is one of full, daily, monthly, quarterly and rollover.",
                "Reglen for det første år er én af full, daily, monthly, quarterly og rollover.",
            ),
            Self::NotADayOfEveryYear => Phrase::new(
                "A fee year must begin on a day that every year has.",
                "Et kontingentår skal begynde på en dag, som findes hvert år.",
            ),
            Self::Date(refusal) => refusal.phrase(),
            Self::Amount(ShareRefusal::Money(MoneyError::CurrencyMismatch { left, right })) => {
                Phrase::new(
                    format!("Amounts in {left} and {right} cannot be put together."),
                    format!("Beløb i {left} og {right} kan ikke lægges sammen."),
                )
            }
            Self::Amount(ShareRefusal::Money(MoneyError::Overflow)) => {
                Phrase::new("The amount is too large.", "Beløbet er for stort.")
            }
            Self::Amount(
                ShareRefusal::NoParts
                | ShareRefusal::NoDenominator
                | ShareRefusal::NegativeWeight
                | ShareRefusal::NoWeight,
            ) => Phrase::new(
                "The amount cannot be divided that way.",
                "Beløbet kan ikke deles på den måde.",
            ),
        }
    }
}

impl fmt::Display for FeeRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.phrase().en)
    }
}

impl std::error::Error for FeeRefusal {}

impl From<DateRefusal> for FeeRefusal {
    fn from(refusal: DateRefusal) -> Self {
        Self::Date(refusal)
    }
}

impl From<ShareRefusal> for FeeRefusal {
    fn from(refusal: ShareRefusal) -> Self {
        Self::Amount(refusal)
    }
}

impl From<MoneyError> for FeeRefusal {
    fn from(error: MoneyError) -> Self {
        Self::Amount(ShareRefusal::Money(error))
    }
}
