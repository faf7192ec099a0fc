//! The books in the schema: balances and the journal. What it is not: a way to post; deeds do that.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object};

use crate::access::permission::Permission;
use crate::access::viewer::{Scope, Viewer};
use crate::api::batch::Load;
use crate::api::connection::Connected;
use crate::api::context::InOperation;
use crate::api::inputs::{self, DateRange};
use crate::api::money::{Amount, stored};
use crate::api::operation::Operation;
use crate::api::scalars::{CurrencyCode, Date, LanguageTag};
use crate::db::Db;
use crate::finance::invoices::Invoice;
use crate::finance::invoices::graphql::InvoiceById;
use crate::finance::ledger::{
    self, Account, AccountClass, Balance, LedgerFilter, LedgerLine, LedgerOrder, LedgerTransaction,
    PostingKind,
};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{Id, LedgerTransactionId};
use crate::kernel::instant::Instant;
use crate::kernel::page::Page;
use crate::registry::cities::City;
use crate::registry::cities::graphql::CityById;

crate::connection!(
    LedgerTransactionConnection,
    LedgerTransactionEdge,
    LedgerTransaction
);

/// Whether the viewer reads the books: a city's own statement is made of its documents.
#[must_use]
pub fn reads_books(viewer: &Viewer) -> bool {
    viewer.scope(Permission::SeeFinance) == Scope::All
}

/// Refuses to show the books to those who do not read them.
///
/// # Errors
/// `Unauthenticated`, `Forbidden`.
pub fn permit_books(viewer: &Viewer) -> Result<()> {
    match viewer.scope_of_list(Permission::SeeFinance)? {
        Scope::All => Ok(()),
        Scope::Own { .. } => Err(Error::Forbidden(Permission::SeeFinance.words())),
    }
}

/// Loads transactions of the books.
#[derive(Debug)]
pub struct LedgerTransactionById;

impl Load for LedgerTransactionById {
    type Key = LedgerTransactionId;
    type Value = Arc<LedgerTransaction>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[LedgerTransactionId],
    ) -> Result<HashMap<LedgerTransactionId, Self::Value>> {
        if !reads_books(&operation.viewer) {
            return Ok(HashMap::new());
        }
        Ok(ledger::find_many(db, keys)?
            .into_iter()
            .map(|row| (row.id, Arc::new(row)))
            .collect())
    }
}

/// Loads the lines of transactions.
#[derive(Debug)]
struct LinesOfTransaction;

impl Load for LinesOfTransaction {
    type Key = LedgerTransactionId;
    type Value = Arc<Vec<Arc<LedgerLine>>>;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[LedgerTransactionId],
    ) -> Result<HashMap<LedgerTransactionId, Self::Value>> {
        Ok(ledger::lines_of_many(db, keys)?
            .into_iter()
            .map(|(id, lines)| (id, Arc::new(lines.into_iter().map(Arc::new).collect())))
            .collect())
    }
}

/// A transaction of the books: a deed, and what it moved. Its lines add up to nought.
#[Object]
impl LedgerTransaction {
    /// The opaque id.
    pub async fn id(&self) -> ID {
        ID(self.id.public())
    }

    /// The deed.
    async fn kind(&self) -> PostingKind {
        self.kind
    }

    /// The number of the document, where it has one.
    async fn document(&self) -> Option<&str> {
        self.document.as_deref()
    }

    /// Whose it is; null for what concerns no single city.
    async fn city(&self, context: &Context<'_>) -> Result<Option<Arc<City>>> {
        match self.city_id {
            Some(city) => context.operation().load::<CityById>(city).await,
            None => Ok(None),
        }
    }

    /// The currency of all its amounts.
    async fn currency(&self) -> CurrencyCode {
        CurrencyCode(self.currency.clone())
    }

    /// The day it counts to.
    async fn posted_on(&self) -> Date {
        Date(self.posted_on)
    }

    /// The day of the deed; an earlier one than `postedOn` where that was closed.
    async fn documented_on(&self) -> Date {
        Date(self.documented_on)
    }

    /// The sum of the debits, which is that of the credits.
    async fn total(&self) -> Result<Amount> {
        stored(self.total_minor, &self.currency)
    }

    /// The lines, in their order.
    async fn lines(&self, context: &Context<'_>) -> Result<Vec<Arc<LedgerLine>>> {
        let lines = context
            .operation()
            .load::<LinesOfTransaction>(self.id)
            .await?;
        Ok(lines.map(|lines| lines.to_vec()).unwrap_or_default())
    }

    /// When it was posted.
    async fn created_at(&self) -> Instant {
        self.created_at
    }
}

/// A line of a transaction of the books.
#[Object]
impl LedgerLine {
    /// The account.
    async fn account(&self) -> Account {
        self.account
    }

    /// The debit; 0 for a credit.
    async fn debit(&self) -> Result<Amount> {
        stored(self.amount_minor.max(0), &self.currency)
    }

    /// The credit; 0 for a debit.
    async fn credit(&self) -> Result<Amount> {
        stored(self.amount_minor.min(0).saturating_neg(), &self.currency)
    }

    /// The invoice that the amount belongs to, where there is one.
    async fn invoice(&self, context: &Context<'_>) -> Result<Option<Arc<Invoice>>> {
        match self.invoice_id {
            Some(invoice) => context.operation().load::<InvoiceById>(invoice).await,
            None => Ok(None),
        }
    }
}

/// What an account moved in the days that are asked for.
#[Object(name = "AccountBalance")]
impl Balance {
    /// The account.
    async fn account(&self) -> Account {
        self.account
    }

    /// Its number in the chart of accounts.
    async fn number(&self) -> i32 {
        self.account.number()
    }

    /// Its name.
    async fn name(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> String {
        let name = self.account.name();
        name.in_language(context.language(language.as_ref()))
            .to_owned()
    }

    /// What it is in the accounts of a year.
    async fn class(&self) -> AccountClass {
        self.account.class()
    }

    /// The currency of its amounts.
    async fn currency(&self) -> CurrencyCode {
        CurrencyCode(self.currency.clone())
    }

    /// The sum of the debits.
    async fn debit(&self) -> Result<Amount> {
        stored(self.debit_minor, &self.currency)
    }

    /// The sum of the credits.
    async fn credit(&self) -> Result<Amount> {
        stored(self.credit_minor, &self.currency)
    }

    /// Debits less credits: above zero what is owned or spent, below what is owed or earned.
    async fn balance(&self) -> Result<Amount> {
        stored(self.balance_minor(), &self.currency)
    }
}

/// Which transactions a list holds; all given fields hold together.
#[derive(Debug, Default, InputObject)]
pub struct LedgerFilterInput {
    /// Of these deeds.
    kind: Option<Vec<PostingKind>>,
    /// Of this city.
    city_id: Option<ID>,
    /// With a line on this account.
    account: Option<Account>,
    /// Posted in this range of days.
    posted_on: Option<DateRange>,
}

impl LedgerFilterInput {
    fn read(self) -> Result<LedgerFilter> {
        inputs::at_most_100("kind", self.kind.as_deref())?;
        let (posted_from, posted_before) = inputs::days(self.posted_on);
        Ok(LedgerFilter {
            kind: self.kind,
            city: self.city_id.as_ref().map(inputs::query_id).transpose()?,
            account: self.account,
            posted_from,
            posted_before,
        })
    }
}

/// Queries of the books.
#[derive(Debug, Default)]
pub struct LedgerQuery;

#[Object]
impl LedgerQuery {
    /// What every account stands at at the end of a day, or moved since an earlier one, by number;
    /// debits and credits add up to the same. For those who see all invoices.
    async fn trial_balance(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The last day.")] as_of: Date,
        #[graphql(desc = "The first day; from the first posting on when left out.")] from: Option<
            Date,
        >,
    ) -> Result<Vec<Balance>> {
        permit_books(&context.operation().viewer)?;
        let from = from.map(|day| day.0);
        context.read(|db| ledger::turnover(db, from, as_of.0))
    }

    /// The journal: the transactions of the books, the latest first unless ordered otherwise. For
    /// those who see all invoices.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn ledger_transactions(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<LedgerFilterInput>,
        #[graphql(desc = "The order; the id decides where all keys are equal.")] order_by: Option<
            Vec<LedgerOrder>,
        >,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<LedgerTransactionConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        permit_books(&context.operation().viewer)?;
        let filter = filter.unwrap_or_default().read()?;
        let order = inputs::order(order_by)?;
        let listed = context.read(|db| ledger::list(db, &filter, &order, &page))?;
        let count = move |db: &mut Db, _: &Operation| ledger::count(db, &filter);
        let order = ledger::order(&order);
        Ok(LedgerTransactionConnection(Connected::new(
            listed, order, count,
        )))
    }
}
