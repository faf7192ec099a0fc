//! A grant is what a city asks a funder for and what the funder promises: from the application, also of a
//! city that is no member yet, to the award, its use, its instalments, its report and its end. A funding
//! is what an award pays of a line of an invoice.
//!
//! Invariants: what is used of an award is the sum of its fundings and never more than the award; funders
//! together never pay more than a line, none more than its share of the days that it is eligible for; a
//! funder that tolerates no other public money is alone on a line. The database holds the sums.
//!
//! A funder that pays us is invoiced for its share: the city's draft is divided before it is issued, and
//! of an issued invoice the share is credited and invoiced anew. So every krone is claimed once, from
//! whoever owes it, and earned once. What it is not: a payment; that is matched with the funder's own
//! invoice as any other.

mod actions;
mod awarding;
mod dividing;
mod funding;
pub mod graphql;
mod lists;
mod model;
mod notices;
mod payers;
mod preparing;
mod recalling;
pub mod rules;
mod said;
mod store;
mod words;

pub use actions::{apply, close, reject, report, submit};
pub use awarding::{award, record_instalment};
pub use funding::fund_invoice;
pub use lists::{count, list, order};
pub use model::{
    Award, AwardTerms, Bearer, FundedLine, Funding, FundingGrant, GrantInstalment, GrantStatus,
    GrantStep, InstalmentStatus, InstalmentStep, PaidTo,
};
pub use notices::{Notice, NoticeKind, count_notices, notices};
pub use payers::{Payer, payer, payers};
pub use recalling::{claw_back, withdraw_funding};
pub use said::{
    GrantFilter, GrantOrder, NewAward, NewFunding, NewGrant, NewInstalment, Withdrawal,
};
pub use store::{
    Awaiting, awaiting, awards_of, find_fundings, find_many, fundings_of_grants,
    fundings_of_invoices, get, instalments_of, of_instalment,
};
