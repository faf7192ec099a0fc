//! Mutations of entries of the bank. What it is not: the rules; those are in the actions.

use async_graphql::{Context, ID, InputObject, Object};

use crate::api::context::{InOperation, Repeatable};
use crate::api::inputs::{Problems, at_most_100};
use crate::api::scalars::Decimal;
use crate::finance::bank::graphql::{BankEntryById, PolicyOfSeller};
use crate::finance::bank::{self, BankEntry, BankPolicy, NewMatch, Reasoned};
use crate::kernel::error::Result;
use crate::kernel::ids::{BankEntryId, BankProposalId};

/// A proposal to confirm.
#[derive(Debug, InputObject)]
pub struct ConfirmMatchInput {
    /// The entry.
    entry_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// Which of its proposals; the best when left out.
    proposal_id: Option<ID>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A part of an entry for an invoice.
#[derive(Debug, InputObject)]
pub struct EntryShareInput {
    /// The invoice; also one of another city.
    invoice_id: ID,
    /// How much, in the currency of the account; above zero.
    amount: Decimal,
}

/// What an entry is.
#[derive(Debug, InputObject)]
pub struct MatchEntryInput {
    /// The entry.
    entry_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// Who paid; the city of the first invoice when left out.
    city_id: Option<ID>,
    /// What the money is for; the rest is kept for the city.
    allocate_to: Option<Vec<EntryShareInput>>,
    /// For money that went: the payment that it takes back. For money that came: the payment that it was
    /// recorded as by hand.
    payment_id: Option<ID>,
    /// Why, for those who read it later.
    note: Option<String>,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

impl MatchEntryInput {
    fn read(self) -> Result<NewMatch> {
        at_most_100("allocateTo", self.allocate_to.as_deref())?;
        let mut problems = Problems::default();
        let entry = problems.id("entryId", &self.entry_id);
        let city = problems.optional_id("cityId", self.city_id.as_deref().map(String::as_str));
        let payment = self.payment_id.as_deref().map(String::as_str);
        let payment = problems.optional_id("paymentId", payment);
        let mut shares = Vec::new();
        for (place, share) in self.allocate_to.iter().flatten().enumerate() {
            let field = format!("allocateTo.{place}.invoiceId");
            if let Some(invoice) = problems.id(&field, &share.invoice_id) {
                shares.push((invoice, share.amount.0.clone()));
            }
        }
        problems.or(entry.map(|entry| NewMatch {
            entry,
            version: self.version,
            city,
            shares,
            payment,
            note: self.note,
        }))
    }
}

/// An entry that is none of our payments.
#[derive(Debug, InputObject)]
pub struct IgnoreEntryInput {
    /// The entry.
    entry_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// Why.
    reason: String,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// A decision to undo.
#[derive(Debug, InputObject)]
pub struct UndoMatchInput {
    /// The entry.
    entry_id: ID,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// Why.
    reason: String,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

/// From which confidence on to match without asking.
#[derive(Debug, InputObject)]
pub struct SetBankPolicyInput {
    /// From 50 to 100; never when left out.
    automatic_from: Option<i32>,
    /// The version that was read; another one now means that somebody else changed it.
    version: i32,
    /// The key, if it is not in the header.
    #[graphql(name = "idempotencyKey")]
    _idempotency_key: Option<String>,
}

crate::payload!(
    /// The answer of `confirmMatch`.
    ConfirmMatchPayload {
        /// The entry, decided.
        entry: BankEntry
    }
);

crate::payload!(
    /// The answer of `matchEntry`.
    MatchEntryPayload {
        /// The entry, decided.
        entry: BankEntry
    }
);

crate::payload!(
    /// The answer of `ignoreEntry`.
    IgnoreEntryPayload {
        /// The entry, decided.
        entry: BankEntry
    }
);

crate::payload!(
    /// The answer of `undoMatch`.
    UndoMatchPayload {
        /// The entry, undecided again.
        entry: BankEntry
    }
);

crate::payload!(
    /// The answer of `setBankPolicy`.
    SetBankPolicyPayload {
        /// The policy as it is now.
        policy: BankPolicy
    }
);

/// Mutations of entries of the bank.
#[derive(Debug, Default)]
pub struct BankMutation;

#[Object]
impl BankMutation {
    /// Does what is proposed for an entry of the bank: records the payment, reverses the one that is taken
    /// back, or links the one that was recorded by hand.
    async fn confirm_match(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The entry and the proposal.")] input: ConfirmMatchInput,
    ) -> Result<ConfirmMatchPayload> {
        let version = input.version;
        let mut problems = Problems::default();
        let entry = problems.id::<BankEntryId>("entryId", &input.entry_id);
        let proposal = input.proposal_id.as_deref().map(String::as_str);
        let proposal = problems.optional_id::<BankProposalId>("proposalId", proposal);
        let performed = problems.or(entry).and_then(|id| {
            context.perform(Repeatable::MayHaveKey, |tx| {
                bank::confirm(tx, id, version, proposal)
            })
        });
        ConfirmMatchPayload::of::<BankEntryById>(context, performed).await
    }

    /// Says what an entry of the bank is: which invoices the money is for, of one city or several, or which
    /// payment it takes back.
    async fn match_entry(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The entry and what it is.")] input: MatchEntryInput,
    ) -> Result<MatchEntryPayload> {
        let performed = input.read().and_then(|new| {
            context.perform(Repeatable::MayHaveKey, |tx| bank::match_entry(tx, &new))
        });
        MatchEntryPayload::of::<BankEntryById>(context, performed).await
    }

    /// Says that an entry of the bank is none of our payments.
    async fn ignore_entry(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The entry and the reason.")] input: IgnoreEntryInput,
    ) -> Result<IgnoreEntryPayload> {
        let performed = reasoned(&input.entry_id, input.version, input.reason)
            .and_then(|new| context.perform(Repeatable::MayHaveKey, |tx| bank::ignore(tx, &new)));
        IgnoreEntryPayload::of::<BankEntryById>(context, performed).await
    }

    /// Undoes what was decided about an entry of the bank: a payment that it made is reversed as recorded
    /// wrongly, a payment that it took back is recorded anew, a link is cut.
    async fn undo_match(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The entry and the reason.")] input: UndoMatchInput,
    ) -> Result<UndoMatchPayload> {
        let performed = reasoned(&input.entry_id, input.version, input.reason)
            .and_then(|new| context.perform(Repeatable::MayHaveKey, |tx| bank::undo(tx, &new)));
        UndoMatchPayload::of::<BankEntryById>(context, performed).await
    }

    /// Sets from which confidence on entries of the bank are matched without asking finance.
    async fn set_bank_policy(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The confidence.")] input: SetBankPolicyInput,
    ) -> Result<SetBankPolicyPayload> {
        let performed = context.perform(Repeatable::MayHaveKey, |tx| {
            bank::set_policy(tx, input.automatic_from, input.version)
        });
        SetBankPolicyPayload::of::<PolicyOfSeller>(context, performed).await
    }
}

fn reasoned(id: &ID, version: i32, reason: String) -> Result<Reasoned> {
    let mut problems = Problems::default();
    let entry = problems.id("entryId", id);
    problems.or(entry.map(|entry| Reasoned {
        entry,
        version,
        reason,
    }))
}
