//! Enrolling a city in a package, in the schema. What it is not: the deed; that joins the price list and
//! the programme and is a workflow.

use async_graphql::{Context, ID, InputObject, Object};

use crate::api::context::{InOperation, Repeatable, reference};
use crate::api::inputs::{self, Problems};
use crate::api::money::{read_amount, read_currency};
use crate::api::scalars::{CurrencyCode, Date, Decimal};
use crate::db::Tx;
use crate::kernel::error::Result;
use crate::kernel::text;
use crate::programme::packages::graphql::PackageById;
use crate::programme::packages::{Package, Tailoring};
use crate::programme::reference::DeliverableKind;
use crate::workflows::enrol_in_package::{PackageOrder, PackagePrice, enrol_in_package};

/// A city to enrol in a package.
#[derive(Debug, InputObject)]
pub struct EnrolInPackageInput {
    /// The city; it must be admitted or an active member.
    city_id: ID,
    /// The first day; the package lasts 24 calendar months.
    starts_on: Date,
    /// Whether the price covers the annual fee for days within the package. The network's memo does
    /// not say, so every enrolment must.
    covers_annual_fee: bool,
    /// In how many equal payments the price is paid, 1 to 24.
    instalments: i32,
    /// The agreed price, net of taxes; that of the price list by default.
    price: Option<Decimal>,
    /// The currency of the price; the krone by default. The price list has a price of packages in it.
    currency: Option<CurrencyCode>,
    /// What is delivered instead of the offer; then the price must be given, and who approved it.
    deliverables: Option<Vec<DeliverableInput>>,
    /// Who approved that the package differs from the offer, and where it is written.
    approval: Option<String>,
    /// How many months after the end units can still be used, 0 to 6; none when left out.
    grace_months: Option<i32>,
    /// Whether its study visits must go to different hosts; else going twice is only remarked.
    different_hosts: Option<bool>,
    /// The key, if it is not in the header.
    idempotency_key: Option<String>,
}

/// So many units of a kind.
#[derive(Debug, InputObject)]
pub struct DeliverableInput {
    /// The kind.
    pub kind: DeliverableKind,
    /// How many, 1 to 20.
    pub units: i32,
}

impl EnrolInPackageInput {
    fn read(self) -> Result<PackageOrder> {
        let mut problems = Problems::default();
        let city = problems.id("cityId", &self.city_id);
        let currency = self.currency.as_ref();
        let price = problems.keep(match &self.price {
            Some(price) => read_amount("price", price, currency).map(PackagePrice::Agreed),
            None => read_currency(currency).map(PackagePrice::OfList),
        });
        inputs::at_most_100("deliverables", self.deliverables.as_deref())?;
        let tailored = problems.keep_all(self.tailored())?;
        let order = city.zip(price).zip(tailored);
        let order = order.map(|((city, price), tailored)| PackageOrder {
            city,
            starts_on: self.starts_on.0,
            covers_annual_fee: self.covers_annual_fee,
            instalments: self.instalments,
            price,
            grace_months: self.grace_months.unwrap_or_default(),
            different_hosts: self.different_hosts.unwrap_or_default(),
            tailored,
        });
        problems.or(order)
    }

    fn tailored(&self) -> Result<Option<Tailoring>> {
        let approval = text::optional_line("approval", self.approval.as_deref())?;
        let Some(listed) = &self.deliverables else {
            return Ok(None);
        };
        Ok(Some(Tailoring {
            deliverables: listed.iter().map(|row| (row.kind, row.units)).collect(),
            approval: approval.unwrap_or_default(),
        }))
    }
}

crate::payload!(
    /// The answer of `enrolInPackage`.
    EnrolInPackagePayload {
        /// The package.
        package: Package
    }
);

/// Mutations of packages.
#[derive(Debug, Default)]
pub struct PackageMutation;

#[Object]
impl PackageMutation {
    /// Enrols a city in a package of 24 months and plans an activity for each of its units: the nine of the
    /// offer, or those of a list of its own.
    async fn enrol_in_package(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The city and the terms.")] input: EnrolInPackageInput,
    ) -> Result<EnrolInPackagePayload> {
        let offer = &reference(context).deliverables;
        let performed = input.read().and_then(|order| {
            let enrol = |tx: &mut Tx<'_>| enrol_in_package(tx, &order, offer);
            context.perform(Repeatable::MayHaveKey, enrol)
        });
        EnrolInPackagePayload::of::<PackageById>(context, performed).await
    }
}
