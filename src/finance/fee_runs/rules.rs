//! What a fee run does about a membership: what is invoiced, or why nothing is. Pure; what is paid and
//! invoiced already is a parameter.

use chrono::Datelike;

use crate::finance::fee_runs::model::{FeeRunReason, FeeRunStep};
use crate::finance::fees::{FeePolicy, FeeYear};
use crate::finance::grants::Awaiting;
use crate::finance::invoices::{self, Fee, FeeBooks, FeeTariff, Invoice, rules};
use crate::kernel::phrase::Phrase;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::registry::memberships::Membership;

/// The earliest fee year that is run, and the one after the last.
pub const YEARS: std::ops::Range<i32> = 2000..2100;

/// What a run does about a membership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Its fee is drafted.
    Charge(Fee),
    /// Its draft is issued, when it charges this fee.
    IssueDraft(Fee),
    /// Nothing is invoiced.
    Leave(Left),
}

/// Why a membership is not invoiced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// As a word.
    pub reason: FeeRunReason,
    /// In words.
    pub words: Phrase,
}

impl Left {
    /// A reason with its words.
    pub fn new(reason: FeeRunReason, en: impl Into<String>, da: impl Into<String>) -> Self {
        Self {
            reason,
            words: Phrase::new(en, da),
        }
    }

    /// What refusals say, one after the other.
    #[must_use]
    pub fn refused(reason: FeeRunReason, refusals: &[Refusal]) -> Self {
        let words = |of: fn(&Refusal) -> &str| {
            let texts: Vec<&str> = refusals.iter().map(of).collect();
            texts.join(" ")
        };
        Self::new(
            reason,
            words(|refusal| &refusal.message.en),
            words(|refusal| &refusal.message.da),
        )
    }
}

/// Whether a membership belongs to a run over a fee year: when it has days in it, or when it ended on
/// the day in it on which it would have begun.
#[must_use]
pub fn belongs(policy: &FeePolicy, membership: &Membership, year: i32) -> bool {
    let Some(starts_on) = membership.starts_on else {
        return false;
    };
    match membership.active_period() {
        Some(days) => rules::fee_year_of(policy, days, year).is_ok(),
        None => FeeYear::of(policy.years, starts_on, starts_on)
            .is_ok_and(|found| found.starts_on().year() == year),
    }
}

/// What a run does about a membership that belongs to it.
#[must_use]
pub fn verdict(
    tariff: &FeeTariff,
    books: &FeeBooks,
    is_international: bool,
    membership: &Membership,
    year: i32,
    step: FeeRunStep,
) -> Verdict {
    if !is_international {
        return Verdict::Leave(Left::new(
            FeeRunReason::NationalNetwork,
            "A national network has fees of its own.",
            "Et nationalt netværk har sine egne kontingenter.",
        ));
    }
    if membership.active_period().is_none() {
        return Verdict::Leave(Left::new(
            FeeRunReason::ZeroDays,
            "The membership ended before it began.",
            "Medlemskabet ophørte, før det begyndte.",
        ));
    }
    let known = books.invoice_of(membership.id);
    if let Some(left) = known.and_then(|invoice| invoiced(invoice, step)) {
        return Verdict::Leave(left);
    }
    let packages = books.of_packages(membership.city_id);
    let mut covered = packages.to_vec();
    covered.extend(books.of_other_fees(membership));
    match invoices::fee_of(tariff, membership, year, &covered) {
        Ok(fee) => match books.of_city(membership.id, fee) {
            Ok(fee) if known.is_some() => Verdict::IssueDraft(fee),
            Ok(fee) => Verdict::Charge(fee),
            Err(refusal) if refusal.code == RefusalCode::AlreadyInvoiced => {
                Verdict::Leave(Left::refused(FeeRunReason::AlreadyInvoiced, &[refusal]))
            }
            Err(refusal) => Verdict::Leave(Left::refused(FeeRunReason::Refused, &[refusal])),
        },
        Err(refusal) => {
            let alone = |covered| invoices::fee_of(tariff, membership, year, covered).is_err();
            let reason = match refusal.code {
                RefusalCode::NoPrice => FeeRunReason::NoPrice,
                RefusalCode::AlreadyInvoiced if alone(&[]) => FeeRunReason::PaidByRollover,
                RefusalCode::AlreadyInvoiced if alone(packages) => FeeRunReason::CoveredByPackage,
                RefusalCode::AlreadyInvoiced => FeeRunReason::PaidByOtherMembership,
                _ => FeeRunReason::Refused,
            };
            Verdict::Leave(Left::refused(reason, &[refusal]))
        }
    }
}

/// The same, unless a grant is to pay a part of the fee and does not yet: once it is issued, the share
/// could only be credited and invoiced anew.
#[must_use]
pub fn unless_funded(
    verdict: Verdict,
    membership: &Membership,
    known: Option<&Invoice>,
    awaiting: &[Awaiting],
) -> Verdict {
    let (Verdict::Charge(fee) | Verdict::IssueDraft(fee)) = &verdict else {
        return verdict;
    };
    let pays = |award: &&Awaiting| {
        let days = fee.lines.iter().filter(|line| line.net.minor > 0);
        let is_funded = known.is_some_and(|draft| award.funded.contains(&draft.id));
        award.city == membership.city_id
            && !is_funded
            && days
                .filter_map(|line| line.period)
                .any(|days| days.overlaps(&award.eligible))
    };
    match awaiting.iter().find(pays) {
        None => verdict,
        Some(award) => {
            let title = &award.title;
            Verdict::Leave(Left::new(
                FeeRunReason::AwaitsFunding,
                format!(
                    "The grant \u{201c}{title}\u{201d} pays a part of it; draft the fee, fund it and issue it."
                ),
                format!(
                    "Bevillingen \u{201d}{title}\u{201d} betaler en del af det; lav kladden, finansiér den, og udsted den."
                ),
            ))
        }
    }
}

/// Why a fee year that has an invoice, or its draft, is left as it is.
fn invoiced(invoice: &Invoice, step: FeeRunStep) -> Option<Left> {
    match (&invoice.number, step) {
        (Some(number), _) => Some(Left::new(
            FeeRunReason::AlreadyInvoiced,
            format!("The fee year is invoiced as {number}."),
            format!("Kontingentåret er faktureret som {number}."),
        )),
        (None, FeeRunStep::Draft) => Some(Left::new(
            FeeRunReason::AlreadyDrafted,
            "The fee year has a draft.",
            "Kontingentåret har en kladde.",
        )),
        (None, FeeRunStep::Issue) => None,
    }
}
