//! What stands on the lines of invoices that funders pay a share of. What it is not: amounts.

use crate::finance::fees::{danish, english};
use crate::finance::invoices::InvoiceLine;
use crate::kernel::money::Money;
use crate::kernel::phrase::Phrase;

/// What a city reads of a share that a funder pays: after the formula of its line.
#[must_use]
pub(super) fn of_city(paid: Money, funder: &str, is_noted: bool) -> Phrase {
    let (en, da) = (english(paid), danish(paid));
    if is_noted {
        Phrase::new(
            format!("; {funder} pays {en} of this"),
            format!("; heraf betaler {funder} {da}"),
        )
    } else {
        Phrase::new(
            format!("; less {en} paid by {funder}"),
            format!("; fratrukket {da}, som {funder} betaler"),
        )
    }
}

/// The line of a funder: what the city's line is for, for which city, and how much of it.
#[must_use]
pub(super) fn of_funder(
    line: &InvoiceLine,
    whole: Money,
    paid: Money,
    city: &str,
    title: &str,
) -> (Phrase, Phrase) {
    let description = Phrase::new(
        format!("{} for {city}: {title}", line.description_en),
        format!("{} for {city}: {title}", line.description_da),
    );
    let formula = Phrase::new(
        format!(
            "{} of {} ({})",
            english(paid),
            english(whole),
            before_shares(&line.formula_en)
        ),
        format!(
            "{} af {} ({})",
            danish(paid),
            danish(whole),
            before_shares(&line.formula_da)
        ),
    );
    (description, formula)
}

/// The line of a city that bears what a funder no longer pays.
#[must_use]
pub(super) fn of_bearer(line: &InvoiceLine, funder: &str) -> Phrase {
    Phrase::new(
        format!("{}, no longer paid by {funder}", line.description_en),
        format!("{}, betales ikke længere af {funder}", line.description_da),
    )
}

/// The formula as it was before funders paid a share.
fn before_shares(formula: &str) -> &str {
    formula.split("; ").next().unwrap_or(formula)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::money::Currency;

    #[test]
    fn the_formula_of_a_city_says_who_pays_the_rest() {
        let paid = Money::new(4_500_000, Currency::DKK);
        let share = of_city(paid, "Fonden", false);
        assert_eq!(share.da, "; fratrukket 45.000,00, som Fonden betaler");
        assert_eq!(share.en, "; less 45,000.00 paid by Fonden");
        assert_eq!(
            of_city(paid, "Fonden", true).da,
            "; heraf betaler Fonden 45.000,00"
        );
        assert_eq!(
            before_shares(&format!("75.000,00 × 1 år{}", share.da)),
            "75.000,00 × 1 år"
        );
    }
}
