//! The cities that the others are copies of, made through the use cases of each room, so that
//! every record is as the rules would have it. What it is not: the copying.

use chrono::{Datelike, Days, NaiveDate, NaiveTime};

use crate::db::Tx;
use crate::finance::fees::Product;
use crate::finance::invoices::{self, NewFeeInvoice, NewPackageInvoice};
use crate::finance::payments::{self, NewPayment, Share};
use crate::finance::products::{self, NewPrice, Tax, VatCategory};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, ExpertId, InvoiceId, MembershipId, PackageId};
use crate::kernel::instant::Instant;
use crate::kernel::money::{Currency, Money};
use crate::kernel::policy_area::PolicyArea;
use crate::mentoring::pairings::{self, Consent, NewPairing};
use crate::programme::packages::{self, Enrolment};
use crate::programme::reference::Reference;
use crate::registry::cities::{self, CityDetails, NewCity};
use crate::registry::coordinators::{self, AppointmentRole, NewAppointment, Terms};
use crate::registry::experts::{self, ExpertKind, ExpertTerms, NewExpert};
use crate::registry::memberships::{self, AdoptedMembership};
use crate::registry::people::{NewPerson, PersonChoice, PersonKind};
use crate::scheduling::expert_visits::{self, NewExpertVisit};
use crate::scheduling::study_visits::{self, Joining, NewStudyVisit};
use crate::workflows::generation::fill::Size;
use crate::workflows::generation::names::invent;

/// Where the cities lie.
const PLACES: [(&str, &str); 8] = [
    ("DK", "Europe/Copenhagen"),
    ("NO", "Europe/Oslo"),
    ("FR", "Europe/Paris"),
    ("IT", "Europe/Rome"),
    ("ES", "Europe/Madrid"),
    ("PT", "Europe/Lisbon"),
    ("GB", "Europe/London"),
    ("FI", "Europe/Helsinki"),
];

/// The yearly fee, in øre.
const FEE: i64 = 7_500_000;

/// How many of the newest invoices every city has paid.
const SETTLED: i32 = 5;

/// A city of the network with what the others need of it.
struct Member {
    place: i32,
    city: CityId,
    membership: MembershipId,
    expert: ExpertId,
    package: PackageId,
}

/// Makes the first cities, as many as there are of them but no more than the network has.
pub(super) fn make(tx: &mut Tx<'_>, texts: &Reference, size: Size) -> Result<u32> {
    let today = tx.today();
    let years = i32::try_from(size.invoices_per_city).unwrap_or(i32::MAX);
    // The fees of a year are invoiced on 15 January.
    let this_year = today
        .checked_sub_days(Days::new(14))
        .ok_or_else(calendar)?
        .year();
    let first_year = this_year.saturating_sub(years).saturating_add(1);
    let joined_on = day(first_year.min(this_year - 2), 1, 1)?;
    price_from(tx, joined_on)?;

    let mut members: Vec<Member> = Vec::new();
    for ((place, number), (country, time_zone)) in (0..size.cities).zip(0_i32..).zip(PLACES) {
        let city = register(tx, size.seed, place, country, time_zone)?;
        members.push(join(tx, texts, number, city, joined_on, this_year)?);
    }
    for year in first_year..=this_year {
        for member in &members {
            fee(tx, member, year, this_year - year)?;
        }
    }
    for member in members.iter().filter(|member| member.place % 4 == 3) {
        let package = NewPackageInvoice {
            package: member.package,
            instalment: None,
        };
        invoices::draft_package(tx, &package)?;
    }
    visits(tx, &members, this_year)?;
    pair(tx, &members, this_year)?;
    u32::try_from(members.len()).map_err(|error| Error::Internal(error.into()))
}

/// The memo's price begins in 2010; longer histories need one before.
fn price_from(tx: &mut Tx<'_>, joined_on: NaiveDate) -> Result<()> {
    let known = products::all(tx.db)?;
    let currency = Currency::DKK;
    if products::in_force(&known, Product::AnnualFee, currency.code(), joined_on).is_some() {
        return Ok(());
    }
    let price = NewPrice {
        product: Product::AnnualFee,
        amount: Money::new(FEE, currency),
        valid_from: joined_on,
        tax: Some(Tax {
            category: VatCategory::E,
            rate_bp: 0,
            exemption_reason: Some("Generated".to_owned()),
        }),
        note: Some("Generated".to_owned()),
    };
    products::set_price(tx, &price)?;
    Ok(())
}

fn register(
    tx: &mut Tx<'_>,
    seed: u64,
    place: u32,
    country: &str,
    time_zone: &str,
) -> Result<CityId> {
    let invented = invent(seed, place);
    let new = NewCity {
        name: invented.name,
        country: country.to_owned(),
        time_zone: time_zone.to_owned(),
        details: CityDetails {
            population: Some(invented.population),
            population_year: Some(tx.today().year()),
            population_source: Some("Generated".to_owned()),
            latitude: Some(invented.latitude),
            longitude: Some(invented.longitude),
            ..CityDetails::default()
        },
    };
    cities::register(tx, &new)
}

fn join(
    tx: &mut Tx<'_>,
    texts: &Reference,
    place: i32,
    city: CityId,
    joined_on: NaiveDate,
    this_year: i32,
) -> Result<Member> {
    let adopted = AdoptedMembership {
        city,
        network: None,
        round: None,
        joined_on,
        ended_on: None,
        end_reason: None,
        statement_of_intent_on: Some(joined_on),
        decision_on: Some(joined_on),
        agreement_on: Some(joined_on),
        fee_waived: false,
    };
    memberships::adopt(tx, &adopted)?;
    let today = tx.today();
    let membership = memberships::current_of(tx.db, city, today)?
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("a generated city is no member")))?;
    let coordinator = NewAppointment {
        city_id: city,
        person: person("coordinator", place, city),
        role: AppointmentRole::Coordinator,
        terms: Terms {
            fte_percent: 50,
            starts_on: day(this_year - 1, 1, 1)?,
            last_day: None,
            office: Some("Generated office".to_owned()),
            name_withheld: false,
        },
        invite: false,
    };
    coordinators::appoint(tx, &coordinator)?;
    let expert = NewExpert {
        person: person("expert", place, city),
        terms: ExpertTerms {
            kind: ExpertKind::CityPeer,
            languages: vec!["en".to_owned()],
            policy_areas: vec![PolicyArea::Education],
            organisation: None,
            home_city_id: Some(city),
            available_from: None,
            last_available: None,
        },
    };
    let expert = experts::register(tx, &expert)?;
    let enrolment = Enrolment {
        city,
        starts_on: day(this_year - 1, 2, 1)?,
        covers_annual_fee: false,
        instalments: 4,
        price: Money::new(5 * FEE, Currency::DKK),
        grace_months: 0,
        different_hosts: false,
        tailored: None,
    };
    let package = packages::enrol(tx, &enrolment, &texts.deliverables)?;
    Ok(Member {
        place,
        city,
        membership: membership.id,
        expert,
        package,
    })
}

fn person(role: &str, place: i32, city: CityId) -> PersonChoice {
    PersonChoice::New(NewPerson {
        name: format!("Generated {role} {place}"),
        kind: PersonKind::Official,
        email: Some(format!("{role}.{place}@example.org")),
        phone: None,
        organisation: None,
        city_id: Some(city),
        language: None,
    })
}

/// Invoices a year. Most are paid at once, every third in two parts. Of those before the newest,
/// every fourth city pays all, and the others leave two, three or four unpaid, of one of which some
/// paid half.
fn fee(tx: &mut Tx<'_>, member: &Member, year: i32, age: i32) -> Result<()> {
    let issued_on = day(year, 1, 15)?;
    let invoice = on(tx, issued_on, |tx| {
        let new = NewFeeInvoice {
            membership: Some(member.membership),
            city: None,
            fee_year: year,
        };
        let draft = invoices::draft_fee(tx, &new)?;
        invoices::issue(tx, draft, Some(issued_on))
    })?;
    let unpaid = match member.place % 4 {
        0 => 0,
        quarter => quarter + 1,
    };
    let late = (SETTLED..SETTLED + unpaid).contains(&age);
    let parts: &[i64] = match age {
        SETTLED if unpaid > 2 => &[FEE / 2],
        _ if late => &[],
        _ if age % 3 == 0 => &[FEE / 2; 2],
        _ => &[FEE],
    };
    for (days, minor) in (0..).zip(parts) {
        let received_on = issued_on
            .checked_add_days(Days::new(14 + days))
            .ok_or_else(calendar)?;
        pay(tx, member.city, invoice, *minor, received_on)?;
    }
    Ok(())
}

fn pay(
    tx: &mut Tx<'_>,
    city: CityId,
    invoice: InvoiceId,
    minor: i64,
    received_on: NaiveDate,
) -> Result<()> {
    let amount = Money::new(minor, Currency::DKK);
    let payment = NewPayment {
        city,
        amount,
        received_on: received_on.min(tx.today()),
        reference: Some("Generated".to_owned()),
        payer_name: None,
        note: None,
        allocate_to: vec![Share { invoice, amount }],
        other_cities: false,
    };
    on(tx, received_on.min(tx.today()), |tx| {
        payments::record(tx, &payment).map(|payment| payment.id)
    })?;
    Ok(())
}

/// Every city is visited by the expert of the next one, hosts a study visit, and joins those of
/// the three before it.
fn visits(tx: &mut Tx<'_>, members: &[Member], this_year: i32) -> Result<()> {
    let next = |member: &Member, steps: usize| {
        let place = usize::try_from(member.place).unwrap_or_default();
        members
            .get((place + steps) % members.len().max(1))
            .filter(|other| other.city != member.city)
    };
    for member in members {
        let week = Days::new(7 * u64::from(member.place.unsigned_abs()));
        let starts_on = day(this_year, 4, 1)?
            .checked_add_days(week)
            .ok_or_else(calendar)?;
        let visit = NewExpertVisit {
            city_id: member.city,
            starts_on,
            last_day: starts_on.succ_opt().ok_or_else(calendar)?,
            theme: "Generated visit".to_owned(),
            expert_ids: next(member, 1).iter().map(|next| next.expert).collect(),
            package_id: Some(member.package),
        };
        on(tx, day(this_year, 1, 10)?, |tx| {
            expert_visits::schedule(tx, &visit)
        })?;
        let starts_on = day(this_year + 1, 4, 1)?
            .checked_add_days(week)
            .ok_or_else(calendar)?;
        let visit = NewStudyVisit {
            host_city_id: member.city,
            theme: "Generated study visit".to_owned(),
            description: None,
            starts_on,
            last_day: starts_on.succ_opt().ok_or_else(calendar)?,
            capacity: 12,
        };
        let visit_id = study_visits::schedule(tx, &visit)?;
        let visitors = (1..=3).filter_map(|steps| next(member, steps));
        let mut joined: Vec<CityId> = Vec::new();
        for visitor in visitors {
            if joined.contains(&visitor.city) {
                continue;
            }
            joined.push(visitor.city);
            let joining = Joining {
                visit_id,
                city_id: visitor.city,
                seats: 2,
                delegate_name: None,
                package_id: None,
            };
            study_visits::join(tx, &joining)?;
        }
    }
    Ok(())
}

/// Every second city mentors the one after it.
fn pair(tx: &mut Tx<'_>, members: &[Member], this_year: i32) -> Result<()> {
    for pair in members.chunks_exact(2) {
        let [mentor, mentee] = pair else { continue };
        let pairing = NewPairing {
            mentor_city_id: mentor.city,
            mentee_city_id: mentee.city,
            area: PolicyArea::Education,
            mutual: false,
            mentee_area: None,
            starts_on: day(this_year, 1, 1)?,
            last_day: None,
            goals: Some("Generated".to_owned()),
        };
        let pairing_id = pairings::pair(tx, &pairing)?;
        for city_id in [mentor.city, mentee.city] {
            pairings::consent(
                tx,
                Consent {
                    pairing_id,
                    city_id,
                    version: None,
                },
            )?;
        }
    }
    Ok(())
}

fn day(year: i32, month: u32, day: u32) -> Result<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day).ok_or_else(calendar)
}

fn calendar() -> Error {
    Error::Internal(anyhow::anyhow!("a generated day beyond the calendar"))
}

/// Writes as if it were noon UTC of that day.
fn on<T>(
    tx: &mut Tx<'_>,
    date: NaiveDate,
    work: impl FnOnce(&mut Tx<'_>) -> Result<T>,
) -> Result<T> {
    let noon = date.and_time(NaiveTime::MIN).and_utc() + chrono::TimeDelta::hours(12);
    tx.at(Instant::new(noon), work)
}
