//! What an invoice shows of its late payment. What it is not: the rules.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject};
use chrono::NaiveDate;

use crate::api::batch::Load;
use crate::api::context::{InOperation, legal};
use crate::api::money::{Amount, stored};
use crate::api::operation::Operation;
use crate::api::scalars::{Date, Decimal, LanguageTag};
use crate::db::Db;
use crate::finance::holds::ReminderHold;
use crate::finance::invoices::graphql::InvoiceById;
use crate::finance::invoices::{self, Invoice};
use crate::finance::reminders::interest::{Claim, Interest, interest, percent};
use crate::finance::reminders::{self, Reminder};
use crate::finance::sellers::{self, DayCount};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{InvoiceId, SellerId};
use crate::kernel::money::Currency;
use crate::kernel::refusal::Refusal;

/// Loads the reminders of invoices. Whoever sees an invoice sees its reminders.
#[derive(Debug)]
struct RemindersOfInvoice;

impl Load for RemindersOfInvoice {
    type Key = InvoiceId;
    type Value = Arc<Vec<Arc<Reminder>>>;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[InvoiceId],
    ) -> Result<HashMap<InvoiceId, Self::Value>> {
        Ok(reminders::of_invoices(db, keys)?
            .into_iter()
            .map(|(id, sent)| (id, Arc::new(sent.into_iter().map(Arc::new).collect())))
            .collect())
    }
}

/// Loads the holds of invoices.
#[derive(Debug)]
struct HoldsOfInvoice;

impl Load for HoldsOfInvoice {
    type Key = InvoiceId;
    type Value = Arc<Vec<Arc<ReminderHold>>>;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[InvoiceId],
    ) -> Result<HashMap<InvoiceId, Self::Value>> {
        Ok(crate::finance::holds::of_invoices(db, keys)?
            .into_iter()
            .map(|(id, holds)| (id, Arc::new(holds.into_iter().map(Arc::new).collect())))
            .collect())
    }
}

/// Loads the invoices that charge for the lateness of others.
#[derive(Debug)]
struct ChargesOfInvoice;

impl Load for ChargesOfInvoice {
    type Key = InvoiceId;
    type Value = Arc<Vec<InvoiceId>>;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[InvoiceId],
    ) -> Result<HashMap<InvoiceId, Self::Value>> {
        let ids = |charges: Vec<reminders::LateCharge>| {
            Arc::new(
                charges
                    .into_iter()
                    .map(|charge| charge.invoice_id)
                    .collect(),
            )
        };
        Ok(reminders::charges_of_invoices(db, keys)?
            .into_iter()
            .map(|(id, charges)| (id, ids(charges)))
            .collect())
    }
}

/// Loads the invoice that an invoice of late charges is about.
#[derive(Debug)]
struct OverdueOfCharges;

impl Load for OverdueOfCharges {
    type Key = InvoiceId;
    type Value = InvoiceId;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[InvoiceId],
    ) -> Result<HashMap<InvoiceId, Self::Value>> {
        reminders::overdue_of_charges(db, keys)
    }
}

/// Loads what was paid and credited of invoices, with the days it counts from.
#[derive(Debug)]
struct SettlementsOfInvoice;

impl Load for SettlementsOfInvoice {
    type Key = InvoiceId;
    type Value = Arc<Vec<(NaiveDate, i64)>>;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[InvoiceId],
    ) -> Result<HashMap<InvoiceId, Self::Value>> {
        Ok(invoices::settlements_of_many(db, keys)?
            .into_iter()
            .map(|(id, settlements)| (id, Arc::new(settlements)))
            .collect())
    }
}

/// Loads how sellers count the days of interest; it stands on every reminder and is no secret.
#[derive(Debug)]
struct DayCountOfSeller;

impl Load for DayCountOfSeller {
    type Key = SellerId;
    type Value = DayCount;

    fn load(
        db: &mut Db,
        _: &Operation,
        keys: &[SellerId],
    ) -> Result<HashMap<SellerId, Self::Value>> {
        let mut found = HashMap::new();
        for key in keys {
            if !found.contains_key(key) {
                found.insert(*key, sellers::reminder_policy(db, *key)?.day_count);
            }
        }
        Ok(found)
    }
}

/// The reminders of an invoice, by their levels.
///
/// # Errors
/// What the database says.
pub async fn reminders_of(context: &Context<'_>, invoice: InvoiceId) -> Result<Vec<Arc<Reminder>>> {
    let sent = context
        .operation()
        .load::<RemindersOfInvoice>(invoice)
        .await?;
    Ok(sent.map(|sent| sent.to_vec()).unwrap_or_default())
}

/// What is to say about the late payment of an issued invoice.
#[derive(Debug, Clone)]
pub struct LatePayment {
    invoice: Invoice,
    due_on: NaiveDate,
}

impl LatePayment {
    /// Of an invoice; none before it is issued.
    #[must_use]
    pub fn of(invoice: &Invoice) -> Option<Self> {
        let due_on = invoice.due_on?;
        Some(Self {
            invoice: invoice.clone(),
            due_on,
        })
    }

    async fn claim(&self, context: &Context<'_>) -> Result<Claim> {
        let settlements = context
            .operation()
            .load::<SettlementsOfInvoice>(self.invoice.id)
            .await?;
        Ok(Claim {
            total_minor: self.invoice.total_minor,
            due_on: self.due_on,
            in_time_until: self.last_day(context)?,
            settlements: settlements.map(|found| found.to_vec()).unwrap_or_default(),
        })
    }

    fn last_day(&self, context: &Context<'_>) -> Result<NaiveDate> {
        let days = &legal(context).banking_days;
        days.on_or_after(self.due_on).map_err(not_known)
    }
}

/// What is to say about the late payment of an invoice. The invoice itself, and the day that it is due,
/// stay what they are.
#[Object]
impl LatePayment {
    /// The last day on which a payment is in time: the due day, or the next day on which banks are open.
    async fn in_time_until(&self, context: &Context<'_>) -> Result<Date> {
        self.last_day(context).map(Date)
    }

    /// Why it was not reminded of for a while, as it was recorded: disputes, promises, pauses.
    async fn holds(&self, context: &Context<'_>) -> Result<Vec<Arc<ReminderHold>>> {
        let holds = context
            .operation()
            .load::<HoldsOfInvoice>(self.invoice.id)
            .await?;
        Ok(holds.map(|holds| holds.to_vec()).unwrap_or_default())
    }

    /// The invoices that charge for its lateness, as they were issued.
    async fn charges(&self, context: &Context<'_>) -> Result<Vec<Arc<Invoice>>> {
        let operation = context.operation();
        let ids = operation.load::<ChargesOfInvoice>(self.invoice.id).await?;
        let ids = ids.map(|ids| ids.to_vec()).unwrap_or_default();
        let found = futures_util::future::join_all(
            ids.into_iter().map(|id| operation.load::<InvoiceById>(id)),
        )
        .await;
        let found: Result<Vec<_>> = found.into_iter().collect();
        Ok(found?.into_iter().flatten().collect())
    }

    /// The invoice whose lateness this one charges for; null for all others.
    async fn overdue_invoice(&self, context: &Context<'_>) -> Result<Option<Arc<Invoice>>> {
        let operation = context.operation();
        match operation.load::<OverdueOfCharges>(self.invoice.id).await? {
            Some(id) => operation.load::<InvoiceById>(id).await,
            None => Ok(None),
        }
    }

    /// The interest by the law up to and with a day, whether it is charged or not, by what is paid and
    /// credited now.
    async fn interest(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The last day that counts; today when left out.")] until: Option<Date>,
        #[graphql(desc = "How days are counted; as the seller does when left out.")]
        day_count: Option<DayCount>,
    ) -> Result<LateInterest> {
        let until = until.map_or(context.operation().today(), |date| date.0);
        let day_count = if let Some(asked) = day_count {
            asked
        } else {
            let seller = self.invoice.seller_id;
            let counted = context.operation().load::<DayCountOfSeller>(seller).await?;
            counted.ok_or_else(|| {
                Error::Internal(anyhow::anyhow!("a seller without a reminder policy"))
            })?
        };
        let claim = self.claim(context).await?;
        let counted = interest(&claim, until, day_count, legal(context)).map_err(not_known)?;
        LateInterest::of(&counted, &self.invoice.currency)
    }
}

/// The interest on a claim that is paid late.
#[derive(Debug, Clone)]
pub struct LateInterest {
    interest: Interest,
    currency: Currency,
}

impl LateInterest {
    fn of(interest: &Interest, currency: &str) -> Result<Self> {
        Ok(Self {
            interest: interest.clone(),
            currency: crate::api::money::stored_currency(currency)?,
        })
    }
}

/// The interest on a claim that is paid late: simple, by the rate of each half-year, rounded once.
#[Object]
impl LateInterest {
    /// All of it.
    async fn amount(&self) -> Result<Amount> {
        stored(self.interest.minor, self.currency.code())
    }

    /// How many days count.
    async fn days(&self) -> i64 {
        self.interest
            .segments
            .iter()
            .map(|segment| segment.days)
            .sum()
    }

    /// How days are counted.
    async fn day_count(&self) -> DayCount {
        self.interest.day_count
    }

    /// How the amount came about: "75.000,00 × 9,90 % × 29/365 + …".
    async fn formula(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "da or en; the language of the request when left out.")] language: Option<
            LanguageTag,
        >,
    ) -> String {
        let words = self.interest.in_words(self.currency);
        words
            .in_language(context.language(language.as_ref()))
            .to_owned()
    }

    /// The days with one amount and one rate, in the order of time.
    async fn segments(&self) -> Result<Vec<InterestSegment>> {
        let shown = |segment: &reminders::interest::Segment| {
            Ok(InterestSegment {
                starts_on: Date(segment.first_day),
                ends_on: Date(segment.last_day),
                days: segment.days,
                principal: stored(segment.principal_minor, self.currency.code())?,
                rate: Decimal(percent(segment.rate_bp)),
            })
        };
        self.interest.segments.iter().map(shown).collect()
    }
}

/// Days of interest with one amount and one rate.
#[derive(Debug, SimpleObject)]
pub struct InterestSegment {
    /// The first day that counts.
    starts_on: Date,
    /// The last day that counts.
    ends_on: Date,
    /// How many days these are by the day count.
    days: i64,
    /// What was owed.
    principal: Amount,
    /// The rate with the surcharge, in per cent a year.
    rate: Decimal,
}

/// What the law's files do not know is not the caller's fault, but they can ask for other days.
fn not_known(refusal: Refusal) -> Error {
    Error::BadRequest(refusal.message)
}
