//! What cities say of themselves and learn from each other: steps, policy, a practice that was taken over and one
//! that waits. What it is not: what these cities did in truth; all of it is invented and says so.

use crate::db::Tx;
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, PracticeId};
use crate::kernel::indicator::Indicator;
use crate::kernel::policy_area::PolicyArea;
use crate::programme::policy_profiles::{self, NewPolicyStatement, Shares};
use crate::programme::practice_adoptions::{self, AdoptionStatus, NewAdoption};
use crate::programme::practice_proposals::{self, NewProposal};
use crate::programme::practices::{Content, Words, rules};
use crate::programme::reference::Source;
use crate::programme::steps::{self, NewStepReport, StepStatus};
use crate::workflows::demonstration::{Cast, day, on};

/// What shows that something is so.
const SHOWN_BY: &str = "Invented for the demonstration.";

/// Tells it all.
pub(super) fn share(tx: &mut Tx<'_>, cast: &Cast) -> Result<()> {
    let copenhagen = cast.city("Copenhagen")?;
    for (step, status) in [
        (1, StepStatus::Done),
        (2, StepStatus::Done),
        (3, StepStatus::InProgress),
    ] {
        on(tx, day(2026, 6, 1), |tx| {
            report(tx, copenhagen, step, status)
        })?;
    }
    on(tx, day(2026, 6, 15), |tx| {
        steps::verify(tx, copenhagen, 1, 1)
    })?;
    for (area, shares) in [
        (PolicyArea::Education, (60, 25, 15)),
        (PolicyArea::LabourMarket, (40, 20, 40)),
        (PolicyArea::UrbanDevelopment, (55, 30, 15)),
    ] {
        on(tx, day(2026, 6, 1), |tx| {
            state(tx, copenhagen, area, shares)
        })?;
    }
    let rotterdam = rules::id_of("rotterdam-welcome-centre");
    on(tx, day(2026, 5, 4), |tx| adopt(tx, copenhagen, rotterdam))?;

    let oslo = cast.city("Oslo")?;
    let hosts = on(tx, day(2026, 8, 3), |tx| {
        practice_proposals::propose(
            tx,
            practice(oslo, "Welcome hosts (demo)", "Velkomstværter (demo)"),
        )
    })?;
    on(tx, day(2026, 8, 4), |tx| {
        practice_proposals::submit(tx, hosts, 1)
    })?;
    on(tx, day(2026, 8, 10), |tx| {
        practice_proposals::publish(tx, hosts, 2)
    })?;
    let waits = on(tx, day(2026, 11, 9), |tx| {
        practice_proposals::propose(
            tx,
            practice(oslo, "A table for all (demo)", "Et bord til alle (demo)"),
        )
    })?;
    on(tx, day(2026, 11, 10), |tx| {
        practice_proposals::submit(tx, waits, 1)
    })?;
    Ok(())
}

fn report(tx: &mut Tx<'_>, city: CityId, step: i32, status: StepStatus) -> Result<()> {
    let new = NewStepReport {
        city,
        step,
        version: 0,
        status,
        on: None,
        evidence: Some(SHOWN_BY.to_owned()),
        source_url: None,
        reason: None,
    };
    steps::report(tx, &new).map(drop)
}

fn state(
    tx: &mut Tx<'_>,
    city: CityId,
    area: PolicyArea,
    (intercultural, multicultural, assimilation): (i32, i32, i32),
) -> Result<()> {
    let new = NewPolicyStatement {
        city,
        area,
        version: 0,
        shares: Shares {
            intercultural,
            multicultural,
            assimilation,
        },
        on: None,
        evidence: SHOWN_BY.to_owned(),
        source_url: None,
    };
    policy_profiles::state(tx, &new).map(drop)
}

fn adopt(tx: &mut Tx<'_>, city: CityId, practice: PracticeId) -> Result<()> {
    let new = NewAdoption {
        practice,
        city,
        version: 0,
        status: AdoptionStatus::Adapted,
        on: None,
        outcome: Some(SHOWN_BY.to_owned()),
        source_url: None,
    };
    practice_adoptions::report(tx, &new).map(drop)
}

fn practice(city: CityId, en: &str, da: &str) -> NewProposal {
    let both = |en: &str, da: &str| Words {
        en: Some(en.to_owned()),
        da: Some(da.to_owned()),
    };
    NewProposal {
        practice: None,
        city: Some(city),
        content: Content {
            city_name: String::new(),
            country: String::new(),
            year: Some(2024),
            title: both(en, da),
            summary: both(SHOWN_BY, "Opfundet til demonstrationen."),
            purpose: both(
                "That nobody new in the quarter stands alone.",
                "At ingen ny i kvarteret står alene.",
            ),
            stimulus: Words::default(),
            process: Words::default(),
            impact: Words::default(),
            figures: Vec::new(),
            areas: vec![PolicyArea::Housing],
            steps: vec![4],
            indicators: vec![Indicator::Welcoming],
            links_editorial: true,
            contacts: Vec::new(),
            sources: vec![Source {
                title: "Demonstration".to_owned(),
                publisher: "example.org".to_owned(),
                date: None,
                document_number: None,
                url: None,
            }],
        },
    }
}
