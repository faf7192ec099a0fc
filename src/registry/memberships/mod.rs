//! A membership is one period of a city in a network: from the question what membership means,
//! over application, admission and start, to the day it ends. A city that comes back begins a new
//! period; the old one stays as it was, so gaps are visible.
//!
//! What happened is kept as events that are only ever added. The status on a day is a pure function
//! of them ([`rules::status_on`]); payments never change it. Two projections are rewritten in the
//! transaction of each step: the spans of a period, and the city's standing in the network, in
//! which every day has one status for the network's people and one, or none, for the public.
//!
//! Invariants: two periods of a city in one network never share an active day, and the database
//! itself refuses it; a period that ended before it began is void and counts for nothing; the
//! public learns of a city on the first day of its first period that is not void.

mod actions;
mod adopt;
mod comings;
mod ends;
pub mod graphql;
mod listing;
mod model;
mod progress;
mod refusals;
pub mod rules;
pub mod standing;
mod store;

pub use actions::{activate, admit, agree, apply, inquire, reject};
pub use adopt::{AdoptedMembership, adopt, adopt_with_note};
pub use comings::{count_on, joined_between, left_between};
pub use ends::{expel, lapse, resume, suspend, withdraw};
pub use listing::{
    MembershipFilter, MembershipOrder, awaited_agreements, count, count_awaited_agreements,
    count_for, list, list_for, order,
};
pub use model::{
    Activation, Admission, Application, AwaitedAgreement, Ending, Membership, MembershipEndReason,
    MembershipEvent, MembershipEventKind, MembershipStatus, Standing, Step, StoredSpan, Withdrawal,
};
pub use standing::first_day_without;
pub use store::{
    active_among, current_of, events_of_many, find, find_many, get, is_active_on,
    periods_of_cities, periods_of_city, spans_of_many, standings_of_cities,
};
