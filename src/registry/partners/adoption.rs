//! Taking over a row of an import as a partner: found by id, else by name, which no two partners
//! share. What it is not: the reading of the row.

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::kernel::adoption::{Adopted, Given};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::PartnerId;
use crate::registry::partners::actions;
use crate::registry::partners::model::{NewPartner, PartnerKind};
use crate::registry::partners::{rules, store};

/// What a row says of a partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartnerRow {
    /// The partner, when the row names it.
    pub id: Option<PartnerId>,
    /// The name.
    pub name: String,
    /// What kind of partner it is.
    pub kind: PartnerKind,
    /// ISO 3166-1 alpha-2.
    pub country: Given<String>,
    /// The web address.
    pub website: Given<String>,
    /// Where to write to.
    pub email: Given<String>,
}

/// Takes over a row: registers the partner, revises it, or finds that nothing changed.
///
/// # Errors
/// `NotFound` for an unknown id; refused when the content is wrong.
pub fn adopt(tx: &mut Tx<'_>, row: &PartnerRow) -> Result<Adopted<PartnerId>> {
    tx.viewer.permit(Permission::RegisterPeople)?;

    let known = match row.id {
        Some(id) => Some(store::get(tx.db, id)?),
        None => store::find_by_name(tx.db, &row.name)?,
    };
    let Some(known) = known else {
        let new = NewPartner {
            name: row.name.clone(),
            kind: row.kind,
            country: row.country.onto(None),
            website: row.website.onto(None),
            email: row.email.onto(None),
            description: None,
        };
        return Ok(Adopted::Created(actions::register(tx, &new)?));
    };
    let partner = store::lock(tx, known.id)?;
    let said = NewPartner {
        name: partner.name.clone(),
        kind: partner.kind,
        country: partner.country.clone(),
        website: partner.website.clone(),
        email: partner.email.clone(),
        description: partner.description.clone(),
    };
    let revised = rules::check(&NewPartner {
        name: row.name.clone(),
        kind: row.kind,
        country: row.country.onto(said.country.clone()),
        website: row.website.onto(said.website.clone()),
        email: row.email.onto(said.email.clone()),
        description: said.description.clone(),
    })
    .map_err(Error::Refused)?;
    if revised == said {
        return Ok(Adopted::Unchanged(partner.id));
    }

    Ok(Adopted::Updated(actions::replace(tx, partner, revised)?))
}
