//! Funders in the schema: the type, its list and mutations. What it is not: their grants.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};

use crate::access::permission::Permission;
use crate::api::batch::Load;
use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs::Problems;
use crate::api::operation::Operation;
use crate::api::scalars::{CountryCode, EmailAddress};
use crate::db::Db;
use crate::finance::funders::{self, Funder, FunderDetails};
use crate::kernel::error::Result;
use crate::kernel::ids::{FunderId, Id};
use crate::kernel::instant::Instant;

/// Loads funders, for those who may see finances of any city.
#[derive(Debug)]
pub struct FunderById;

impl Load for FunderById {
    type Key = FunderId;
    type Value = Arc<Funder>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[FunderId],
    ) -> Result<HashMap<FunderId, Arc<Funder>>> {
        if operation
            .viewer
            .scope_of_list(Permission::SeeFinance)
            .is_err()
        {
            return Ok(HashMap::new());
        }
        Ok(funders::find_many(db, keys)?
            .into_iter()
            .map(|funder| (funder.id, Arc::new(funder)))
            .collect())
    }
}

/// Who pays fees in a city's stead, and how it is invoiced.
#[Object]
impl Funder {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// The name, as it stands on its invoices.
    async fn name(&self) -> &str {
        &self.name
    }

    /// Street and number.
    async fn street(&self) -> Option<&str> {
        self.street.as_deref()
    }

    /// Postal code.
    async fn postal_code(&self) -> Option<&str> {
        self.postal_code.as_deref()
    }

    /// Town.
    async fn town(&self) -> Option<&str> {
        self.town.as_deref()
    }

    /// The country.
    async fn country(&self) -> CountryCode {
        CountryCode(self.country.clone())
    }

    /// Danish company number.
    async fn cvr(&self) -> Option<&str> {
        self.cvr.as_deref()
    }

    /// Global location number, the electronic mailbox of a public buyer.
    async fn gln(&self) -> Option<&str> {
        self.gln.as_deref()
    }

    /// What the funder wants to read on its invoices.
    async fn order_reference(&self) -> Option<&str> {
        self.order_reference.as_deref()
    }

    /// Where its invoices and reminders are mailed to.
    async fn email(&self) -> Option<EmailAddress> {
        self.email.clone().map(EmailAddress)
    }

    /// When it was registered.
    async fn created_at(&self) -> Instant {
        self.created_at
    }

    /// When it was last revised.
    async fn updated_at(&self) -> Instant {
        self.updated_at
    }

    /// The version of the record.
    async fn version(&self) -> i32 {
        self.version
    }
}

/// Queries of funders.
#[derive(Debug, Default)]
pub struct FunderQuery;

#[Object]
impl FunderQuery {
    /// All funders, by name, for those who see finances: of all cities, or of their own.
    async fn funders(&self, context: &Context<'_>) -> Result<Vec<Funder>> {
        context
            .operation()
            .viewer
            .scope_of_list(Permission::SeeFinance)?;
        context.read(funders::all)
    }
}

/// A funder to register. What is left out is empty.
#[derive(Debug, InputObject)]
pub struct RegisterFunderInput {
    /// The name, as it stands on its invoices; no other funder has it.
    name: String,
    /// Street and number.
    street: Option<String>,
    /// Postal code.
    postal_code: Option<String>,
    /// Town.
    town: Option<String>,
    /// The country.
    country: CountryCode,
    /// Danish company number.
    cvr: Option<String>,
    /// Global location number, the electronic mailbox of a public buyer.
    gln: Option<String>,
    /// What the funder wants to read on its invoices.
    order_reference: Option<String>,
    /// Where its invoices and reminders are mailed to.
    email: Option<EmailAddress>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// What a funder's record shall be: what is left out becomes empty.
#[derive(Debug, InputObject)]
pub struct ReviseFunderInput {
    /// The funder.
    funder_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The name, as it stands on its invoices; no other funder has it.
    name: String,
    /// Street and number.
    street: Option<String>,
    /// Postal code.
    postal_code: Option<String>,
    /// Town.
    town: Option<String>,
    /// The country.
    country: CountryCode,
    /// Danish company number.
    cvr: Option<String>,
    /// Global location number, the electronic mailbox of a public buyer.
    gln: Option<String>,
    /// What the funder wants to read on its invoices.
    order_reference: Option<String>,
    /// Where its invoices and reminders are mailed to.
    email: Option<EmailAddress>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

crate::payload!(
    /// The answer of `registerFunder`.
    RegisterFunderPayload {
        /// The funder.
        funder: Funder
    }
);

crate::payload!(
    /// The answer of `reviseFunder`.
    ReviseFunderPayload {
        /// The funder as it is now.
        funder: Funder
    }
);

/// Mutations of funders.
#[derive(Debug, Default)]
pub struct FunderMutation;

#[Object]
impl FunderMutation {
    /// Registers who pays fees in a city's stead.
    async fn register_funder(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The funder.")] input: RegisterFunderInput,
    ) -> Result<RegisterFunderPayload> {
        let new = FunderDetails {
            name: input.name,
            street: input.street,
            postal_code: input.postal_code,
            town: input.town,
            country: input.country.0,
            cvr: input.cvr,
            gln: input.gln,
            order_reference: input.order_reference,
            email: input.email.map(|email| email.0),
        };
        let performed = context.perform(Repeatable::MayHaveKey, |tx| funders::register(tx, &new));
        RegisterFunderPayload::of::<FunderById>(context, performed).await
    }

    /// Replaces what is said of a funder. Issued invoices keep it as it was.
    async fn revise_funder(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The funder as it shall be.")] input: ReviseFunderInput,
    ) -> Result<ReviseFunderPayload> {
        let mut problems = Problems::default();
        let id = problems.id("funderId", &input.funder_id);
        let details = FunderDetails {
            name: input.name,
            street: input.street,
            postal_code: input.postal_code,
            town: input.town,
            country: input.country.0,
            cvr: input.cvr,
            gln: input.gln,
            order_reference: input.order_reference,
            email: input.email.map(|email| email.0),
        };
        let version = input.version;
        let performed = problems.or(id).and_then(|id| {
            context.perform(Repeatable::MayHaveKey, |tx| {
                funders::revise(tx, id, version, &details)
            })
        });
        ReviseFunderPayload::of::<FunderById>(context, performed).await
    }
}
