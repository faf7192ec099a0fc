//! The change of a contract in one transaction. What it is not: the new plan; that is a rule.
//!
//! The city is locked first: whoever drafts or issues one of its instalments holds the same row.

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::finance::package_billing;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{Id, PackageId};
use crate::kernel::money::Money;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::programme::packages::{self, NewPlan, PackagePart};
use crate::registry::cities;
use crate::workflows::amend_package::rules::{Known, NewMilestone, Rest, amended};

/// A contract that shall be changed, as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTerms {
    /// The package.
    pub package: PackageId,
    /// The version that was read.
    pub version: i32,
    /// The new price, as written in the currency of the contract; the old one when nothing is said.
    pub price: Option<String>,
    /// In how many equal instalments the rest is paid; as before when nothing is said.
    pub instalments: Option<i32>,
    /// By which milestones the rest is paid instead: titles and amounts as written.
    pub milestones: Option<Vec<(String, String)>>,
}

/// Changes the contract of a package. What is invoiced, or drafted, keeps its amounts; the rest of the price
/// is divided anew.
///
/// # Errors
/// `NotFound`, `Stale`; refused for a package that was ended, for a price below what is invoiced, and for
/// milestones that are not the rest of it.
pub fn amend_package(tx: &mut Tx<'_>, asked: &NewTerms) -> Result<PackageId> {
    tx.viewer.permit(Permission::EnrolInPackage)?;

    let found = packages::get(tx.db, asked.package)?;
    cities::lock(tx, found.city_id)?;
    let package = packages::get(tx.db, asked.package)?;
    let old = package.agreed_price()?;
    let billing = package_billing::billings(tx.db, std::slice::from_ref(&package))?
        .into_iter()
        .next()
        .ok_or_else(|| Error::NotFound {
            kind: PackageId::KIND,
            id: asked.package.public(),
        })?;
    let known: Vec<Known> = billing
        .instalments
        .iter()
        .map(|one| Known {
            number: one.number,
            title: one.title.clone(),
            minor: one.net.minor,
            falls_on: one.falls_on,
            is_invoiced: one.state.has_invoice(),
        })
        .collect();
    let mut problems = Vec::new();
    let mut amount = |field: &str, text: &str| {
        Money::parse(text, old.currency)
            .map_err(|refusal| {
                let phrase = refusal.phrase();
                let code = RefusalCode::OutOfRange;
                problems.push(Refusal::new(code, field, phrase.en, phrase.da));
            })
            .unwrap_or(Money::zero(old.currency))
    };
    let price = match &asked.price {
        Some(text) => amount("price", text),
        None => old,
    };
    let milestones = asked.milestones.as_ref().map(|said| {
        let one = |(place, (title, text)): (usize, &(String, String))| NewMilestone {
            title: title.clone(),
            minor: amount(&format!("milestones.{place}.amount"), text).minor,
        };
        said.iter().enumerate().map(one).collect::<Vec<_>>()
    });
    if !problems.is_empty() {
        return Err(Error::Refused(problems));
    }
    let rest = Rest {
        instalments: asked.instalments,
        milestones,
    };
    let parts = amended(
        &known,
        price,
        &rest,
        (package.starts_on, package.ends_on),
        tx.today(),
    )
    .map_err(Error::Refused)?;
    let parts = parts.into_iter().map(|part| PackagePart {
        package_id: package.id,
        position: part.number,
        title: part.title,
        amount_minor: part.minor,
        falls_on: part.falls_on,
    });
    let amendment = NewPlan {
        package: package.id,
        version: asked.version,
        price,
        parts: parts.collect(),
    };
    packages::amend(tx, &amendment)
}
