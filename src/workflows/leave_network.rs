//! The end of a membership with all that rests on it: the posts end in the registry, the pairings here.
//! What it is not: the rules of ends (`registry/memberships`) or of pairings (`mentoring/pairings`).

use crate::db::Tx;
use crate::kernel::error::Result;
use crate::kernel::ids::MembershipId;
use crate::mentoring::pairings;
use crate::registry::memberships::{self, Ending, Withdrawal};

/// The city leaves by its own notice, and its pairings end when it is out.
///
/// # Errors
/// As [`memberships::withdraw`].
pub fn withdraw(tx: &mut Tx<'_>, withdrawal: &Withdrawal) -> Result<MembershipId> {
    let id = memberships::withdraw(tx, withdrawal)?;
    end_pairings(tx, id)
}

/// The network excludes the city, and its pairings end when it is out.
///
/// # Errors
/// As [`memberships::expel`].
pub fn expel(tx: &mut Tx<'_>, ending: &Ending) -> Result<MembershipId> {
    let id = memberships::expel(tx, ending)?;
    end_pairings(tx, id)
}

/// The membership ends without a decision, and the city's pairings when it is out.
///
/// # Errors
/// As [`memberships::lapse`].
pub fn lapse(tx: &mut Tx<'_>, ending: &Ending) -> Result<MembershipId> {
    let id = memberships::lapse(tx, ending)?;
    end_pairings(tx, id)
}

fn end_pairings(tx: &mut Tx<'_>, id: MembershipId) -> Result<MembershipId> {
    let membership = memberships::get(tx.db, id)?;
    pairings::leave(tx, membership.city_id, membership.ends_on)?;
    Ok(id)
}
