//! What may be stated, and what stands on a day. Pure.

use chrono::NaiveDate;

use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::programme::policy_profiles::model::{PolicyStatement, Shares};
use crate::programme::reference::PolicyModel;

/// Shares that are whole, on a day that follows the last.
///
/// # Errors
/// Every reason against it.
pub fn check(
    last: Option<&PolicyStatement>,
    shares: Shares,
    on: NaiveDate,
    today: NaiveDate,
) -> Result<(), Vec<Refusal>> {
    let mut refusals = Vec::new();
    let each = [
        shares.intercultural,
        shares.multicultural,
        shares.assimilation,
    ];
    let sum: i64 = each.iter().map(|share| i64::from(*share)).sum();
    if sum != 100 || each.iter().any(|share| *share < 0) {
        refusals.push(Refusal::new(
            RefusalCode::OutOfRange,
            "intercultural",
            "The shares of the three models are 0 to 100 and together 100.",
            "De tre modellers andele er 0 til 100 og tilsammen 100.",
        ));
    }
    if on > today || last.is_some_and(|last| on < last.stated_on) {
        refusals.push(Refusal::new(
            RefusalCode::OutOfRange,
            "on",
            "The day is not after today and not before that of the last statement.",
            "Dagen er ikke efter i dag og ikke før den seneste udtalelse.",
        ));
    }
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(refusals)
    }
}

/// The model that has the greatest share; none where two share the first place.
#[must_use]
pub fn leaning(shares: Shares) -> Option<PolicyModel> {
    let of = [
        (PolicyModel::Intercultural, shares.intercultural),
        (PolicyModel::Multicultural, shares.multicultural),
        (PolicyModel::Assimilation, shares.assimilation),
    ];
    let most = of.iter().map(|(_, share)| *share).max()?;
    let mut first = of.iter().filter(|(_, share)| *share == most);
    let (model, _) = first.next()?;
    first.next().is_none().then_some(*model)
}

/// What stood on a day, of statements of which the last is first.
pub fn standing<S: std::ops::Deref<Target = PolicyStatement>>(
    statements: &[S],
    on: NaiveDate,
) -> Option<&S> {
    statements.iter().find(|one| one.stated_on <= on)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::period::parse_date;

    const fn shares(intercultural: i32, multicultural: i32, assimilation: i32) -> Shares {
        Shares {
            intercultural,
            multicultural,
            assimilation,
        }
    }

    #[test]
    fn shares_are_a_hundred_together() {
        let day = |text: &str| parse_date(text).unwrap();
        for (stated, on, fields) in [
            (shares(60, 30, 10), "2026-11-22", vec![]),
            (shares(0, 0, 100), "2010-03-03", vec![]),
            (shares(60, 30, 11), "2026-11-22", vec!["intercultural"]),
            (
                shares(110, -10, 0),
                "2026-11-23",
                vec!["intercultural", "on"],
            ),
            (
                shares(i32::MAX, i32::MAX, 2),
                "2026-11-22",
                vec!["intercultural"],
            ),
        ] {
            let found = check(None, stated, day(on), day("2026-11-22"));
            let found = found.err().unwrap_or_default();
            let found: Vec<_> = found.iter().map(|refusal| refusal.field.as_str()).collect();
            assert_eq!(found, fields, "{stated:?}");
        }
    }

    #[test]
    fn a_city_leans_to_the_greatest_share() {
        for (stated, leans) in [
            (shares(60, 30, 10), Some(PolicyModel::Intercultural)),
            (shares(10, 20, 70), Some(PolicyModel::Assimilation)),
            (shares(40, 40, 20), None),
        ] {
            assert_eq!(leaning(stated), leans, "{stated:?}");
        }
    }
}
