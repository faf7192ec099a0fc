//! The account of a city in the schema. What it is not: the reckoning.

use async_graphql::{Context, ID, Object};

use crate::access::permission::Permission;
use crate::api::context::InOperation;
use crate::api::inputs;
use crate::api::money::{Amount, stored};
use crate::api::scalars::{CurrencyCode, Date, LanguageTag};
use crate::finance::statements::letter::text;
use crate::finance::statements::{self, AccountStatement, Entry, MovementKind};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::CityId;
use crate::kernel::language::Language;
use crate::kernel::money::Currency;
use crate::kernel::phrase::Phrase;

/// The account of a city with the network over some days.
#[Object]
impl AccountStatement {
    /// The currency of all its amounts.
    async fn currency(&self) -> CurrencyCode {
        CurrencyCode(self.currency.code().to_owned())
    }

    /// The first day.
    async fn from(&self) -> Date {
        Date(self.from)
    }

    /// The last day.
    async fn through(&self) -> Date {
        Date(self.through)
    }

    /// What the city owed before the first day; below zero when it had a credit.
    async fn opening_balance(&self) -> Result<Amount> {
        stored(self.opening_minor, self.currency.code())
    }

    /// What the city owes after the last day: what is open on its invoices less what is unused of its
    /// payments.
    async fn closing_balance(&self) -> Result<Amount> {
        stored(self.closing_minor, self.currency.code())
    }

    /// What moved, in the order of the days; with the opening balance it makes the closing one.
    async fn entries(&self) -> Vec<ShownEntry> {
        self.entries
            .iter()
            .map(|entry| ShownEntry(entry.clone(), self.currency))
            .collect()
    }
}

/// A movement with the balance after it, and their currency.
#[derive(Debug, Clone)]
pub struct ShownEntry(Entry, Currency);

/// Something that moved the account of a city.
#[Object(name = "AccountEntry")]
impl ShownEntry {
    /// What.
    async fn kind(&self) -> MovementKind {
        self.0.movement.kind
    }

    /// The day from which it counts.
    async fn counts_from(&self) -> Date {
        Date(self.0.movement.on)
    }

    /// The number of the document, or of the invoice that it is about.
    async fn number(&self) -> Option<&str> {
        self.0.movement.number.as_deref()
    }

    /// What it is, as it stands on paper: "Faktura F2026-000001".
    async fn text(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "da or en; the language of the request when left out.")] language: Option<
            LanguageTag,
        >,
    ) -> String {
        let language =
            language.map_or(context.operation().language, |tag| Language::of_tag(&tag.0));
        text(&self.0.movement, language)
    }

    /// How much: above zero when the city owes more.
    async fn amount(&self) -> Result<Amount> {
        stored(self.0.movement.minor, self.1.code())
    }

    /// What the city owes after it; below zero when it has a credit.
    async fn balance(&self) -> Result<Amount> {
        stored(self.0.balance_minor, self.1.code())
    }
}

/// Queries of accounts.
#[derive(Debug, Default)]
pub struct StatementQuery;

#[Object]
impl StatementQuery {
    /// The account of a city over some days; null for those who may not see its invoices.
    async fn account_statement(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The city.")] city_id: ID,
        #[graphql(desc = "The first day; that of the year when left out.")] from: Option<Date>,
        #[graphql(desc = "The last day; today when left out.")] through: Option<Date>,
        #[graphql(desc = "The currency; the Danish krone when left out.")] currency: Option<
            CurrencyCode,
        >,
    ) -> Result<Option<AccountStatement>> {
        let operation = context.operation();
        let city: CityId = inputs::query_id(&city_id)?;
        if !operation.viewer.may_for(Permission::SeeFinance, city) {
            return Ok(None);
        }
        let currency = match currency {
            None => Currency::DKK,
            Some(code) => Currency::parse(&code.0).map_err(|_| unknown_currency())?,
        };
        let (from, through) = (from.map(|day| day.0), through.map(|day| day.0));
        let days = statements::days(from, through, operation.today())?;
        context
            .read(|db| {
                let moved = statements::movements_until(db, city, currency, days.1)?;
                statements::statement(moved, currency, days)
            })
            .map(Some)
    }
}

fn unknown_currency() -> Error {
    Error::BadRequest(Phrase::new(
        "The currency is not known.",
        "Valutaen kendes ikke.",
    ))
}
