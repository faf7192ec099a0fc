//! What is known of some cities, and from it what a run does about each of their memberships: the same
//! for the preview and for the run. What it is not: the doing (`actions`).

use std::collections::HashMap;

use crate::db::Db;
use crate::finance::fee_runs::model::{FeeRunOutcome, FeeRunReason, FeeRunStep, NewFeeRun};
use crate::finance::fee_runs::rules::{self, Left, Verdict};
use crate::finance::grants;
use crate::finance::invoices::{self, Draft, FeeTariff, InvoiceLine, Stamp};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, InvoiceId, NetworkId};
use crate::registry::cities::City;
use crate::registry::memberships::{self, Membership};
use crate::registry::networks;

/// What is the same for all cities of a run.
#[derive(Debug)]
pub(super) struct Frame {
    /// The tariff.
    pub tariff: FeeTariff,
    /// The network whose fees are run.
    pub network: Option<NetworkId>,
}

/// What is the same for all cities, as it is now.
pub(super) fn frame(db: &mut Db) -> Result<Frame> {
    Ok(Frame {
        tariff: invoices::fee_tariff(db)?,
        network: networks::international(db)?.map(|network| network.id),
    })
}

/// What is done about a membership.
#[derive(Debug)]
pub(super) struct Planned {
    /// The membership.
    pub membership: Membership,
    /// What is done.
    pub deed: Deed,
}

/// What is done.
#[derive(Debug)]
pub(super) enum Deed {
    /// A new draft.
    New(Draft),
    /// A draft that is there already is issued.
    Known(Draft),
    /// Nothing, and the invoice that it is for.
    Leave(Left, Option<InvoiceId>),
}

impl Planned {
    /// The draft, if something is invoiced.
    pub(super) fn draft(&self) -> Option<&Draft> {
        match &self.deed {
            Deed::New(draft) | Deed::Known(draft) => Some(draft),
            Deed::Leave(..) => None,
        }
    }

    /// What comes of it.
    pub(super) fn outcome(&self, step: FeeRunStep) -> FeeRunOutcome {
        match (&self.deed, step) {
            (Deed::Leave(left, _), _) => left.reason.outcome(),
            (_, FeeRunStep::Draft) => FeeRunOutcome::Drafted,
            (_, FeeRunStep::Issue) => FeeRunOutcome::Invoiced,
        }
    }
}

/// What a run does about every membership of these cities that belongs to it, in their order: by city
/// and by first day.
pub(super) fn plan(
    db: &mut Db,
    stamp: Stamp,
    frame: &Frame,
    run: NewFeeRun,
    cities: &HashMap<CityId, City>,
) -> Result<Vec<Planned>> {
    let keys: Vec<CityId> = cities.keys().copied().collect();
    let mut books = invoices::fee_books(db, &keys, run.fee_year)?;
    let mut members = memberships::periods_of_cities(db, &keys)?;
    members.retain(|member| rules::belongs(&frame.tariff.policy, member, run.fee_year));
    let drafts: Vec<InvoiceId> = members
        .iter()
        .filter_map(|member| books.invoice_of(member.id))
        .filter(|invoice| invoice.number.is_none())
        .map(|invoice| invoice.id)
        .collect();
    let mut lines = if run.step == FeeRunStep::Issue && !drafts.is_empty() {
        invoices::lines_of_many(db, &drafts)?
    } else {
        HashMap::new()
    };

    let awaiting = if run.step == FeeRunStep::Issue {
        grants::awaiting(db, &keys)?
    } else {
        Vec::new()
    };

    let mut planned = Vec::with_capacity(members.len());
    for membership in members {
        let is_international = Some(membership.network_id) == frame.network;
        let known = books.invoice_of(membership.id).cloned();
        let verdict = rules::verdict(
            &frame.tariff,
            &books,
            is_international,
            &membership,
            run.fee_year,
            run.step,
        );
        let verdict = rules::unless_funded(verdict, &membership, known.as_ref(), &awaiting);
        let city = cities
            .get(&membership.city_id)
            .ok_or_else(|| Error::Internal(anyhow::anyhow!("a membership of no city")))?;
        let deed = match (verdict, known) {
            (Verdict::Leave(left), known) => Deed::Leave(left, known.map(|invoice| invoice.id)),
            (Verdict::IssueDraft(fee), Some(invoice)) => {
                let lines: Vec<InvoiceLine> = lines.remove(&invoice.id).unwrap_or_default();
                match invoices::refuse_another(&invoice, &lines, &fee) {
                    Ok(()) => fit(&frame.tariff, city, Deed::Known((invoice, lines)))?,
                    Err(refusal) => Deed::Leave(
                        Left::refused(FeeRunReason::Refused, &[refusal]),
                        Some(invoice.id),
                    ),
                }
            }
            (Verdict::Charge(fee) | Verdict::IssueDraft(fee), _) => {
                match invoices::fee_draft(stamp, &frame.tariff, &membership, &fee) {
                    Ok(draft) => {
                        let deed = fit(&frame.tariff, city, Deed::New(draft))?;
                        if matches!(deed, Deed::New(_)) {
                            books.charge(&membership, &fee);
                        }
                        deed
                    }
                    Err(Error::Refused(refusals)) => {
                        Deed::Leave(Left::refused(FeeRunReason::Refused, &refusals), None)
                    }
                    Err(other) => return Err(other),
                }
            }
        };
        planned.push(Planned { membership, deed });
    }
    Ok(planned)
}

/// The deed, unless its draft could not be issued.
fn fit(tariff: &FeeTariff, city: &City, deed: Deed) -> Result<Deed> {
    let (Deed::New(draft) | Deed::Known(draft)) = &deed else {
        return Ok(deed);
    };
    let known = match &deed {
        Deed::Known((invoice, _)) => Some(invoice.id),
        _ => None,
    };
    if let Err(refusal) = invoices::refuse_mixed_tax(&draft.1) {
        let left = Left::refused(FeeRunReason::Refused, &[refusal]);
        return Ok(Deed::Leave(left, known));
    }
    match invoices::refuse_undeliverable(tariff, city, draft) {
        Ok(()) => Ok(deed),
        Err(Error::Refused(refusals)) => {
            let left = Left::refused(FeeRunReason::NotDeliverable, &refusals);
            Ok(Deed::Leave(left, known))
        }
        Err(other) => Err(other),
    }
}
