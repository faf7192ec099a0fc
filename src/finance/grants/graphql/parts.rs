//! The parts of a grant in the schema: what was promised, and in which instalments it comes. What it is
//! not: the grant.

use async_graphql::{ID, Object};

use crate::api::money::{Amount, stored};
use crate::api::scalars::{Date, Decimal};
use crate::finance::fees::Product;
use crate::finance::grants::{Award, GrantInstalment, InstalmentStatus, PaidTo};
use crate::finance::products::graphql::percent;
use crate::kernel::error::Result;
use crate::kernel::ids::Id;

/// What a funder promised.
#[derive(Debug, Clone)]
pub struct FundingAward {
    award: Award,
    products: Vec<Product>,
}

impl FundingAward {
    /// An award as it is shown.
    ///
    /// # Errors
    /// A fault of ours for a stored award that is none.
    pub fn of(award: Award) -> Result<Self> {
        Ok(Self {
            products: award.products.read()?,
            award,
        })
    }

    /// An amount in the currency of our invoices.
    pub(super) fn in_its_currency(&self, minor: i64) -> Result<Amount> {
        stored(minor, &self.award.usable_currency)
    }
}

/// What a funder promised; it never changes, but for what is used of it.
#[Object]
impl FundingAward {
    /// The promise, in the funder's currency.
    async fn promised(&self) -> Result<Amount> {
        stored(self.award.promised_minor, &self.award.promised_currency)
    }

    /// What it comes to in the currency of our invoices.
    async fn usable(&self) -> Result<Amount> {
        self.in_its_currency(self.award.usable_minor)
    }

    /// The day of the rate between both; null where they are one.
    async fn rate_on(&self) -> Option<Date> {
        self.award.rate_on.map(Date)
    }

    /// What is used of it.
    async fn used(&self) -> Result<Amount> {
        self.in_its_currency(self.award.used_minor)
    }

    /// What it still pays for.
    async fn left(&self) -> Result<Amount> {
        self.in_its_currency(self.award.left_minor())
    }

    /// The first day whose supplies it pays for.
    async fn eligible_from(&self) -> Date {
        Date(self.award.eligible_from)
    }

    /// The day after the last.
    async fn eligible_until(&self) -> Date {
        Date(self.award.eligible_until)
    }

    /// The most it pays of a cost, in per cent.
    async fn share(&self) -> Decimal {
        percent(self.award.share_hundredths)
    }

    /// What it pays for.
    async fn products(&self) -> &[Product] {
        &self.products
    }

    /// Whether it also pays the tax on its share.
    async fn covers_vat(&self) -> bool {
        self.award.covers_vat
    }

    /// Whether it refuses to pay beside other public money.
    async fn no_other_funds(&self) -> bool {
        self.award.no_other_funds
    }

    /// To whom the funder pays.
    async fn paid_to(&self) -> PaidTo {
        self.award.paid_to
    }

    /// The day on which the funder wants the report.
    async fn report_due_on(&self) -> Date {
        Date(self.award.report_due_on)
    }
}

/// An instalment with its currency.
#[derive(Debug, Clone)]
pub struct ShownInstalment {
    instalment: GrantInstalment,
    currency: String,
}

impl ShownInstalment {
    /// The instalment of an award in a currency.
    #[must_use]
    pub fn of(instalment: GrantInstalment, currency: &str) -> Self {
        Self {
            instalment,
            currency: currency.to_owned(),
        }
    }
}

/// A part in which a funder pays.
#[Object(name = "GrantInstalment")]
impl ShownInstalment {
    /// The opaque id, by which it is recorded.
    async fn id(&self) -> ID {
        ID(self.instalment.id.public())
    }

    /// Its place, from 1.
    async fn position(&self) -> i32 {
        self.instalment.position
    }

    /// The day on which it is expected.
    async fn due_on(&self) -> Date {
        Date(self.instalment.due_on)
    }

    /// How much, in the currency of the promise.
    async fn amount(&self) -> Result<Amount> {
        stored(self.instalment.amount_minor, &self.currency)
    }

    /// Where it stands.
    async fn status(&self) -> InstalmentStatus {
        self.instalment.status
    }

    /// The day on which it came; null until then.
    async fn received_on(&self) -> Option<Date> {
        self.instalment.received_on.map(Date)
    }
}
