//! Refunds in the schema. What it is not: the rules.

pub mod mutations;
pub mod queries;

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, Object};

pub use mutations::RefundMutation;
pub use queries::RefundQuery;

use crate::access::permission::Permission;
use crate::access::viewer::{Scope, Viewer};
use crate::api::batch::Load;
use crate::api::context::InOperation;
use crate::api::money::{Amount, stored};
use crate::api::operation::Operation;
use crate::api::scalars::Date;
use crate::db::Db;
use crate::finance::payments::Payment;
use crate::finance::payments::graphql::PaymentById;
use crate::finance::refunds::{self, Refund, RefundStatus};
use crate::kernel::error::Result;
use crate::kernel::ids::{Id, PaymentId, RefundId};
use crate::kernel::instant::Instant;

crate::connection!(RefundConnection, RefundEdge, Refund);

/// Whether the viewer may know of a refund: finance and the auditors of all, a city of its own once
/// they are paid.
fn visible(refund: &Refund, viewer: &Viewer) -> bool {
    match viewer.scope(Permission::SeeFinance) {
        Scope::All => true,
        own @ Scope::Own { .. } => {
            own.has_city(refund.city_id) && refund.status == RefundStatus::Paid
        }
    }
}

/// Loads refunds that the viewer may see.
#[derive(Debug)]
pub struct RefundById;

impl Load for RefundById {
    type Key = RefundId;
    type Value = Arc<Refund>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[RefundId],
    ) -> Result<HashMap<RefundId, Self::Value>> {
        Ok(refunds::find_many(db, keys)?
            .into_iter()
            .filter(|refund| visible(refund, &operation.viewer))
            .map(|refund| (refund.id, Arc::new(refund)))
            .collect())
    }
}

/// Loads the refunds of payments that the viewer may see.
#[derive(Debug)]
struct RefundsOfPayment;

impl Load for RefundsOfPayment {
    type Key = PaymentId;
    type Value = Arc<Vec<Arc<Refund>>>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[PaymentId],
    ) -> Result<HashMap<PaymentId, Self::Value>> {
        let seen = |refunds: Vec<Refund>| {
            let refunds = refunds
                .into_iter()
                .filter(|refund| visible(refund, &operation.viewer));
            Arc::new(refunds.map(Arc::new).collect())
        };
        Ok(refunds::of_payments(db, keys)?
            .into_iter()
            .map(|(payment, refunds)| (payment, seen(refunds)))
            .collect())
    }
}

/// The refunds of a payment that the caller may see, as they were made.
///
/// # Errors
/// What the database says.
pub async fn refunds_of(context: &Context<'_>, payment: PaymentId) -> Result<Vec<Arc<Refund>>> {
    let refunds = context
        .operation()
        .load::<RefundsOfPayment>(payment)
        .await?;
    Ok(refunds.map(|refunds| refunds.to_vec()).unwrap_or_default())
}

/// Unused money that is paid back.
#[Object]
impl Refund {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// Where it stands.
    async fn status(&self) -> RefundStatus {
        self.status
    }

    /// How much.
    async fn amount(&self) -> Result<Amount> {
        stored(self.amount_minor, &self.currency)
    }

    /// The account that it is paid to.
    async fn account(&self) -> &str {
        &self.account
    }

    /// What the city reads on its statement.
    async fn reference(&self) -> Option<&str> {
        self.reference.as_deref()
    }

    /// Why; null for those who do not see the finances of all cities.
    async fn reason(&self, context: &Context<'_>) -> Option<&str> {
        let all = context.operation().viewer.may(Permission::SeeFinance);
        Some(self.reason.as_str()).filter(|_| all)
    }

    /// The day it was paid; null while it waits for a second person.
    async fn paid_on(&self) -> Option<Date> {
        self.paid_on.map(Date)
    }

    /// The payment that it is of; null when the caller may not see it.
    async fn payment(&self, context: &Context<'_>) -> Result<Option<Arc<Payment>>> {
        context
            .operation()
            .load::<PaymentById>(self.payment_id)
            .await
    }

    /// When it was made.
    async fn created_at(&self) -> Instant {
        self.created_at
    }

    /// When it last changed.
    async fn updated_at(&self) -> Instant {
        self.updated_at
    }

    /// The version of the record.
    async fn version(&self) -> i32 {
        self.version
    }
}
