//! The rules of grants on cases worked out by hand. What it is not: a test through the door.

use super::*;
use crate::finance::fees::Product;
use crate::kernel::money::Currency;
use crate::kernel::period::{Period, parse_date};

fn on(text: &str) -> NaiveDate {
    parse_date(text).unwrap()
}

fn period(from: &str, until: &str) -> Period {
    Period::new(on(from), Some(on(until))).unwrap()
}

fn kr(minor: i64) -> Money {
    Money::new(minor, Currency::DKK)
}

/// An award of 60 % of the fee and package of 2026, above any price.
fn award() -> AwardTerms {
    AwardTerms {
        amount: kr(100_000_000),
        eligible: period("2026-01-01", "2027-01-01"),
        share_hundredths: 6_000,
        products: vec![Product::AnnualFee, Product::Package],
        covers_vat: false,
        no_other_funds: false,
    }
}

fn share(share_hundredths: i64) -> AwardTerms {
    AwardTerms {
        share_hundredths,
        ..award()
    }
}

/// The fee of 75.000,00 for 2026, without VAT.
fn fee() -> FundedLine {
    FundedLine {
        product: Product::AnnualFee,
        supplied: period("2026-01-01", "2027-01-01"),
        net: kr(7_500_000),
        open_minor: 7_500_000,
        vat_rate_bp: 0,
    }
}

fn minors(parts: Result<Vec<Money>, Refusal>) -> Result<Vec<i64>, RefusalCode> {
    parts
        .map(|parts| parts.iter().map(|part| part.minor).collect())
        .map_err(|refusal| refusal.code)
}

fn minor(amount: Result<Money, Refusal>) -> Result<i64, RefusalCode> {
    amount
        .map(|amount| amount.minor)
        .map_err(|refusal| refusal.code)
}

#[test]
fn payers_share_a_fee_to_the_minor_unit() {
    let all = i64::MAX;
    let half_year = AwardTerms {
        eligible: period("2026-07-01", "2027-01-01"),
        ..award()
    };
    let odd = FundedLine {
        net: kr(1),
        open_minor: 1,
        ..fee()
    };
    for (line, funders, expected) in [
        (fee(), vec![], Ok(vec![7_500_000])),
        (fee(), vec![(award(), all)], Ok(vec![3_000_000, 4_500_000])),
        (
            fee(),
            vec![(award(), all), (share(4_000), all)],
            Ok(vec![0, 4_500_000, 3_000_000]),
        ),
        (
            fee(),
            vec![(award(), all), (share(5_000), all)],
            Err(RefusalCode::ExceedsInvoice),
        ),
        // The award has less left than its share: the city pays the rest.
        (
            fee(),
            vec![(award(), 1_000_000)],
            Ok(vec![6_500_000, 1_000_000]),
        ),
        (fee(), vec![(award(), 0)], Ok(vec![7_500_000, 0])),
        // 184 of 365 days at 60 %: 22.684,93 of 75.000,00.
        (
            fee(),
            vec![(half_year, all)],
            Ok(vec![5_231_507, 2_268_493]),
        ),
        (odd, vec![(award(), all)], Ok(vec![0, 1])),
        (odd, vec![(share(4_000), all)], Ok(vec![1, 0])),
    ] {
        assert_eq!(minors(split(&line, &funders, &[])), expected, "{funders:?}");
    }
    // Another funder pays 45.000,00 already: 50 % of the whole are more than the city is to pay.
    let rest = FundedLine {
        open_minor: 3_000_000,
        ..fee()
    };
    let beside = [award()];
    assert_eq!(
        minors(split(&rest, &[(share(4_000), all)], &beside)),
        Ok(vec![0, 3_000_000])
    );
    assert_eq!(
        minors(split(&rest, &[(share(5_000), all)], &beside)),
        Err(RefusalCode::ExceedsInvoice)
    );
}

#[test]
fn an_award_pays_for_the_tax_on_its_share_when_it_covers_it() {
    let taxed = FundedLine {
        vat_rate_bp: 2_500,
        ..fee()
    };
    let covering = AwardTerms {
        covers_vat: true,
        ..award()
    };
    assert_eq!(counted(&award(), 2_500, 4_500_000).unwrap(), 4_500_000);
    assert_eq!(counted(&covering, 2_500, 4_500_000).unwrap(), 5_625_000);
    // 1.000,00 pay for 800,00 and the tax on it.
    assert_eq!(
        minors(split(&taxed, &[(covering.clone(), 100_000)], &[])),
        Ok(vec![7_420_000, 80_000])
    );
    for left in 1..400 {
        let net = net_within(&covering, 2_500, left).unwrap();
        assert!(counted(&covering, 2_500, net).unwrap() <= left, "{left}");
    }
}

#[test]
fn a_funder_pays_no_more_than_its_share_its_award_and_the_line() {
    use RefusalCode::{ExceedsInvoice, NotInState, OutOfRange};
    let all = share(WHOLE);
    let alone = AwardTerms {
        no_other_funds: true,
        ..award()
    };
    let small = AwardTerms {
        amount: kr(1_000_000),
        ..award()
    };
    let none: &[AwardTerms] = &[];
    let other = [award()];
    let jealous = [alone.clone()];
    for (terms, used, beside, open, asked, expected) in [
        (&all, 0, none, 7_500_000, None, Ok(7_500_000)),
        (&award(), 0, none, 7_500_000, None, Ok(4_500_000)),
        (
            &award(),
            0,
            none,
            7_500_000,
            Some(4_500_001),
            Err(OutOfRange),
        ),
        (&small, 0, none, 7_500_000, None, Ok(1_000_000)),
        (&small, 1_000_000, none, 7_500_000, None, Err(OutOfRange)),
        (&small, 0, none, 7_500_000, Some(1_000_001), Err(OutOfRange)),
        (&all, 0, &other[..], 3_000_000, None, Ok(3_000_000)),
        (
            &all,
            0,
            &other[..],
            3_000_000,
            Some(3_000_001),
            Err(ExceedsInvoice),
        ),
        (&all, 0, &other[..], 0, None, Err(ExceedsInvoice)),
        (&all, 0, &jealous[..], 3_000_000, None, Err(NotInState)),
        (&alone, 0, &other[..], 3_000_000, None, Err(NotInState)),
        (&all, 0, none, 7_500_000, Some(0), Err(OutOfRange)),
        (&all, 0, none, 7_500_000, Some(-1), Err(OutOfRange)),
    ] {
        let line = FundedLine {
            open_minor: open,
            ..fee()
        };
        let found = fund(terms, &line, used, beside, asked.map(kr));
        assert_eq!(minor(found), expected, "{used} {open} {asked:?}");
    }
}

#[test]
fn an_award_pays_for_its_days_products_and_currency() {
    use RefusalCode::{CurrencyMismatch, OutOfRange};
    let euro = Currency::parse("EUR").unwrap();
    let terms = |eligible, products, amount| AwardTerms {
        amount,
        eligible,
        products,
        ..award()
    };
    let year = period("2026-01-01", "2027-01-01");
    let fees = || vec![Product::AnnualFee];
    let much = kr(10_000_000);
    for (terms, expected) in [
        (terms(year, fees(), much), Ok(4_500_000)),
        (
            terms(period("2026-12-31", "2028-01-01"), fees(), much),
            Ok(12_329),
        ),
        (
            terms(Period::since(on("2027-01-01")), fees(), much),
            Err(OutOfRange),
        ),
        (
            terms(period("2025-01-01", "2026-01-01"), fees(), much),
            Err(OutOfRange),
        ),
        (terms(year, vec![Product::Package], much), Err(OutOfRange)),
        (
            terms(year, fees(), Money::new(10_000_000, euro)),
            Err(CurrencyMismatch),
        ),
    ] {
        assert_eq!(
            minor(fund(&terms, &fee(), 0, &[], None)),
            expected,
            "{terms:?}"
        );
    }
    let endless = FundedLine {
        supplied: Period::since(on("2026-01-01")),
        ..fee()
    };
    let found = fund(&award(), &endless, 0, &[], None);
    assert_eq!(minor(found), Err(OutOfRange));
}

#[test]
fn every_step_of_a_grant_leads_where_it_should_or_nowhere() {
    use GrantStatus::{
        Awarded, ClawedBack, Closed, Draft, InProgress, Rejected, Reported, Submitted,
    };
    use GrantStep::{Award, ClawBack, Close, Fund, Reject, Report, Submit, Withdraw};
    let allowed = [
        (Draft, Submit, Submitted),
        (Submitted, Award, Awarded),
        (Submitted, Reject, Rejected),
        (Awarded, Fund, InProgress),
        (InProgress, Fund, InProgress),
        (InProgress, Withdraw, InProgress),
        (Reported, Withdraw, Reported),
        (Awarded, Report, Reported),
        (InProgress, Report, Reported),
        (Reported, Close, Closed),
        (Awarded, ClawBack, ClawedBack),
        (InProgress, ClawBack, ClawedBack),
        (Reported, ClawBack, ClawedBack),
        (Closed, ClawBack, ClawedBack),
    ];
    for status in GrantStatus::ALL {
        for step in GrantStep::ALL {
            let expected = allowed
                .iter()
                .find(|(from, by, _)| from == status && by == step)
                .map(|(_, _, to)| *to);
            assert_eq!(after(*status, *step).ok(), expected, "{status:?} {step:?}");
        }
    }
}

#[test]
fn an_instalment_is_withheld_only_while_the_report_is_late() {
    use InstalmentStatus::{Expected, Received, Withheld};
    use InstalmentStep::{Receive, Release, Withhold};
    let due = on("2026-06-30");
    for (status, step, reported, today, expected) in [
        (Expected, Withhold, None, "2026-06-30", None),
        (Expected, Withhold, None, "2026-07-01", Some(Withheld)),
        (Expected, Withhold, Some("2026-06-30"), "2026-07-01", None),
        (Withheld, Release, None, "2026-07-02", None),
        (Withheld, Release, Some("2026-07-03"), "2026-07-02", None),
        (
            Withheld,
            Release,
            Some("2026-07-02"),
            "2026-07-02",
            Some(Expected),
        ),
        (Withheld, Receive, None, "2026-07-02", Some(Received)),
        (Expected, Receive, None, "2026-01-01", Some(Received)),
        (Expected, Release, Some("2026-06-30"), "2026-07-01", None),
        (Received, Withhold, None, "2026-07-01", None),
        (Received, Receive, None, "2026-07-01", None),
    ] {
        let found = instalment_after(status, step, due, reported.map(on), on(today)).ok();
        assert_eq!(found, expected, "{status:?} {step:?} {reported:?} {today}");
    }
}
