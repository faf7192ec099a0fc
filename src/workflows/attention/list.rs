//! The work list as a whole: what the rooms find, by age, a page at a time. It is put together
//! anew for each question, one statement for each rule; what it is not: SQL of its own.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::access::permission::Permission;
use crate::access::viewer::Viewer;
use crate::db::Db;
use crate::db::listing::{Listed, Order, OrderKey};
use crate::finance::invoices;
use crate::kernel::error::Result;
use crate::kernel::instant::Instant;
use crate::kernel::page::{Cursor, KeyKind, KeyValue, Page, wrong_cursor};
use crate::registry::{coordinators, memberships};
use crate::scheduling::expert_visits;
use crate::workflows::attention::model::{AttentionFilter, AttentionItem, AttentionRule};
use crate::workflows::attention::rules;

/// Everything on the list, the longest waiting first.
///
/// # Errors
/// `Unauthenticated` or `Forbidden` for those who may not see it; else what the database says.
pub fn all(
    db: &mut Db,
    viewer: &Viewer,
    now: Instant,
    filter: &AttentionFilter,
) -> Result<Vec<AttentionItem>> {
    viewer.permit(Permission::SeeAttention)?;

    let today = now.date_in(chrono_tz::Europe::Copenhagen);
    let mut items = Vec::new();
    if filter.asks(AttentionRule::CoordinatorVacant) {
        let vacant = coordinators::vacancies(db, today)?;
        items.extend(vacant.iter().filter_map(|city| rules::vacancy(city, today)));
    }
    if filter.asks(AttentionRule::AgreementMissing) {
        let awaited = memberships::awaited_agreements(db, today)?;
        items.extend(awaited.iter().map(rules::agreement));
    }
    if filter.asks(AttentionRule::InvoiceOverdue) {
        let overdue = invoices::overdue_on(db, today)?;
        items.extend(overdue.iter().map(rules::overdue));
    }
    if filter.asks(AttentionRule::VisitWithoutExpert) {
        let unstaffed = expert_visits::unstaffed(db, now)?;
        items.extend(unstaffed.iter().map(rules::unstaffed));
    }
    items.retain(|item| filter.is_about(item.city));
    items.sort_by_key(place);
    Ok(items)
}

/// How the list is ordered, for its cursors.
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
            key("since", KeyKind::Date, |item: &AttentionItem| {
                KeyValue::Date(item.since)
            }),
            key("rule", KeyKind::Text, |item| {
                KeyValue::Text(item.rule.as_str().to_owned())
            }),
        ],
        id: |item| item.subject.uuid(),
    }
}

/// A page of the ordered list.
///
/// # Errors
/// `BadRequest` for a cursor of another list.
pub fn page(items: Vec<AttentionItem>, page: &Page) -> Result<Listed<AttentionItem>> {
    let mut rows = items;
    if let Some(after) = &page.after {
        let after = place_of(after)?;
        rows.retain(|item| place(item) > after);
    }
    if let Some(before) = &page.before {
        let before = place_of(before)?;
        rows.retain(|item| place(item) < before);
    }
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

type Place = (NaiveDate, String, Uuid);

fn place(item: &AttentionItem) -> Place {
    (
        item.since,
        item.rule.as_str().to_owned(),
        item.subject.uuid(),
    )
}

fn place_of(cursor: &Cursor) -> Result<Place> {
    order().expect(cursor)?;
    match cursor.keys.as_slice() {
        [KeyValue::Date(since), KeyValue::Text(rule)] => Ok((*since, rule.clone(), cursor.id)),
        _ => Err(wrong_cursor()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::ids::{CityId, Id};
    use crate::kernel::phrase::Phrase;
    use crate::workflows::attention::model::Subject;

    fn item(day: u32, rule: AttentionRule) -> AttentionItem {
        let city = CityId::of(Uuid::from_u128(u128::from(day)));
        AttentionItem {
            rule,
            since: NaiveDate::from_ymd_opt(2026, 3, day).unwrap(),
            city,
            subject: Subject::City(city),
            message: Phrase::new("", ""),
        }
    }

    #[test]
    fn any_page_size_gives_the_same_sequence_in_both_directions() {
        let mut whole: Vec<_> = (1..=7)
            .map(|day| item(day.min(5), AttentionRule::ALL[day as usize % 4]))
            .collect();
        whole.sort_by_key(place);
        for size in 1..=8 {
            let mut forward = Vec::new();
            let mut asked = Page::first(size);
            loop {
                let found = page(whole.clone(), &asked).unwrap();
                asked.after = found.rows.last().map(|last| order().cursor(last));
                forward.extend(found.rows);
                if !found.has_next {
                    break;
                }
            }
            assert_eq!(forward, whole, "{size}");

            let mut backward: Vec<AttentionItem> = Vec::new();
            let mut asked = Page {
                backward: true,
                ..Page::first(size)
            };
            loop {
                let found = page(whole.clone(), &asked).unwrap();
                asked.before = found.rows.first().map(|first| order().cursor(first));
                backward.splice(0..0, found.rows);
                if !found.has_previous {
                    break;
                }
            }
            assert_eq!(backward, whole, "{size}");
        }
        let foreign = Cursor {
            order: String::new(),
            keys: vec![],
            id: Uuid::nil(),
        };
        let asked = Page {
            after: Some(foreign),
            ..Page::first(1)
        };
        assert!(page(whole, &asked).is_err());
    }
}
