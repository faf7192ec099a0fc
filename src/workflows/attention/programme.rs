//! What makes an entry of the work list in the programme. What it is not: the finding of candidates.

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Europe::Copenhagen;

use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{AssessmentId, CityId, DocumentId, PracticeProposalId};
use crate::kernel::instant::Instant;
use crate::kernel::phrase::Phrase;
use crate::programme::activities::{DAYS_TO_DELIVER, Overdue};
use crate::programme::packages::{DAYS_BEFORE_LOSS, Losing, Waiting};
use crate::scheduling::days::first_moment;
use crate::workflows::attention::model::{AttentionItem, AttentionRule, Subject};

/// An activity that is over and not delivered.
///
/// # Errors
/// A fault of ours at the ends of the calendar.
pub(super) fn overdue(late: &Overdue) -> Result<AttentionItem> {
    let last = late.ended_on.pred_opt().unwrap_or(late.ended_on);
    Ok(AttentionItem {
        rule: AttentionRule::ActivityOverdue,
        holds_from: first_moment(moved(late.ended_on, DAYS_TO_DELIVER)?, Copenhagen)?,
        city: late.city,
        subject: Subject::Activity(late.activity),
        message: Phrase::new(
            format!(
                "The activity ended on {last} and is not delivered; note who came, add its papers and submit it, or note that nobody came."
            ),
            format!(
                "Aktiviteten sluttede den {last} og er ikke leveret; notér, hvem der kom, tilføj dokumenter, og aflevér, eller notér, at ingen kom."
            ),
        ),
    })
}

/// A package that loses units soon.
///
/// # Errors
/// A fault of ours at the ends of the calendar.
pub(super) fn losing(losing: &Losing) -> Result<AttentionItem> {
    let Losing { units, day, .. } = *losing;
    Ok(AttentionItem {
        rule: AttentionRule::UnitsExpiring,
        holds_from: first_moment(moved(day, -DAYS_BEFORE_LOSS)?, Copenhagen)?,
        city: losing.city,
        subject: Subject::Package(losing.package),
        message: Phrase::new(
            format!(
                "{units} units of the package are lost on {day}; plan them, exchange them or extend the package."
            ),
            format!(
                "{units} enheder i pakken går tabt den {day}; planlæg dem, byt dem, eller forlæng pakken."
            ),
        ),
    })
}

/// An amendment that waits for a second person.
pub(super) fn amendment(waiting: &Waiting) -> AttentionItem {
    AttentionItem {
        rule: AttentionRule::AmendmentWaiting,
        holds_from: waiting.since,
        city: waiting.city,
        subject: Subject::Amendment(waiting.amendment),
        message: Phrase::new(
            "An amendment of the package waits for a second person; approve or discard it."
                .to_owned(),
            "En ændring af pakken venter på en anden person; godkend eller kassér den.".to_owned(),
        ),
    }
}

/// An assessment that waits for approval.
pub(super) fn assessment((id, city, since): (AssessmentId, CityId, Instant)) -> AttentionItem {
    AttentionItem {
        rule: AttentionRule::AssessmentWaiting,
        holds_from: since,
        city,
        subject: Subject::Assessment(id),
        message: Phrase::new(
            "The city submitted its assessment; approve its scores, or give it back with a reason.",
            "Byen har afleveret sin vurdering; godkend pointene, eller send den tilbage med en begrundelse.",
        ),
    }
}

/// A proposed practice that nobody has looked at.
pub(super) fn proposal((id, city, since): (PracticeProposalId, CityId, Instant)) -> AttentionItem {
    AttentionItem {
        rule: AttentionRule::PracticeProposed,
        holds_from: since,
        city,
        subject: Subject::Proposal(id),
        message: Phrase::new(
            "The city proposes a good practice; publish it, or give it back with a remark.",
            "Byen foreslår et godt eksempel; offentliggør det, eller send det tilbage med en bemærkning.",
        ),
    }
}

/// A document of which the city has not checked the facts in time.
///
/// # Errors
/// A fault of ours at the ends of the calendar.
pub(super) fn fact_check(
    (id, city, until): (DocumentId, CityId, NaiveDate),
) -> Result<AttentionItem> {
    Ok(AttentionItem {
        rule: AttentionRule::FactCheckOver,
        holds_from: first_moment(moved(until, 1)?, Copenhagen)?,
        city,
        subject: Subject::Document(id),
        message: Phrase::new(
            format!(
                "The city could check the facts until {until} and said nothing; make the document final."
            ),
            format!(
                "Byen kunne kontrollere fakta til og med {until} og har intet sagt; gør dokumentet endeligt."
            ),
        ),
    })
}

fn moved(day: NaiveDate, days: i64) -> Result<NaiveDate> {
    day.checked_add_signed(TimeDelta::days(days))
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("{day} lies at the end of the calendar")))
}
