//! What every database of the service begins with: the networks and their rounds, the seller and
//! the memo's prices, the project's questionnaire, the good practices. What it is not: demonstration records.

use crate::db::Tx;
use crate::finance::products;
use crate::kernel::error::Result;
use crate::programme::practices;
use crate::programme::questionnaires;
use crate::programme::reference::{Network, NetworkLevel, Reference};
use crate::registry::networks::{self, NetworkKind, ReferenceNetwork, ReferenceRound};

/// Puts the reference records in; what is there already is left alone.
///
/// # Errors
/// What the database says.
pub fn ensure(tx: &mut Tx<'_>, reference: &Reference) -> Result<()> {
    let known: Vec<ReferenceNetwork> = reference.networks.iter().map(network).collect();
    networks::ensure_reference(tx, &known)?;
    products::ensure_reference(tx)?;
    questionnaires::ensure_own(tx)?;
    practices::ensure_reference(tx, reference)
}

fn network(network: &Network) -> ReferenceNetwork {
    let rounds = network.rounds.iter().map(|round| ReferenceRound {
        number: round.number,
        name: round.name.clone(),
        first_year: round.first_year,
        last_year: round.last_year,
        expected_cities: round.city_count,
    });
    ReferenceNetwork {
        code: network.slug.clone(),
        kind: match network.level {
            NetworkLevel::International => NetworkKind::International,
            NetworkLevel::National => NetworkKind::National,
        },
        country: network.country.clone(),
        name: network.name.clone(),
        local_name: network.local_name.clone(),
        abbreviation: network.abbreviation.clone(),
        rounds: rounds.collect(),
    }
}
