//! How a seller reminds of what is overdue, and what it charges for that: a setting of each seller,
//! within the limits of the law (`legal`). What it is not: the reminders.

use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::finance::legal::{LegalData, Term};
use crate::finance::sellers::model::{DayCount, ReminderPolicy};
use crate::finance::sellers::store;
use crate::identity::audit;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::SellerId;
use crate::kernel::refusal::{Refusal, RefusalCode};

/// The `[reminders]` of the seller's file.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProfileReminders {
    reminders: bool,
    first_after: i32,
    second_after: i32,
    third_after: i32,
    collection_after: Option<i32>,
    fee_minor: i64,
    compensation: bool,
    interest: bool,
    day_count: String,
    tolerance_minor: i64,
}

/// Stores the policy of the file unless the seller has one.
///
/// # Errors
/// A fault of ours for a day count that is none.
pub(super) fn ensure(tx: &mut Tx<'_>, seller: SellerId, profile: &ProfileReminders) -> Result<()> {
    let day_count = [DayCount::Actual, DayCount::Thirty]
        .into_iter()
        .find(|count| count.printed() == profile.day_count)
        .ok_or_else(|| {
            Error::Internal(anyhow::anyhow!(
                "the seller's day_count is {:?}, not ACT/365 or 30E/360",
                profile.day_count
            ))
        })?;
    let policy = ReminderPolicy {
        seller_id: seller,
        reminders: profile.reminders,
        first_after: profile.first_after,
        second_after: profile.second_after,
        third_after: profile.third_after,
        collection_after: profile.collection_after,
        fee_minor: profile.fee_minor,
        compensation: profile.compensation,
        interest: profile.interest,
        day_count,
        tolerance_minor: profile.tolerance_minor,
        updated_at: tx.now,
        version: 1,
    };
    store::insert_policy_if_missing(tx, &policy)
}

/// Changes how a seller reminds from now on; what was sent and charged stays. The version of `policy`
/// is the one that was read.
///
/// # Errors
/// `Stale`; refused with every problem: days that do not grow, or a fee above what the law allows.
pub fn revise_reminder_policy(
    tx: &mut Tx<'_>,
    policy: &ReminderPolicy,
    legal: &LegalData,
) -> Result<SellerId> {
    tx.viewer.permit(Permission::SetPrices)?;

    let before = store::lock_policy(tx, policy.seller_id)?;
    expect_version(Some(policy.version), before.version)?;
    let most = legal
        .terms
        .of(Term::ReminderFee, tx.today())
        .map_err(Error::refused)?;
    check(policy, most).map_err(Error::Refused)?;
    let revised = ReminderPolicy {
        updated_at: tx.now,
        version: before.version.saturating_add(1),
        ..policy.clone()
    };
    store::update_policy(tx, &revised)?;

    audit::record(
        tx,
        "reminderPolicy.revised",
        policy.seller_id,
        None,
        json!({ "reminders": policy.reminders, "days": [policy.first_after, policy.second_after, policy.third_after], "collectionAfter": policy.collection_after, "feeMinor": policy.fee_minor, "compensation": policy.compensation, "interest": policy.interest, "dayCount": policy.day_count, "toleranceMinor": policy.tolerance_minor }),
    )?;
    Ok(policy.seller_id)
}

/// Days that grow from one level to the next, and a fee within the law.
fn check(policy: &ReminderPolicy, most: i64) -> std::result::Result<(), Vec<Refusal>> {
    let mut problems = Vec::new();
    let days = [
        ("firstAfter", Some(policy.first_after)),
        ("secondAfter", Some(policy.second_after)),
        ("thirdAfter", Some(policy.third_after)),
        ("collectionAfter", policy.collection_after),
    ];
    let mut before = 0;
    for (field, after) in days {
        let Some(after) = after else { continue };
        if after <= before || after > 3_650 {
            problems.push(Refusal::new(
                RefusalCode::OutOfRange,
                field,
                format!(
                    "A number of days from {} to 3650 is needed.",
                    before.saturating_add(1)
                ),
                format!(
                    "Der skal stå et antal dage fra {} til 3650.",
                    before.saturating_add(1)
                ),
            ));
        }
        before = before.max(after);
    }
    if !(0..=most).contains(&policy.fee_minor) {
        problems.push(Refusal::new(
            RefusalCode::OutOfRange,
            "fee",
            format!("The law allows a fee of {most} øre at most (Interest Act, section 9 b)."),
            format!("Loven tillader et gebyr på højst {most} øre (renteloven § 9 b)."),
        ));
    }
    if policy.tolerance_minor < 0 {
        problems.push(Refusal::new(
            RefusalCode::OutOfRange,
            "tolerance",
            "The tolerance cannot be below zero.",
            "Bagatelgrænsen kan ikke være under nul.",
        ));
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::kernel::ids::Id;
    use crate::kernel::instant::Instant;

    fn policy() -> ReminderPolicy {
        ReminderPolicy {
            seller_id: SellerId::of(Uuid::from_u128(1)),
            reminders: true,
            first_after: 3,
            second_after: 13,
            third_after: 23,
            collection_after: Some(33),
            fee_minor: 10_000,
            compensation: true,
            interest: true,
            day_count: DayCount::Actual,
            tolerance_minor: 100,
            updated_at: Instant::parse("2026-03-15T12:00:00Z").unwrap(),
            version: 1,
        }
    }

    #[test]
    fn a_policy_stays_within_the_law_and_its_days_grow() {
        let fields = |policy: ReminderPolicy| {
            let problems = check(&policy, 10_000).err().unwrap_or_default();
            problems
                .into_iter()
                .map(|problem| problem.field)
                .collect::<Vec<_>>()
        };
        assert_eq!(fields(policy()), Vec::<String>::new());
        let dear = ReminderPolicy {
            fee_minor: 10_001,
            tolerance_minor: -1,
            ..policy()
        };
        assert_eq!(fields(dear), ["fee", "tolerance"]);
        let shuffled = ReminderPolicy {
            second_after: 3,
            third_after: 4,
            ..policy()
        };
        assert_eq!(fields(shuffled), ["secondAfter"]);
        let none = ReminderPolicy {
            first_after: 0,
            collection_after: None,
            ..policy()
        };
        assert_eq!(fields(none), ["firstAfter"]);
        let early = ReminderPolicy {
            collection_after: Some(23),
            ..policy()
        };
        assert_eq!(fields(early), ["collectionAfter"]);
    }
}
