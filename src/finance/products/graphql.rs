//! The price list in the schema. What it is not: quotes (`fees/graphql.rs`).

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};

use crate::api::batch::Load;
use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs::Problems;
use crate::api::money::{Amount, read_amount, stored};
use crate::api::operation::Operation;
use crate::api::scalars::{CurrencyCode, Date, Decimal};
use crate::db::Db;
use crate::finance::fees::Product;
use crate::finance::products::{self, NewPrice, PriceVersion, Tax, VatCategory};
use crate::kernel::error::Result;
use crate::kernel::ids::{Id, PriceId};
use crate::kernel::instant::Instant;
use crate::kernel::refusal::{Refusal, RefusalCode};

/// Loads prices; they are public.
#[derive(Debug)]
pub struct PriceById;

impl Load for PriceById {
    type Key = PriceId;
    type Value = Arc<PriceVersion>;

    fn load(db: &mut Db, _: &Operation, keys: &[PriceId]) -> Result<HashMap<PriceId, Self::Value>> {
        Ok(products::find_many(db, keys)?
            .into_iter()
            .map(|price| (price.id, Arc::new(price)))
            .collect())
    }
}

/// A tax rate in per cent with two decimals: 25.00.
#[must_use]
pub fn percent(basis_points: i32) -> Decimal {
    Decimal(format!(
        "{}.{:02}",
        basis_points / 100,
        basis_points.unsigned_abs() % 100
    ))
}

/// What a product costs from a day on, without tax.
#[Object(name = "Price")]
impl PriceVersion {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// What it is the price of.
    async fn product(&self) -> Product {
        self.product
    }

    /// The price without tax.
    async fn amount(&self) -> Result<Amount> {
        stored(self.amount_minor, &self.currency)
    }

    /// The first day on which it is in force; for an annual fee the fee years that begin on that
    /// day or later.
    async fn valid_from(&self) -> Date {
        Date(self.valid_from)
    }

    /// How value added tax applies.
    async fn vat_category(&self) -> VatCategory {
        self.vat_category
    }

    /// The tax rate in per cent.
    async fn vat_rate(&self) -> Decimal {
        percent(self.vat_rate_bp)
    }

    /// Why no tax is charged; null when it is.
    async fn exemption_reason(&self) -> Option<&str> {
        self.exemption_reason.as_deref()
    }

    /// Where the price comes from.
    async fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// When it was set.
    async fn created_at(&self) -> Instant {
        self.created_at
    }

    /// When it changed last: it never does, so when it was made.
    async fn updated_at(&self) -> Instant {
        self.created_at
    }
}

/// Queries of prices.
#[derive(Debug, Default)]
pub struct PriceQuery;

#[Object]
impl PriceQuery {
    /// The prices in force on a day: one for each product and currency. Public.
    async fn price_list(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] as_of: Option<Date>,
    ) -> Result<Vec<PriceVersion>> {
        let day = as_of.map_or(context.operation().today(), |date| date.0);
        let known = context.read(products::all)?;
        let in_force = |price: &&PriceVersion| {
            products::in_force(&known, price.product, &price.currency, day) == Some(price)
        };
        Ok(known.iter().filter(in_force).cloned().collect())
    }
}

/// A price to set.
#[derive(Debug, InputObject)]
pub struct SetPriceInput {
    /// What it is the price of.
    product: Product,
    /// The price without tax.
    amount: Decimal,
    /// Its currency; the Danish krone when left out.
    currency: Option<CurrencyCode>,
    /// The first day on which it is in force.
    valid_from: Date,
    /// How value added tax applies; as for the price in force until then when left out.
    vat_category: Option<VatCategory>,
    /// The tax rate in per cent, for category S.
    vat_rate: Option<Decimal>,
    /// Why no tax is charged, for the other categories.
    exemption_reason: Option<String>,
    /// Where the price comes from.
    note: Option<String>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

impl SetPriceInput {
    fn read(self) -> Result<NewPrice> {
        let mut problems = Problems::default();
        let amount = problems.keep(read_amount("amount", &self.amount, self.currency.as_ref()));
        let rate = problems.keep(read_rate(self.vat_rate.as_ref()));
        let tax = match (self.vat_category, rate) {
            (Some(category), Some(rate_bp)) => Some(Tax {
                category,
                rate_bp,
                exemption_reason: self.exemption_reason,
            }),
            (None, Some(_)) if self.vat_rate.is_some() || self.exemption_reason.is_some() => {
                problems.add(category_missing());
                None
            }
            _ => None,
        };
        let new = amount.map(|amount| NewPrice {
            product: self.product,
            amount,
            valid_from: self.valid_from.0,
            tax,
            note: self.note,
        });
        problems.or(new)
    }
}

fn category_missing() -> Refusal {
    Refusal::new(
        RefusalCode::Required,
        "vatCategory",
        "A rate or a reason needs the tax category that it belongs to.",
        "En sats eller en grund skal have den momskategori, den hører til.",
    )
}

/// A rate in per cent with at most two decimals, in basis points; none is 0.
fn read_rate(rate: Option<&Decimal>) -> std::result::Result<i32, Refusal> {
    let Some(Decimal(text)) = rate else {
        return Ok(0);
    };
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{decimals:0<2}");
    if decimals.len() > 2 {
        return Err(wrong_rate());
    }
    digits.parse().map_err(|_| wrong_rate())
}

fn wrong_rate() -> Refusal {
    Refusal::new(
        RefusalCode::OutOfRange,
        "vatRate",
        "A rate is a number of per cent with at most two decimals: 25 or 12.50.",
        "En sats er et antal procent med højst to decimaler: 25 eller 12.50.",
    )
}

crate::payload!(
    /// The answer of `setPrice`.
    SetPricePayload {
        /// The price.
        price: PriceVersion
    }
);

/// Mutations of prices.
#[derive(Debug, Default)]
pub struct PriceMutation;

#[Object]
impl PriceMutation {
    /// Sets what a product costs from a day on; what was invoiced before stays as it is.
    async fn set_price(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The price.")] input: SetPriceInput,
    ) -> Result<SetPricePayload> {
        let performed = input.read().and_then(|new| {
            context.perform(Repeatable::MayHaveKey, |tx| products::set_price(tx, &new))
        });
        SetPricePayload::of::<PriceById>(context, performed).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_and_shown() {
        for (text, basis_points) in [("25", 2500), ("12.5", 1250), ("0", 0), ("100.00", 10_000)] {
            assert_eq!(
                read_rate(Some(&Decimal(text.to_owned()))),
                Ok(basis_points),
                "{text}"
            );
        }
        assert!(read_rate(Some(&Decimal("1.005".to_owned()))).is_err());
        assert!(read_rate(Some(&Decimal("99999999999".to_owned()))).is_err());
        assert_eq!(percent(2500).0, "25.00");
        assert_eq!(percent(1205).0, "12.05");
    }
}
