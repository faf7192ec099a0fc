//! Who is invoiced by an invoice that names a grant, and where to. What it is not: the funder's record.

use std::collections::HashMap;

use crate::db::Db;
use crate::finance::funders;
use crate::finance::grants::store;
use crate::finance::invoices::{self, Party};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{FunderId, FundingGrantId, Id};
use crate::registry::cities::City;

/// Whoever pays an invoice: a city, or a funder in its stead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payer {
    /// What stands on the invoice.
    pub party: Party,
    /// Where it is mailed to.
    pub email: Option<String>,
}

impl Payer {
    /// A city, as it is now.
    #[must_use]
    pub fn of_city(city: &City) -> Self {
        Self {
            party: invoices::buyer_party(city),
            email: city.invoice_email.clone(),
        }
    }
}

/// The funder that is invoiced for a grant, as it is now.
///
/// # Errors
/// `NotFound`.
pub fn payer(db: &mut Db, grant: FundingGrantId) -> Result<Payer> {
    payers(db, &[grant])?
        .remove(&grant)
        .ok_or_else(|| Error::NotFound {
            kind: FundingGrantId::KIND,
            id: grant.public(),
        })
}

/// The funders that are invoiced for these grants, as they are now.
///
/// # Errors
/// What the database says.
pub fn payers(db: &mut Db, grants: &[FundingGrantId]) -> Result<HashMap<FundingGrantId, Payer>> {
    if grants.is_empty() {
        return Ok(HashMap::new());
    }
    let found = store::find_many(db, grants)?;
    let ids: Vec<FunderId> = found.iter().map(|grant| grant.funder_id).collect();
    let known: HashMap<FunderId, _> = funders::find_many(db, &ids)?
        .into_iter()
        .map(|funder| (funder.id, funder))
        .collect();
    let payer = |grant: crate::finance::grants::FundingGrant| {
        let funder = known.get(&grant.funder_id)?;
        let payer = Payer {
            party: funder.party(grant.reference.as_deref()),
            email: funder.email.clone(),
        };
        Some((grant.id, payer))
    };
    Ok(found.into_iter().filter_map(payer).collect())
}
