//! Memberships, coordinators, experts, people and partners as rows. What it is not: cities, which
//! have a file of their own.

use std::collections::HashMap;

use crate::access::viewer::Scope;
use crate::db::Db;
use crate::exchange::columns::Column;
use crate::exchange::exports::cells::{Places, date, id, last_day, text, word};
use crate::exchange::exports::pages::every;
use crate::exchange::exports::run::Cells;
use crate::exchange::sheet::Value;
use crate::kernel::error::Result;
use crate::registry::coordinators::{self, CoordinatorFilter, Sight};
use crate::registry::experts::{self, ExpertFilter};
use crate::registry::memberships::{self, MembershipFilter};
use crate::registry::networks;
use crate::registry::partners::{self, PartnerFilter};
use crate::registry::people::{self, PersonFilter};

/// Writes every period of membership that has begun or will begin.
pub(super) fn memberships(
    db: &mut Db,
    today: chrono::NaiveDate,
    out: &mut impl FnMut(Cells<'_>) -> Result<()>,
) -> Result<()> {
    let codes: HashMap<_, _> = networks::all(db)?
        .into_iter()
        .map(|network| (network.id, network.code))
        .collect();
    let filter = MembershipFilter::default();
    let list =
        |db: &mut Db, page: &_| memberships::list(db, &Scope::All, today, &filter, &[], page);
    every(db, &memberships::order(&[]), list, |db, rows| {
        let places = Places::of(db, rows.iter().map(|row| Some(row.city_id)))?;
        for row in rows {
            // A period that ended before it began is no membership; an import would refuse it.
            let Some(period) = row.active_period() else {
                continue;
            };
            let mut cells = places.cells(Some(row.city_id), (Column::City, Column::Country));
            cells.extend([
                (Column::Network, text(codes.get(&row.network_id))),
                (Column::JoinedOn, Value::Date(period.from())),
                (Column::EndedOn, last_day(period.until())),
                (
                    Column::EndReason,
                    row.end_reason
                        .map_or(Value::Empty, |reason| word(reason.as_str())),
                ),
                (
                    Column::StatementOfIntentOn,
                    date(row.statement_of_intent_on),
                ),
                (Column::DecisionOn, date(row.decision_on)),
                (Column::AgreementOn, date(row.agreement_on)),
            ]);
            out(cells)?;
        }
        Ok(())
    })
}

/// Writes every appointment, without those that were called off before they began.
pub(super) fn coordinators(
    db: &mut Db,
    sight: &Sight,
    out: &mut impl FnMut(Cells<'_>) -> Result<()>,
) -> Result<()> {
    let filter = CoordinatorFilter::default();
    let list = |db: &mut Db, page: &_| coordinators::list(db, sight, &filter, &[], page);
    every(db, &coordinators::order(&[]), list, |db, rows| {
        let places = Places::of(db, rows.iter().map(|row| Some(row.appointment.city_id)))?;
        for row in rows {
            let post = &row.appointment;
            if !post.period().is_ok_and(|period| !period.is_empty()) {
                continue;
            }
            let mut cells = vec![(Column::Id, id(post.id))];
            cells.extend(places.cells(Some(post.city_id), (Column::City, Column::Country)));
            cells.extend([
                (Column::Name, text(Some(&row.name))),
                (Column::Email, text(row.email.as_ref())),
                (Column::Phone, text(row.phone.as_ref())),
                (Column::Role, word(post.role.as_str())),
                (Column::FtePercent, Value::Integer(post.fte_percent.into())),
                (Column::StartsOn, Value::Date(post.starts_on)),
                (Column::EndsOn, last_day(post.ends_on)),
            ]);
            out(cells)?;
        }
        Ok(())
    })
}

/// Writes every expert.
pub(super) fn experts(db: &mut Db, out: &mut impl FnMut(Cells<'_>) -> Result<()>) -> Result<()> {
    let filter = ExpertFilter::default();
    let list = |db: &mut Db, page: &_| experts::list(db, &Scope::All, &filter, &[], page);
    every(db, &experts::order(&[]), list, |db, rows| {
        let places = Places::of(db, rows.iter().map(|row| row.record.home_city_id))?;
        for row in rows {
            let languages = row.record.languages()?;
            let areas: Vec<String> = row
                .record
                .policy_areas()?
                .iter()
                .map(|area| area.as_str().to_owned())
                .collect();
            let mut cells = vec![
                (Column::Id, id(row.record.id)),
                (Column::Name, text(Some(&row.name))),
                (Column::Email, text(row.email.as_ref())),
                (Column::Phone, text(row.phone.as_ref())),
                (Column::Kind, word(row.record.kind.as_str())),
                (Column::Languages, Value::List(&languages)),
                (
                    Column::PolicyAreas,
                    if areas.is_empty() {
                        Value::Empty
                    } else {
                        Value::List(&areas)
                    },
                ),
                (Column::Organisation, text(row.record.organisation.as_ref())),
                (Column::AvailableFrom, date(row.record.available_from)),
                (Column::AvailableUntil, last_day(row.record.available_until)),
            ];
            cells.extend(places.cells(
                row.record.home_city_id,
                (Column::HomeCity, Column::HomeCountry),
            ));
            out(cells)?;
        }
        Ok(())
    })
}

/// Writes every person.
pub(super) fn people(db: &mut Db, out: &mut impl FnMut(Cells<'_>) -> Result<()>) -> Result<()> {
    let filter = PersonFilter::default();
    let list = |db: &mut Db, page: &_| people::list(db, &Scope::All, &filter, &[], page);
    every(db, &people::order(&[]), list, |db, rows| {
        let places = Places::of(db, rows.iter().map(|row| row.city_id))?;
        for row in rows {
            let mut cells = vec![
                (Column::Id, id(row.id)),
                (Column::Name, text(Some(&row.name))),
                (Column::Email, text(row.email.as_ref())),
                (Column::Phone, text(row.phone.as_ref())),
                (Column::Kind, word(row.kind.as_str())),
                (Column::Organisation, text(row.organisation.as_ref())),
                (Column::Language, text(row.language.as_ref())),
            ];
            cells.extend(places.cells(row.city_id, (Column::City, Column::Country)));
            out(cells)?;
        }
        Ok(())
    })
}

/// Writes every partner.
pub(super) fn partners(db: &mut Db, out: &mut impl FnMut(Cells<'_>) -> Result<()>) -> Result<()> {
    let filter = PartnerFilter::default();
    let list = |db: &mut Db, page: &_| partners::list(db, &filter, &[], page);
    every(db, &partners::order(&[]), list, |_, rows| {
        for row in rows {
            out(vec![
                (Column::Name, text(Some(&row.name))),
                (Column::Kind, word(row.kind.as_str())),
                (Column::Country, text(row.country.as_ref())),
                (Column::Website, text(row.website.as_ref())),
                (Column::Email, text(row.email.as_ref())),
            ])?;
        }
        Ok(())
    })
}
