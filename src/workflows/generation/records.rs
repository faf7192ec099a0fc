//! The records of generated cities: read from the originals and stored many at once, and the numbers
//! of their invoices. What it is not: the copying.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::db::sql::Sql;
use crate::db::{Db, Tx};
use crate::finance::invoices::{Invoice, InvoiceLine, InvoiceParties};
use crate::finance::ledger::{LedgerLine, LedgerTransaction};
use crate::finance::payments::{Allocation, Payment};
use crate::finance::revenue::RevenueSchedule;
use crate::kernel::error::Result;
use crate::kernel::ids::{ExpertId, ExpertVisitId};
use crate::mentoring::pairings::{MentorPairing, PairingLeg};
use crate::programme::activities::Activity;
use crate::programme::entitlements::{Entitlement, EntitlementEntry};
use crate::programme::packages::Package;
use crate::registry::cities::City;
use crate::registry::coordinators::Appointment;
use crate::registry::experts::ExpertRecord;
use crate::registry::memberships::{Membership, MembershipEvent, Standing, StoredSpan};
use crate::registry::people::Person;
use crate::scheduling::expert_visits::{Booking, ExpertVisit};
use crate::scheduling::study_visits::{StudyVisit, StudyVisitPlace};
use crate::schema;
use crate::store_in_bulk;

/// An expert in the team of a visit.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = crate::schema::expert_visit_team, treat_none_as_default_value = false)]
pub(super) struct TeamSeat {
    pub(super) visit_id: ExpertVisitId,
    pub(super) expert_id: ExpertId,
}

/// Records of some cities, in the order in which their tables refer to each other.
#[derive(Debug, Default)]
pub(super) struct Records {
    pub(super) cities: Vec<City>,
    pub(super) memberships: Vec<Membership>,
    pub(super) events: Vec<MembershipEvent>,
    pub(super) spans: Vec<StoredSpan>,
    pub(super) standings: Vec<Standing>,
    pub(super) people: Vec<Person>,
    pub(super) appointments: Vec<Appointment>,
    pub(super) experts: Vec<ExpertRecord>,
    pub(super) packages: Vec<Package>,
    pub(super) entitlements: Vec<Entitlement>,
    /// What happened to units.
    pub(super) moves: Vec<EntitlementEntry>,
    pub(super) expert_visits: Vec<ExpertVisit>,
    pub(super) teams: Vec<TeamSeat>,
    pub(super) bookings: Vec<Booking>,
    pub(super) study_visits: Vec<StudyVisit>,
    pub(super) places: Vec<StudyVisitPlace>,
    pub(super) activities: Vec<Activity>,
    pub(super) pairings: Vec<MentorPairing>,
    pub(super) legs: Vec<PairingLeg>,
    /// The invoices, for their numbers.
    pub(super) invoices: Vec<Invoice>,
    pub(super) parties: Vec<InvoiceParties>,
    pub(super) lines: Vec<InvoiceLine>,
    pub(super) payments: Vec<Payment>,
    pub(super) allocations: Vec<Allocation>,
    /// What is posted, and its lines.
    pub(super) transactions: Vec<LedgerTransaction>,
    pub(super) entries: Vec<LedgerLine>,
    pub(super) schedules: Vec<RevenueSchedule>,
}

impl Records {
    /// All records of a database that holds nothing but the originals.
    pub(super) fn load(db: &mut Db) -> Result<Self> {
        use schema::{
            activities, allocations, appointments, cities, city_standings, entitlement_entries,
            entitlements, expert_bookings, expert_visit_team, expert_visits, experts,
            invoice_lines, ledger_lines, ledger_transactions, membership_events, membership_spans,
            memberships, mentor_pairings, packages, pairing_legs, payments, people,
            revenue_schedules, study_visit_places, study_visits,
        };
        // Keys grow with time, so copies are numbered in the order of their originals.
        Ok(Self {
            cities: cities::table.order(cities::id).load(db)?,
            memberships: memberships::table.order(memberships::id).load(db)?,
            events: membership_events::table
                .order(membership_events::id)
                .load(db)?,
            spans: membership_spans::table.load(db)?,
            standings: city_standings::table.load(db)?,
            people: people::table.order(people::id).load(db)?,
            appointments: appointments::table.order(appointments::id).load(db)?,
            experts: experts::table.order(experts::id).load(db)?,
            packages: packages::table.order(packages::id).load(db)?,
            entitlements: entitlements::table.load(db)?,
            moves: entitlement_entries::table
                .order(entitlement_entries::id)
                .load(db)?,
            expert_visits: expert_visits::table.order(expert_visits::id).load(db)?,
            teams: expert_visit_team::table.load(db)?,
            bookings: expert_bookings::table.order(expert_bookings::id).load(db)?,
            study_visits: study_visits::table.order(study_visits::id).load(db)?,
            places: study_visit_places::table
                .order(study_visit_places::id)
                .load(db)?,
            activities: activities::table.order(activities::id).load(db)?,
            pairings: mentor_pairings::table.order(mentor_pairings::id).load(db)?,
            legs: pairing_legs::table.order(pairing_legs::id).load(db)?,
            invoices: schema::invoices::table
                .order(schema::invoices::id)
                .load(db)?,
            parties: schema::invoice_parties::table.load(db)?,
            lines: invoice_lines::table.order(invoice_lines::id).load(db)?,
            payments: payments::table.order(payments::id).load(db)?,
            allocations: allocations::table.order(allocations::id).load(db)?,
            transactions: ledger_transactions::table
                .order(ledger_transactions::id)
                .load(db)?,
            entries: ledger_lines::table.load(db)?,
            schedules: revenue_schedules::table
                .order(revenue_schedules::line_id)
                .load(db)?,
        })
    }

    /// Stores all records.
    pub(super) fn store(&self, db: &mut Db) -> Result<()> {
        use schema::{
            activities, allocations, appointments, cities, city_standings, entitlement_entries,
            entitlements, expert_bookings, expert_visit_team, expert_visits, experts,
            invoice_lines, ledger_lines, ledger_transactions, membership_events, membership_spans,
            memberships, mentor_pairings, packages, pairing_legs, payments, people,
            revenue_schedules, study_visit_places, study_visits,
        };
        store_in_bulk!(db, cities::table, &self.cities)?;
        store_in_bulk!(db, memberships::table, &self.memberships)?;
        store_in_bulk!(db, membership_events::table, &self.events)?;
        store_in_bulk!(db, membership_spans::table, &self.spans)?;
        store_in_bulk!(db, city_standings::table, &self.standings)?;
        store_in_bulk!(db, people::table, &self.people)?;
        store_in_bulk!(db, appointments::table, &self.appointments)?;
        store_in_bulk!(db, experts::table, &self.experts)?;
        store_in_bulk!(db, packages::table, &self.packages)?;
        store_in_bulk!(db, entitlements::table, &self.entitlements)?;
        store_in_bulk!(db, expert_visits::table, &self.expert_visits)?;
        store_in_bulk!(db, expert_visit_team::table, &self.teams)?;
        store_in_bulk!(db, expert_bookings::table, &self.bookings)?;
        store_in_bulk!(db, study_visits::table, &self.study_visits)?;
        store_in_bulk!(db, study_visit_places::table, &self.places)?;
        store_in_bulk!(db, activities::table, &self.activities)?;
        store_in_bulk!(db, entitlement_entries::table, &self.moves)?;
        store_in_bulk!(db, mentor_pairings::table, &self.pairings)?;
        store_in_bulk!(db, pairing_legs::table, &self.legs)?;
        store_in_bulk!(db, schema::invoices::table, &self.invoices)?;
        store_in_bulk!(db, schema::invoice_parties::table, &self.parties)?;
        store_in_bulk!(db, invoice_lines::table, &self.lines)?;
        store_in_bulk!(db, payments::table, &self.payments)?;
        store_in_bulk!(db, allocations::table, &self.allocations)?;
        store_in_bulk!(db, ledger_lines::table, &self.entries)?;
        store_in_bulk!(db, ledger_transactions::table, &self.transactions)?;
        store_in_bulk!(db, revenue_schedules::table, &self.schedules)?;
        Ok(())
    }
}

/// The last number of each series and year.
#[derive(Debug, Default)]
pub(super) struct Numbers(BTreeMap<(String, i32), i64>);

impl Numbers {
    /// The numbers that these invoices have taken.
    pub(super) fn after(invoices: &[Invoice]) -> Self {
        let mut last = BTreeMap::new();
        for invoice in invoices {
            if let (Some(series), Some(year), Some(sequence)) =
                (&invoice.series, invoice.year, invoice.sequence)
            {
                let known = last.entry((series.clone(), year)).or_insert(sequence);
                *known = sequence.max(*known);
            }
        }
        Self(last)
    }

    pub(super) fn next(&mut self, series: &str, year: i32) -> i64 {
        let last = self.0.entry((series.to_owned(), year)).or_default();
        *last += 1;
        *last
    }

    /// Moves the counters on, so that the next invoice gets the next number.
    pub(super) fn store(&self, tx: &mut Tx<'_>) -> Result<()> {
        for ((series, year), last) in &self.0 {
            Sql::new("UPDATE invoice_counters SET last_number = ")
                .bind_int(*last)
                .text(" WHERE series = ")
                .bind_text(series.clone())
                .text(" AND year = ")
                .bind_int(i64::from(*year))
                .execute(tx.db)?;
        }
        Ok(())
    }
}
