//! How the lines of an invoice are divided among the city and its funders. Pure; what was paid of them
//! before is a parameter. What it is not: the limits of one award on one line (`rules`).

use crate::finance::grants::model::{AwardTerms, FundedLine, Funding};
use crate::finance::grants::rules::{counted, fund, may_pay_for, split};
use crate::finance::invoices::InvoiceLine;
use crate::kernel::ids::FundingGrantId;
use crate::kernel::money::{Currency, Money};
use crate::kernel::period::Period;
use crate::kernel::refusal::{Refusal, RefusalCode};

/// A funder that shall pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Paying {
    /// By which grant.
    pub grant: FundingGrantId,
    /// What the award says.
    pub terms: AwardTerms,
    /// What is left of the award, in minor units.
    pub left_minor: i64,
    /// How much it shall pay without tax; its share when nothing is said.
    pub asked: Option<Money>,
}

/// A line, and the awards that pay of it already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    /// The line as a funder looks at it.
    pub line: FundedLine,
    /// The other awards.
    pub beside: Vec<AwardTerms>,
}

/// How a line looks when these entries were made about it, with their grants; a line without days is
/// none that is funded.
///
/// # Errors
/// `OutOfRange` when the amounts do not fit.
pub(super) fn looked_at(
    line: &InvoiceLine,
    currency: Currency,
    earlier: &[Funding],
) -> Result<Option<FundedLine>, Refusal> {
    let days = line
        .period_from
        .and_then(|from| Period::new(from, line.period_until).ok());
    let Some(supplied) = days else {
        return Ok(None);
    };
    let of_line = |one: &&Funding| one.invoice_line_id == line.id;
    let sum = |is_share: bool| {
        earlier
            .iter()
            .filter(of_line)
            .filter(|one| one.share_line_id.is_some() == is_share)
            .try_fold(0_i64, |sum, one| sum.checked_add(one.net_minor))
    };
    let rest = line.net_minor.checked_sub(line.credited_minor);
    let whole = rest
        .zip(sum(true))
        .and_then(|(rest, paid)| rest.checked_add(paid));
    let open = rest
        .zip(sum(false))
        .and_then(|(rest, paid)| rest.checked_sub(paid));
    let (whole, open_minor) = whole.zip(open).ok_or_else(too_large)?;
    Ok(Some(FundedLine {
        product: line.product,
        supplied,
        net: Money::new(whole, currency),
        open_minor,
        vat_rate_bp: line.vat_rate_bp,
    }))
}

/// What each funder pays of each line, without tax in minor units: by their shares when no amount is
/// said, else as much as is asked for, one funder after the other.
///
/// # Errors
/// As [`fund`] and [`split`]; a refusal for a funder that would pay nothing.
pub(super) fn divide(lines: &[Option<Seen>], funders: &[Paying]) -> Result<Vec<Vec<i64>>, Refusal> {
    let mut paid: Vec<Vec<i64>> = funders.iter().map(|_| vec![0; lines.len()]).collect();
    if funders.iter().all(|funder| funder.asked.is_none()) {
        by_share(lines, funders, &mut paid)?;
    } else {
        one_after_the_other(lines, funders, &mut paid)?;
    }
    for (place, (funder, paid)) in funders.iter().zip(&paid).enumerate() {
        if paid.iter().all(|minor| *minor == 0) {
            return Err(pays_nothing(lines, funder).under(&format!("shares.{place}")));
        }
    }
    Ok(paid)
}

fn by_share(
    lines: &[Option<Seen>],
    funders: &[Paying],
    paid: &mut [Vec<i64>],
) -> Result<(), Refusal> {
    let mut left: Vec<i64> = funders.iter().map(|funder| funder.left_minor).collect();
    for (place, seen) in lines.iter().enumerate() {
        let Some(seen) = seen else { continue };
        let paying: Vec<usize> = (0..funders.len())
            .filter(|one| {
                funders
                    .get(*one)
                    .is_some_and(|funder| may_pay_for(&funder.terms, &seen.line).is_ok())
            })
            .collect();
        let terms: Vec<(AwardTerms, i64)> = paying
            .iter()
            .filter_map(|one| Some((funders.get(*one)?.terms.clone(), *left.get(*one)?)))
            .collect();
        let parts = split(&seen.line, &terms, &seen.beside)?;
        for ((one, part), (terms, _)) in paying.iter().zip(parts.into_iter().skip(1)).zip(&terms) {
            let used = counted(terms, seen.line.vat_rate_bp, part.minor)?;
            if let Some(left) = left.get_mut(*one) {
                *left = left.saturating_sub(used);
            }
            if let Some(minor) = paid.get_mut(*one).and_then(|paid| paid.get_mut(place)) {
                *minor = part.minor;
            }
        }
    }
    Ok(())
}

fn one_after_the_other(
    lines: &[Option<Seen>],
    funders: &[Paying],
    paid: &mut [Vec<i64>],
) -> Result<(), Refusal> {
    let mut seen: Vec<Option<Seen>> = lines.to_vec();
    for (number, (funder, paid)) in funders.iter().zip(paid).enumerate() {
        let field = format!("shares.{number}");
        let mut left = funder.left_minor;
        let mut asked = funder.asked.map(|asked| asked.minor);
        let mut refused = None;
        for (minor, seen) in paid.iter_mut().zip(&mut seen) {
            let Some(seen) = seen else { continue };
            if asked == Some(0) {
                continue;
            }
            let used = funder.terms.amount.minor.saturating_sub(left);
            let most = match fund(&funder.terms, &seen.line, used, &seen.beside, None) {
                Ok(most) => most.minor,
                Err(refusal) => {
                    refused = refused.or(Some(refusal));
                    continue;
                }
            };
            let part = asked.map_or(most, |asked| asked.min(most));
            if part <= 0 {
                continue;
            }
            *minor = part;
            asked = asked.map(|asked| asked.saturating_sub(part));
            left = left.saturating_sub(counted(&funder.terms, seen.line.vat_rate_bp, part)?);
            seen.line.open_minor = seen.line.open_minor.saturating_sub(part);
            seen.beside.push(funder.terms.clone());
        }
        if asked.is_some_and(|asked| asked != 0) {
            let most = paid
                .iter()
                .fold(0_i64, |sum, minor| sum.saturating_add(*minor));
            let refusal = match refused {
                Some(refusal) if most == 0 => refusal,
                _ => no_more_than(funder, most),
            };
            return Err(refusal.under(&field));
        }
    }
    Ok(())
}

fn no_more_than(funder: &Paying, most: i64) -> Refusal {
    let most = Money::new(most, funder.terms.amount.currency).amount();
    Refusal::new(
        RefusalCode::OutOfRange,
        "amount",
        format!("The award pays above zero and at most {most} of this invoice."),
        format!("Bevillingen betaler over nul og højst {most} af denne faktura."),
    )
}

/// Why a funder would pay nothing.
fn pays_nothing(lines: &[Option<Seen>], funder: &Paying) -> Refusal {
    let mut refused = lines.iter().flatten().filter_map(|seen| {
        let used = funder.terms.amount.minor.saturating_sub(funder.left_minor);
        fund(&funder.terms, &seen.line, used, &seen.beside, None).err()
    });
    refused.next().unwrap_or_else(|| {
        Refusal::new(
            RefusalCode::OutOfRange,
            "grantId",
            "The award pays for nothing of this invoice.",
            "Bevillingen betaler ikke for noget på denne faktura.",
        )
    })
}

fn too_large() -> Refusal {
    Refusal::new(
        RefusalCode::OutOfRange,
        "invoiceId",
        "The amounts are too large.",
        "Beløbene er for store.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finance::fees::Product;
    use crate::kernel::ids::Id;
    use crate::kernel::period::parse_date;

    fn kr(minor: i64) -> Money {
        Money::new(minor, Currency::DKK)
    }

    fn days(from: &str, until: &str) -> Period {
        Period::new(parse_date(from).unwrap(), parse_date(until).ok()).unwrap()
    }

    fn line(from: &str, until: &str, minor: i64) -> Seen {
        Seen {
            line: FundedLine {
                product: Product::AnnualFee,
                supplied: days(from, until),
                net: kr(minor),
                open_minor: minor,
                vat_rate_bp: 0,
            },
            beside: Vec::new(),
        }
    }

    fn paying(share_hundredths: i64, left_minor: i64, asked: Option<i64>) -> Paying {
        Paying {
            grant: FundingGrantId::of(uuid::Uuid::nil()),
            terms: AwardTerms {
                amount: kr(left_minor),
                eligible: days("2026-01-01", "2027-01-01"),
                share_hundredths,
                products: vec![Product::AnnualFee],
                covers_vat: false,
                no_other_funds: false,
            },
            left_minor,
            asked: asked.map(kr),
        }
    }

    #[test]
    fn lines_are_divided_by_share_or_as_asked() {
        let spring = Some(line("2026-01-01", "2026-04-01", 2_000_000));
        let autumn = Some(line("2026-09-01", "2027-01-01", 3_000_000));
        let before = Some(line("2025-01-01", "2026-01-01", 1_000_000));
        let lines = [spring, None, autumn, before.clone()];
        for (funders, expected) in [
            (
                vec![paying(6_000, 100_000_000, None)],
                Ok(vec![vec![1_200_000, 0, 1_800_000, 0]]),
            ),
            // The award is used up on the second line.
            (
                vec![paying(6_000, 1_500_000, None)],
                Ok(vec![vec![1_200_000, 0, 300_000, 0]]),
            ),
            (
                vec![
                    paying(6_000, 100_000_000, None),
                    paying(4_000, 100_000_000, None),
                ],
                Ok(vec![
                    vec![1_200_000, 0, 1_800_000, 0],
                    vec![800_000, 0, 1_200_000, 0],
                ]),
            ),
            (
                vec![
                    paying(6_000, 100_000_000, None),
                    paying(5_000, 100_000_000, None),
                ],
                Err((RefusalCode::ExceedsInvoice, "shares")),
            ),
            (
                vec![
                    paying(6_000, 100_000_000, Some(2_500_000)),
                    paying(5_000, 100_000_000, Some(2_000_000)),
                ],
                Ok(vec![
                    vec![1_200_000, 0, 1_300_000, 0],
                    vec![800_000, 0, 1_200_000, 0],
                ]),
            ),
            (
                vec![paying(6_000, 100_000_000, Some(3_000_001))],
                Err((RefusalCode::OutOfRange, "shares.0.amount")),
            ),
            (
                vec![paying(6_000, 0, None)],
                Err((RefusalCode::OutOfRange, "shares.0.amount")),
            ),
        ] {
            let found = divide(&lines, &funders);
            let found = found.map_err(|refusal| (refusal.code, refusal.field));
            let expected = expected.map_err(|(code, field)| (code, field.to_owned()));
            assert_eq!(found, expected, "{funders:?}");
        }
        let found = divide(&[before], &[paying(6_000, 1, None)]).unwrap_err();
        assert_eq!(found.field, "shares.0.invoiceId");
    }
}
