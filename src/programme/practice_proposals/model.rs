//! The record of a proposed practice. What it is not: the practice.

use diesel::prelude::*;

use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, PracticeId, PracticeProposalId, UserId};
use crate::kernel::instant::Instant;
use crate::kernel::json::Json;
use crate::programme::practices::Content;
use crate::schema::practice_proposals;

crate::text_enum! {
    /// How far a proposal is.
    pub enum ProposalStatus {
        /// Being written, or given back.
        Draft = "DRAFT",
        /// Handed in; somebody of the network is to look at it.
        Submitted = "SUBMITTED",
        /// In the library.
        Published = "PUBLISHED",
        /// Taken back.
        Withdrawn = "WITHDRAWN",
    }
}

/// A proposed practice, or a proposed new edition of one.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = practice_proposals, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct PracticeProposal {
    /// The key.
    pub id: PracticeProposalId,
    /// The practice whose next edition it is to be, or whose first it became.
    pub practice_id: Option<PracticeId>,
    /// The city whose practice it is; none for a city that is not registered.
    pub city_id: Option<CityId>,
    /// How far it is.
    pub status: ProposalStatus,
    /// The edition that it was written on; 0 for a new practice.
    pub based_on: i32,
    /// What it says: a [`Content`].
    pub content: Json,
    /// Why it was given back.
    pub remark: Option<String>,
    /// When it was handed in.
    pub submitted_at: Option<Instant>,
    /// By whom.
    pub submitted_by: Option<UserId>,
    /// When it was published.
    pub published_at: Option<Instant>,
    /// By whom.
    pub published_by: Option<UserId>,
    /// When it was begun.
    pub created_at: Instant,
    /// By whom.
    pub created_by: Option<UserId>,
    /// When it last changed.
    pub updated_at: Instant,
    /// Grows by one with each change.
    pub version: i32,
}

impl PracticeProposal {
    /// What it says.
    ///
    /// # Errors
    /// A fault of ours when the stored document is of another form.
    pub fn words(&self) -> Result<Content> {
        self.content.read()
    }
}

/// What is proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewProposal {
    /// The practice whose next edition it is to be; none for a new one.
    pub practice: Option<PracticeId>,
    /// The city whose practice it is; none for a city that is not registered.
    pub city: Option<CityId>,
    /// What it says; the city's name and country only count where no city is named.
    pub content: Content,
}

/// Which proposals a list holds: all given conditions together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ProposalFilter {
    /// In one of these states.
    pub status: Option<Vec<ProposalStatus>>,
    /// Of one of these cities.
    pub city: Option<Vec<CityId>>,
    /// Changed at or after.
    pub updated_from: Option<Instant>,
    /// Changed before.
    pub updated_before: Option<Instant>,
}
