//! The way into membership: applied, rejected or admitted, agreed, begun. What it is not: what
//! happens to members; that is in `ends.rs`.

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{MembershipId, NetworkId, RoundId};
use crate::kernel::refusal::Refusal;
use crate::registry::memberships::model::{
    Activation, Admission, Application, Membership, MembershipEventKind, MembershipStatus, Step,
};
use crate::registry::memberships::progress::{self, Held, News};
use crate::registry::memberships::refusals::{MembershipRefusal, check_dates, check_past};
use crate::registry::memberships::rules;
use crate::registry::{cities, networks};

/// A city asks what membership means.
///
/// # Errors
/// As [`apply`].
pub fn inquire(tx: &mut Tx<'_>, application: &Application) -> Result<MembershipId> {
    open(tx, application, MembershipEventKind::Inquired)
}

/// A city applies. Who asked before applies in the same period; who was rejected or left begins a
/// new one.
///
/// # Errors
/// `NotFound` for no such city; refused while an application or membership runs.
pub fn apply(tx: &mut Tx<'_>, application: &Application) -> Result<MembershipId> {
    open(tx, application, MembershipEventKind::Applied)
}

fn open(
    tx: &mut Tx<'_>,
    application: &Application,
    kind: MembershipEventKind,
) -> Result<MembershipId> {
    tx.viewer.permit(Permission::DecideMembership)?;

    let city = cities::get(tx.db, application.city)?;
    progress::hold_city(tx, city.id)?;
    let network = network_of(tx, application.network, application.round)?;
    let news = News {
        kind,
        on: application.on.unwrap_or_else(|| tx.today()),
        note: progress::note(application.note.as_deref())?,
    };
    let dates = [
        ("appliedOn", application.on),
        ("statementOfIntentOn", application.statement_of_intent_on),
    ];
    no_problems(
        check_dates(&dates)
            .into_iter()
            .chain(check_past(tx.today(), &dates)),
    )?;

    let periods = progress::periods(tx, city.id, network)?;
    let number = progress::next_number(&periods);
    if let Some((held, status)) = progress::running(periods) {
        if (status, kind) != (MembershipStatus::Inquiry, MembershipEventKind::Applied) {
            return Err(Error::refused(MembershipRefusal::Running(status)));
        }
        progress::check(&held.facts, kind, news.on)?;
        let membership = Membership {
            round_id: application.round.or(held.membership.round_id),
            statement_of_intent_on: application
                .statement_of_intent_on
                .or(held.membership.statement_of_intent_on),
            ..held.membership
        };
        let facts = held.facts;
        return progress::take(tx, Held { membership, facts }, vec![news]);
    }
    let membership = Membership {
        id: tx.new_id(),
        city_id: city.id,
        network_id: network,
        round_id: application.round,
        number,
        statement_of_intent_on: application.statement_of_intent_on,
        decision_on: None,
        agreement_on: None,
        fee_waived: false,
        starts_on: None,
        ends_on: None,
        end_reason: None,
        note: None,
        created_at: tx.now,
        updated_at: tx.now,
        version: 1,
    };
    progress::begin(tx, membership, vec![news])
}

/// The application is rejected.
///
/// # Errors
/// `NotFound`, `Stale`; refused unless it is an application.
pub fn reject(tx: &mut Tx<'_>, step: &Step) -> Result<MembershipId> {
    tx.viewer.permit(Permission::DecideMembership)?;

    let held = progress::hold(tx, step.membership, step.version)?;
    let dates = [("rejectedOn", step.on)];
    no_problems(
        check_dates(&dates)
            .into_iter()
            .chain(check_past(tx.today(), &dates)),
    )?;
    let news = News {
        kind: MembershipEventKind::Rejected,
        on: step.on.unwrap_or_else(|| tx.today()),
        note: progress::note(step.note.as_deref())?,
    };
    progress::check(&held.facts, news.kind, news.on)?;

    progress::take(tx, held, vec![news])
}

/// The city is admitted: the mayor or the council decided, and the statement of intent is signed.
/// The decision may lie before the day on which the application was recorded.
///
/// # Errors
/// `NotFound`, `Stale`; refused without a statement of intent, or unless it is an application.
pub fn admit(tx: &mut Tx<'_>, admission: &Admission) -> Result<MembershipId> {
    tx.viewer.permit(Permission::DecideMembership)?;

    let held = progress::hold(tx, admission.membership, admission.version)?;
    let kind = MembershipEventKind::Admitted;
    must_stand_at(&held, kind, MembershipStatus::Applied)?;
    let dates = [
        ("decisionOn", Some(admission.decision_on)),
        ("statementOfIntentOn", admission.statement_of_intent_on),
    ];
    let intent = admission
        .statement_of_intent_on
        .or(held.membership.statement_of_intent_on);
    let missing = intent
        .is_none()
        .then(|| Refusal::from(MembershipRefusal::NoStatementOfIntent));
    no_problems(
        check_dates(&dates)
            .into_iter()
            .chain(check_past(tx.today(), &dates))
            .chain(missing),
    )?;
    progress::check(&held.facts, kind, admission.decision_on)?;

    let news = News {
        kind,
        on: admission.decision_on,
        note: progress::note(admission.note.as_deref())?,
    };
    let membership = Membership {
        decision_on: Some(admission.decision_on),
        statement_of_intent_on: intent,
        ..held.membership
    };
    let facts = held.facts;
    progress::take(tx, Held { membership, facts }, vec![news])
}

/// The financial agreement was signed. It changes no status: an admitted city needs it to begin,
/// and a member that began without one is on the work list until it has one.
///
/// # Errors
/// `NotFound`, `Stale`; refused unless the city is admitted or a member, or when an agreement of
/// another day is recorded.
pub fn agree(tx: &mut Tx<'_>, step: &Step) -> Result<MembershipId> {
    tx.viewer.permit(Permission::DecideMembership)?;

    let held = progress::hold(tx, step.membership, step.version)?;
    let on = step.on.unwrap_or_else(|| tx.today());
    let dates = [("agreementOn", Some(on))];
    no_problems(
        check_dates(&dates)
            .into_iter()
            .chain(check_past(tx.today(), &dates)),
    )?;
    let kind = MembershipEventKind::Agreed;
    let status = rules::final_status(&held.facts);
    if !status.is_some_and(|status| status.is_member() || status == MembershipStatus::Admitted) {
        return Err(Error::refused(MembershipRefusal::NotFrom(kind, status)));
    }
    if held.membership.agreement_on.is_some() {
        return Err(Error::refused(MembershipRefusal::Recorded("agreementOn")));
    }

    let note = progress::note(step.note.as_deref())?;
    let membership = Membership {
        agreement_on: Some(on),
        ..held.membership
    };
    let facts = held.facts;
    progress::take(
        tx,
        Held { membership, facts },
        vec![News { kind, on, note }],
    )
}

/// Membership begins, today, earlier or later. It needs the financial agreement, or the fee waived.
///
/// # Errors
/// `NotFound`, `Stale`; refused unless the city is admitted, before the decision, without an
/// agreement, or when the city is a member on some of the days by another period.
pub fn activate(tx: &mut Tx<'_>, activation: &Activation) -> Result<MembershipId> {
    tx.viewer.permit(Permission::DecideMembership)?;

    let held = progress::hold(tx, activation.membership, activation.version)?;
    let kind = MembershipEventKind::Activated;
    must_stand_at(&held, kind, MembershipStatus::Admitted)?;
    let agreement = activation.agreement_on.or(held.membership.agreement_on);
    let dates = [
        ("startsOn", Some(activation.starts_on)),
        ("agreementOn", activation.agreement_on),
    ];
    let signed = [("agreementOn", activation.agreement_on)];
    let early = held
        .membership
        .decision_on
        .filter(|decision| activation.starts_on < *decision)
        .map(|decision| MembershipRefusal::Earlier("startsOn", decision).into());
    let missing = (agreement.is_none() && !activation.fee_waived)
        .then(|| Refusal::from(MembershipRefusal::NoAgreement));
    let differs = (activation.agreement_on.is_some()
        && agreement != held.membership.agreement_on
        && held.membership.agreement_on.is_some())
    .then(|| Refusal::from(MembershipRefusal::Recorded("agreementOn")));
    no_problems(
        check_dates(&dates)
            .into_iter()
            .chain(check_past(tx.today(), &signed))
            .chain(early)
            .chain(missing)
            .chain(differs),
    )?;
    progress::check(&held.facts, kind, activation.starts_on)?;

    let note = progress::note(activation.note.as_deref())?;
    let newly_signed = activation
        .agreement_on
        .filter(|_| held.membership.agreement_on.is_none());
    let agreed = newly_signed.map(|on| News {
        kind: MembershipEventKind::Agreed,
        on,
        note: None,
    });
    let begun = News {
        kind,
        on: activation.starts_on,
        note,
    };
    let membership = Membership {
        agreement_on: agreement,
        fee_waived: activation.fee_waived,
        ..held.membership
    };
    let facts = held.facts;
    let news = agreed.into_iter().chain([begun]).collect();
    progress::take(tx, Held { membership, facts }, news)
}

/// All problems at once, or none.
pub(super) fn no_problems(problems: impl Iterator<Item = Refusal>) -> Result<()> {
    let problems: Vec<Refusal> = problems.collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Error::Refused(problems))
    }
}

/// Demands what everything recorded leads to.
fn must_stand_at(held: &Held, kind: MembershipEventKind, wanted: MembershipStatus) -> Result<()> {
    let status = rules::final_status(&held.facts);
    if status == Some(wanted) {
        return Ok(());
    }
    Err(Error::refused(MembershipRefusal::NotFrom(kind, status)))
}

/// The network named, else the international one; a round must be one of it.
pub(super) fn network_of(
    tx: &mut Tx<'_>,
    network: Option<NetworkId>,
    round: Option<RoundId>,
) -> Result<NetworkId> {
    let found = match network {
        Some(id) => networks::find(tx.db, id)?,
        None => networks::international(tx.db)?,
    };
    let network = found.ok_or_else(|| Error::refused(MembershipRefusal::Unknown("networkId")))?;
    if let Some(round) = round {
        let round = networks::find_round(tx.db, round)?;
        if round.is_none_or(|round| round.network_id != network.id) {
            return Err(Error::refused(MembershipRefusal::Unknown("roundId")));
        }
    }
    Ok(network.id)
}
