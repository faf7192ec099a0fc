//! The city that a row names. What it is not: the making of cities; a row of another kind never
//! registers one.

use crate::db::Tx;
use crate::exchange::columns::Column;
use crate::exchange::imports::fields::line;
use crate::exchange::sheet::{Field, Problem, ProblemCode, Row};
use crate::kernel::adoption::Given;
use crate::kernel::error::Result;
use crate::kernel::ids::CityId;
use crate::kernel::phrase::Phrase;
use crate::registry::cities;

/// The city of a row that must name one.
pub(super) fn city(
    tx: &mut Tx<'_>,
    row: &Row,
    problems: &mut Vec<Problem>,
) -> Result<Option<CityId>> {
    let name = row.text(Column::City, 200, problems).set();
    let country = row.country(Column::Country, problems).set();
    match (name, country) {
        (Some(name), Some(country)) => named(tx, row, Column::City, &name, country, problems),
        _ => Ok(None),
    }
}

/// The city of two columns that may be empty; a name needs its country, and a country its name.
pub(super) fn optional_city(
    tx: &mut Tx<'_>,
    row: &Row,
    (name, country): (Column, Column),
    problems: &mut Vec<Problem>,
) -> Result<Given<CityId>> {
    let given = line(row, name, problems);
    let in_country = row.country(country, problems);
    Ok(match (given, in_country) {
        (Given::Set(text), Field::Set(code)) => {
            named(tx, row, name, &text, code, problems)?.map_or(Given::Leave, Given::Set)
        }
        (Given::Set(_), Field::Keep | Field::Clear) => {
            let message = Phrase::new(
                "The city needs its country beside it.",
                "Byen skal have sit land ved siden af.",
            );
            problems.push(row.problem(country, ProblemCode::Required, message));
            Given::Leave
        }
        (Given::Leave, Field::Set(_)) => {
            let message = Phrase::new(
                "A country alone is no city; give the city too.",
                "Et land alene er ingen by; angiv også byen.",
            );
            problems.push(row.problem(name, ProblemCode::Required, message));
            Given::Leave
        }
        (Given::Clear, _) => Given::Clear,
        (Given::Leave, _) | (_, Field::Faulty) => Given::Leave,
    })
}

fn named(
    tx: &mut Tx<'_>,
    row: &Row,
    column: Column,
    name: &str,
    country: &str,
    problems: &mut Vec<Problem>,
) -> Result<Option<CityId>> {
    let found = cities::find_named(tx.db, country, name)?;
    if found.is_none() {
        let message = Phrase::new(
            format!("There is no city {name} in {country}; register or import it first."),
            format!("Der findes ingen by {name} i {country}; registrer eller importer den først."),
        );
        problems.push(row.problem(column, ProblemCode::Refused("NOT_FOUND"), message));
    }
    Ok(found.map(|city| city.id))
}
