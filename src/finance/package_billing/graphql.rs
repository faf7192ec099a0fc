//! The billing of packages in the schema. What it is not: the invoices, or the contract.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use crate::access::permission::Permission;
use crate::api::context::InOperation;
use crate::api::inputs;
use crate::api::money::Amount;
use crate::api::scalars::Date;
use crate::finance::invoices::Invoice;
use crate::finance::invoices::graphql::InvoiceById;
use crate::finance::package_billing::{self, Billing, Instalment, InstalmentState};
use crate::kernel::error::Result;
use crate::kernel::ids::PackageId;
use crate::programme::packages::{self, Package};

/// How the billing of a package stands.
#[Object(name = "PackageBilling")]
impl Billing {
    /// The package.
    async fn package(&self) -> Arc<Package> {
        Arc::new(self.package.clone())
    }

    /// The instalments, in their order; together the price.
    async fn instalments(&self) -> &[Instalment] {
        &self.instalments
    }

    /// What issued invoices charge, without tax and without what credit notes took back.
    async fn invoiced(&self) -> Amount {
        Amount(self.invoiced)
    }

    /// The part of the price for the time that was used, without tax: what is invoiced above it is for
    /// days to come, or to be given back of a package that was ended before its time.
    async fn used(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The last day that counts; today by default.")] as_of: Option<Date>,
    ) -> Result<Amount> {
        let day = as_of.map_or_else(|| context.operation().today(), |Date(day)| day);
        self.used_until(day.succ_opt().unwrap_or(day)).map(Amount)
    }
}

/// An instalment of a package.
#[Object(name = "Instalment")]
impl Instalment {
    /// Which, from 1.
    async fn number(&self) -> i32 {
        self.number
    }

    /// What it is paid for, where that was agreed.
    async fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    /// The first day of the part of the package that it is counted to, or the day on which its milestone
    /// was reached; null until then.
    async fn falls_on(&self) -> Option<Date> {
        self.falls_on.map(Date)
    }

    /// The amount without tax.
    async fn net(&self) -> Amount {
        Amount(self.net)
    }

    /// Where it stands.
    async fn state(&self) -> InstalmentState {
        self.state
    }

    /// Its invoice or draft; null without.
    async fn invoice(&self, context: &Context<'_>) -> Result<Option<Arc<Invoice>>> {
        match self.invoice {
            Some(invoice) => context.operation().load::<InvoiceById>(invoice).await,
            None => Ok(None),
        }
    }
}

/// Queries of the billing of packages.
#[derive(Debug, Default)]
pub struct PackageBillingQuery;

#[Object]
impl PackageBillingQuery {
    /// How the billing of a package stands; null when there is none. For those who see all invoices.
    async fn package_billing(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The package.")] package_id: ID,
    ) -> Result<Option<Billing>> {
        context.operation().viewer.permit(Permission::SeeFinance)?;
        let id: PackageId = inputs::query_id(&package_id)?;
        context.read(|db| {
            let found = packages::find_many(db, &[id])?;
            Ok(package_billing::billings(db, &found)?.into_iter().next())
        })
    }

    /// The packages of which an instalment fell on a day or before and is not invoiced, the first start
    /// first. For those who see all invoices.
    async fn packages_to_bill(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The day.")] until: Date,
    ) -> Result<Vec<Billing>> {
        context.operation().viewer.permit(Permission::SeeFinance)?;
        context.read(|db| package_billing::due(db, until.0))
    }
}
