//! An activity is something the network does for or with a city: the index, a visit, a report, a
//! workshop, advice. A package plans nine of them at once, without dates; a visit that is scheduled
//! takes the oldest planned one of its kind, or stands beside the package when none is left.
//!
//! Invariants: an activity belongs to one city and at most one package of that city; it belongs to
//! at most one visit; what has no date is planned and sorts after everything that has one. A unit
//! of a package that loses its date is planned again until its package is over: the planned activities of a
//! package are what its accounts (`entitlements`) have available, those with a date what is set aside, the
//! accepted ones what is used up. What was confirmed is held by itself when its last day is over; that it
//! is delivered says the network, and the city accepts it, by its word or by its silence.

mod accepting;
mod actions;
mod attending;
mod delivery;
mod facts;
pub mod graphql;
mod model;
mod overdue;
mod planning;
mod records;
pub mod rules;
mod store;
mod units;

pub use accepting::{
    DAYS_TO_ACCEPT, accept, accept_in_silence, decline, note_no_show, revoke_acceptance, submit,
};
pub use actions::{link_expert_visit, link_study_visit, plan_package, release};
pub use attending::{NewDocument, add_document, note_participants};
pub use delivery::{Facts, Lack, missing, warnings};
pub use facts::of_many as facts_of_many;
pub use model::{Activity, ActivityFilter, ActivityKind, ActivityStatus, Visit, VisitDays};
pub use overdue::{DAYS_TO_DELIVER, Overdue, count_overdue, overdue};
pub use planning::{Plan, plan, unplan};
pub use records::model::{
    Acceptance, ActivityDocument, ActivityDocumentKind, NewParticipant, Participant,
    ParticipantKind,
};
pub use records::store::{acceptances_of, documents_of, participants_of};
pub use store::{
    Of, accepted_by_silence, count, count_of, find, find_many, get, held_between, list, list_of,
    of_packages, of_visit, order,
};
pub use units::{add, lapse, withdraw};
