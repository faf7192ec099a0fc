//! What the mutations of appointments are given, read into the words of the trade. What it is not:
//! the mutations (`graphql.rs`).

use async_graphql::{ID, InputObject};

use crate::api::inputs::Problems;
use crate::api::scalars::Date;
use crate::kernel::error::Result;
use crate::registry::coordinators::{
    AppointmentRole, Ending, NewAppointment, Replacement, Terms, rules,
};
use crate::registry::people::graphql::PersonChoiceInput;

/// An appointment to make.
#[derive(Debug, InputObject)]
pub struct AppointCoordinatorInput {
    /// The city.
    city_id: ID,
    /// Who.
    person: PersonChoiceInput,
    /// To what.
    #[graphql(default_with = "AppointmentRole::Coordinator")]
    role: AppointmentRole,
    /// The size of the post in hundredths of a full-time post, 1 to 100. All posts of a person
    /// add up to 100 at most.
    fte_percent: i32,
    /// The first day.
    starts_on: Date,
    /// The last day; none is decided without it.
    ends_on: Option<Date>,
    /// The office the person works in.
    office: Option<String>,
    /// Whether the public must not read name and office.
    #[graphql(default)]
    name_withheld: bool,
    /// Whether the person is invited to sign in as the city's coordinator, for as long as the
    /// appointment lasts. An account with the person's e-mail address gets the role.
    #[graphql(default)]
    invite: bool,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

impl AppointCoordinatorInput {
    /// The appointment to make.
    ///
    /// # Errors
    /// All problems.
    pub(super) fn read(self) -> Result<NewAppointment> {
        let mut problems = Problems::default();
        let city = problems.id("cityId", &self.city_id);
        let person = self.person.read("person", &mut problems);
        let terms = Terms {
            fte_percent: self.fte_percent,
            starts_on: self.starts_on.0,
            last_day: self.ends_on.map(|date| date.0),
            office: self.office,
            name_withheld: self.name_withheld,
        };
        add_all(&mut problems, &terms);
        let (role, invite) = (self.role, self.invite);
        problems.or(city.zip(person).map(|(city_id, person)| NewAppointment {
            city_id,
            person,
            role,
            terms,
            invite,
        }))
    }
}

/// Somebody new in the place of somebody; the role and the city stay.
#[derive(Debug, InputObject)]
pub struct ReplaceCoordinatorInput {
    /// The appointment that ends.
    id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// Who is appointed instead.
    person: PersonChoiceInput,
    /// The size of the post in hundredths of a full-time post, 1 to 100. All posts of a person
    /// add up to 100 at most.
    fte_percent: i32,
    /// The first day of the new appointment; the old one ends on the day before.
    starts_on: Date,
    /// The last day of the new appointment; none is decided without it.
    ends_on: Option<Date>,
    /// The office the person works in.
    office: Option<String>,
    /// Whether the public must not read name and office.
    #[graphql(default)]
    name_withheld: bool,
    /// Whether the person is invited to sign in as the city's coordinator, for as long as the
    /// appointment lasts. An account with the person's e-mail address gets the role.
    #[graphql(default)]
    invite: bool,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

impl ReplaceCoordinatorInput {
    /// The replacement.
    ///
    /// # Errors
    /// All problems.
    pub(super) fn read(self) -> Result<Replacement> {
        let mut problems = Problems::default();
        let id = problems.id("id", &self.id);
        let person = self.person.read("person", &mut problems);
        let terms = Terms {
            fte_percent: self.fte_percent,
            starts_on: self.starts_on.0,
            last_day: self.ends_on.map(|date| date.0),
            office: self.office,
            name_withheld: self.name_withheld,
        };
        add_all(&mut problems, &terms);
        let (version, invite) = (self.version, self.invite);
        problems.or(id.zip(person).map(|(id, person)| Replacement {
            id,
            version,
            person,
            terms,
            invite,
        }))
    }
}

/// The end of an appointment.
#[derive(Debug, InputObject)]
pub struct EndAppointmentInput {
    /// The appointment.
    id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The last day. The day before the first one calls the appointment off.
    ends_on: Date,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

impl EndAppointmentInput {
    /// The end.
    ///
    /// # Errors
    /// All problems.
    pub(super) fn read(self) -> Result<Ending> {
        let mut problems = Problems::default();
        let id = problems.id("id", &self.id);
        let (version, last_day) = (self.version, self.ends_on.0);
        problems.or(id.map(|id| Ending {
            id,
            version,
            last_day,
        }))
    }
}

fn add_all(problems: &mut Problems, terms: &Terms) {
    for problem in rules::check_terms(terms).err().into_iter().flatten() {
        problems.add(problem);
    }
}
