//! Amounts, days and currencies of ISO 20022. What it is not: tables; those write theirs otherwise.

use chrono::NaiveDate;

use crate::finance::bank::amounts;
use crate::finance::bank::fault::{Fault, FaultCode, Spot};
use crate::finance::bank::model::Direction;
use crate::finance::bank::xml::Element;
use crate::kernel::money::Currency;
use crate::kernel::period::check_date;

/// The currency of a code.
pub(super) fn currency(spot: &Spot, code: &str) -> Result<Currency, Fault> {
    Currency::parse(code).map_err(|_| {
        let said: String = code.chars().take(10).collect();
        Fault::at(
            spot,
            FaultCode::Currency,
            format!("{said:?} is no currency."),
            format!("{said:?} er ingen valuta."),
        )
    })
}

/// The amount in an element with its currency, in minor units.
pub(super) fn amount(spot: &Spot, element: &Element) -> Result<(i64, Currency), Fault> {
    let name = &element.name;
    let code = element.currency.as_deref().ok_or_else(|| {
        Fault::at(
            spot,
            FaultCode::Missing,
            format!("The currency of {name} is missing."),
            format!("Valutaen i {name} mangler."),
        )
    })?;
    let currency = currency(spot, code)?;
    let text = element.text.trim();
    let minor = amounts::decimal(text, currency).map_err(|why| why.fault(spot, text))?;
    Ok((minor, currency))
}

/// Whether money came or went, by the word in `CdtDbtInd`.
pub(super) fn direction(spot: &Spot, element: &Element) -> Result<Direction, Fault> {
    match element.text_at(&["CdtDbtInd"]) {
        Some("CRDT") => Ok(Direction::Credit),
        Some("DBIT") => Ok(Direction::Debit),
        Some(other) => Err(unknown_word(spot, "CdtDbtInd", other)),
        None => Err(super::missing(spot, "CdtDbtInd")),
    }
}

/// A word that is not known where it stands.
pub(super) fn unknown_word(spot: &Spot, element: &str, word: &str) -> Fault {
    let said: String = word.chars().take(30).collect();
    Fault::at(
        spot,
        FaultCode::Unknown,
        format!("{element} is {said:?}, which is not known."),
        format!("{element} er {said:?}, som ikke kendes."),
    )
}

/// The day in an element with a day or a moment: a moment is of the day that the bank wrote.
pub(super) fn day(spot: &Spot, parent: &Element, name: &str) -> Result<Option<NaiveDate>, Fault> {
    let Some(element) = parent.child(name) else {
        return Ok(None);
    };
    match element.text_at(&["Dt"]).or(element.text_at(&["DtTm"])) {
        Some(text) => day_of(spot, name, text).map(Some),
        None => Err(super::missing(spot, &format!("{name}/Dt"))),
    }
}

/// The day that a text begins with: `2026-03-15`, `2026-03-15+01:00`, `2026-03-15T09:30:00Z`.
pub(super) fn day_of(spot: &Spot, name: &str, text: &str) -> Result<NaiveDate, Fault> {
    let (day, rest) = text.split_at_checked(10).unwrap_or((text, ""));
    let ends_well = rest.is_empty() || rest.starts_with(['T', 'Z', '+', '-']);
    NaiveDate::parse_from_str(day, "%Y-%m-%d")
        .ok()
        .filter(|day| ends_well && check_date(*day).is_ok())
        .ok_or_else(|| {
            let said: String = text.chars().take(40).collect();
            Fault::at(
                spot,
                FaultCode::Date,
                format!("{name} is {said:?}, which is no day from 2000 to 2100."),
                format!("{name} er {said:?}, som ikke er en dag fra 2000 til 2100."),
            )
        })
}
