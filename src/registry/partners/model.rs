//! The record of a partner organisation and what is said to register one. What it is not: its
//! people; they are persons of the kind partner.

use diesel::prelude::*;

use crate::kernel::ids::PartnerId;
use crate::kernel::instant::Instant;
use crate::schema::partners;

crate::text_enum! {
    /// A kind of partner that supports the network's work.
    pub enum PartnerKind {
        /// Experts of the Council of Europe and of leading European organisations.
        ExpertTeam = "EXPERT_TEAM",
        /// Policy makers and practitioners of cities with documented success.
        ProvenCity = "PROVEN_CITY",
        /// Specialised think tanks and other partner organisations.
        ThinkTankOrOther = "THINK_TANK_OR_OTHER",
    }
}

/// A partner organisation.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = partners, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Partner {
    /// The key.
    pub id: PartnerId,
    /// The name.
    pub name: String,
    /// By which two names are the same.
    pub name_key: String,
    /// By which lists are sorted.
    pub sort_key: String,
    /// What a search looks in: the folded name.
    pub search_key: String,
    /// What kind of partner it is.
    pub kind: PartnerKind,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// The web address.
    pub website: Option<String>,
    /// Where to write to.
    pub email: Option<String>,
    /// What the partner does for the network.
    pub description: Option<String>,
    /// When it was registered.
    pub created_at: Instant,
    /// When it was last revised.
    pub updated_at: Instant,
    /// Grows by one with each revision.
    pub version: i32,
}

/// What is said of a partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPartner {
    /// The name.
    pub name: String,
    /// What kind of partner it is.
    pub kind: PartnerKind,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// The web address.
    pub website: Option<String>,
    /// Where to write to.
    pub email: Option<String>,
    /// What the partner does for the network.
    pub description: Option<String>,
}

/// Which partners a list holds: all given conditions together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct PartnerFilter {
    /// Of one of these kinds.
    pub kind: Option<Vec<PartnerKind>>,
    /// In one of these countries.
    pub country: Option<Vec<String>>,
    /// The name contains this; accents and case do not matter.
    pub search: Option<String>,
    /// Revised at or after.
    pub updated_from: Option<Instant>,
    /// Revised before.
    pub updated_before: Option<Instant>,
}

crate::text_enum! {
    /// How partners are sorted.
    pub enum PartnerOrder {
        /// By name, A first.
        NameAsc = "NAME_ASC",
        /// By name, Z first.
        NameDesc = "NAME_DESC",
        /// By last revision, the oldest first.
        UpdatedAtAsc = "UPDATED_AT_ASC",
        /// By last revision, the newest first.
        UpdatedAtDesc = "UPDATED_AT_DESC",
    }
}
