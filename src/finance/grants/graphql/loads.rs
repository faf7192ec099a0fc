//! What grants show, for many of them at once, to those who may see it. What it is not: the fields.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::Context;

use crate::access::permission::Permission;
use crate::access::viewer::Viewer;
use crate::api::batch::Load;
use crate::api::context::InOperation;
use crate::api::operation::Operation;
use crate::db::Db;
use crate::finance::grants::graphql::{FundingAward, ShownInstalment};
use crate::finance::grants::{self, Funding, FundingGrant};
use crate::finance::invoices::Invoice;
use crate::kernel::error::Result;
use crate::kernel::ids::{FundingGrantId, FundingId, InvoiceId};

/// Finance and the auditors see all grants, a city its own.
fn visible(grant: &FundingGrant, viewer: &Viewer) -> bool {
    viewer.may_for(Permission::SeeFinance, grant.city_id)
}

/// The grants of these keys that the viewer may see.
fn seen(db: &mut Db, operation: &Operation, keys: &[FundingGrantId]) -> Result<Vec<FundingGrant>> {
    let mut found = grants::find_many(db, keys)?;
    found.retain(|grant| visible(grant, &operation.viewer));
    Ok(found)
}

fn seen_keys(
    db: &mut Db,
    operation: &Operation,
    keys: &[FundingGrantId],
) -> Result<Vec<FundingGrantId>> {
    let found = seen(db, operation, keys)?;
    Ok(found.iter().map(|grant| grant.id).collect())
}

/// Loads grants that the viewer may see.
#[derive(Debug)]
pub struct FundingGrantById;

impl Load for FundingGrantById {
    type Key = FundingGrantId;
    type Value = Arc<FundingGrant>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[FundingGrantId],
    ) -> Result<HashMap<FundingGrantId, Self::Value>> {
        Ok(seen(db, operation, keys)?
            .into_iter()
            .map(|grant| (grant.id, Arc::new(grant)))
            .collect())
    }
}

/// Loads what was promised.
#[derive(Debug)]
pub struct AwardOfGrant;

impl Load for AwardOfGrant {
    type Key = FundingGrantId;
    type Value = Arc<FundingAward>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[FundingGrantId],
    ) -> Result<HashMap<FundingGrantId, Self::Value>> {
        let keys = seen_keys(db, operation, keys)?;
        let mut shown = HashMap::with_capacity(keys.len());
        for (grant, award) in grants::awards_of(db, &keys)? {
            shown.insert(grant, Arc::new(FundingAward::of(award)?));
        }
        Ok(shown)
    }
}

/// Loads the instalments of grants.
#[derive(Debug)]
pub struct InstalmentsOfGrant;

impl Load for InstalmentsOfGrant {
    type Key = FundingGrantId;
    type Value = Arc<Vec<ShownInstalment>>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[FundingGrantId],
    ) -> Result<HashMap<FundingGrantId, Self::Value>> {
        let keys = seen_keys(db, operation, keys)?;
        let awards = grants::awards_of(db, &keys)?;
        let mut instalments = grants::instalments_of(db, &keys)?;
        let shown = |(grant, award): (&FundingGrantId, &grants::Award)| {
            let parts = instalments.remove(grant).unwrap_or_default();
            let parts = parts
                .into_iter()
                .map(|part| ShownInstalment::of(part, &award.promised_currency));
            (*grant, Arc::new(parts.collect()))
        };
        Ok(awards.iter().map(shown).collect())
    }
}

/// Loads what grants pay.
#[derive(Debug)]
pub struct FundingsOfGrant;

impl Load for FundingsOfGrant {
    type Key = FundingGrantId;
    type Value = Arc<Vec<Arc<Funding>>>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[FundingGrantId],
    ) -> Result<HashMap<FundingGrantId, Self::Value>> {
        let keys = seen_keys(db, operation, keys)?;
        Ok(grants::fundings_of_grants(db, &keys)?
            .into_iter()
            .map(|(grant, fundings)| (grant, shared(fundings)))
            .collect())
    }
}

/// Loads what grants pay, entry by entry.
#[derive(Debug)]
pub struct FundingById;

impl Load for FundingById {
    type Key = FundingId;
    type Value = Arc<Funding>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[FundingId],
    ) -> Result<HashMap<FundingId, Self::Value>> {
        let found = grants::find_fundings(db, keys)?;
        let ids: Vec<FundingGrantId> = found.iter().map(|funding| funding.grant_id).collect();
        let known = seen_keys(db, operation, &ids)?;
        Ok(found
            .into_iter()
            .filter(|funding| known.contains(&funding.grant_id))
            .map(|funding| (funding.id, Arc::new(funding)))
            .collect())
    }
}

/// Loads what grants pay of invoices; whoever sees the invoice sees it.
#[derive(Debug)]
struct FundingsOfInvoice;

impl Load for FundingsOfInvoice {
    type Key = InvoiceId;
    type Value = Arc<Vec<Arc<Funding>>>;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[InvoiceId],
    ) -> Result<HashMap<InvoiceId, Self::Value>> {
        Ok(grants::fundings_of_invoices(db, keys)?
            .into_iter()
            .map(|(invoice, fundings)| (invoice, shared(fundings)))
            .collect())
    }
}

fn shared(fundings: Vec<Funding>) -> Arc<Vec<Arc<Funding>>> {
    Arc::new(fundings.into_iter().map(Arc::new).collect())
}

/// What grants pay of an invoice that the caller sees.
///
/// # Errors
/// What the database says.
pub async fn fundings_of_invoice(
    context: &Context<'_>,
    invoice: InvoiceId,
) -> Result<Vec<Arc<Funding>>> {
    let found = context
        .operation()
        .load::<FundingsOfInvoice>(invoice)
        .await?;
    Ok(found.map(|found| found.to_vec()).unwrap_or_default())
}

/// The grant whose funder is invoiced.
///
/// # Errors
/// What the database says.
pub async fn grant_of_invoice(
    context: &Context<'_>,
    invoice: &Invoice,
) -> Result<Option<Arc<FundingGrant>>> {
    match invoice.grant_id {
        Some(id) => context.operation().load::<FundingGrantById>(id).await,
        None => Ok(None),
    }
}
