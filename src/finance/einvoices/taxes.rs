//! The tax of a document by category, with the reasons why none is charged. What it is not: the choice of
//! a category; each line has its own.

use crate::finance::einvoices::charges::{currency, too_large};
use crate::finance::einvoices::facts::Facts;
use crate::finance::einvoices::preflight::unsound;
use crate::finance::einvoices::semantic::VatBreakdown;
use crate::finance::fees::{Vat, VatTotal, vat_totals};
use crate::finance::products::vat_of;
use crate::kernel::error::{Error, Result as CoreResult};
use crate::kernel::money::Money;
use crate::kernel::refusal::Refusal;

/// BG-23 for readers: the tax of each category, of an invoice that need not be fit for sending.
///
/// # Errors
/// A fault of ours for stored amounts and rates that are none.
pub fn vat_breakdown(facts: &Facts) -> CoreResult<Vec<VatBreakdown>> {
    let unreadable = |refusal: Refusal| {
        Error::Internal(anyhow::anyhow!(
            "a tax that cannot be told: {:?}",
            refusal.code
        ))
    };
    let currency = currency(&facts.currency).map_err(unreadable)?;
    let mut taxed = Vec::with_capacity(facts.charges.len());
    for charge in &facts.charges {
        let vat = vat_of(charge.vat_category, charge.vat_rate_bp)?;
        taxed.push((Money::new(charge.net_minor, currency), vat));
    }
    let totals = by_category(taxed, facts).map_err(unreadable)?;
    let breakdowns = totals.into_iter().map(|total| breakdown(total, facts));
    Ok(breakdowns.collect())
}

/// The tax of each category: as it was decided, else by its rate.
pub(super) fn by_category(
    taxed: impl IntoIterator<Item = (Money, Vat)>,
    facts: &Facts,
) -> Result<Vec<VatTotal>, Refusal> {
    let mut totals = vat_totals(taxed).map_err(|_| too_large())?;
    let Some(stated) = &facts.taxes else {
        return Ok(totals);
    };
    for total in &mut totals {
        let decided = stated.iter().find(|tax| {
            vat_of(tax.category, tax.rate_bp).is_ok_and(|vat| vat == total.vat)
                && tax.net_minor == total.net.minor
        });
        let minor = decided.map(|tax| tax.vat_minor).filter(|minor| {
            // BR-CO-17, BR-S-09: less than one whole unit from the rate.
            minor.abs_diff(total.tax.minor) < total.tax.currency.minor_per_major()
        });
        total.tax.minor = minor.ok_or_else(unlike_its_rate)?;
    }
    Ok(totals)
}

fn unlike_its_rate() -> Refusal {
    unsound(
        "taxes",
        "The tax of the credit note is not that of its lines.",
        "Momsen på kreditnotaen er ikke den, der hører til dens linjer.",
    )
}

/// BG-23. A category stands once, so the reasons of its lines stand together.
pub(super) fn breakdown(total: VatTotal, facts: &Facts) -> VatBreakdown {
    let mut reasons: Vec<&str> = Vec::new();
    for charge in &facts.charges {
        let reason = charge.exemption_reason.as_deref().map(str::trim);
        let alike =
            vat_of(charge.vat_category, charge.vat_rate_bp).is_ok_and(|vat| vat == total.vat);
        if let Some(reason) = reason.filter(|reason| alike && !reason.is_empty())
            && !reasons.contains(&reason)
        {
            reasons.push(reason);
        }
    }
    let taxed = matches!(total.vat, Vat::Standard(_));
    let mut codes = reasons
        .iter()
        .map(|reason| exemption_code(total.vat, reason));
    let first = codes.next().flatten();
    let exemption_code = first.filter(|first| codes.all(|code| code == Some(first)));
    VatBreakdown {
        vat: total.vat,
        net: total.net,
        tax: total.tax,
        exemption_reason: (!taxed && !reasons.is_empty()).then(|| reasons.join("; ")),
        exemption_code,
    }
}

/// BT-121: the code of the list VATEX that a reason means. For what is exempt it is known when the
/// reason names the exemption of subscriptions: article 132(1)(l) of directive 2006/112/EC, in
/// Denmark momsloven § 13, stk. 1, nr. 4.
#[must_use]
pub fn exemption_code(vat: Vat, reason: &str) -> Option<&'static str> {
    match vat {
        Vat::Standard(_) => None,
        Vat::ReverseCharge => Some("VATEX-EU-AE"),
        Vat::OutsideScope => Some("VATEX-EU-O"),
        Vat::Exempt => names_subscriptions(reason).then_some("VATEX-EU-132-1L"),
    }
}

fn names_subscriptions(reason: &str) -> bool {
    let reason: String = reason
        .chars()
        .filter(|character| !character.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect();
    let danish = reason
        .split("§13,stk.1,nr.4")
        .skip(1)
        .any(|rest| !rest.starts_with(|next: char| next.is_ascii_digit()));
    danish || reason.contains("132(1)(l)") || reason.contains("vatex-eu-132-1l")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finance::products::VatCategory;

    #[test]
    fn reasons_have_codes() {
        let standard = vat_of(VatCategory::S, 2500).unwrap();
        for (vat, reason, code) in [
            (
                Vat::Exempt,
                "Momsfri kontingentydelse, momslovens § 13, stk. 1, nr. 4 (VAT-exempt subscription)",
                Some("VATEX-EU-132-1L"),
            ),
            (
                Vat::Exempt,
                "ML §13, stk.\u{a0}1, nr.\u{a0}4",
                Some("VATEX-EU-132-1L"),
            ),
            (
                Vat::Exempt,
                "Article 132(1)(l) of Directive 2006/112/EC",
                Some("VATEX-EU-132-1L"),
            ),
            (Vat::Exempt, "momslovens § 13, stk. 1, nr. 40", None),
            (Vat::Exempt, "momslovens § 13, stk. 1, nr. 3", None),
            (Vat::ReverseCharge, "Reverse charge", Some("VATEX-EU-AE")),
            (
                Vat::OutsideScope,
                "International organisation",
                Some("VATEX-EU-O"),
            ),
            (standard, "", None),
        ] {
            assert_eq!(exemption_code(vat, reason), code, "{reason}");
        }
    }
}
