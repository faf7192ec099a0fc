//! What joining would cost: a quote with lines, formulas and totals, computed from the price list
//! and the seller's policies alone. It promises nothing, stores nothing and knows no city.
//!
//! How far a quote looks ahead:
//! - without a package: the rest of the joining fee year and the whole next one, so that the reader
//!   sees both the first amount and what a normal year costs;
//! - with a package: its 24 months. The annual fees in it are those whose days begin within the 24
//!   months and that the package does not cover. A fee is quoted as it will be invoiced, so the last
//!   one may run beyond the package, to the end of its fee year; [`Quote::period`] says how far.

use chrono::NaiveDate;

use crate::finance::fees::fee_refusal::FeeRefusal;
use crate::finance::fees::formula;
use crate::finance::fees::package_terms::{AnnualFee, package_period};
use crate::finance::fees::policy::FeePolicy;
use crate::finance::fees::prices::{Price, PriceHistory};
use crate::finance::fees::product::Product;
use crate::finance::fees::rules::charges_for_year;
use crate::finance::fees::years::FeeYear;
use crate::kernel::money::{Currency, Money};
use crate::kernel::period::{Period, check_date};
use crate::kernel::phrase::Phrase;

/// What somebody asks a quote for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuoteRequest {
    /// The first day of the membership, and of the package.
    pub joins_on: NaiveDate,
    /// Whether a package is wanted, and then what it does to the annual fee.
    pub package: Option<AnnualFee>,
}

/// The net prices a quote is made of.
#[derive(Debug, Clone, Copy)]
pub struct QuotePrices<'a> {
    /// The fee of a year.
    pub annual_fee: &'a PriceHistory,
    /// The package of 24 months.
    pub package: &'a PriceHistory,
}

/// What joining would cost, without tax.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// The days from joining to the end of the last line.
    pub period: Period,
    /// What is charged: the package first, then the annual fees in the order of time.
    pub lines: Vec<QuoteLine>,
    /// The lines of each fee year together, in the order of time.
    pub by_fee_year: Vec<FeeYearTotal>,
    /// All lines together.
    pub total: Money,
}

/// One charge of a quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuoteLine {
    /// What is charged.
    pub product: Product,
    /// The fee year that the charge belongs to; for a package the one in which it starts and is
    /// invoiced.
    pub fee_year: FeeYear,
    /// The days that are paid for.
    pub period: Period,
    /// The version of the price.
    pub price: Price,
    /// The net amount.
    pub amount: Money,
    /// How the amount came about, in words.
    pub formula: Phrase,
}

/// The charges of one fee year together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeeYearTotal {
    /// The fee year.
    pub fee_year: FeeYear,
    /// Its net total.
    pub total: Money,
}

/// What joining costs by the price list and the seller's policies.
///
/// # Errors
/// [`FeeRefusal::Date`] for a day of joining outside the years 2000 to 2100,
/// [`FeeRefusal::NoPrice`] when a price is missing, and [`FeeRefusal::Amount`] when the price list
/// changes its currency within the quote.
pub fn quote(
    request: &QuoteRequest,
    prices: QuotePrices<'_>,
    policy: &FeePolicy,
) -> Result<Quote, FeeRefusal> {
    let joins_on = check_date(request.joins_on)?;
    let joining_year = FeeYear::of(policy.years, joins_on, joins_on)?;

    let mut lines = Vec::new();
    let mut covered = Vec::new();
    let horizon = match request.package {
        None => joining_year.next(policy.years, joins_on)?.until(),
        Some(annual_fee) => {
            let price = prices.package.on(joins_on)?;
            let period = package_period(joins_on)?;
            lines.push(QuoteLine {
                product: Product::Package,
                fee_year: joining_year,
                period,
                price,
                amount: price.amount,
                formula: formula::package_in_words(price.amount),
            });
            if annual_fee == AnnualFee::CoveredByPackage {
                covered.push(period);
            }
            period.until().unwrap_or(joins_on)
        }
    };

    let membership = Period::since(joins_on);
    let mut fee_year = joining_year;
    while fee_year.starts_on() < horizon {
        let price = prices.annual_fee.on(fee_year.starts_on())?;
        let charges = charges_for_year(price, policy, membership, fee_year, &covered)?;
        let within = charges
            .into_iter()
            .filter(|charge| charge.period.from() < horizon);
        lines.extend(within.map(|charge| QuoteLine {
            product: Product::AnnualFee,
            fee_year,
            period: charge.period,
            price,
            amount: charge.amount,
            formula: charge.formula(),
        }));
        fee_year = fee_year.next(policy.years, joins_on)?;
    }

    let first_fee = prices.annual_fee.on(joining_year.starts_on())?;
    summed(joins_on, first_fee.amount.currency, lines)
}

fn summed(
    joins_on: NaiveDate,
    currency: Currency,
    lines: Vec<QuoteLine>,
) -> Result<Quote, FeeRefusal> {
    let total = Money::sum(currency, lines.iter().map(|line| line.amount))?;

    let mut by_fee_year: Vec<FeeYearTotal> = Vec::new();
    for line in &lines {
        match by_fee_year
            .iter_mut()
            .find(|year| year.fee_year == line.fee_year)
        {
            Some(year) => year.total = year.total.checked_add(line.amount)?,
            None => by_fee_year.push(FeeYearTotal {
                fee_year: line.fee_year,
                total: line.amount,
            }),
        }
    }

    let until = lines.iter().filter_map(|line| line.period.until()).max();
    Ok(Quote {
        period: Period::new(joins_on, until)?,
        lines,
        by_fee_year,
        total,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finance::fees::policy::FirstYear;
    use crate::finance::fees::years::{FeeYears, MonthDay};
    use crate::kernel::money::{MoneyError, ShareRefusal};
    use crate::kernel::period::{DateRefusal, LeapDay, parse_date};

    fn day(text: &str) -> NaiveDate {
        parse_date(text).unwrap()
    }

    fn history(versions: &[(&str, i64, Currency)]) -> PriceHistory {
        let versions = versions.iter().map(|(valid_from, minor, currency)| Price {
            valid_from: day(valid_from),
            amount: Money::new(*minor, *currency),
        });
        PriceHistory::new(versions.collect()).unwrap()
    }

    fn asked(
        joins_on: &str,
        package: Option<AnnualFee>,
        annual_fee: &[(&str, i64, Currency)],
        policy: &FeePolicy,
    ) -> Result<Quote, FeeRefusal> {
        let annual_fee = history(annual_fee);
        let package_prices = history(&[("2010-01-01", 37_500_000, Currency::DKK)]);
        let prices = QuotePrices {
            annual_fee: &annual_fee,
            package: &package_prices,
        };
        quote(
            &QuoteRequest {
                joins_on: day(joins_on),
                package,
            },
            prices,
            policy,
        )
    }

    const MEMO: &[(&str, i64, Currency)] = &[("2010-01-01", 7_500_000, Currency::DKK)];

    /// `first day..last day  amount  formula` of each line, then `name: total` of each fee year.
    fn shown(quote: &Quote) -> Vec<String> {
        let span = |period: &Period| format!("{}..{}", period.from(), period.ends_on().unwrap());
        let lines = quote.lines.iter().map(|line| {
            format!(
                "{} {} {}",
                span(&line.period),
                line.amount.amount(),
                line.formula.da
            )
        });
        let years = quote
            .by_fee_year
            .iter()
            .map(|year| format!("{}: {}", year.fee_year.name(), year.total.amount()));
        let total = format!("{}: {}", span(&quote.period), quote.total.amount());
        lines.chain(years).chain([total]).collect()
    }

    #[test]
    fn a_membership_is_quoted_to_the_end_of_the_next_fee_year() {
        let quote = asked("2026-03-15", None, MEMO, &FeePolicy::default()).unwrap();
        assert_eq!(
            shown(&quote),
            [
                "2026-03-15..2026-12-31 60000.00 75.000,00 × 292/365 dage",
                "2027-01-01..2027-12-31 75000.00 75.000,00 × 1 år",
                "2026: 60000.00",
                "2027: 75000.00",
                "2026-03-15..2027-12-31: 135000.00",
            ]
        );
        assert_eq!(quote.lines[0].formula.en, "75,000.00 × 292/365 days");
    }

    #[test]
    fn a_package_that_covers_the_fee_is_the_only_line() {
        let quote = asked(
            "2026-03-15",
            Some(AnnualFee::CoveredByPackage),
            MEMO,
            &FeePolicy::default(),
        )
        .unwrap();
        assert_eq!(
            shown(&quote),
            [
                "2026-03-15..2028-03-14 375000.00 375.000,00 × 1 pakke på 24 måneder",
                "2026: 375000.00",
                "2026-03-15..2028-03-14: 375000.00",
            ]
        );
        assert_eq!(quote.lines[0].product, Product::Package);
    }

    #[test]
    fn fees_beside_a_package_are_those_that_begin_within_it() {
        let quote = asked(
            "2026-03-15",
            Some(AnnualFee::DueBesidePackage),
            MEMO,
            &FeePolicy::default(),
        )
        .unwrap();
        assert_eq!(
            shown(&quote),
            [
                "2026-03-15..2028-03-14 375000.00 375.000,00 × 1 pakke på 24 måneder",
                "2026-03-15..2026-12-31 60000.00 75.000,00 × 292/365 dage",
                "2027-01-01..2027-12-31 75000.00 75.000,00 × 1 år",
                "2028-01-01..2028-12-31 75000.00 75.000,00 × 1 år",
                "2026: 435000.00",
                "2027: 75000.00",
                "2028: 75000.00",
                "2026-03-15..2028-12-31: 585000.00",
            ]
        );
    }

    #[test]
    fn other_policies_change_lines_and_horizon() {
        let covered = Some(AnnualFee::CoveredByPackage);
        let beside = Some(AnnualFee::DueBesidePackage);
        let daily = FeePolicy::default();
        let first_year = |first_year| FeePolicy {
            first_year,
            ..daily
        };
        let october = first_year(FirstYear::Rollover(MonthDay::new(10, 1).unwrap()));
        let monthly = first_year(FirstYear::Monthly);
        let years = FeeYears::Anniversary(LeapDay::February28);
        let own = FeePolicy { years, ..daily };
        for (policy, joins_on, package, text) in [
            (daily, "2026-01-01", None, "2 to 2027-12-31: 150000"),
            (daily, "2026-12-31", None, "2 to 2027-12-31: 75205.48"),
            (daily, "2026-01-01", beside, "3 to 2027-12-31: 525000"),
            (monthly, "2026-03-15", None, "2 to 2027-12-31: 137500"),
            (october, "2026-11-01", None, "1 to 2027-12-31: 75000"),
            (october, "2026-11-01", beside, "3 to 2028-12-31: 525000"),
            (own, "2026-03-15", None, "2 to 2028-03-14: 150000"),
            (own, "2026-03-15", beside, "3 to 2028-03-14: 525000"),
            (own, "2028-02-29", covered, "1 to 2030-02-27: 375000"),
        ] {
            let quote = asked(joins_on, package, MEMO, &policy).unwrap();
            let last_day = quote.period.ends_on().unwrap();
            let total = quote.total.amount();
            let total = total.strip_suffix(".00").unwrap_or(&total);
            let found = format!("{} to {last_day}: {total}", quote.lines.len());
            assert_eq!(found, text, "{policy:?} {joins_on} {package:?}");
        }
    }

    #[test]
    fn a_new_price_holds_from_the_next_fee_year_on() {
        let prices = [
            ("2010-01-01", 7_500_000, Currency::DKK),
            ("2026-02-01", 8_000_000, Currency::DKK),
        ];
        let quote = asked("2026-03-15", None, &prices, &FeePolicy::default()).unwrap();
        let found: Vec<_> = quote
            .lines
            .iter()
            .map(|line| (line.price.valid_from, line.amount.amount()))
            .collect();
        assert_eq!(
            found,
            [
                (day("2010-01-01"), "60000.00".to_owned()),
                (day("2026-02-01"), "80000.00".to_owned())
            ]
        );
    }

    #[test]
    fn what_cannot_be_quoted_is_refused() {
        let policy = FeePolicy::default();
        let late = [("2026-02-01", 7_500_000, Currency::DKK)];
        assert_eq!(
            asked("2026-03-15", None, &late, &policy),
            Err(FeeRefusal::NoPrice {
                on: day("2026-01-01")
            })
        );
        let mixed = [
            ("2010-01-01", 7_500_000, Currency::DKK),
            ("2027-01-01", 1_000_000, Currency::EUR),
        ];
        assert_eq!(
            asked("2026-03-15", None, &mixed, &policy),
            Err(FeeRefusal::Amount(ShareRefusal::Money(
                MoneyError::CurrencyMismatch {
                    left: Currency::DKK,
                    right: Currency::EUR,
                }
            )))
        );
        let prices = history(MEMO);
        let prices = QuotePrices {
            annual_fee: &prices,
            package: &prices,
        };
        let joins_on = NaiveDate::from_ymd_opt(1999, 12, 31).unwrap();
        assert_eq!(
            quote(
                &QuoteRequest {
                    joins_on,
                    package: None
                },
                prices,
                &policy
            ),
            Err(FeeRefusal::Date(DateRefusal::OutOfRange))
        );
    }
}
