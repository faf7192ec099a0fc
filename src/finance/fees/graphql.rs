//! The quote of what joining costs, in the schema. What it is not: its computing (`quote`).

use async_graphql::{Context, Object, SimpleObject};

use crate::api::context::InOperation;
use crate::api::money::{Amount, stored_currency};
use crate::api::scalars::{Date, LanguageTag};
use crate::finance::fees::{
    AnnualFee, FeeRefusal, Product, Quote, QuoteLine, QuotePrices, QuoteRequest, quote, vat_totals,
};
use crate::finance::products::{self, PriceVersion, VatCategory};
use crate::finance::sellers::{self, Seller};
use crate::kernel::error::{Error, Result};
use crate::kernel::language::Language;
use crate::kernel::money::{Currency, Money, MoneyError};
use crate::kernel::phrase::Phrase;

/// What joining the network would cost. It promises nothing.
#[derive(Debug, SimpleObject)]
pub struct FeeQuote {
    /// The first day of the membership.
    starts_on: Date,
    /// The last day that the quote pays for.
    ends_on: Option<Date>,
    /// What is charged: the package first, then the annual fees in the order of time.
    lines: Vec<FeeQuoteLine>,
    /// The total of each fee year, without tax, in the order of time.
    fee_years: Vec<FeeQuoteYear>,
    /// All lines together, without tax.
    total: Amount,
    /// The value added tax on all lines.
    vat: Amount,
    /// All lines together with tax: what would be paid.
    total_with_vat: Amount,
}

/// A charge of a quote.
#[derive(Debug, SimpleObject)]
pub struct FeeQuoteLine {
    /// What is charged.
    product: Product,
    /// The fee year that the charge belongs to: "2026", or "2026/27" over New Year.
    fee_year: String,
    /// The first day that is paid for.
    starts_on: Date,
    /// The last day that is paid for.
    ends_on: Option<Date>,
    /// The whole price that the charge is made from.
    price: Amount,
    /// How the amount came about, in words: "75.000,00 × 292/365 dage".
    formula: String,
    /// The amount without tax.
    amount: Amount,
    /// How value added tax applies.
    vat_category: VatCategory,
}

/// The charges of a fee year together.
#[derive(Debug, SimpleObject)]
pub struct FeeQuoteYear {
    /// The fee year: "2026", or "2026/27" over New Year.
    fee_year: String,
    /// Its first day.
    starts_on: Date,
    /// Its last day.
    ends_on: Option<Date>,
    /// The total without tax.
    total: Amount,
}

/// Queries of fees.
#[derive(Debug, Default)]
pub struct FeeQuery;

#[Object]
impl FeeQuery {
    /// What joining would cost: the rest of the joining fee year and the next one, or the 24 months
    /// of a package. Public.
    async fn fee_quote(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The first day of the membership.")] joins_on: Date,
        #[graphql(
            desc = "Whether the package of 24 months is wanted too.",
            default = false
        )]
        with_package: bool,
        #[graphql(
            desc = "Whether the price of the package pays for the annual fees within it. Must be given with a package, and only then: there is no default."
        )]
        covers_annual_fee: Option<bool>,
        #[graphql(
            desc = "The language of the formulas, da or en; that of the request when left out."
        )]
        language: Option<LanguageTag>,
    ) -> Result<FeeQuote> {
        let request = QuoteRequest {
            joins_on: joins_on.0,
            package: asked_package(with_package, covers_annual_fee)?,
        };
        let language =
            language.map_or(context.operation().language, |tag| Language::of_tag(&tag.0));
        let (seller, prices) =
            context.read(|db| Ok((sellers::the_seller(db)?, products::all(db)?)))?;
        answer(&seller, &prices, request, language)
    }
}

/// What the two arguments say about a package.
fn asked_package(with_package: bool, covers: Option<bool>) -> Result<Option<AnnualFee>> {
    match (with_package, covers) {
        (true, Some(true)) => Ok(Some(AnnualFee::CoveredByPackage)),
        (true, Some(false)) => Ok(Some(AnnualFee::DueBesidePackage)),
        (false, None) => Ok(None),
        (true, None) => Err(Error::BadRequest(Phrase::new(
            "coversAnnualFee is REQUIRED with a package: say whether its price pays for the annual fees too.",
            "coversAnnualFee er påkrævet (REQUIRED) med en pakke: angiv, om dens pris også betaler kontingentet.",
        ))),
        (false, Some(_)) => Err(Error::BadRequest(Phrase::new(
            "coversAnnualFee belongs to a package; ask withPackage too or leave it out.",
            "coversAnnualFee hører til en pakke; angiv også withPackage, eller udelad den.",
        ))),
    }
}

fn answer(
    seller: &Seller,
    prices: &[PriceVersion],
    request: QuoteRequest,
    language: Language,
) -> Result<FeeQuote> {
    let currency = stored_currency(&seller.currency)?;
    let policy = sellers::fee_policy(seller).map_err(bad)?;
    let annual_fee = products::history(prices, Product::AnnualFee, currency).map_err(bad)?;
    let package = products::history(prices, Product::Package, currency).map_err(bad)?;
    let asked = QuotePrices {
        annual_fee: &annual_fee,
        package: &package,
    };
    let quote = quote(&request, asked, &policy).map_err(bad)?;

    let vat = tax_of(&quote, prices, currency)?;
    let total_with_vat = quote.total.checked_add(vat).map_err(overflow)?;
    let lines = quote
        .lines
        .iter()
        .map(|line| Ok(shown(line, category(line, prices)?.vat_category, language)))
        .collect::<Result<_>>()?;
    let fee_years = quote.by_fee_year.iter().map(|year| FeeQuoteYear {
        fee_year: year.fee_year.name(),
        starts_on: Date(year.fee_year.starts_on()),
        ends_on: year.fee_year.until().pred_opt().map(Date),
        total: Amount(year.total),
    });
    Ok(FeeQuote {
        starts_on: Date(quote.period.from()),
        ends_on: quote.period.ends_on().map(Date),
        lines,
        fee_years: fee_years.collect(),
        total: Amount(quote.total),
        vat: Amount(vat),
        total_with_vat: Amount(total_with_vat),
    })
}

fn shown(line: &QuoteLine, vat_category: VatCategory, language: Language) -> FeeQuoteLine {
    FeeQuoteLine {
        product: line.product,
        fee_year: line.fee_year.name(),
        starts_on: Date(line.period.from()),
        ends_on: line.period.ends_on().map(Date),
        price: Amount(line.price.amount),
        formula: line.formula.in_language(language).to_owned(),
        amount: Amount(line.amount),
        vat_category,
    }
}

fn category<'a>(line: &QuoteLine, prices: &'a [PriceVersion]) -> Result<&'a PriceVersion> {
    let (day, code) = (line.price.valid_from, line.amount.currency.code());
    products::in_force(prices, line.product, code, day)
        .ok_or_else(|| bad(FeeRefusal::NoPrice { on: day }))
}

fn tax_of(quote: &Quote, prices: &[PriceVersion], currency: Currency) -> Result<Money> {
    let mut taxed = Vec::with_capacity(quote.lines.len());
    for line in &quote.lines {
        let price = category(line, prices)?;
        taxed.push((
            line.amount,
            products::vat_of(price.vat_category, price.vat_rate_bp)?,
        ));
    }
    let totals = vat_totals(taxed).map_err(|refusal| bad(refusal.into()))?;
    Money::sum(currency, totals.iter().map(|total| total.tax)).map_err(overflow)
}

/// A question that has no answer by the price list is a bad request of a public query.
fn bad(refusal: FeeRefusal) -> Error {
    Error::BadRequest(refusal.phrase())
}

fn overflow(error: MoneyError) -> Error {
    bad(error.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_must_say_what_it_does_to_the_fee() {
        assert!(matches!(asked_package(false, None), Ok(None)));
        assert!(matches!(
            asked_package(true, Some(true)),
            Ok(Some(AnnualFee::CoveredByPackage))
        ));
        for (with_package, covers, word) in
            [(true, None, "REQUIRED"), (false, Some(true), "withPackage")]
        {
            let Err(Error::BadRequest(phrase)) = asked_package(with_package, covers) else {
                panic!("{with_package} {covers:?}");
            };
            assert!(phrase.en.contains(word) && phrase.da.contains(word));
        }
    }
}
