//! A row of memberships. What it is not: the state machine of a membership
//! (`registry::memberships`).

use crate::db::Tx;
use crate::exchange::columns::Column;
use crate::exchange::imports::fields::{date, line, word};
use crate::exchange::imports::places::city;
use crate::exchange::imports::run::{RowOutcome, adopted};
use crate::exchange::sheet::{Problem, ProblemCode, Row};
use crate::kernel::adoption::Given;
use crate::kernel::error::Result;
use crate::kernel::ids::NetworkId;
use crate::kernel::phrase::Phrase;
use crate::registry::memberships::{self, AdoptedMembership};
use crate::registry::networks;

/// Takes a period of membership over.
pub(super) fn row(tx: &mut Tx<'_>, row: &Row) -> RowOutcome {
    let mut problems = Vec::new();
    let city = city(tx, row, &mut problems)?;
    let network = network(tx, row, &mut problems)?;
    let joined_on = date(row, Column::JoinedOn, &mut problems);
    let ended_on = date(row, Column::EndedOn, &mut problems);
    let end_reason = word(row, Column::EndReason, &mut problems);
    let statement_of_intent_on = date(row, Column::StatementOfIntentOn, &mut problems);
    let decision_on = date(row, Column::DecisionOn, &mut problems);
    let agreement_on = date(row, Column::AgreementOn, &mut problems);
    let (Some(city), Some(joined_on), true) = (city, joined_on, problems.is_empty()) else {
        return Ok(Err(problems));
    };
    let period = AdoptedMembership {
        city,
        network,
        round: None,
        joined_on,
        ended_on,
        end_reason,
        statement_of_intent_on,
        decision_on,
        agreement_on,
        fee_waived: false,
    };
    adopted(memberships::adopt(tx, &period)?)
}

/// The network by its code; without one the international network.
fn network(tx: &mut Tx<'_>, row: &Row, problems: &mut Vec<Problem>) -> Result<Option<NetworkId>> {
    let Given::Set(code) = line(row, Column::Network, problems) else {
        return Ok(None);
    };
    let found = networks::find_by_code(tx.db, &code)?;
    if found.is_none() {
        let known: Vec<_> = networks::all(tx.db)?
            .into_iter()
            .map(|network| network.code)
            .collect();
        let message = Phrase::new(
            format!(
                "There is no network {code}; the networks are {}.",
                known.join(", ")
            ),
            format!(
                "Der findes intet netværk {code}; netværkene er {}.",
                known.join(", ")
            ),
        );
        problems.push(row.problem(Column::Network, ProblemCode::Refused("NOT_FOUND"), message));
    }
    Ok(found.map(|network| network.id))
}
