//! The copies of the original cities: the same records under keys, names and invoice numbers of their
//! own. What it is not: rules; a copy is as right as its original.

use std::collections::HashMap;

use uuid::Uuid;

use crate::db::Tx;
use crate::finance::invoices::{self, Invoice, InvoiceLine, InvoiceParties, Party};
use crate::finance::payments::{Allocation, Payment};
use crate::kernel::error::Result;
use crate::kernel::fold;
use crate::kernel::ids::{CityId, Id, InvoiceId, ObjectId};
use crate::kernel::json::Json;
use crate::mentoring::pairings::{MentorPairing, PairingLeg};
use crate::registry::cities::City;
use crate::registry::coordinators::Appointment;
use crate::registry::experts::ExpertRecord;
use crate::registry::memberships::{Membership, MembershipEvent, Standing, StoredSpan};
use crate::registry::people::Person;
use crate::scheduling::expert_visits::{Booking, ExpertVisit};
use crate::scheduling::study_visits::{StudyVisit, StudyVisitPlace};
use crate::workflows::generation::names::invent;
use crate::workflows::generation::records::{Numbers, Records, TeamSeat};

impl Records {
    /// Copies the records of the first `kept` cities; the copies stand at the places from
    /// `first_place` on.
    pub(super) fn copy(
        &self,
        tx: &Tx<'_>,
        seed: u64,
        first_place: u32,
        kept: u32,
        numbers: &mut Numbers,
        copies: &mut Self,
    ) -> Result<()> {
        let kept = usize::try_from(kept).map_err(anyhow::Error::from)?;
        let keys = self.keys(tx, kept);
        self.copy_registry(seed, first_place, &keys, copies);
        self.copy_programme(&keys, copies);
        self.copy_meetings(&keys, copies);
        let first = copies.invoices.len();
        self.copy_finance(&keys, numbers, copies)?;
        self.copy_books(tx, &keys, first, copies);
        Ok(())
    }

    /// A new key for each record of the first cities.
    fn keys(&self, tx: &Tx<'_>, kept: usize) -> Keys {
        let mut keys = Keys::default();
        for city in self.cities.iter().take(kept) {
            keys.add(tx, city.id);
        }
        let mut of_city = |known: Uuid, city: Option<Uuid>| {
            if city.is_some_and(|city| keys.0.contains_key(&city)) {
                keys.0.insert(known, tx.new_id::<ObjectId>().uuid());
            }
        };
        let some = |city: CityId| Some(city.uuid());
        for row in &self.memberships {
            of_city(row.id.uuid(), some(row.city_id));
        }
        for row in &self.people {
            of_city(row.id.uuid(), row.city_id.and_then(some));
        }
        for row in &self.appointments {
            of_city(row.id.uuid(), some(row.city_id));
        }
        for row in &self.experts {
            of_city(row.id.uuid(), row.home_city_id.and_then(some));
        }
        for row in &self.packages {
            of_city(row.id.uuid(), some(row.city_id));
        }
        for row in &self.expert_visits {
            of_city(row.id.uuid(), some(row.city_id));
        }
        for row in &self.activities {
            of_city(row.id.uuid(), some(row.city_id));
        }
        for row in &self.study_visits {
            of_city(row.id.uuid(), some(row.host_city_id));
        }
        for row in &self.invoices {
            of_city(row.id.uuid(), some(row.city_id));
        }
        for row in &self.payments {
            of_city(row.id.uuid(), some(row.city_id));
        }
        for row in &self.pairings {
            of_city(row.id.uuid(), some(row.mentor_city_id));
        }
        let mut of_owner = |known: Uuid, owner: Uuid| {
            if keys.0.contains_key(&owner) {
                keys.0.insert(known, tx.new_id::<ObjectId>().uuid());
            }
        };
        let lines = self.lines.iter();
        let allocations = self.allocations.iter();
        lines.for_each(|row| of_owner(row.id.uuid(), row.invoice_id.uuid()));
        allocations.for_each(|row| of_owner(row.id.uuid(), row.payment_id.uuid()));
        keys
    }

    fn copy_registry(&self, seed: u64, first_place: u32, keys: &Keys, copies: &mut Self) {
        for (place, original) in (first_place..).zip(&self.cities) {
            let Some(id) = keys.of(original.id) else {
                continue;
            };
            let invented = invent(seed, place);
            copies.cities.push(City {
                id,
                name_key: fold::name_key(&invented.name),
                sort_key: fold::sort_key(&invented.name),
                search_key: fold::search_key(&invented.name),
                name: invented.name,
                population: Some(invented.population),
                latitude: Some(invented.latitude),
                longitude: Some(invented.longitude),
                ..original.clone()
            });
        }
        let place_of: HashMap<Uuid, u32> = self
            .cities
            .iter()
            .map(|city| city.id.uuid())
            .zip(first_place..)
            .collect();
        extend(&mut copies.memberships, &self.memberships, |row| {
            let (id, city_id) = (keys.of(row.id)?, keys.of(row.city_id)?);
            Some(Membership { id, city_id, ..row })
        });
        extend(&mut copies.events, &self.events, |row| {
            let (id, membership_id) = (keys.fresh(row.id), keys.of(row.membership_id)?);
            Some(MembershipEvent {
                id,
                membership_id,
                ..row
            })
        });
        extend(&mut copies.spans, &self.spans, |row| {
            let (membership_id, city_id) = (keys.of(row.membership_id)?, keys.of(row.city_id)?);
            Some(StoredSpan {
                membership_id,
                city_id,
                ..row
            })
        });
        extend(&mut copies.standings, &self.standings, |row| {
            let (membership_id, city_id) = (keys.of(row.membership_id)?, keys.of(row.city_id)?);
            Some(Standing {
                city_id,
                membership_id,
                ..row
            })
        });
        extend(&mut copies.people, &self.people, |row| {
            let place = place_of.get(&row.city_id?.uuid())?;
            let id = keys.of(row.id)?;
            let city_id = row.city_id.and_then(|city| keys.of(city));
            let (role, _) = row.email.as_deref()?.split_once('.')?;
            let name = format!("Generated {role} {place}");
            let email = format!("{role}.{place}@example.org");
            Some(Person {
                id,
                sort_key: fold::sort_key(&name),
                search_key: fold::search_key(&name),
                name,
                email_key: Some(email.clone()),
                email: Some(email),
                city_id,
                ..row
            })
        });
        extend(&mut copies.appointments, &self.appointments, |row| {
            let (id, city_id, person_id) = (
                keys.of(row.id)?,
                keys.of(row.city_id)?,
                keys.of(row.person_id)?,
            );
            Some(Appointment {
                id,
                city_id,
                person_id,
                ..row
            })
        });
        extend(&mut copies.experts, &self.experts, |row| {
            let (id, person_id) = (keys.of(row.id)?, keys.of(row.person_id)?);
            let home_city_id = row.home_city_id.and_then(|city| keys.of(city));
            Some(ExpertRecord {
                id,
                person_id,
                home_city_id,
                ..row
            })
        });
    }

    fn copy_meetings(&self, keys: &Keys, copies: &mut Self) {
        extend(&mut copies.expert_visits, &self.expert_visits, |row| {
            let (id, city_id) = (keys.of(row.id)?, keys.of(row.city_id)?);
            let package_id = row.package_id.and_then(|package| keys.of(package));
            Some(ExpertVisit {
                id,
                city_id,
                package_id,
                ..row
            })
        });
        extend(&mut copies.teams, &self.teams, |row| {
            let (visit_id, expert_id) = (keys.of(row.visit_id)?, keys.of(row.expert_id)?);
            Some(TeamSeat {
                visit_id,
                expert_id,
            })
        });
        extend(&mut copies.bookings, &self.bookings, |row| {
            Some(Booking {
                id: keys.fresh(row.id),
                expert_id: keys.of(row.expert_id)?,
                visit_id: Some(keys.of(row.visit_id?)?),
                city_id: keys.of(row.city_id)?,
                ..row
            })
        });
        extend(&mut copies.places, &self.places, |row| {
            Some(StudyVisitPlace {
                id: keys.fresh(row.id),
                visit_id: keys.of(row.visit_id)?,
                city_id: keys.of(row.city_id)?,
                package_id: row.package_id.and_then(|package| keys.of(package)),
                ..row
            })
        });
        let mut taken: HashMap<Uuid, i32> = HashMap::new();
        for place in &copies.places {
            *taken.entry(place.visit_id.uuid()).or_default() += place.seats;
        }
        extend(&mut copies.study_visits, &self.study_visits, |row| {
            let (id, host_city_id) = (keys.of(row.id)?, keys.of(row.host_city_id)?);
            let places_taken = taken.get(&id.uuid()).copied().unwrap_or_default();
            Some(StudyVisit {
                id,
                host_city_id,
                places_taken,
                ..row
            })
        });
        extend(&mut copies.pairings, &self.pairings, |row| {
            let (mentor, mentee) = (keys.of(row.mentor_city_id)?, keys.of(row.mentee_city_id)?);
            Some(MentorPairing {
                id: keys.of(row.id)?,
                mentor_city_id: mentor,
                mentee_city_id: mentee,
                low_city_id: mentor.min(mentee),
                high_city_id: mentor.max(mentee),
                ..row
            })
        });
        extend(&mut copies.legs, &self.legs, |row| {
            Some(PairingLeg {
                id: keys.fresh(row.id),
                pairing_id: keys.of(row.pairing_id)?,
                mentor_city_id: keys.of(row.mentor_city_id)?,
                mentee_city_id: keys.of(row.mentee_city_id)?,
                ..row
            })
        });
    }

    fn copy_finance(&self, keys: &Keys, numbers: &mut Numbers, copies: &mut Self) -> Result<()> {
        let mut lines_of: HashMap<Uuid, Vec<InvoiceLine>> = HashMap::new();
        for line in &self.lines {
            lines_of
                .entry(line.invoice_id.uuid())
                .or_default()
                .push(line.clone());
        }
        let names: HashMap<Uuid, String> = copies
            .cities
            .iter()
            .map(|city| (city.id.uuid(), city.name.clone()))
            .collect();
        let parties_of: HashMap<Uuid, &InvoiceParties> = self
            .parties
            .iter()
            .map(|parties| (parties.invoice_id.uuid(), parties))
            .collect();
        for original in &self.invoices {
            let (Some(id), Some(city_id)) = (keys.of(original.id), keys.of(original.city_id))
            else {
                continue;
            };
            let mut lines = lines_of
                .get(&original.id.uuid())
                .cloned()
                .unwrap_or_default();
            for line in &mut lines {
                line.id = keys.of(line.id).unwrap_or(line.id);
                line.invoice_id = id;
            }
            let mut copy = Invoice {
                id,
                city_id,
                membership_id: original.membership_id.and_then(|key| keys.of(key)),
                package_id: original.package_id.and_then(|key| keys.of(key)),
                ..original.clone()
            };
            if let (Some(series), Some(year)) = (&original.series, original.year) {
                let sequence = numbers.next(series, year);
                copy.sequence = Some(sequence);
                copy.number = Some(invoices::rules::number(series, year, sequence));
                if let (Some(known), Some(name)) = (
                    parties_of.get(&original.id.uuid()),
                    names.get(&city_id.uuid()),
                ) {
                    let parties = renamed(known, id, name)?;
                    copy.content_hash = Some(invoices::content_hash(&copy, &parties, &lines));
                    copies.parties.push(parties);
                }
            }
            copies.invoices.push(copy);
            copies.lines.append(&mut lines);
        }
        extend(&mut copies.payments, &self.payments, |row| {
            let (id, city_id) = (keys.of(row.id)?, keys.of(row.city_id)?);
            Some(Payment { id, city_id, ..row })
        });
        extend(&mut copies.allocations, &self.allocations, |row| {
            Some(Allocation {
                id: keys.of(row.id)?,
                payment_id: keys.of(row.payment_id)?,
                invoice_id: keys.of(row.invoice_id)?,
                ..row
            })
        });
        Ok(())
    }
}

/// The original's parties on a copy, the buyer under the name of its city.
fn renamed(known: &InvoiceParties, invoice_id: InvoiceId, name: &str) -> Result<InvoiceParties> {
    let buyer = Party {
        name: name.to_owned(),
        ..known.buyer.read()?
    };
    Ok(InvoiceParties {
        invoice_id,
        seller: known.seller.clone(),
        buyer: Json::of(&buyer)?,
    })
}

/// Adds the copies of those originals that are copied.
pub(super) fn extend<R: Clone>(
    copies: &mut Vec<R>,
    originals: &[R],
    copy: impl FnMut(R) -> Option<R>,
) {
    copies.extend(originals.iter().cloned().filter_map(copy));
}

/// The key of each original's copy.
#[derive(Debug, Default)]
pub(super) struct Keys(HashMap<Uuid, Uuid>);

impl Keys {
    fn add<I: Id>(&mut self, tx: &Tx<'_>, known: I) {
        self.0.insert(known.uuid(), tx.new_id::<I>().uuid());
    }

    /// The key of the copy; none when the original has no copy.
    pub(super) fn of<I: Id>(&self, known: I) -> Option<I> {
        self.0.get(&known.uuid()).copied().map(I::of)
    }

    /// A key for the copy of a record that no other refers to.
    #[expect(clippy::unused_self, reason = "reads as the other one")]
    pub(super) fn fresh<I: Id>(&self, _: I) -> I {
        I::of(crate::db::tx::fresh_uuid())
    }
}
