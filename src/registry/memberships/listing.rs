//! Lists of memberships: all of them, and those of cities. What it is not: who may list them; the
//! resolvers bring the scope.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::sql_types::{Date, Nullable};
use uuid::Uuid;

use crate::access::viewer::Scope;
use crate::db::Db;
use crate::db::listing::{self, Conditions, Listed, Order, OrderKey, Source};
use crate::db::merged::{self, Candidates, Part};
use crate::db::sql::{Bind, Sql};
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, Id, MembershipId, NetworkId};
use crate::kernel::instant::Instant;
use crate::kernel::page::{KeyKind, KeyValue, Page};
use crate::kernel::sql_types::Uid;
use crate::registry::memberships::model::{AwaitedAgreement, Membership, MembershipStatus};
use crate::registry::memberships::store::MembershipRow;

const SOURCE: Source = Source {
    columns: "memberships",
    from: "memberships",
    id: "memberships.id",
    parent: "memberships.city_id",
};

/// Which memberships a list holds: all given conditions together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct MembershipFilter {
    /// The period has one of these statuses today.
    pub status: Option<Vec<MembershipStatus>>,
    /// In one of these networks.
    pub network: Option<Vec<NetworkId>>,
    /// The city is in one of these countries.
    pub country: Option<Vec<String>>,
    /// Starts on this day or later.
    pub starts_from: Option<NaiveDate>,
    /// Starts before this day.
    pub starts_before: Option<NaiveDate>,
    /// Changed at or after.
    pub updated_from: Option<Instant>,
    /// Changed before.
    pub updated_before: Option<Instant>,
}

crate::text_enum! {
    /// How memberships are sorted.
    pub enum MembershipOrder {
        /// By the first day, the earliest first; those without a start last.
        StartsOnAsc = "STARTS_ON_ASC",
        /// By the first day, the latest first; those without a start last.
        StartsOnDesc = "STARTS_ON_DESC",
        /// By the last change, the oldest first.
        UpdatedAtAsc = "UPDATED_AT_ASC",
        /// By the last change, the newest first.
        UpdatedAtDesc = "UPDATED_AT_DESC",
    }
}

/// A page of the memberships in the scope.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list(
    db: &mut Db,
    scope: &Scope,
    today: NaiveDate,
    filter: &MembershipFilter,
    order: &[MembershipOrder],
    page: &Page,
) -> Result<Listed<Membership>> {
    let conditions = conditions(scope, today, filter);
    listing::list::<MembershipRow, Membership>(db, &SOURCE, conditions, &self::order(order), page)
}

/// How many memberships a list has.
///
/// # Errors
/// What the database says.
pub fn count(
    db: &mut Db,
    scope: &Scope,
    today: NaiveDate,
    filter: &MembershipFilter,
) -> Result<i64> {
    listing::count(db, &SOURCE, conditions(scope, today, filter))
}

/// A page of each city's memberships.
///
/// # Errors
/// What the database says; `BadRequest` for a foreign cursor.
pub fn list_for(
    db: &mut Db,
    today: NaiveDate,
    cities: &[Uuid],
    filter: &MembershipFilter,
    page: &Page,
) -> Result<HashMap<Uuid, Listed<Membership>>> {
    let (conditions, order) = (conditions(&Scope::All, today, filter), of_city());
    listing::list_for::<MembershipRow, Membership>(db, &SOURCE, cities, conditions, &order, page)
}

/// How many memberships each city has.
///
/// # Errors
/// What the database says.
pub fn count_for(
    db: &mut Db,
    today: NaiveDate,
    cities: &[Uuid],
    filter: &MembershipFilter,
) -> Result<HashMap<Uuid, i64>> {
    let conditions = conditions(&Scope::All, today, filter);
    listing::count_for(db, &SOURCE, cities, conditions)
}

/// How a list of memberships is sorted: the last changed first unless the caller says otherwise.
#[must_use]
pub fn order(order: &[MembershipOrder]) -> Order<Membership> {
    let of = |order: &MembershipOrder| -> OrderKey<Membership> {
        match order {
            MembershipOrder::StartsOnAsc | MembershipOrder::StartsOnDesc => OrderKey {
                column: "memberships.starts_on",
                descending: *order == MembershipOrder::StartsOnDesc,
                nullable: true,
                kind: KeyKind::Date,
                value: |membership| membership.starts_on.map_or(KeyValue::Null, KeyValue::Date),
            },
            MembershipOrder::UpdatedAtAsc | MembershipOrder::UpdatedAtDesc => OrderKey {
                column: "memberships.updated_at",
                descending: *order == MembershipOrder::UpdatedAtDesc,
                nullable: false,
                kind: KeyKind::Stamp,
                value: |membership| KeyValue::Stamp(membership.updated_at),
            },
        }
    };
    let asked = if order.is_empty() {
        &[MembershipOrder::UpdatedAtDesc][..]
    } else {
        order
    };
    Order {
        keys: asked.iter().map(of).collect(),
        id: |membership| membership.id.uuid(),
    }
}

/// How the memberships of one city are sorted: the newest period first.
#[must_use]
pub(super) fn of_city() -> Order<Membership> {
    Order {
        keys: vec![OrderKey {
            column: "memberships.number",
            descending: true,
            nullable: false,
            kind: KeyKind::Int,
            value: |membership| KeyValue::Int(membership.number.into()),
        }],
        id: |membership| membership.id.uuid(),
    }
}

fn conditions(scope: &Scope, today: NaiveDate, filter: &MembershipFilter) -> Conditions {
    let mut conditions = Conditions::none();
    if let Scope::Own { .. } = scope {
        conditions = conditions.and(Sql::new("memberships.city_id").in_uids(scope.city_keys()));
    }
    if let Some(networks) = &filter.network {
        let keys = networks.iter().map(|network| network.uuid()).collect();
        conditions = conditions.and(Sql::new("memberships.network_id").in_uids(keys));
    }
    if let Some(countries) = &filter.country {
        conditions = conditions.and(
            Sql::new("memberships.city_id IN (SELECT city.id FROM cities city WHERE city.country")
                .in_texts(countries.clone())
                .text(")"),
        );
    }
    if let Some(statuses) = &filter.status {
        let words = statuses.iter().map(ToString::to_string).collect();
        conditions = conditions.and(
            Sql::new("EXISTS (SELECT 1 FROM membership_spans span WHERE span.membership_id = memberships.id AND span.starts_on <= ")
                .bind_date(today)
                .text(" AND (span.ends_on IS NULL OR span.ends_on > ")
                .bind_date(today)
                .text(") AND span.status")
                .in_texts(words)
                .text(")"),
        );
    }
    if let Some(from) = filter.starts_from {
        conditions = conditions.and(Sql::new("memberships.starts_on >= ").bind_date(from));
    }
    if let Some(before) = filter.starts_before {
        conditions = conditions.and(Sql::new("memberships.starts_on < ").bind_date(before));
    }
    if let Some(from) = filter.updated_from {
        conditions = conditions.and(Sql::new("memberships.updated_at >= ").bind(Bind::Stamp(from)));
    }
    if let Some(before) = filter.updated_before {
        conditions =
            conditions.and(Sql::new("memberships.updated_at < ").bind(Bind::Stamp(before)));
    }
    conditions
}

/// The memberships that are admitted or running on a day, without an agreement and without a waiver,
/// by the day they were admitted or began: a part of them.
///
/// # Errors
/// What the database says.
pub fn awaited_agreements(
    db: &mut Db,
    day: NaiveDate,
    part: &Part,
) -> Result<Vec<AwaitedAgreement>> {
    type Row = (Uid, Uid, Date, Nullable<Date>);
    type Found = (MembershipId, CityId, NaiveDate, Option<NaiveDate>);

    let rows = merged::load::<Row, Found>(db, awaited_candidates(day), part)?;
    Ok(rows
        .into_iter()
        .map(|(membership, city, since, admitted_on)| AwaitedAgreement {
            membership,
            city,
            since,
            admitted_on,
        })
        .collect())
}

/// How many such memberships there are, of these cities if some are named.
///
/// # Errors
/// What the database says.
pub fn count_awaited_agreements(
    db: &mut Db,
    day: NaiveDate,
    cities: Option<&[Uuid]>,
) -> Result<i64> {
    merged::count(db, awaited_candidates(day), cities)
}

fn awaited_candidates(day: NaiveDate) -> Candidates {
    let statement = Sql::new(
        "SELECT memberships.id, memberships.city_id, \
         (SELECT MIN(first.starts_on) FROM membership_spans first WHERE first.membership_id = memberships.id \
         AND first.status IN ('ADMITTED', 'ACTIVE', 'SUSPENDED')) AS since, memberships.decision_on \
         FROM membership_spans span JOIN memberships ON memberships.id = span.membership_id \
         WHERE span.status IN ('ADMITTED', 'ACTIVE', 'SUSPENDED') AND memberships.agreement_on IS NULL \
         AND NOT memberships.fee_waived AND span.starts_on <= ",
    )
    .bind_date(day)
    .text(" AND (span.ends_on IS NULL OR span.ends_on > ")
    .bind_date(day)
    .text(")");
    Candidates(statement)
}
