//! The accounts, and the records of what is posted to them. What it is not: which deed moves which
//! account (`postings`).

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::kernel::ids::{CityId, InvoiceId, LedgerTransactionId, ObjectId, UserId};
use crate::kernel::instant::Instant;
use crate::kernel::phrase::Phrase;
use crate::schema::{ledger_lines, ledger_transactions};

crate::text_enum! {
    /// An account of the books.
    pub enum Account {
        /// Revenue of annual fees.
        FeeRevenue = "FEE_REVENUE",
        /// Revenue of packages.
        PackageRevenue = "PACKAGE_REVENUE",
        /// Reminder fees, compensation and late interest.
        LateCharges = "LATE_CHARGES",
        /// Claims given up.
        BadDebts = "BAD_DEBTS",
        /// What banks kept of payments, and other small differences.
        BankCharges = "BANK_CHARGES",
        /// What cities and funds owe.
        Receivables = "RECEIVABLES",
        /// Money at the bank.
        Bank = "BANK",
        /// The results of closed years.
        RetainedEarnings = "RETAINED_EARNINGS",
        /// The counterpart of balances taken over from an older system.
        OpeningBalance = "OPENING_BALANCE",
        /// Money received that is not used for an invoice yet.
        UnappliedCredit = "UNAPPLIED_CREDIT",
        /// Invoiced revenue of days that have not passed.
        DeferredRevenue = "DEFERRED_REVENUE",
        /// Value added tax that is owed.
        VatPayable = "VAT_PAYABLE",
    }
}

crate::text_enum! {
    /// What an account is in the accounts of a year.
    pub enum AccountClass {
        /// Revenue; in the result of a year.
        Revenue = "REVENUE",
        /// Expense; in the result of a year.
        Expense = "EXPENSE",
        /// An asset.
        Asset = "ASSET",
        /// Equity.
        Equity = "EQUITY",
        /// A liability.
        Liability = "LIABILITY",
    }
}

impl Account {
    /// The number in the chart of accounts.
    #[must_use]
    pub const fn number(self) -> i32 {
        match self {
            Self::FeeRevenue => 1010,
            Self::PackageRevenue => 1020,
            Self::LateCharges => 1090,
            Self::BadDebts => 1310,
            Self::BankCharges => 1320,
            Self::Receivables => 5600,
            Self::Bank => 5800,
            Self::RetainedEarnings => 6010,
            Self::OpeningBalance => 6020,
            Self::UnappliedCredit => 6510,
            Self::DeferredRevenue => 6520,
            Self::VatPayable => 6600,
        }
    }

    /// What it is in the accounts of a year.
    #[must_use]
    pub const fn class(self) -> AccountClass {
        match self {
            Self::FeeRevenue | Self::PackageRevenue | Self::LateCharges => AccountClass::Revenue,
            Self::BadDebts | Self::BankCharges => AccountClass::Expense,
            Self::Receivables | Self::Bank => AccountClass::Asset,
            Self::RetainedEarnings | Self::OpeningBalance => AccountClass::Equity,
            Self::UnappliedCredit | Self::DeferredRevenue | Self::VatPayable => {
                AccountClass::Liability
            }
        }
    }

    /// Whether it is emptied into the result when a year is closed.
    #[must_use]
    pub const fn is_of_result(self) -> bool {
        matches!(self.class(), AccountClass::Revenue | AccountClass::Expense)
    }

    /// The name.
    #[must_use]
    pub fn name(self) -> Phrase {
        let (en, da) = match self {
            Self::FeeRevenue => ("Annual fees", "Kontingenter"),
            Self::PackageRevenue => ("Packages", "Pakker"),
            Self::LateCharges => (
                "Reminder fees and late interest",
                "Rykkergebyrer og morarenter",
            ),
            Self::BadDebts => ("Bad debts", "Tab på debitorer"),
            Self::BankCharges => ("Bank charges and differences", "Bankgebyrer og differencer"),
            Self::Receivables => ("Receivables", "Debitorer"),
            Self::Bank => ("Bank", "Bank"),
            Self::RetainedEarnings => ("Retained earnings", "Overført resultat"),
            Self::OpeningBalance => ("Opening balances", "Åbningsbalance"),
            Self::UnappliedCredit => ("Unapplied payments", "Uanvendte indbetalinger"),
            Self::DeferredRevenue => ("Deferred revenue", "Periodiserede indtægter"),
            Self::VatPayable => ("VAT payable", "Skyldig moms"),
        };
        Phrase::new(en, da)
    }
}

crate::text_enum! {
    /// The deed that is posted.
    pub enum PostingKind {
        /// An invoice was issued.
        InvoiceIssued = "INVOICE_ISSUED",
        /// A credit note was issued.
        CreditNoteIssued = "CREDIT_NOTE_ISSUED",
        /// A payment was recorded.
        PaymentReceived = "PAYMENT_RECEIVED",
        /// A part of a payment was used for an invoice.
        PaymentAllocated = "PAYMENT_ALLOCATED",
        /// A use of a payment was taken back.
        AllocationReleased = "ALLOCATION_RELEASED",
        /// The bank took a payment back, or it was recorded wrongly.
        PaymentReversed = "PAYMENT_REVERSED",
        /// Money was paid back.
        PaymentRefunded = "PAYMENT_REFUNDED",
        /// A claim, or a rest of it, was given up.
        ClaimWrittenOff = "CLAIM_WRITTEN_OFF",
        /// A claim that was given up stands again.
        WriteOffReversed = "WRITE_OFF_REVERSED",
        /// An open invoice of an older system was taken over.
        OpeningItem = "OPENING_ITEM",
        /// Revenue of days that have passed.
        RevenueRecognised = "REVENUE_RECOGNISED",
        /// The result of a year was moved to equity.
        YearClosed = "YEAR_CLOSED",
    }
}

/// A transaction of the books.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = ledger_transactions, treat_none_as_default_value = false)]
pub struct LedgerTransaction {
    /// The key.
    pub id: LedgerTransactionId,
    /// The deed.
    pub kind: PostingKind,
    /// What it was done to: the key of the invoice, credit note, payment, allocation or line.
    pub subject_id: ObjectId,
    /// The number of the document, where it has one.
    pub document: Option<String>,
    /// Whose it is.
    pub city_id: Option<CityId>,
    /// ISO 4217.
    pub currency: String,
    /// The day it counts to in the books.
    pub posted_on: NaiveDate,
    /// The day of the deed; another one where that was closed.
    pub documented_on: NaiveDate,
    /// The sum of the debits, in minor units.
    pub total_minor: i64,
    /// When it was posted.
    pub created_at: Instant,
    /// By whom; none for background work.
    pub created_by: Option<UserId>,
}

/// A line of a transaction.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = ledger_lines, treat_none_as_default_value = false)]
pub struct LedgerLine {
    /// The transaction.
    pub transaction_id: LedgerTransactionId,
    /// Its place, from 1.
    pub position: i32,
    /// The account.
    pub account: Account,
    /// ISO 4217, as of the transaction.
    pub currency: String,
    /// The day, as of the transaction.
    pub posted_on: NaiveDate,
    /// In minor units: debit above zero, credit below.
    pub amount_minor: i64,
    /// The invoice that the amount belongs to, where there is one.
    pub invoice_id: Option<InvoiceId>,
}

/// Which transactions a list holds: all given conditions together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct LedgerFilter {
    /// Of these deeds.
    pub kind: Option<Vec<PostingKind>>,
    /// Of this city.
    pub city: Option<CityId>,
    /// With a line on this account.
    pub account: Option<Account>,
    /// Posted on or after.
    pub posted_from: Option<NaiveDate>,
    /// Posted before.
    pub posted_before: Option<NaiveDate>,
}

crate::text_enum! {
    /// How transactions are sorted.
    pub enum LedgerOrder {
        /// By the day they count to, the earliest first.
        PostedOnAsc = "POSTED_ON_ASC",
        /// By the day they count to, the latest first.
        PostedOnDesc = "POSTED_ON_DESC",
    }
}
