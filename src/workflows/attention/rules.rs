//! What makes an entry of the work list. What it is not: the finding of candidates; each room finds
//! its own.

use chrono::{NaiveDate, TimeDelta};

use crate::finance::invoices::OverdueInvoice;
use crate::kernel::phrase::Phrase;
use crate::registry::coordinators::Vacancy;
use crate::registry::memberships::AwaitedAgreement;
use crate::scheduling::expert_visits::UnstaffedVisit;
use crate::workflows::attention::model::{AttentionItem, AttentionRule, Subject};

/// For how many days a member may be without a coordinator before somebody should look.
pub const VACANT_DAYS: i64 = 60;

/// A member without a coordinator: from the day it became a member, or from the day the last
/// coordinator left if that is later. None in the first 60 days.
#[must_use]
pub fn vacancy(vacancy: &Vacancy, today: NaiveDate) -> Option<AttentionItem> {
    let vacant_from = vacancy.last_ended_on.map_or(vacancy.member_since, |ended| {
        ended.max(vacancy.member_since)
    });
    // The rule holds from the day after the sixtieth.
    let since = vacant_from.checked_add_signed(TimeDelta::days(VACANT_DAYS))?;
    (since <= today).then(|| AttentionItem {
        rule: AttentionRule::CoordinatorVacant,
        since,
        city: vacancy.city,
        subject: Subject::City(vacancy.city),
        message: Phrase::new(
            format!("The city has had no coordinator since {vacant_from}; have one appointed."),
            format!("Byen har ikke haft en koordinator siden {vacant_from}; få en udpeget."),
        ),
    })
}

/// A city that was admitted without a financial agreement.
#[must_use]
pub fn agreement(awaited: &AwaitedAgreement) -> AttentionItem {
    let since = awaited.admitted_on;
    AttentionItem {
        rule: AttentionRule::AgreementMissing,
        since,
        city: awaited.city,
        subject: Subject::Membership(awaited.membership),
        message: Phrase::new(
            format!(
                "Admitted on {since} without a financial agreement; have it signed or waive the fee."
            ),
            format!(
                "Optaget den {since} uden økonomisk aftale; få den underskrevet, eller eftergiv kontingentet."
            ),
        ),
    }
}

/// An invoice whose last day to pay is over.
#[must_use]
pub fn overdue(invoice: &OverdueInvoice) -> AttentionItem {
    let (number, due_on) = (&invoice.number, invoice.due_on);
    AttentionItem {
        rule: AttentionRule::InvoiceOverdue,
        since: due_on.succ_opt().unwrap_or(due_on),
        city: invoice.city,
        subject: Subject::Invoice(invoice.id),
        message: Phrase::new(
            format!(
                "Invoice {number} was due on {due_on} and is not paid; remind the city or record its payment."
            ),
            format!(
                "Faktura {number} skulle være betalt den {due_on}; ryk byen, eller registrér betalingen."
            ),
        ),
    }
}

/// A planned visit without an expert, since the day it was planned.
#[must_use]
pub fn unstaffed(visit: &UnstaffedVisit) -> AttentionItem {
    let starts_on = visit.starts_on;
    AttentionItem {
        rule: AttentionRule::VisitWithoutExpert,
        since: visit.planned_at.date_in(chrono_tz::Europe::Copenhagen),
        city: visit.city,
        subject: Subject::ExpertVisit(visit.id),
        message: Phrase::new(
            format!("The expert visit of {starts_on} has no expert yet; find one."),
            format!("Ekspertbesøget den {starts_on} har endnu ingen ekspert; find en."),
        ),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::kernel::ids::{CityId, Id};

    #[test]
    fn a_vacancy_counts_after_sixty_days() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (member_since, last_ended_on, today, since) in [
            ("2026-01-01", None, "2026-03-01", None),
            ("2026-01-01", None, "2026-03-02", Some("2026-03-02")),
            ("2026-01-01", Some("2026-06-01"), "2026-07-30", None),
            (
                "2026-01-01",
                Some("2026-06-01"),
                "2026-07-31",
                Some("2026-07-31"),
            ),
            (
                "2026-01-01",
                Some("2025-06-01"),
                "2026-12-31",
                Some("2026-03-02"),
            ),
        ] {
            let candidate = Vacancy {
                city: CityId::of(Uuid::from_u128(1)),
                member_since: day(member_since),
                last_ended_on: last_ended_on.map(day),
            };
            let found = vacancy(&candidate, day(today)).map(|item| item.since);
            assert_eq!(
                found,
                since.map(day),
                "{member_since} {last_ended_on:?} {today}"
            );
        }
    }
}
