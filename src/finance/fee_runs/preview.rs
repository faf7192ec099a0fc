//! What a run over a fee year would do now, membership by membership. What it is not: stored, or a
//! promise; the run looks again.

use std::collections::{BTreeMap, HashMap};

use crate::db::Db;
use crate::db::listing::{Listed, Order, OrderKey};
use crate::finance::fee_runs::actions::check_year;
use crate::finance::fee_runs::model::{FeeRunOutcome, FeeRunReason, FeeRunStep, NewFeeRun};
use crate::finance::fee_runs::plan::{self, Deed};
use crate::finance::fee_runs::rules::Left;
use crate::finance::fee_runs::store;
use crate::finance::invoices::{Draft, Stamp};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, Id, InvoiceId, MembershipId};
use crate::kernel::page::{KeyKind, KeyValue, Page};
use crate::registry::cities::{self, City};

/// How many cities are looked at together.
const CITIES: i64 = 500;

/// What a run would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeeRunPreview {
    /// ISO 4217; of its sums.
    pub currency: String,
    /// How many memberships would be invoiced.
    pub invoices: i64,
    /// What would be invoiced, without tax, in minor units.
    pub net_minor: i64,
    /// The same with tax.
    pub total_minor: i64,
    /// How many memberships would be left, by reason.
    pub left: BTreeMap<FeeRunReason, i64>,
    /// Every membership that belongs to the run, by the name of its city.
    pub rows: Vec<PreviewRow>,
}

/// What a run would do about a membership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewRow {
    /// The membership.
    pub membership: MembershipId,
    /// The city.
    pub city: CityId,
    /// What the city's name is sorted by.
    pub sort_key: String,
    /// What would be done.
    pub outcome: FeeRunOutcome,
    /// Why it would not be invoiced.
    pub left: Option<Left>,
    /// The invoice or draft that is there.
    pub invoice: Option<InvoiceId>,
    /// What would be invoiced.
    pub draft: Option<Draft>,
}

/// What a run that issues would do now.
///
/// # Errors
/// Refused for a fee year outside 2000 to 2099 and while the seller is not set up.
pub fn preview(db: &mut Db, stamp: Stamp, fee_year: i32) -> Result<FeeRunPreview> {
    check_year(fee_year)?;
    let frame = plan::frame(db)?;
    let asked = NewFeeRun {
        fee_year,
        issued_on: stamp.at.date_in(chrono_tz::Europe::Copenhagen),
        step: FeeRunStep::Issue,
    };
    let mut preview = FeeRunPreview {
        currency: frame.tariff.currency.code().to_owned(),
        invoices: 0,
        net_minor: 0,
        total_minor: 0,
        left: BTreeMap::new(),
        rows: Vec::new(),
    };
    let mut after = None;
    loop {
        let keys = store::next_cities(db, fee_year, after, CITIES)?;
        let Some(last) = keys.last() else { break };
        after = Some(*last);
        let cities: HashMap<CityId, City> = cities::find_many(db, &keys)?
            .into_iter()
            .map(|city| (city.id, city))
            .collect();
        for planned in plan::plan(db, stamp, &frame, asked, &cities)? {
            let outcome = planned.outcome(FeeRunStep::Issue);
            let city = planned.membership.city_id;
            let (left, invoice, draft) = match planned.deed {
                Deed::New(draft) => (None, None, Some(draft)),
                Deed::Known(draft) => (None, Some(draft.0.id), Some(draft)),
                Deed::Leave(left, invoice) => (Some(left), invoice, None),
            };
            preview.count(left.as_ref(), draft.as_ref())?;
            preview.rows.push(PreviewRow {
                membership: planned.membership.id,
                city,
                sort_key: cities
                    .get(&city)
                    .map(|city| city.sort_key.clone())
                    .unwrap_or_default(),
                outcome,
                left,
                invoice,
                draft,
            });
        }
    }
    preview
        .rows
        .sort_by(|one, other| place(one).cmp(&place(other)));
    Ok(preview)
}

fn place(row: &PreviewRow) -> (&str, MembershipId) {
    (&row.sort_key, row.membership)
}

impl FeeRunPreview {
    fn count(&mut self, left: Option<&Left>, draft: Option<&Draft>) -> Result<()> {
        if let Some(left) = left {
            let count = self.left.entry(left.reason).or_default();
            *count = count.saturating_add(1);
        }
        if let Some((invoice, _)) = draft {
            let sum = |one: i64, other: i64| {
                one.checked_add(other)
                    .ok_or_else(|| Error::Internal(anyhow::anyhow!("a preview that does not fit")))
            };
            self.invoices = self.invoices.saturating_add(1);
            self.net_minor = sum(self.net_minor, invoice.net_minor)?;
            self.total_minor = sum(self.total_minor, invoice.total_minor)?;
        }
        Ok(())
    }

    /// A page of the rows.
    ///
    /// # Errors
    /// `BadRequest` for a foreign cursor.
    pub fn page(&self, page: &Page) -> Result<Listed<PreviewRow>> {
        let order = preview_order();
        for cursor in page.after.iter().chain(&page.before) {
            order.expect(cursor)?;
        }
        let beside = |cursor: &crate::kernel::page::Cursor, row: &PreviewRow| {
            let place = (KeyValue::Text(row.sort_key.clone()), row.membership.uuid());
            let asked = (
                cursor.keys.first().cloned().unwrap_or(KeyValue::Null),
                cursor.id,
            );
            match (&place.0, &asked.0) {
                (KeyValue::Text(one), KeyValue::Text(other)) => {
                    (one, place.1).cmp(&(other, asked.1))
                }
                _ => place.1.cmp(&asked.1),
            }
        };
        let all = self.rows.iter();
        let within: Vec<&PreviewRow> = all
            .filter(|row| {
                page.after
                    .as_ref()
                    .is_none_or(|after| beside(after, row).is_gt())
            })
            .filter(|row| {
                page.before
                    .as_ref()
                    .is_none_or(|before| beside(before, row).is_lt())
            })
            .collect();
        let size = usize::try_from(page.size).unwrap_or_default();
        let skipped = if page.backward {
            within.len().saturating_sub(size)
        } else {
            0
        };
        let rows: Vec<PreviewRow> = within
            .iter()
            .skip(skipped)
            .take(size)
            .map(|row| (*row).clone())
            .collect();
        let end = skipped.saturating_add(rows.len());
        let first = within.first().and_then(|row| position(&self.rows, row));
        Ok(Listed {
            has_next: end < within.len() || page.before.is_some(),
            has_previous: skipped > 0 || first.is_some_and(|first| first > 0),
            rows,
        })
    }
}

fn position(rows: &[PreviewRow], row: &PreviewRow) -> Option<usize> {
    rows.iter().position(|one| one.membership == row.membership)
}

/// By the name of the city.
#[must_use]
pub fn preview_order() -> Order<PreviewRow> {
    Order {
        keys: vec![OrderKey {
            column: "cities.sort_key",
            descending: false,
            nullable: false,
            kind: KeyKind::Text,
            value: |row| KeyValue::Text(row.sort_key.clone()),
        }],
        id: |row| row.membership.uuid(),
    }
}
