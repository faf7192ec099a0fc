//! Fees: what a city pays for its membership and for a package of 24 months, and what comes back
//! when it leaves. Everything here is computed from dates, prices and the seller's policies;
//! invoices and their numbers are in the slice of their own.
//!
//! A fee year is the year a fee is charged for (`years`). What it costs follows the policies
//! (`policy`, `first_year`, `rules`, `refunds`) and the price in force on its first day (`prices`); the formula
//! in words comes with each amount (`formula`). A quote (`quote`) puts the charges of the first
//! years together.

mod fee_refusal;
mod first_year;
mod formula;
pub mod graphql;
mod package_terms;
mod policy;
mod prices;
mod product;
mod quote;
mod refunds;
mod rules;
mod vat;
mod years;

pub use fee_refusal::FeeRefusal;
pub use formula::{Measure, Share, amount_in, danish, english, package_in_words};
pub use package_terms::{AnnualFee, PACKAGE_MONTHS, instalments, package_period};
pub use policy::{FeePolicy, FirstYear, LastYear};
pub use prices::{Price, PriceHistory};
pub use product::Product;
pub use quote::{FeeYearTotal, Quote, QuoteLine, QuotePrices, QuoteRequest, quote};
pub use refunds::{Refund, charge_of_line, credit_from, credit_of_days, refund_on_leaving};
pub use rules::{FeeCharge, charges_for_year};
pub use vat::{Vat, VatTotal, vat_totals};
pub use years::{FeeYear, FeeYears, MonthDay};
