//! The figures of a year as lists of keys, gathered from the rooms. What it is not: SQL; each room asks its own.

use crate::access::permission::Permission;
use crate::access::viewer::Viewer;
use crate::db::Db;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{
    ActivityId, AssessmentId, CityId, ExpertVisitId, PracticeId, StudyVisitId,
};
use crate::kernel::instant::Instant;
use crate::kernel::phrase::Phrase;
use crate::programme::activities::{self, ActivityKind};
use crate::programme::{assessments, practices};
use crate::registry::memberships;
use crate::scheduling::held;
use crate::workflows::annual_figures::rules;

/// The kinds of activity that teach: trainings, workshops and debates.
const TEACHING: [ActivityKind; 3] = [
    ActivityKind::CompetenceTraining,
    ActivityKind::VisionWorkshop,
    ActivityKind::VisionDebate,
];

/// What happened in a calendar year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnualFigures {
    /// The year.
    pub year: i32,
    /// How many cities are members at its end, or today while it runs.
    pub members: i64,
    /// Who joined.
    pub joined: Vec<CityId>,
    /// Who left.
    pub left: Vec<CityId>,
    /// The assessments that were published.
    pub assessments: Vec<AssessmentId>,
    /// The expert visits that were held.
    pub expert_visits: Vec<ExpertVisitId>,
    /// The study visits that were held.
    pub study_visits: Vec<StudyVisitId>,
    /// The practices that were published, but for those that come with the service.
    pub practices: Vec<PracticeId>,
    /// The trainings, workshops and debates that were held.
    pub trainings: Vec<ActivityId>,
}

/// The figures of a year, as far as it is. For those who see all programmes.
///
/// # Errors
/// `Unauthenticated` or `Forbidden`; `BadRequest` for a year that has not begun.
pub fn of_year(db: &mut Db, viewer: &Viewer, now: Instant, year: i32) -> Result<AnnualFigures> {
    viewer.permit(Permission::SeeProgramme)?;

    let today = now.date_in(chrono_tz::Europe::Copenhagen);
    let Some((from, before, counted_on)) = rules::days_of(year, today) else {
        return Err(Error::BadRequest(Phrase::new(
            "The year has not begun.",
            "Året er ikke begyndt.",
        )));
    };
    let until = rules::until(before, today);
    let mut trainings = Vec::new();
    for kind in TEACHING {
        trainings.extend(activities::held_between(db, kind, (from, before), now)?);
    }
    Ok(AnnualFigures {
        year,
        members: memberships::count_on(db, counted_on)?,
        joined: memberships::joined_between(db, from, until)?,
        left: memberships::left_between(db, from, until)?,
        assessments: assessments::published_between(db, from, until)?,
        expert_visits: held::expert_visits_between(db, (from, before), now)?,
        study_visits: held::study_visits_between(db, (from, before), now)?,
        practices: practices::published_between(db, from, until)?,
        trainings,
    })
}
