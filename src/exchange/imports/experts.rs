//! A row of experts. What it is not: the rules of an expert (`registry::experts`).

use crate::db::Tx;
use crate::exchange::columns::Column;
use crate::exchange::imports::fields::{given, id, line, word};
use crate::exchange::imports::people::inside;
use crate::exchange::imports::places::optional_city;
use crate::exchange::imports::run::{RowOutcome, adopted};
use crate::exchange::sheet::{BUSINESS_YEARS, Problem, ProblemCode, Row};
use crate::kernel::adoption::Given;
use crate::kernel::phrase::Phrase;
use crate::kernel::policy_area::PolicyArea;
use crate::registry::experts::{self, ExpertRow};

/// Takes an expert over.
pub(super) fn row(tx: &mut Tx<'_>, row: &Row) -> RowOutcome {
    let mut problems = Vec::new();
    let kind = word(row, Column::Kind, &mut problems);
    let person = inside(row, &mut problems);
    let languages = row
        .list(Column::Languages, 35, &mut problems)
        .set()
        .unwrap_or_default();
    let policy_areas = areas(row, &mut problems);
    let home_city = optional_city(
        tx,
        row,
        (Column::HomeCity, Column::HomeCountry),
        &mut problems,
    )?;
    let organisation = line(row, Column::Organisation, &mut problems);
    let available_from = given(row.date(Column::AvailableFrom, BUSINESS_YEARS, &mut problems));
    let last_available = given(row.date(Column::AvailableUntil, BUSINESS_YEARS, &mut problems));
    let id = id(row, Column::Id, &mut problems);
    let (Some(kind), true) = (kind, problems.is_empty()) else {
        return Ok(Err(problems));
    };
    let expert = ExpertRow {
        id,
        person,
        kind,
        languages,
        policy_areas,
        organisation,
        home_city,
        available_from,
        last_available,
    };
    adopted(experts::adopt(tx, &expert)?)
}

fn areas(row: &Row, problems: &mut Vec<Problem>) -> Given<Vec<PolicyArea>> {
    let codes = match given(row.list(Column::PolicyAreas, 40, problems)) {
        Given::Set(codes) => codes,
        Given::Clear => return Given::Clear,
        Given::Leave => return Given::Leave,
    };
    let mut areas = Vec::with_capacity(codes.len());
    for code in codes {
        if let Ok(area) = code.to_uppercase().parse::<PolicyArea>() {
            areas.push(area);
        } else {
            let known: Vec<_> = PolicyArea::ALL.iter().map(|area| area.as_str()).collect();
            let message = Phrase::new(
                format!(
                    "There is no policy area {code}; the areas are {}.",
                    known.join(", ")
                ),
                format!(
                    "Der findes intet politikområde {code}; områderne er {}.",
                    known.join(", ")
                ),
            );
            problems.push(row.problem(
                Column::PolicyAreas,
                ProblemCode::Refused("NOT_FOUND"),
                message,
            ));
        }
    }
    Given::Set(areas)
}
