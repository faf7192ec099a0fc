//! The work list as a whole: what the rooms find, the longest waiting first. It is put together anew
//! for each question: of every rule one statement finds at most a page, and the page is merged from
//! these. What it is not: SQL of its own.

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Europe::Copenhagen;
use uuid::Uuid;

use crate::access::permission::Permission;
use crate::access::viewer::Viewer;
use crate::db::Db;
use crate::db::listing::{Listed, Order, OrderKey};
use crate::db::merged::{Bound, Part};
use crate::db::sql::Bind;
use crate::finance::grants::{self, NoticeKind};
use crate::finance::{deliveries, invoices};
use crate::kernel::error::Result;
use crate::kernel::instant::Instant;
use crate::kernel::page::{Cursor, KeyKind, KeyValue, Page, wrong_cursor};
use crate::programme::activities::{self, DAYS_TO_DELIVER};
use crate::programme::packages::{self, DAYS_BEFORE_LOSS};
use crate::programme::{assessments, documents, practice_proposals};
use crate::registry::coordinators::rules::VACANT_DAYS;
use crate::registry::{coordinators, memberships};
use crate::scheduling::days::first_moment;
use crate::scheduling::expert_visits;
use crate::workflows::attention::model::{AttentionFilter, AttentionItem, AttentionRule};
use crate::workflows::attention::{programme, rules};

/// A page of the list.
///
/// # Errors
/// `Unauthenticated` or `Forbidden` for those who may not see it; `BadRequest` for a cursor of
/// another list; else what the database says.
pub fn list(
    db: &mut Db,
    viewer: &Viewer,
    now: Instant,
    filter: &AttentionFilter,
    page: &Page,
) -> Result<Listed<AttentionItem>> {
    viewer.permit(Permission::SeeAttention)?;

    let after = page.after.as_ref().map(place_of).transpose()?;
    let before = page.before.as_ref().map(place_of).transpose()?;
    let mut items = Vec::new();
    for rule in filter.rules() {
        let bound = |place: &Option<Place>| place.as_ref().map(|at| bound(at, rule)).transpose();
        let part = Part {
            cities: filter.city_keys(),
            after: bound(&after)?,
            before: bound(&before)?,
            backward: page.backward,
            // One more than the page, to know whether the list goes on.
            limit: page.size.saturating_add(1),
        };
        items.extend(waiting(db, rule, now, &part)?);
    }
    merge(items, page)
}

/// How many entries the whole list has.
///
/// # Errors
/// As [`list`].
pub fn count(db: &mut Db, viewer: &Viewer, now: Instant, filter: &AttentionFilter) -> Result<i64> {
    viewer.permit(Permission::SeeAttention)?;

    let today = now.date_in(Copenhagen);
    let cities = filter.city_keys();
    let cities = cities.as_deref();
    let mut total: i64 = 0;
    for rule in filter.rules() {
        let found = match rule {
            AttentionRule::CoordinatorVacant => {
                let latest = rules::vacant_at_latest(today)?;
                coordinators::count_vacancies(db, today, latest, cities)
            }
            AttentionRule::AgreementMissing => {
                memberships::count_awaited_agreements(db, today, cities)
            }
            AttentionRule::ActivityOverdue => activities::count_overdue(db, today, cities),
            AttentionRule::AssessmentWaiting => assessments::count_waiting(db, cities),
            AttentionRule::FactCheckOver => documents::count_unanswered(db, today, cities),
            AttentionRule::PracticeProposed => practice_proposals::count_waiting(db, cities),
            AttentionRule::AmendmentWaiting => packages::count_waiting(db, cities),
            AttentionRule::UnitsExpiring => packages::count_losing(db, today, cities),
            AttentionRule::DeliveryRejected => deliveries::count_rejected(db, cities),
            AttentionRule::GrantInstalmentLate => {
                grants::count_notices(db, NoticeKind::InstalmentLate, today, cities)
            }
            AttentionRule::GrantMoneyUnused => {
                grants::count_notices(db, NoticeKind::MoneyUnused, today, cities)
            }
            AttentionRule::GrantReportDue => {
                grants::count_notices(db, NoticeKind::ReportDue, today, cities)
            }
            AttentionRule::InvoiceOverdue => invoices::count_overdue_on(db, today, cities),
            AttentionRule::VisitWithoutExpert => expert_visits::count_unstaffed(db, now, cities),
        }?;
        total = total.saturating_add(found);
    }
    Ok(total)
}

/// How the list is ordered, for its cursors: by the instant from which a rule holds, then by rule. A
/// rule that holds from a day on holds from the first moment of that day; a visit waits from the
/// moment it was planned. So the days of `since` never run backwards, and the database can bound
/// every rule by a column of its own.
#[must_use]
pub fn order() -> Order<AttentionItem> {
    let key = |column, kind, value| OrderKey {
        column,
        kind,
        descending: false,
        nullable: false,
        value,
    };
    Order {
        keys: vec![
            key("holds_from", KeyKind::Stamp, |item: &AttentionItem| {
                KeyValue::Stamp(item.holds_from)
            }),
            key("rule", KeyKind::Text, |item| {
                KeyValue::Text(item.rule.as_str().to_owned())
            }),
        ],
        id: |item| item.subject.uuid(),
    }
}

/// What one rule has in a part of the list.
fn waiting(
    db: &mut Db,
    rule: AttentionRule,
    now: Instant,
    part: &Part,
) -> Result<Vec<AttentionItem>> {
    let today = now.date_in(Copenhagen);
    match rule {
        AttentionRule::CoordinatorVacant => {
            let latest = rules::vacant_at_latest(today)?;
            let found = coordinators::vacancies(db, today, latest, part)?;
            found.iter().map(rules::vacancy).collect()
        }
        AttentionRule::AgreementMissing => {
            let found = memberships::awaited_agreements(db, today, part)?;
            found.iter().map(rules::agreement).collect()
        }
        AttentionRule::ActivityOverdue => {
            let found = activities::overdue(db, today, part)?;
            found.iter().map(programme::overdue).collect()
        }
        AttentionRule::AssessmentWaiting => {
            let found = assessments::waiting(db, part)?;
            Ok(found.into_iter().map(programme::assessment).collect())
        }
        AttentionRule::FactCheckOver => {
            let found = documents::unanswered(db, today, part)?;
            found.into_iter().map(programme::fact_check).collect()
        }
        AttentionRule::PracticeProposed => {
            let found = practice_proposals::waiting(db, part)?;
            Ok(found.into_iter().map(programme::proposal).collect())
        }
        AttentionRule::AmendmentWaiting => {
            let found = packages::waiting(db, part)?;
            Ok(found.iter().map(programme::amendment).collect())
        }
        AttentionRule::UnitsExpiring => {
            let found = packages::losing(db, today, part)?;
            found.iter().map(programme::losing).collect()
        }
        AttentionRule::DeliveryRejected => {
            let found = deliveries::rejected(db, part)?;
            Ok(found.iter().map(rules::rejected).collect())
        }
        AttentionRule::GrantInstalmentLate => {
            of_grants(db, NoticeKind::InstalmentLate, today, part)
        }
        AttentionRule::GrantMoneyUnused => of_grants(db, NoticeKind::MoneyUnused, today, part),
        AttentionRule::GrantReportDue => of_grants(db, NoticeKind::ReportDue, today, part),
        AttentionRule::InvoiceOverdue => {
            let found = invoices::overdue_on(db, today, part)?;
            found.iter().map(rules::overdue).collect()
        }
        AttentionRule::VisitWithoutExpert => {
            let found = expert_visits::unstaffed(db, now, part)?;
            Ok(found.iter().map(rules::unstaffed).collect())
        }
    }
}

fn of_grants(
    db: &mut Db,
    kind: NoticeKind,
    today: NaiveDate,
    part: &Part,
) -> Result<Vec<AttentionItem>> {
    let found = grants::notices(db, kind, today, part)?;
    found
        .iter()
        .map(|notice| rules::grant(kind, notice))
        .collect()
}

/// Where an entry stands.
type Place = (Instant, String, Uuid);

fn place(item: &AttentionItem) -> Place {
    (
        item.holds_from,
        item.rule.as_str().to_owned(),
        item.subject.uuid(),
    )
}

fn place_of(cursor: &Cursor) -> Result<Place> {
    order().expect(cursor)?;
    match cursor.keys.as_slice() {
        [KeyValue::Stamp(holds_from), KeyValue::Text(rule)] => {
            Ok((*holds_from, rule.clone(), cursor.id))
        }
        _ => Err(wrong_cursor()),
    }
}

/// Where a place of the list lies among the rows of one rule. Rows of the same moment come before the
/// place if their rule comes before its rule, whatever their ids.
fn bound((holds_from, placed, id): &Place, rule: AttentionRule) -> Result<Bound> {
    let id = match rule.as_str().cmp(placed) {
        std::cmp::Ordering::Less => Uuid::max(),
        std::cmp::Ordering::Equal => *id,
        std::cmp::Ordering::Greater => Uuid::nil(),
    };
    let Some(days) = days_behind(rule) else {
        let since = Bind::Stamp(*holds_from);
        return Ok(Bound { since, id });
    };
    let day = holds_from.date_in(Copenhagen);
    // Later on a day, everything is past that holds from the day on.
    let id = if first_moment(day, Copenhagen)? < *holds_from {
        Uuid::max()
    } else {
        id
    };
    let key: Option<NaiveDate> = day.checked_sub_signed(TimeDelta::days(days));
    let since = Bind::Date(key.ok_or_else(wrong_cursor)?);
    Ok(Bound { since, id })
}

/// How many days a rule begins to hold behind the day that its statement is ordered by; none where
/// that is by the moment.
fn days_behind(rule: AttentionRule) -> Option<i64> {
    match rule {
        AttentionRule::CoordinatorVacant => Some(VACANT_DAYS),
        AttentionRule::AgreementMissing => Some(0),
        AttentionRule::ActivityOverdue => Some(DAYS_TO_DELIVER),
        AttentionRule::UnitsExpiring => Some(-DAYS_BEFORE_LOSS),
        AttentionRule::GrantInstalmentLate => Some(-NoticeKind::InstalmentLate.days_before()),
        AttentionRule::GrantMoneyUnused => Some(-NoticeKind::MoneyUnused.days_before()),
        AttentionRule::GrantReportDue => Some(-NoticeKind::ReportDue.days_before()),
        AttentionRule::InvoiceOverdue | AttentionRule::FactCheckOver => Some(1),
        AttentionRule::AmendmentWaiting
        | AttentionRule::AssessmentWaiting
        | AttentionRule::PracticeProposed
        | AttentionRule::DeliveryRejected
        | AttentionRule::VisitWithoutExpert => None,
    }
}

/// The page out of what the rules have for it.
fn merge(items: Vec<AttentionItem>, page: &Page) -> Result<Listed<AttentionItem>> {
    let mut rows = items;
    rows.sort_by_cached_key(place);
    let size = usize::try_from(page.size).map_err(anyhow::Error::from)?;
    let more = rows.len() > size;
    Ok(if page.backward {
        Listed {
            rows: rows.split_off(rows.len().saturating_sub(size)),
            has_next: page.before.is_some(),
            has_previous: more,
        }
    } else {
        rows.truncate(size);
        Listed {
            rows,
            has_next: more,
            has_previous: page.after.is_some(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_lies_before_or_behind_the_rows_of_a_rule() {
        let here = Uuid::from_u128(7);
        // Midnight in Copenhagen, and noon of the same day.
        let (midnight, noon) = ("2026-03-14T23:00:00Z", "2026-03-15T11:00:00Z");
        for (at, placed, rule, since, id) in [
            (
                midnight,
                "INVOICE_OVERDUE",
                "AGREEMENT_MISSING",
                "2026-03-15",
                Uuid::max(),
            ),
            (
                midnight,
                "INVOICE_OVERDUE",
                "INVOICE_OVERDUE",
                "2026-03-14",
                here,
            ),
            (
                midnight,
                "COORDINATOR_VACANT",
                "COORDINATOR_VACANT",
                "2026-01-14",
                here,
            ),
            (
                midnight,
                "AGREEMENT_MISSING",
                "INVOICE_OVERDUE",
                "2026-03-14",
                Uuid::nil(),
            ),
            (
                noon,
                "VISIT_WITHOUT_EXPERT",
                "AGREEMENT_MISSING",
                "2026-03-15",
                Uuid::max(),
            ),
            (
                noon,
                "AGREEMENT_MISSING",
                "INVOICE_OVERDUE",
                "2026-03-14",
                Uuid::max(),
            ),
        ] {
            let place = (Instant::parse(at).unwrap(), placed.to_owned(), here);
            let found = bound(&place, rule.parse().unwrap()).unwrap();
            let Bind::Date(day) = found.since else {
                panic!("{rule} is ordered by a day")
            };
            assert_eq!(
                (day.to_string().as_str(), found.id),
                (since, id),
                "{at} {placed} {rule}"
            );
        }
        for (placed, id) in [
            ("VISIT_WITHOUT_EXPERT", here),
            ("INVOICE_OVERDUE", Uuid::nil()),
        ] {
            let place = (Instant::parse(noon).unwrap(), placed.to_owned(), here);
            let found = bound(&place, AttentionRule::VisitWithoutExpert).unwrap();
            let Bind::Stamp(moment) = found.since else {
                panic!("visits are ordered by the moment")
            };
            assert_eq!((moment, found.id), (place.0, id), "{placed}");
        }
    }
}
