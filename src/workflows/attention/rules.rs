//! What makes an entry of the work list. What it is not: the finding of candidates; each room finds
//! its own.

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Europe::Copenhagen;

use crate::finance::deliveries::Rejected;
use crate::finance::grants::{Notice, NoticeKind};
use crate::finance::invoices::OverdueInvoice;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CreditNoteId, Id, InvoiceId};
use crate::kernel::phrase::Phrase;
use crate::registry::coordinators::Vacancy;
use crate::registry::coordinators::rules::VACANT_DAYS;
use crate::registry::memberships::AwaitedAgreement;
use crate::scheduling::days::first_moment;
use crate::scheduling::expert_visits::UnstaffedVisit;
use crate::workflows::attention::model::{AttentionItem, AttentionRule, Subject};

/// The last day on which a vacancy may have begun that somebody should look at today: the rule holds
/// from the day after the sixtieth.
///
/// # Errors
/// A fault of ours at the ends of the calendar.
pub fn vacant_at_latest(today: NaiveDate) -> Result<NaiveDate> {
    let latest = today.checked_sub_signed(TimeDelta::days(VACANT_DAYS));
    latest.ok_or_else(|| beyond_the_calendar(today))
}

/// A member that has had no coordinator for more than 60 days.
///
/// # Errors
/// A fault of ours at the ends of the calendar.
pub fn vacancy(vacancy: &Vacancy) -> Result<AttentionItem> {
    let Vacancy { city, vacant_from } = *vacancy;
    let since = vacant_from.checked_add_signed(TimeDelta::days(VACANT_DAYS));
    let since = since.ok_or_else(|| beyond_the_calendar(vacant_from))?;
    Ok(AttentionItem {
        rule: AttentionRule::CoordinatorVacant,
        holds_from: first_moment(since, Copenhagen)?,
        city,
        subject: Subject::City(city),
        message: Phrase::new(
            format!("The city has had no coordinator since {vacant_from}; have one appointed."),
            format!("Byen har ikke haft en koordinator siden {vacant_from}; få en udpeget."),
        ),
    })
}

/// A city that was admitted, or is a member, without a financial agreement.
///
/// # Errors
/// A fault of ours at the ends of the calendar.
pub fn agreement(awaited: &AwaitedAgreement) -> Result<AttentionItem> {
    let since = awaited.since;
    let message = match awaited.admitted_on {
        Some(admitted_on) => Phrase::new(
            format!(
                "Admitted on {admitted_on} without a financial agreement; have it signed or waive the fee."
            ),
            format!(
                "Optaget den {admitted_on} uden økonomisk aftale; få den underskrevet, eller eftergiv kontingentet."
            ),
        ),
        // Of members of an older list nobody knows when they were admitted.
        None => Phrase::new(
            format!(
                "A member since {since} without a financial agreement; have it signed or waive the fee."
            ),
            format!(
                "Medlem siden {since} uden økonomisk aftale; få den underskrevet, eller eftergiv kontingentet."
            ),
        ),
    };
    Ok(AttentionItem {
        rule: AttentionRule::AgreementMissing,
        holds_from: first_moment(since, Copenhagen)?,
        city: awaited.city,
        subject: Subject::Membership(awaited.membership),
        message,
    })
}

/// An invoice whose last day to pay is over.
///
/// # Errors
/// A fault of ours at the ends of the calendar.
pub fn overdue(invoice: &OverdueInvoice) -> Result<AttentionItem> {
    let (number, due_on) = (&invoice.number, invoice.due_on);
    let since = due_on.succ_opt();
    let since = since.ok_or_else(|| beyond_the_calendar(due_on))?;
    Ok(AttentionItem {
        rule: AttentionRule::InvoiceOverdue,
        holds_from: first_moment(since, Copenhagen)?,
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
    })
}

/// A grant that something is to be done about.
///
/// # Errors
/// A fault of ours at the ends of the calendar.
pub fn grant(kind: NoticeKind, notice: &Notice) -> Result<AttentionItem> {
    let (title, day) = (&notice.title, notice.day);
    let since = day.checked_sub_signed(TimeDelta::days(kind.days_before()));
    let since = since.ok_or_else(|| beyond_the_calendar(day))?;
    let (rule, message) = match kind {
        NoticeKind::InstalmentLate => (
            AttentionRule::GrantInstalmentLate,
            Phrase::new(
                format!(
                    "An instalment of the grant \u{201c}{title}\u{201d} was expected on {day}; record it or ask the funder."
                ),
                format!(
                    "En rate af bevillingen \u{201d}{title}\u{201d} var ventet den {day}; registrér den, eller spørg tilskudsgiveren."
                ),
            ),
        ),
        NoticeKind::MoneyUnused => (
            AttentionRule::GrantMoneyUnused,
            Phrase::new(
                format!(
                    "The grant \u{201c}{title}\u{201d} pays for days before {day} and has money left; fund invoices with it or report it."
                ),
                format!(
                    "Bevillingen \u{201d}{title}\u{201d} betaler for dage før {day} og har penge tilbage; finansiér fakturaer med den, eller afrapportér den."
                ),
            ),
        ),
        NoticeKind::ReportDue => (
            AttentionRule::GrantReportDue,
            Phrase::new(
                format!(
                    "The report of the grant \u{201c}{title}\u{201d} is due on {day}; have it sent, or instalments may be withheld."
                ),
                format!(
                    "Rapporten om bevillingen \u{201d}{title}\u{201d} skal foreligge den {day}; få den sendt, ellers kan rater blive tilbageholdt."
                ),
            ),
        ),
    };
    Ok(AttentionItem {
        rule,
        holds_from: first_moment(since, Copenhagen)?,
        city: notice.city,
        subject: Subject::Grant(notice.grant),
        message,
    })
}

/// A document that its buyer's side turned away.
#[must_use]
pub fn rejected(rejected: &Rejected) -> AttentionItem {
    let number = &rejected.number;
    let subject = if rejected.is_credit_note {
        Subject::CreditNote(CreditNoteId::of(rejected.document))
    } else {
        Subject::Invoice(InvoiceId::of(rejected.document))
    };
    AttentionItem {
        rule: AttentionRule::DeliveryRejected,
        holds_from: rejected.since,
        city: rejected.city,
        subject,
        message: Phrase::new(
            format!(
                "{number} was turned away by the buyer's side; talk to the city, then send it again or credit it."
            ),
            format!(
                "{number} blev afvist hos køberen; tal med byen, og send den igen eller kreditér den."
            ),
        ),
    }
}

/// A planned visit without an expert, since it was planned.
#[must_use]
pub fn unstaffed(visit: &UnstaffedVisit) -> AttentionItem {
    let starts_on = visit.starts_on;
    AttentionItem {
        rule: AttentionRule::VisitWithoutExpert,
        holds_from: visit.planned_at,
        city: visit.city,
        subject: Subject::ExpertVisit(visit.id),
        message: Phrase::new(
            format!("The expert visit of {starts_on} has no expert yet; find one."),
            format!("Ekspertbesøget den {starts_on} har endnu ingen ekspert; find en."),
        ),
    }
}

fn beyond_the_calendar(day: NaiveDate) -> Error {
    Error::Internal(anyhow::anyhow!("{day} is too near an end of the calendar"))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::kernel::ids::{CityId, MembershipId};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_vacancy_counts_after_sixty_days() {
        for (vacant_from, since) in [("2026-01-01", "2026-03-02"), ("2026-06-01", "2026-07-31")] {
            let candidate = Vacancy {
                city: CityId::of(Uuid::from_u128(1)),
                vacant_from: day(vacant_from),
            };
            assert_eq!(vacancy(&candidate).unwrap().first_day(), day(since));
            // The day before, it is too late a vacancy to look at; on the day it is one.
            let eve = day(since).pred_opt().unwrap();
            assert!(vacant_at_latest(eve).unwrap() < day(vacant_from));
            assert_eq!(vacant_at_latest(day(since)).unwrap(), day(vacant_from));
        }
    }

    #[test]
    fn an_admission_that_nobody_knows_of_is_not_made_up() {
        for (admitted_on, en, da) in [
            (
                Some("2026-03-01"),
                "Admitted on 2026-03-01",
                "Optaget den 2026-03-01",
            ),
            (None, "A member since 2026-03-01", "Medlem siden 2026-03-01"),
        ] {
            let awaited = AwaitedAgreement {
                membership: MembershipId::of(Uuid::from_u128(1)),
                city: CityId::of(Uuid::from_u128(2)),
                since: day("2026-03-01"),
                admitted_on: admitted_on.map(day),
            };
            let found = agreement(&awaited).unwrap();
            assert_eq!(found.first_day(), day("2026-03-01"));
            assert!(found.message.en.starts_with(en), "{}", found.message.en);
            assert!(found.message.da.starts_with(da), "{}", found.message.da);
        }
    }
}
