//! Queries of reminders. What it is not: the fields of a reminder.

use async_graphql::{Context, ID, InputObject, Object};

use crate::access::permission::Permission;
use crate::access::viewer::Scope;
use crate::api::connection::Connected;
use crate::api::context::InOperation;
use crate::api::inputs::{self, DateRange};
use crate::api::operation::Operation;
use crate::api::scalars::Date;
use crate::db::Db;
use crate::finance::reminders::graphql::candidates::candidates;
use crate::finance::reminders::graphql::{
    ReminderCandidateConnection, ReminderConnection, ReminderRunConnection,
};
use crate::finance::reminders::{self, ReminderFilter, ReminderOrder};
use crate::finance::sellers::{self, ReminderPolicy};
use crate::kernel::error::{Error, Result};
use crate::kernel::page::Page;

/// Which reminders a list holds; all given fields hold together.
#[derive(Debug, Default, InputObject)]
pub struct ReminderFilterInput {
    /// To this city.
    city_id: Option<ID>,
    /// Of this invoice.
    invoice_id: Option<ID>,
    /// Of one of these levels: 1 to 3; 4 is the notice of collection.
    level: Option<Vec<i32>>,
    /// Sent in this range of days.
    sent_on: Option<DateRange>,
}

impl ReminderFilterInput {
    fn read(self) -> Result<ReminderFilter> {
        inputs::at_most_100("level", self.level.as_deref())?;
        let (sent_from, sent_before) = inputs::days(self.sent_on);
        let invoice = self.invoice_id.as_ref();
        Ok(ReminderFilter {
            city: self.city_id.as_ref().map(inputs::query_id).transpose()?,
            invoice: invoice.map(inputs::query_id).transpose()?,
            level: self.level,
            sent_from,
            sent_before,
        })
    }
}

/// Queries of reminders.
#[derive(Debug, Default)]
pub struct ReminderQuery;

#[Object]
impl ReminderQuery {
    /// What would be sent on a day, and why or why not: each invoice that was due before, the longest due
    /// first. Nothing is sent.
    async fn reminder_run(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The day; a day ahead shows what would be sent if nobody pays.")] on: Date,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<ReminderCandidateConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        candidates(context, all_of_finance(context)?, on.0, &page)
    }

    /// The runs that sent reminders, the newest first.
    async fn reminder_runs(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<ReminderRunConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        all_of_finance(context)?;
        let listed = context.read(|db| reminders::list_runs(db, &page))?;
        let count = |db: &mut Db, _: &Operation| reminders::count_runs(db);
        let order = reminders::order_of_runs();
        Ok(ReminderRunConnection(Connected::new(listed, order, count)))
    }

    /// The reminders that the caller may see, the latest first unless ordered otherwise.
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn reminders(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Only these.")] filter: Option<ReminderFilterInput>,
        #[graphql(desc = "The order; the id decides where all keys are equal.")] order_by: Option<
            Vec<ReminderOrder>,
        >,
        #[graphql(desc = "The first so many, 1 to 100; 20 by default.")] first: Option<i32>,
        #[graphql(desc = "Only after this cursor.")] after: Option<String>,
        #[graphql(desc = "The last so many, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only before this cursor.")] before: Option<String>,
    ) -> Result<ReminderConnection> {
        let page = Page::from_arguments(first, after.as_deref(), last, before.as_deref())?;
        let viewer = &context.operation().viewer;
        let scope = viewer.scope_of_list(Permission::SeeFinance)?;
        let filter = filter.unwrap_or_default().read()?;
        let order = inputs::order(order_by)?;
        let listed = context.read(|db| reminders::list(db, &scope, &filter, &order, &page))?;
        let count = move |db: &mut Db, _: &Operation| reminders::count(db, &scope, &filter);
        let order = reminders::order(&order);
        Ok(ReminderConnection(Connected::new(listed, order, count)))
    }

    /// How the seller reminds of what is overdue, and what it charges.
    async fn reminder_policy(&self, context: &Context<'_>) -> Result<ReminderPolicy> {
        all_of_finance(context)?;
        context.read(|db| {
            let seller = sellers::the_seller(db)?.id;
            sellers::reminder_policy(db, seller)
        })
    }
}

/// Finance of all cities, for those who see it; a city sees its own reminders only.
fn all_of_finance(context: &Context<'_>) -> Result<Scope> {
    let viewer = &context.operation().viewer;
    match viewer.scope_of_list(Permission::SeeFinance)? {
        Scope::All => Ok(Scope::All),
        Scope::Own { .. } => Err(Error::Forbidden(Permission::SeeFinance.words())),
    }
}
