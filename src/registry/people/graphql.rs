//! People in the schema: the type, its list and mutations. What it is not: public; who may not see
//! people finds null.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, OneofObject};

use crate::access::permission::Permission;
use crate::api::batch::Load;
use crate::api::connection::Connected;
use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs::{self, Problems};
use crate::api::operation::Operation;
use crate::api::scalars::{EmailAddress, LanguageTag};
use crate::db::Db;
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, Id, PersonId};
use crate::kernel::instant::Instant;
use crate::kernel::page::Page;
use crate::registry::cities::City;
use crate::registry::cities::graphql::CityById;
use crate::registry::people::{
    self, NewPerson, Person, PersonChange, PersonChoice, PersonFilter, PersonKind, PersonOrder,
    rules,
};

crate::connection!(PersonConnection, PersonEdge, Person);

/// Loads people that the viewer may see.
#[derive(Debug)]
pub struct PersonById;

impl Load for PersonById {
    type Key = PersonId;
    type Value = Arc<Person>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[PersonId],
    ) -> Result<HashMap<PersonId, Arc<Person>>> {
        let scope = operation.viewer.scope(Permission::SeePeople);
        let found = people::find_visible(db, &scope, keys)?;
        Ok(found
            .into_iter()
            .map(|person| (person.id, Arc::new(person)))
            .collect())
    }
}

/// A person around a city: a politician, an official, somebody from civil society or the media.
#[Object]
impl Person {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// The whole name.
    async fn name(&self) -> &str {
        &self.name
    }

    /// What brings the person to the network.
    async fn kind(&self) -> PersonKind {
        self.kind
    }

    /// The work e-mail.
    async fn email(&self) -> Option<EmailAddress> {
        self.email.clone().map(EmailAddress)
    }

    /// The work phone.
    async fn phone(&self) -> Option<&str> {
        self.phone.as_deref()
    }

    /// Where the person works.
    async fn organisation(&self) -> Option<&str> {
        self.organisation.as_deref()
    }

    /// The city the person belongs to.
    async fn city(&self, context: &Context<'_>) -> Result<Option<Arc<City>>> {
        match self.city_id {
            Some(id) => context.operation().load::<CityById>(id).await,
            None => Ok(None),
        }
    }

    /// The language to write in.
    async fn language(&self) -> Option<LanguageTag> {
        self.language.clone().map(LanguageTag)
    }

    /// When the person was registered.
    async fn created_at(&self) -> Instant {
        self.created_at
    }

    /// When the record was last revised.
    async fn updated_at(&self) -> Instant {
        self.updated_at
    }

    /// The version of the record, for `revisePerson`.
    async fn version(&self) -> i32 {
        self.version
    }
}

/// Which people a list holds; all given fields hold together.
#[derive(Debug, Default, InputObject)]
pub struct PersonFilterInput {
    /// Of one of these kinds.
    kind: Option<Vec<PersonKind>>,
    /// Belonging to one of these cities.
    city_id: Option<Vec<ID>>,
    /// The name or organisation contains this; case, accents and the spellings of æøå do not
    /// matter.
    search: Option<String>,
    /// Last revised in this range.
    updated_at: Option<inputs::InstantRange>,
}

impl PersonFilterInput {
    fn read(self) -> Result<PersonFilter> {
        inputs::at_most_100("kind", self.kind.as_deref())?;
        inputs::at_most_100("cityId", self.city_id.as_deref())?;
        let (updated_from, updated_before) = inputs::bounds(self.updated_at);
        Ok(PersonFilter {
            kind: self.kind,
            city: self
                .city_id
                .map(|ids| ids.iter().map(inputs::query_id::<CityId>).collect())
                .transpose()?,
            search: inputs::search(self.search)?,
            updated_from,
            updated_before,
        })
    }
}

/// Queries of people.
#[derive(Debug, Default)]
pub struct PersonQuery;

#[Object]
impl PersonQuery {
    /// The people around the cities, by name unless ordered otherwise. Coordinators see those of
    /// their own city.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn people(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<PersonFilterInput>,
        #[graphql(desc = "The order; the id decides where all keys are equal.")] order_by: Option<
            Vec<PersonOrder>,
        >,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<PersonConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        let scope = context
            .operation()
            .viewer
            .scope_of_list(Permission::SeePeople)?;
        let filter = filter.unwrap_or_default().read()?;
        let order = inputs::order(order_by)?;
        let listed = context.read(|db| people::list(db, &scope, &filter, &order, &page))?;
        let count = move |db: &mut Db, _: &Operation| people::count(db, &scope, &filter);
        let order = people::order(&order);
        Ok(PersonConnection(Connected::new(listed, order, count)))
    }
}

/// A person to register. What is left out is empty.
#[derive(Debug, InputObject)]
pub struct RegisterPersonInput {
    /// The whole name.
    name: String,
    /// What brings the person to the network.
    kind: PersonKind,
    /// The work e-mail; it belongs to one person.
    email: Option<EmailAddress>,
    /// The work phone.
    phone: Option<String>,
    /// Where the person works.
    organisation: Option<String>,
    /// The city the person belongs to.
    city_id: Option<ID>,
    /// The language to write in.
    language: Option<LanguageTag>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

impl RegisterPersonInput {
    /// The person; problems are named with paths under `path`.
    fn read(self, path: &str, problems: &mut Problems) -> NewPerson {
        let at = |field: &str| match path {
            "" => field.to_owned(),
            path => format!("{path}.{field}"),
        };
        let city_id =
            problems.optional_id(&at("cityId"), self.city_id.as_ref().map(|id| id.as_str()));
        let person = NewPerson {
            name: self.name,
            kind: self.kind,
            email: self.email.map(|email| email.0),
            phone: self.phone,
            organisation: self.organisation,
            city_id,
            language: self.language.map(|language| language.0),
        };
        for mut problem in rules::check(&person).err().into_iter().flatten() {
            problem.field = at(&problem.field);
            problems.add(problem);
        }
        person
    }
}

/// Somebody who is registered, or is registered along the way.
#[derive(Debug, OneofObject)]
pub enum PersonChoiceInput {
    /// A registered person.
    Id(ID),
    /// Somebody to register.
    New(RegisterPersonInput),
}

impl PersonChoiceInput {
    /// The choice; problems are named with paths under `path`.
    pub fn read(self, path: &str, problems: &mut Problems) -> Option<PersonChoice> {
        match self {
            Self::Id(id) => problems
                .id(&format!("{path}.id"), &id)
                .map(PersonChoice::Known),
            Self::New(new) => Some(PersonChoice::New(
                new.read(&format!("{path}.new"), problems),
            )),
        }
    }
}

/// A person as it shall be from now on.
#[derive(Debug, InputObject)]
pub struct RevisePersonInput {
    /// The person.
    id: ID,
    /// The version that was read; another one now means that somebody else revised it.
    version: i32,
    /// Everything, as it shall be.
    person: RegisterPersonInput,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

crate::payload!(
    /// The answer of `registerPerson`.
    RegisterPersonPayload {
        /// The person.
        person: Person
    }
);

crate::payload!(
    /// The answer of `revisePerson`.
    RevisePersonPayload {
        /// The person.
        person: Person
    }
);

/// Mutations of people.
#[derive(Debug, Default)]
pub struct PersonMutation;

#[Object]
impl PersonMutation {
    /// Registers a person.
    async fn register_person(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The person.")] input: RegisterPersonInput,
    ) -> Result<RegisterPersonPayload> {
        let mut problems = Problems::default();
        let new = input.read("", &mut problems);
        let performed = problems.none().and_then(|()| {
            context.perform(Repeatable::MayHaveKey, |tx| people::register(tx, &new))
        });
        RegisterPersonPayload::of::<PersonById>(context, performed).await
    }

    /// Revises a person's record.
    async fn revise_person(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The person as it shall be.")] input: RevisePersonInput,
    ) -> Result<RevisePersonPayload> {
        let performed = read_change(input).and_then(|change| {
            context.perform(Repeatable::MayHaveKey, |tx| people::revise(tx, &change))
        });
        RevisePersonPayload::of::<PersonById>(context, performed).await
    }
}

fn read_change(input: RevisePersonInput) -> Result<PersonChange> {
    let mut problems = Problems::default();
    let id = problems.id("id", &input.id);
    let person = input.person.read("person", &mut problems);
    let version = input.version;
    problems.or(id.map(|id| PersonChange {
        id,
        version,
        person,
    }))
}
