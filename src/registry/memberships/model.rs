//! The record of a membership, its events and projections, and what is said to take a step. What
//! it is not: which step may follow which; that is `rules.rs`.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::kernel::ids::{
    CityId, FileId, MembershipEventId, MembershipId, NetworkId, RoundId, UserId,
};
use crate::kernel::instant::Instant;
use crate::kernel::period::Period;
use crate::registry::memberships::rules::{Fact, Span};
use crate::schema::{city_standings, membership_events, membership_spans, memberships};

crate::text_enum! {
    /// What a city is to a network on a day.
    pub enum MembershipStatus {
        /// Asked what membership means.
        Inquiry = "INQUIRY",
        /// Has applied.
        Applied = "APPLIED",
        /// The application was rejected.
        Rejected = "REJECTED",
        /// Admitted: the statement of intent is signed, membership has not begun.
        Admitted = "ADMITTED",
        /// A member.
        Active = "ACTIVE",
        /// A member whose rights rest.
        Suspended = "SUSPENDED",
        /// Has left.
        Withdrawn = "WITHDRAWN",
        /// Was excluded.
        Expelled = "EXPELLED",
        /// Ended without a decision: the fee was not paid or the term not renewed.
        Lapsed = "LAPSED",
    }
}

impl MembershipStatus {
    /// Whether the city is a member, with or without its rights.
    #[must_use]
    pub fn is_member(self) -> bool {
        matches!(self, Self::Active | Self::Suspended)
    }

    /// Whether a membership has ended.
    #[must_use]
    pub fn has_ended(self) -> bool {
        matches!(self, Self::Withdrawn | Self::Expelled | Self::Lapsed)
    }
}

crate::text_enum! {
    /// What can happen to a membership.
    pub enum MembershipEventKind {
        /// The city asked what membership means.
        Inquired = "INQUIRED",
        /// The city applied.
        Applied = "APPLIED",
        /// The application was rejected.
        Rejected = "REJECTED",
        /// The city was admitted.
        Admitted = "ADMITTED",
        /// The financial agreement was signed; this changes no status.
        Agreed = "AGREED",
        /// Membership begins.
        Activated = "ACTIVATED",
        /// The rights rest from then on.
        Suspended = "SUSPENDED",
        /// The rights are back.
        Resumed = "RESUMED",
        /// The city is out, by its own notice.
        Withdrawn = "WITHDRAWN",
        /// The city is out, by the network's decision.
        Expelled = "EXPELLED",
        /// The city is out, without a decision.
        Lapsed = "LAPSED",
    }
}

crate::text_enum! {
    /// Why a membership ended.
    pub enum MembershipEndReason {
        /// The city left.
        Withdrawn = "WITHDRAWN",
        /// The network excluded the city.
        Expelled = "EXPELLED",
        /// It ended without a decision: the fee was not paid or the term not renewed.
        Lapsed = "LAPSED",
    }
}

impl MembershipEndReason {
    /// The event that ends a membership so.
    #[must_use]
    pub fn event(self) -> MembershipEventKind {
        match self {
            Self::Withdrawn => MembershipEventKind::Withdrawn,
            Self::Expelled => MembershipEventKind::Expelled,
            Self::Lapsed => MembershipEventKind::Lapsed,
        }
    }
}

/// A period of membership.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = memberships, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Membership {
    /// The key.
    pub id: MembershipId,
    /// The city.
    pub city_id: CityId,
    /// The network.
    pub network_id: NetworkId,
    /// The round of the network that the city joined in.
    pub round_id: Option<RoundId>,
    /// Which of the city's periods in the network, in the order they were recorded; 1 is the first.
    pub number: i32,
    /// When the statement of intent was signed.
    pub statement_of_intent_on: Option<NaiveDate>,
    /// When the mayor or the council decided.
    pub decision_on: Option<NaiveDate>,
    /// When the financial agreement was signed.
    pub agreement_on: Option<NaiveDate>,
    /// Whether the network waives the fee, so that no agreement is needed.
    pub fee_waived: bool,
    /// The first day as a member.
    pub starts_on: Option<NaiveDate>,
    /// The day after the last; equal to the first day when the period is void.
    pub ends_on: Option<NaiveDate>,
    /// Why it ended or will end.
    pub end_reason: Option<MembershipEndReason>,
    /// What else is to be known.
    pub note: Option<String>,
    /// When it was recorded.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
    /// Grows by one with each change.
    pub version: i32,
}

impl Membership {
    /// The days as a member, suspended ones included; none before a start is known and none for a
    /// void period.
    #[must_use]
    pub fn active_period(&self) -> Option<Period> {
        let period = Period::new(self.starts_on?, self.ends_on).ok()?;
        (!period.is_empty()).then_some(period)
    }
}

/// Something that happened to a membership. It is never changed or removed.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = membership_events, treat_none_as_default_value = false)]
pub struct MembershipEvent {
    /// The key.
    pub id: MembershipEventId,
    /// The membership.
    pub membership_id: MembershipId,
    /// What happened.
    pub kind: MembershipEventKind,
    /// The day from which it counts; for an end the first day outside.
    pub effective_on: NaiveDate,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// Who recorded it; none for the system.
    pub recorded_by: Option<UserId>,
    /// What else is to be known, for the network's people.
    pub note: Option<String>,
    /// The document it rests on.
    pub document_id: Option<FileId>,
}

impl MembershipEvent {
    /// What the rules need to know of it.
    #[must_use]
    pub fn fact(&self) -> Fact {
        Fact {
            kind: self.kind,
            on: self.effective_on,
        }
    }
}

/// A span of days on which a membership has one status: the projection of its events.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = membership_spans, treat_none_as_default_value = false)]
pub struct StoredSpan {
    /// The membership.
    pub membership_id: MembershipId,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The day after the last.
    pub ends_on: Option<NaiveDate>,
    /// The city.
    pub city_id: CityId,
    /// The network.
    pub network_id: NetworkId,
    /// What the city is by this membership.
    pub status: MembershipStatus,
}

impl StoredSpan {
    /// The span without its keys.
    #[must_use]
    pub fn span(&self) -> Span {
        Span {
            status: self.status,
            starts_on: self.starts_on,
            ends_on: self.ends_on,
        }
    }
}

/// What a city is to a network on some days, by all its periods together. Standings of a city in
/// a network never share a day.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = city_standings, treat_none_as_default_value = false)]
pub struct Standing {
    /// The city.
    pub city_id: CityId,
    /// The network.
    pub network_id: NetworkId,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The day after the last.
    pub ends_on: Option<NaiveDate>,
    /// The period that the status comes from.
    pub membership_id: MembershipId,
    /// The status.
    pub status: MembershipStatus,
    /// What the public may know: members and former members, never what was asked or applied for.
    pub public_status: Option<MembershipStatus>,
}

impl Standing {
    /// Whether the day is in it.
    #[must_use]
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.starts_on <= day && self.ends_on.is_none_or(|end| day < end)
    }
}

/// An application, or a first question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// The city.
    pub city: CityId,
    /// The network; the international one when none is named.
    pub network: Option<NetworkId>,
    /// The round it would join in.
    pub round: Option<RoundId>,
    /// When it applied; today when nothing is said.
    pub on: Option<NaiveDate>,
    /// When the statement of intent was signed, if it was.
    pub statement_of_intent_on: Option<NaiveDate>,
    /// What else is to be known.
    pub note: Option<String>,
}

/// A step of a membership on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The membership.
    pub membership: MembershipId,
    /// The version that was read; another one now refuses the step.
    pub version: Option<i32>,
    /// From which day; today when nothing is said.
    pub on: Option<NaiveDate>,
    /// What else is to be known.
    pub note: Option<String>,
}

/// An admission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admission {
    /// The membership.
    pub membership: MembershipId,
    /// The version that was read; another one now refuses the step.
    pub version: Option<i32>,
    /// When the mayor or the council decided.
    pub decision_on: NaiveDate,
    /// When the statement of intent was signed, if it was not said before.
    pub statement_of_intent_on: Option<NaiveDate>,
    /// What else is to be known.
    pub note: Option<String>,
}

/// The beginning of a membership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activation {
    /// The membership.
    pub membership: MembershipId,
    /// The version that was read; another one now refuses the step.
    pub version: Option<i32>,
    /// The first day.
    pub starts_on: NaiveDate,
    /// When the financial agreement was signed, if it was not said before.
    pub agreement_on: Option<NaiveDate>,
    /// Whether the network waives the fee.
    pub fee_waived: bool,
    /// What else is to be known.
    pub note: Option<String>,
}

/// A city's notice that it leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// The membership.
    pub membership: MembershipId,
    /// The version that was read; another one now refuses the step.
    pub version: Option<i32>,
    /// When notice was given; today when nothing is said.
    pub notice_on: Option<NaiveDate>,
    /// The last day; by the notice period when nothing is said.
    pub ends_on: Option<NaiveDate>,
    /// What else is to be known.
    pub note: Option<String>,
}

/// An end that the network decides or finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// The membership.
    pub membership: MembershipId,
    /// The version that was read; another one now refuses the step.
    pub version: Option<i32>,
    /// The last day.
    pub ends_on: NaiveDate,
    /// What else is to be known.
    pub note: Option<String>,
}

/// A membership that waits for its financial agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwaitedAgreement {
    /// The membership.
    pub membership: MembershipId,
    /// The city.
    pub city: CityId,
    /// The first day as admitted or, if nothing is known of an admission, as a member.
    pub since: NaiveDate,
    /// When the network decided to admit it; not known of members taken over from an older list.
    pub admitted_on: Option<NaiveDate>,
}
