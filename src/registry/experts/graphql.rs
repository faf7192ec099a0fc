//! Experts in the schema: the type, its list and mutation. What it is not: public; a visit says
//! itself who takes part.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};

use crate::access::permission::Permission;
use crate::api::batch::Load;
use crate::api::connection::Connected;
use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs::{self, Problems};
use crate::api::operation::Operation;
use crate::api::scalars::{Date, EmailAddress, LanguageTag};
use crate::db::Db;
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, ExpertId, Id};
use crate::kernel::instant::Instant;
use crate::kernel::page::Page;
use crate::kernel::policy_area::PolicyArea;
use crate::registry::cities::City;
use crate::registry::cities::graphql::CityById;
use crate::registry::experts::{
    self, Expert, ExpertFilter, ExpertKind, ExpertOrder, ExpertTerms, NewExpert, rules,
};
use crate::registry::people::Person;
use crate::registry::people::graphql::{PersonById, PersonChoiceInput};

crate::connection!(ExpertConnection, ExpertEdge, Expert);

/// Loads experts that the viewer may see.
#[derive(Debug)]
pub struct ExpertById;

impl Load for ExpertById {
    type Key = ExpertId;
    type Value = Arc<Expert>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[ExpertId],
    ) -> Result<HashMap<ExpertId, Arc<Expert>>> {
        let scope = operation.viewer.scope(Permission::SeeExperts);
        Ok(experts::find_visible(db, &scope, keys)?
            .into_iter()
            .map(|expert| (expert.record.id, Arc::new(expert)))
            .collect())
    }
}

/// A person who visits cities and judges their policies.
#[Object]
impl Expert {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.record.id.public())
    }

    /// The name.
    async fn name(&self) -> &str {
        &self.name
    }

    /// The person, for those who see people.
    async fn person(&self, context: &Context<'_>) -> Result<Option<Arc<Person>>> {
        context
            .operation()
            .load::<PersonById>(self.record.person_id)
            .await
    }

    /// Where the expert comes from.
    async fn kind(&self) -> ExpertKind {
        self.record.kind
    }

    /// The work e-mail.
    async fn email(&self) -> Option<EmailAddress> {
        self.email.clone().map(EmailAddress)
    }

    /// The work phone.
    async fn phone(&self) -> Option<&str> {
        self.phone.as_deref()
    }

    /// The languages the expert works in.
    async fn languages(&self) -> Result<Vec<LanguageTag>> {
        let tags = self.record.languages()?;
        Ok(tags.into_iter().map(LanguageTag).collect())
    }

    /// The policy areas the expert knows.
    async fn policy_areas(&self) -> Result<Vec<PolicyArea>> {
        self.record.policy_areas()
    }

    /// Whom the expert works for.
    async fn organisation(&self) -> Option<&str> {
        self.record.organisation.as_deref()
    }

    /// Where the expert lives or works: a city the expert does not judge.
    async fn home_city(&self, context: &Context<'_>) -> Result<Option<Arc<City>>> {
        match self.record.home_city_id {
            Some(id) => context.operation().load::<CityById>(id).await,
            None => Ok(None),
        }
    }

    /// The first day on which the expert can be planned; null when there is no such limit.
    async fn available_from(&self) -> Option<Date> {
        self.record.available_from.map(Date)
    }

    /// The last day on which the expert can be planned; null when there is no such limit.
    async fn available_until(&self) -> Option<Date> {
        let until = self.record.available_until?;
        until.pred_opt().map(Date)
    }

    /// When the expert was registered.
    async fn created_at(&self) -> Instant {
        self.record.created_at
    }

    /// When the record was last revised.
    async fn updated_at(&self) -> Instant {
        self.record.updated_at
    }

    /// The version of the record.
    async fn version(&self) -> i32 {
        self.record.version
    }
}

/// Which experts a list holds; all given fields hold together.
#[derive(Debug, Default, InputObject)]
pub struct ExpertFilterInput {
    /// Of one of these kinds.
    kind: Option<Vec<ExpertKind>>,
    /// Works in one of these languages.
    language: Option<Vec<LanguageTag>>,
    /// Knows one of these policy areas.
    policy_area: Option<Vec<PolicyArea>>,
    /// Lives or works in one of these cities.
    home_city_id: Option<Vec<ID>>,
    /// Can be planned on this day, as far as the expert's own limits go.
    available_on: Option<Date>,
    /// The name or organisation contains this; case, accents and the spellings of æøå do not
    /// matter.
    search: Option<String>,
    /// Last revised in this range.
    updated_at: Option<inputs::InstantRange>,
}

impl ExpertFilterInput {
    fn read(self) -> Result<ExpertFilter> {
        inputs::at_most_100("kind", self.kind.as_deref())?;
        inputs::at_most_100("language", self.language.as_deref())?;
        inputs::at_most_100("policyArea", self.policy_area.as_deref())?;
        inputs::at_most_100("homeCityId", self.home_city_id.as_deref())?;
        let (updated_from, updated_before) = inputs::bounds(self.updated_at);
        Ok(ExpertFilter {
            kind: self.kind,
            language: self
                .language
                .map(|tags| tags.into_iter().map(|tag| tag.0).collect()),
            policy_area: self.policy_area,
            home_city: self
                .home_city_id
                .map(|ids| ids.iter().map(inputs::query_id::<CityId>).collect())
                .transpose()?,
            available_on: self.available_on.map(|date| date.0),
            search: inputs::search(self.search)?,
            updated_from,
            updated_before,
        })
    }
}

/// Queries of experts.
#[derive(Debug, Default)]
pub struct ExpertQuery;

#[Object]
impl ExpertQuery {
    /// The experts, by name unless ordered otherwise.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn experts(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<ExpertFilterInput>,
        #[graphql(desc = "The order; the id decides where all keys are equal.")] order_by: Option<
            Vec<ExpertOrder>,
        >,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<ExpertConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        let viewer = &context.operation().viewer;
        let scope = viewer.scope_of_list(Permission::SeeExperts)?;
        let filter = filter.unwrap_or_default().read()?;
        let order = inputs::order(order_by)?;
        let listed = context.read(|db| experts::list(db, &scope, &filter, &order, &page))?;
        let count = move |db: &mut Db, _: &Operation| experts::count(db, &scope, &filter);
        let order = experts::order(&order);
        Ok(ExpertConnection(Connected::new(listed, order, count)))
    }
}

/// An expert to register. What is left out is empty.
#[derive(Debug, InputObject)]
pub struct RegisterExpertInput {
    /// Who.
    person: PersonChoiceInput,
    /// Where the expert comes from.
    kind: ExpertKind,
    /// The languages the expert works in, at least one.
    languages: Vec<LanguageTag>,
    /// The policy areas the expert knows.
    policy_areas: Option<Vec<PolicyArea>>,
    /// Whom the expert works for.
    organisation: Option<String>,
    /// Where the expert lives or works: a city the expert does not judge.
    home_city_id: Option<ID>,
    /// The first day on which the expert can be planned.
    available_from: Option<Date>,
    /// The last day on which the expert can be planned.
    available_until: Option<Date>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

impl RegisterExpertInput {
    fn read(self) -> Result<NewExpert> {
        let mut problems = Problems::default();
        let person = self.person.read("person", &mut problems);
        let home = self.home_city_id.as_ref().map(|id| id.as_str());
        let terms = ExpertTerms {
            kind: self.kind,
            languages: self.languages.into_iter().map(|tag| tag.0).collect(),
            policy_areas: self.policy_areas.unwrap_or_default(),
            organisation: self.organisation,
            home_city_id: problems.optional_id("homeCityId", home),
            available_from: self.available_from.map(|date| date.0),
            last_available: self.available_until.map(|date| date.0),
        };
        for problem in rules::check(&terms).err().into_iter().flatten() {
            problems.add(problem);
        }
        problems.or(person.map(|person| NewExpert { person, terms }))
    }
}

crate::payload!(
    /// The answer of `registerExpert`.
    RegisterExpertPayload {
        /// The expert.
        expert: Expert
    }
);

/// Mutations of experts.
#[derive(Debug, Default)]
pub struct ExpertMutation;

#[Object]
impl ExpertMutation {
    /// Registers an expert.
    async fn register_expert(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The expert.")] input: RegisterExpertInput,
    ) -> Result<RegisterExpertPayload> {
        let performed = input.read().and_then(|new| {
            context.perform(Repeatable::MayHaveKey, |tx| experts::register(tx, &new))
        });
        RegisterExpertPayload::of::<ExpertById>(context, performed).await
    }
}
