//! How the seller reminds, in the schema. What it is not: its meaning; that is in `rules` and `charges`.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::{Context, InputObject, Object};

use crate::access::permission::Permission;
use crate::access::viewer::Scope;
use crate::api::batch::Load;
use crate::api::context::{InOperation, Repeatable, legal};
use crate::api::inputs::Problems;
use crate::api::money::{Amount, read_amount, stored};
use crate::api::operation::Operation;
use crate::api::scalars::Decimal;
use crate::db::Db;
use crate::finance::sellers::{self, DayCount, ReminderPolicy};
use crate::kernel::error::Result;
use crate::kernel::ids::SellerId;
use crate::kernel::instant::Instant;

/// Loads policies, for those who see the finance of all.
#[derive(Debug)]
struct PolicyOfSeller;

impl Load for PolicyOfSeller {
    type Key = SellerId;
    type Value = Arc<ReminderPolicy>;

    fn load(
        db: &mut Db,
        operation: &Operation,
        keys: &[SellerId],
    ) -> Result<HashMap<SellerId, Self::Value>> {
        let mut found = HashMap::new();
        if operation.viewer.scope(Permission::SeeFinance) == Scope::All {
            for key in keys {
                found.insert(*key, Arc::new(sellers::reminder_policy(db, *key)?));
            }
        }
        Ok(found)
    }
}

/// How the seller reminds of what is overdue, and what it charges for that. Members are public bodies:
/// unless the network decides otherwise they are reminded and charged nothing.
#[Object]
impl ReminderPolicy {
    /// Whether reminders are sent at all.
    async fn reminders(&self) -> bool {
        self.reminders
    }

    /// How many days after the last day to pay in time the first reminder goes at the earliest.
    async fn first_after(&self) -> i32 {
        self.first_after
    }

    /// The same for the second.
    async fn second_after(&self) -> i32 {
        self.second_after
    }

    /// The same for the third.
    async fn third_after(&self) -> i32 {
        self.third_after
    }

    /// The same for the notice of collection; null when none is sent.
    async fn collection_after(&self) -> Option<i32> {
        self.collection_after
    }

    /// The fee of a reminder; nothing when none is charged.
    async fn fee(&self) -> Result<Amount> {
        stored(self.fee_minor, "DKK")
    }

    /// Whether the fixed compensation of the law is charged, once for each invoice.
    async fn compensation(&self) -> bool {
        self.compensation
    }

    /// Whether interest by the law is charged with the reminders.
    async fn interest(&self) -> bool {
        self.interest
    }

    /// How the days of interest are counted.
    async fn day_count(&self) -> DayCount {
        self.day_count
    }

    /// What is left open without being reminded of.
    async fn tolerance(&self) -> Result<Amount> {
        stored(self.tolerance_minor, "DKK")
    }

    /// When it was last changed.
    async fn updated_at(&self) -> Instant {
        self.updated_at
    }

    /// The version of the record.
    async fn version(&self) -> i32 {
        self.version
    }
}

/// How the seller shall remind from now on.
#[derive(Debug, InputObject)]
pub struct ReviseReminderPolicyInput {
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// Whether reminders are sent at all.
    reminders: bool,
    /// How many days after the last day to pay in time the first reminder goes at the earliest.
    first_after: i32,
    /// The same for the second; more days.
    second_after: i32,
    /// The same for the third; more days.
    third_after: i32,
    /// The same for the notice of collection; none is sent when left out.
    collection_after: Option<i32>,
    /// The fee of a reminder in DKK, at most what the law allows; none is charged when left out.
    fee: Option<Decimal>,
    /// Whether the fixed compensation of the law is charged, once for each invoice.
    compensation: bool,
    /// Whether interest by the law is charged with the reminders.
    interest: bool,
    /// How the days of interest are counted.
    day_count: DayCount,
    /// What is left open without being reminded of, in DKK; nothing when left out.
    tolerance: Option<Decimal>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

impl ReviseReminderPolicyInput {
    fn read(self, known: &ReminderPolicy) -> Result<ReminderPolicy> {
        let mut problems = Problems::default();
        let mut minor = |field: &str, amount: Option<&Decimal>| match amount {
            Some(amount) => problems
                .keep(read_amount(field, amount, None))
                .map_or(0, |money| money.minor),
            None => 0,
        };
        let fee_minor = minor("fee", self.fee.as_ref());
        let tolerance_minor = minor("tolerance", self.tolerance.as_ref());
        problems.none()?;
        Ok(ReminderPolicy {
            seller_id: known.seller_id,
            reminders: self.reminders,
            first_after: self.first_after,
            second_after: self.second_after,
            third_after: self.third_after,
            collection_after: self.collection_after,
            fee_minor,
            compensation: self.compensation,
            interest: self.interest,
            day_count: self.day_count,
            tolerance_minor,
            updated_at: known.updated_at,
            version: self.version,
        })
    }
}

crate::payload!(
    /// The answer of `reviseReminderPolicy`.
    ReviseReminderPolicyPayload {
        /// The policy as it is now.
        reminder_policy: ReminderPolicy
    }
);

/// Mutations of the policy.
#[derive(Debug, Default)]
pub struct ReminderPolicyMutation;

#[Object]
impl ReminderPolicyMutation {
    /// Changes how the seller reminds from now on; what was sent and charged stays.
    async fn revise_reminder_policy(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The whole policy as it shall be.")] input: ReviseReminderPolicyInput,
    ) -> Result<ReviseReminderPolicyPayload> {
        let known = context.read(|db| {
            let seller = sellers::the_seller(db)?.id;
            sellers::reminder_policy(db, seller)
        });
        let performed = known
            .and_then(|known| input.read(&known))
            .and_then(|policy| {
                context.perform(Repeatable::MayHaveKey, |tx| {
                    sellers::revise_reminder_policy(tx, &policy, legal(context))
                })
            });
        ReviseReminderPolicyPayload::of::<PolicyOfSeller>(context, performed).await
    }
}
