//! What the law says about paying late, as data with dates and sources: the days on which banks are
//! closed, the reference rate of each half-year, and the most that may be charged. What it is not: the
//! computing of anything that is owed; that is in `reminders`.
//!
//! The files are in `data`, compiled in, and a file of the same name in the folder of `--data` takes the
//! place of one. They are read whole and checked when the service starts. What a file does not know is
//! refused by name when it is asked for, and never guessed.

mod banking_days;
mod load;
mod reference_rates;
mod rows;
mod terms;

pub use banking_days::BankingDays;
pub use load::LegalData;
pub use reference_rates::{HalfYear, ReferenceRates};
pub use terms::{LatePaymentTerms, Term};
