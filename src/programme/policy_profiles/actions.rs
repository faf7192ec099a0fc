//! Stating where a city's policy stands. What it is not: the rules.

use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::identity::audit;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::{CityId, Id, PolicyStatementId};
use crate::kernel::text;
use crate::programme::policy_profiles::model::{NewPolicyStatement, PolicyStatement};
use crate::programme::policy_profiles::{rules, store};
use crate::registry::cities;

/// States where a city's policy stands in an area.
///
/// # Errors
/// `NotFound`, also for another city's coordinator; `Stale`; refused with every reason against it.
pub fn state(tx: &mut Tx<'_>, new: &NewPolicyStatement) -> Result<PolicyStatementId> {
    let scope = tx.viewer.scope_of_list(Permission::ReportProgress)?;
    if !scope.has_city(new.city) {
        return Err(Error::NotFound {
            kind: CityId::KIND,
            id: new.city.public(),
        });
    }

    cities::lock(tx, new.city)?;
    let stated = store::of_cities(tx.db, &[new.city])?.remove(&new.city);
    let mut of_area = stated.unwrap_or_default().into_iter();
    let last = of_area.find(|one| one.area == new.area);
    expect_version(
        Some(new.version),
        last.as_ref().map_or(0, |last| last.sequence),
    )?;
    let evidence = text::paragraph("evidence", &new.evidence)?;
    let on = new.on.unwrap_or_else(|| tx.today());
    rules::check(last.as_ref(), new.shares, on, tx.today()).map_err(Error::Refused)?;

    let statement = PolicyStatement {
        id: tx.new_id(),
        city_id: new.city,
        area: new.area,
        sequence: new.version.saturating_add(1),
        intercultural: new.shares.intercultural,
        multicultural: new.shares.multicultural,
        assimilation: new.shares.assimilation,
        stated_on: on,
        evidence,
        source_url: new.source_url.clone(),
        said_by: tx.viewer.name().to_owned(),
        created_at: tx.now,
        created_by: tx.viewer.user_id(),
    };
    store::insert(tx, &statement)?;

    let shares = [
        statement.intercultural,
        statement.multicultural,
        statement.assimilation,
    ];
    let details = json!({ "area": statement.area, "shares": shares, "on": on });
    audit::record(tx, "policy.stated", statement.id, Some(new.city), details)?;
    Ok(statement.id)
}
