//! The lines of an electronic invoice, their tax and their sums, computed anew and compared with
//! what is stored. What it is not: the prices; those were agreed when the invoice was drafted.

use crate::finance::einvoices::facts::{Charge, Facts};
use crate::finance::einvoices::preflight::{Found, missing, unsound};
use crate::finance::einvoices::semantic::{Line, Totals, VatBreakdown};
use crate::finance::einvoices::taxes::{breakdown, by_category};
use crate::finance::fees::{Vat, VatTotal};
use crate::finance::products::{VatCategory, vat_of};
use crate::kernel::language::Language;
use crate::kernel::money::{Currency, Money};
use crate::kernel::refusal::Refusal;

/// What is charged, with its sums.
#[derive(Debug)]
pub(super) struct Charged {
    pub(super) lines: Vec<Line>,
    pub(super) vat_breakdown: Vec<VatBreakdown>,
    pub(super) totals: Totals,
}

/// The lines, tax and sums of an invoice or credit note.
pub(super) fn charged(facts: &Facts, found: &mut Found) -> Option<Charged> {
    let currency = found.keep(currency(&facts.currency))?;
    if facts.charges.is_empty() {
        found.add(missing(
            "lines",
            "An invoice needs a line.",
            "En faktura skal have en linje.",
        ));
    }
    refuse_mixture(facts, found);
    refuse_reverse_charge(facts, found);
    let language = if facts.is_for_denmark() {
        Language::Da
    } else {
        Language::En
    };
    let read: Vec<Option<Line>> = facts
        .charges
        .iter()
        .enumerate()
        .map(|(place, charge)| line(charge, place, currency, language, found))
        .collect();
    let lines: Vec<Line> = read.into_iter().collect::<Option<_>>()?;
    let by_category = found.keep(by_category(
        lines.iter().map(|line| (line.net, line.vat)),
        facts,
    ))?;
    let totals = found.keep(sums(facts, currency, &by_category))?;
    let vat_breakdown = by_category
        .into_iter()
        .map(|total| breakdown(total, facts))
        .collect();
    Some(Charged {
        lines,
        vat_breakdown,
        totals,
    })
}

/// BT-5 (BR-CL-04); amounts have at most two decimals (BR-DEC-09 to BR-DEC-23).
pub(super) fn currency(code: &str) -> Result<Currency, Refusal> {
    Currency::parse(code)
        .ok()
        .filter(|currency| currency.exponent() <= 2)
        .ok_or_else(|| {
            unsound(
                "currency",
                format!("Electronic invoices are not possible in {code}: their amounts have two decimals."),
                format!("Elektroniske fakturaer kan ikke være i {code}: deres beløb har to decimaler."),
            )
        })
}

/// What is outside the scope of the tax stands alone (BR-O-11 to BR-O-14).
fn refuse_mixture(facts: &Facts, found: &mut Found) {
    let outside = |charge: &&Charge| charge.vat_category == VatCategory::O;
    let count = facts.charges.iter().filter(outside).count();
    if count > 0 && count < facts.charges.len() {
        found.add(unsound(
            "lines",
            "What is outside the scope of value added tax needs an invoice of its own.",
            "Det, der er uden for momslovens område, skal have sin egen faktura.",
        ));
    }
    if count > 0 && facts.buyer.vat_number.is_some() {
        found.add(unsound(
            "buyer.vatNumber",
            "What is outside the scope of value added tax is invoiced without the buyer's VAT number.",
            "Det, der er uden for momslovens område, faktureres uden købers momsnummer.",
        ));
    }
}

/// A reverse charge names the buyer that accounts for the tax (BR-AE-02).
fn refuse_reverse_charge(facts: &Facts, found: &mut Found) {
    let reversed = facts
        .charges
        .iter()
        .any(|charge| charge.vat_category == VatCategory::Ae);
    if reversed && facts.buyer.vat_number.is_none() {
        let name = &facts.buyer.name;
        found.add(missing(
            "buyer.vatNumber",
            format!("{name} needs a VAT number: it accounts for the tax of a reverse charge."),
            format!(
                "{name} mangler et momsnummer: ved omvendt betalingspligt afregner køber momsen."
            ),
        ));
    }
}

/// A line: BR-21 to BR-28, BR-30, and that its price times its quantity is its amount
/// (PEPPOL-EN16931-R120).
fn line(
    charge: &Charge,
    place: usize,
    currency: Currency,
    language: Language,
    found: &mut Found,
) -> Option<Line> {
    let before = found.0.len();
    let field = |name: &str| format!("lines.{place}.{name}");
    let description = field("description");
    let name = found.needed(
        &description,
        Some(charge.description.in_language(language)),
        || {
            missing(
                &description,
                format!("Line {} needs a description.", charge.position),
                format!("Linje {} mangler en beskrivelse.", charge.position),
            )
        },
    );
    let formula = found.text(
        &field("formula"),
        Some(charge.formula.in_language(language)),
    );
    let amount = i64::from(charge.quantity).checked_mul(charge.unit_minor);
    if amount != Some(charge.net_minor) {
        found.add(unsound(
            &field("net"),
            format!(
                "The amount of line {} is not its quantity times its price.",
                charge.position
            ),
            format!(
                "Beløbet på linje {} er ikke antal gange pris.",
                charge.position
            ),
        ));
    }
    if charge.unit_minor < 0 {
        found.add(unsound(
            &field("unitPrice"),
            format!(
                "The price of line {} cannot be below zero.",
                charge.position
            ),
            format!(
                "Prisen på linje {} kan ikke være under nul.",
                charge.position
            ),
        ));
    }
    let vat = found.keep(tax_of(charge, &field("vatRate")));
    if charge.vat_category != VatCategory::S {
        let reason = field("exemptionReason");
        found.needed(&reason, charge.exemption_reason.as_deref(), || {
            missing(
                &reason,
                format!(
                    "Line {} needs the reason why no tax is charged.",
                    charge.position
                ),
                format!(
                    "Linje {} mangler grunden til, at der ikke opkræves moms.",
                    charge.position
                ),
            )
        });
    }
    let period = found.keep(period(charge, &field("startsOn")));
    (found.0.len() == before).then_some(Line {
        position: charge.position,
        quantity: charge.quantity,
        net: Money::new(charge.net_minor, currency),
        price: Money::new(charge.unit_minor, currency),
        period: period?,
        name: name?,
        description: formula,
        vat: vat?,
    })
}

/// Category S has a rate (BR-S-05), the others have none (BR-E-05, BR-AE-05, BR-O-05).
fn tax_of(charge: &Charge, field: &str) -> Result<Vat, Refusal> {
    vat_of(charge.vat_category, charge.vat_rate_bp)
        .ok()
        .filter(|vat| i32::from(vat.basis_points()) == charge.vat_rate_bp)
        .ok_or_else(|| {
            unsound(
                field,
                format!(
                    "The tax rate of line {} does not fit its category.",
                    charge.position
                ),
                format!(
                    "Momssatsen på linje {} passer ikke til kategorien.",
                    charge.position
                ),
            )
        })
}

/// BG-26: the first and the last day (BR-30).
fn period(
    charge: &Charge,
    field: &str,
) -> Result<Option<(chrono::NaiveDate, chrono::NaiveDate)>, Refusal> {
    let Some((first, until)) = charge.period_from.zip(charge.period_until) else {
        return Ok(None);
    };
    until
        .pred_opt()
        .filter(|last| first <= *last)
        .map(|last| Some((first, last)))
        .ok_or_else(|| {
            unsound(
                field,
                format!(
                    "The period of line {} ends before it begins.",
                    charge.position
                ),
                format!(
                    "Perioden på linje {} slutter, før den begynder.",
                    charge.position
                ),
            )
        })
}

/// BG-22: BR-CO-10, -13, -14, -15 and -16, and that they are the stored ones.
fn sums(facts: &Facts, currency: Currency, by_category: &[VatTotal]) -> Result<Totals, Refusal> {
    let sum = |amounts: Vec<Money>| Money::sum(currency, amounts).map_err(|_| too_large());
    let net = sum(by_category.iter().map(|total| total.net).collect())?;
    let vat = sum(by_category.iter().map(|total| total.tax).collect())?;
    let gross = net.checked_add(vat).map_err(|_| too_large())?;
    if gross.is_negative() {
        // DK-R-016 for credit notes; an invoice below zero would be one.
        return Err(unsound(
            "total",
            "The total cannot be below zero.",
            "Totalen kan ikke være under nul.",
        ));
    }
    let stored = (facts.net_minor, facts.vat_minor, facts.total_minor);
    if (net.minor, vat.minor, gross.minor) == stored {
        Ok(Totals { net, vat, gross })
    } else {
        Err(unsound(
            "total",
            "The totals are not the sums of the lines and their tax.",
            "Totalerne er ikke summen af linjerne og deres moms.",
        ))
    }
}

pub(super) fn too_large() -> Refusal {
    unsound(
        "total",
        "The sum of the lines is larger than can be invoiced.",
        "Summen af linjerne er større, end der kan faktureres.",
    )
}
