//! The record of an activity. What it is not: the visit that it may be; visits have records of
//! their own with places and people.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::kernel::ids::{ActivityId, CityId, ExpertVisitId, Id, PackageId, StudyVisitId};
use crate::kernel::instant::Instant;
use crate::kernel::period::Period;
use crate::programme::entitlements::Unit;
use crate::programme::reference::{DeliverableKind, SingleActivityKind};
use crate::schema::activities;

crate::text_enum! {
    /// What an activity is: one of the package's seven kinds or of the four single activities.
    pub enum ActivityKind {
        /// The initial evaluation by the intercultural city index.
        Index = "INDEX",
        /// A visit of experts to the city.
        ExpertVisit = "EXPERT_VISIT",
        /// The report of the in-depth assessment.
        SwotReport = "SWOT_REPORT",
        /// An analysis of one of the city's policies.
        PolicyAnalysis = "POLICY_ANALYSIS",
        /// The workshop in which the city establishes its vision.
        VisionWorkshop = "VISION_WORKSHOP",
        /// A visit of the city's delegation to another city.
        StudyVisit = "STUDY_VISIT",
        /// Help with the city's intercultural strategy.
        StrategyAssistance = "STRATEGY_ASSISTANCE",
        /// Diagnosis of the present approach, with recommendations.
        Diagnosis = "DIAGNOSIS",
        /// Advice on a topic of governance or policy.
        PolicyAdvice = "POLICY_ADVICE",
        /// Training of decision makers in intercultural competences.
        CompetenceTraining = "COMPETENCE_TRAINING",
        /// Debates, vision building and workshops for new policy.
        VisionDebate = "VISION_DEBATE",
    }
}

impl ActivityKind {
    /// The kind as a deliverable of the package; none for the single activities.
    #[must_use]
    pub const fn deliverable(self) -> Option<DeliverableKind> {
        Some(match self {
            Self::Index => DeliverableKind::Index,
            Self::ExpertVisit => DeliverableKind::ExpertVisit,
            Self::SwotReport => DeliverableKind::SwotReport,
            Self::PolicyAnalysis => DeliverableKind::PolicyAnalysis,
            Self::VisionWorkshop => DeliverableKind::VisionWorkshop,
            Self::StudyVisit => DeliverableKind::StudyVisit,
            Self::StrategyAssistance => DeliverableKind::StrategyAssistance,
            Self::Diagnosis
            | Self::PolicyAdvice
            | Self::CompetenceTraining
            | Self::VisionDebate => {
                return None;
            }
        })
    }

    /// Whether a report or minutes belong to it, which are due once its days are over.
    #[must_use]
    pub const fn is_written(self) -> bool {
        !matches!(
            self,
            Self::ExpertVisit | Self::StudyVisit | Self::CompetenceTraining | Self::VisionDebate
        )
    }

    /// Whether it is a visit, with places and people of its own.
    #[must_use]
    pub const fn is_visit(self) -> bool {
        matches!(self, Self::ExpertVisit | Self::StudyVisit)
    }

    /// Whether it takes place on days, so that it is delivered when they are over; else it is a paper,
    /// and delivered when it is accepted.
    #[must_use]
    pub const fn is_event(self) -> bool {
        matches!(
            self,
            Self::Index
                | Self::ExpertVisit
                | Self::StudyVisit
                | Self::VisionWorkshop
                | Self::CompetenceTraining
                | Self::VisionDebate
        )
    }

    /// The kind as a single activity; none for what only a package delivers.
    #[must_use]
    pub const fn single(self) -> Option<SingleActivityKind> {
        Some(match self {
            Self::Diagnosis => SingleActivityKind::Diagnosis,
            Self::PolicyAdvice => SingleActivityKind::PolicyAdvice,
            Self::CompetenceTraining => SingleActivityKind::CompetenceTraining,
            Self::VisionDebate => SingleActivityKind::VisionDebate,
            Self::Index
            | Self::ExpertVisit
            | Self::SwotReport
            | Self::PolicyAnalysis
            | Self::VisionWorkshop
            | Self::StudyVisit
            | Self::StrategyAssistance => return None,
        })
    }
}

impl From<DeliverableKind> for ActivityKind {
    fn from(kind: DeliverableKind) -> Self {
        match kind {
            DeliverableKind::Index => Self::Index,
            DeliverableKind::ExpertVisit => Self::ExpertVisit,
            DeliverableKind::SwotReport => Self::SwotReport,
            DeliverableKind::PolicyAnalysis => Self::PolicyAnalysis,
            DeliverableKind::VisionWorkshop => Self::VisionWorkshop,
            DeliverableKind::StudyVisit => Self::StudyVisit,
            DeliverableKind::StrategyAssistance => Self::StrategyAssistance,
        }
    }
}

crate::text_enum! {
    /// How far an activity is.
    pub enum ActivityStatus {
        /// Promised, without a date.
        Planned = "PLANNED",
        /// Has a date.
        Confirmed = "CONFIRMED",
        /// Has taken place: its last day is over. This is never stored; the clock tells it.
        Held = "HELD",
        /// Its last day is over, and what is written about it is still to come. Never stored either.
        ReportDue = "REPORT_DUE",
        /// Is said to be delivered; the city's word is waited for.
        Submitted = "SUBMITTED",
        /// The city accepted it, or said nothing in time.
        Accepted = "ACCEPTED",
        /// Was to take place, and the city did not come.
        NoShow = "NO_SHOW",
        /// Was called off and is not planned again.
        Cancelled = "CANCELLED",
    }
}

/// An activity.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = activities, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Activity {
    /// The key.
    pub id: ActivityId,
    /// The city it is for.
    pub city_id: CityId,
    /// The package that promised it; none for what a city takes beside a package.
    pub package_id: Option<PackageId>,
    /// What it is.
    pub kind: ActivityKind,
    /// Which one of its kind, from 1: in the package, or of the city beside its packages.
    pub number: i32,
    /// How far it is by what was decided: planned, confirmed or cancelled.
    pub status: ActivityStatus,
    /// The first day.
    pub starts_on: Option<NaiveDate>,
    /// The day after the last.
    pub ends_on: Option<NaiveDate>,
    /// The first moment after the last day, in the zone of the place where it is held.
    pub ends_at: Option<Instant>,
    /// The first day, or a day after all others while there is none: what lists are sorted by.
    pub sort_on: NaiveDate,
    /// The expert visit that it is.
    pub expert_visit_id: Option<ExpertVisitId>,
    /// The study visit that it is.
    pub study_visit_id: Option<StudyVisitId>,
    /// The city that is visited; none for what is no study visit.
    pub host_city_id: Option<CityId>,
    /// What it is about, where that was said.
    pub topic: Option<String>,
    /// When it was said to be delivered.
    pub submitted_at: Option<Instant>,
    /// The day on which silence accepts it.
    pub accepts_on: Option<NaiveDate>,
    /// The day on which it was accepted.
    pub accepted_on: Option<NaiveDate>,
    /// What the city said when it did not accept it.
    pub remark: Option<String>,
    /// When it was planned.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
    /// Grows by one with each change.
    pub version: i32,
}

impl Activity {
    /// How far it is at a moment: a confirmed activity is held when its last day is over where it
    /// takes place, as the visit is that it may be.
    #[must_use]
    pub fn status_at(&self, now: Instant) -> ActivityStatus {
        match self.status {
            ActivityStatus::Confirmed if self.is_over(now) && self.kind.is_written() => {
                ActivityStatus::ReportDue
            }
            ActivityStatus::Confirmed if self.is_over(now) => ActivityStatus::Held,
            decided => decided,
        }
    }

    /// Whether its last day is over where it takes place.
    #[must_use]
    pub fn is_over(&self, now: Instant) -> bool {
        self.ends_at.is_some_and(|over| over <= now)
    }

    /// The unit of a package that it is; none for what stands beside packages.
    #[must_use]
    pub fn unit(&self) -> Option<Unit> {
        Some(Unit {
            package: self.package_id?,
            kind: self.kind.deliverable()?,
            activity: self.id,
        })
    }
}

/// The visit that an activity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visit {
    /// Experts come to the city.
    Expert(ExpertVisitId),
    /// The city goes to another one.
    Study(StudyVisitId),
}

impl Visit {
    /// What such an activity is.
    #[must_use]
    pub const fn kind(self) -> ActivityKind {
        match self {
            Self::Expert(_) => ActivityKind::ExpertVisit,
            Self::Study(_) => ActivityKind::StudyVisit,
        }
    }

    /// The expert visit's key.
    #[must_use]
    pub const fn expert(self) -> Option<ExpertVisitId> {
        match self {
            Self::Expert(id) => Some(id),
            Self::Study(_) => None,
        }
    }

    /// The study visit's key.
    #[must_use]
    pub const fn study(self) -> Option<StudyVisitId> {
        match self {
            Self::Expert(_) => None,
            Self::Study(id) => Some(id),
        }
    }

    /// The public id of the visit.
    #[must_use]
    pub fn public(self) -> String {
        match self {
            Self::Expert(id) => id.public(),
            Self::Study(id) => id.public(),
        }
    }
}

/// The days of a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VisitDays {
    /// From the first day to the day after the last, in the host's zone.
    pub period: Period,
    /// The first moment after the last day there.
    pub ends_at: Instant,
}

/// Which activities a list holds: all given conditions together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ActivityFilter {
    /// Of one of these cities.
    pub city: Option<Vec<CityId>>,
    /// With days that begin on this day or later.
    pub starts_from: Option<NaiveDate>,
    /// With days that begin before this one.
    pub starts_before: Option<NaiveDate>,
    /// Of one of these kinds.
    pub kind: Option<Vec<ActivityKind>>,
    /// In one of these states at the moment beside them.
    pub status: Option<(Vec<ActivityStatus>, Instant)>,
    /// Changed at or after.
    pub updated_from: Option<Instant>,
    /// Changed before.
    pub updated_before: Option<Instant>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_of_the_package_or_a_single_activity_and_has_its_word() {
        for kind in ActivityKind::ALL.iter().copied() {
            match (kind.deliverable(), kind.single()) {
                (Some(deliverable), None) => {
                    assert_eq!(deliverable.as_str(), kind.as_str());
                    assert_eq!(ActivityKind::from(deliverable), kind);
                }
                (None, Some(single)) => assert_eq!(single.as_str(), kind.as_str()),
                other => panic!("{kind}: {other:?}"),
            }
        }
        let kinds = DeliverableKind::ALL.len() + SingleActivityKind::ALL.len();
        assert_eq!(ActivityKind::ALL.len(), kinds);
    }
}
