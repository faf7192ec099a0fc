//! Proposing a practice, handing it in, giving it back, publishing it. What it is not: the rules.

use serde_json::json;

use crate::access::permission::Permission;
use crate::access::viewer::Viewer;
use crate::db::Tx;
use crate::identity::audit;
use crate::kernel::error::{Error, Result, expect_version};
use crate::kernel::ids::{CityId, Id, PracticeId, PracticeProposalId};
use crate::kernel::json::Json;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::text;
use crate::programme::practice_proposals::model::{NewProposal, PracticeProposal, ProposalStatus};
use crate::programme::practice_proposals::{rules, store};
use crate::programme::practices::{self, Content, Practice, PracticeStatus};
use crate::registry::cities;

/// Proposes a practice, or the next edition of one.
///
/// # Errors
/// `NotFound`, also for another city's coordinator; refused with everything that is wrong with the words.
pub fn propose(tx: &mut Tx<'_>, new: NewProposal) -> Result<PracticeProposalId> {
    tx.viewer.scope_of_list(Permission::ProposePractices)?;
    let practice = match new.practice {
        Some(id) => Some(published(tx, id)?),
        None => None,
    };
    let city_id = practice
        .as_ref()
        .map_or(new.city, |practice| practice.city_id.or(new.city));
    demand_own(tx.viewer, city_id)?;

    let content = said(tx, city_id, new.content)?;
    let proposal = PracticeProposal {
        id: tx.new_id(),
        practice_id: practice.as_ref().map(|practice| practice.id),
        city_id,
        status: ProposalStatus::Draft,
        based_on: practice.map_or(0, |practice| practice.edition),
        content: Json::of(&content)?,
        remark: None,
        submitted_at: None,
        submitted_by: None,
        published_at: None,
        published_by: None,
        created_at: tx.now,
        created_by: tx.viewer.user_id(),
        updated_at: tx.now,
        version: 1,
    };
    store::insert(tx, &proposal)?;

    note(tx, "practice.proposed", &proposal)
}

/// Writes the words of a draft anew. An edition that was published meanwhile is what they are written on.
///
/// # Errors
/// `NotFound`, `Stale`; refused for what is not a draft, and with everything that is wrong with the words.
pub fn revise(
    tx: &mut Tx<'_>,
    id: PracticeProposalId,
    version: i32,
    content: Content,
) -> Result<PracticeProposalId> {
    let proposal = own(tx, id, version)?;
    rules::demand(&proposal, ProposalStatus::Draft).map_err(Error::refused)?;
    let content = said(tx, proposal.city_id, content)?;
    let based_on = match proposal.practice_id {
        Some(practice) => published(tx, practice)?.edition,
        None => 0,
    };

    let revised = PracticeProposal {
        content: Json::of(&content)?,
        based_on,
        ..changed(proposal, tx)
    };
    store::update(tx, &revised)?;

    note(tx, "practice.proposal_revised", &revised)
}

/// Hands a draft in.
///
/// # Errors
/// `NotFound`, `Stale`; refused for what is not a draft, and with everything that is missing.
pub fn submit(tx: &mut Tx<'_>, id: PracticeProposalId, version: i32) -> Result<PracticeProposalId> {
    let proposal = own(tx, id, version)?;
    rules::demand(&proposal, ProposalStatus::Draft).map_err(Error::refused)?;
    let missing = rules::missing(&proposal.words()?);
    if !missing.is_empty() {
        return Err(Error::Refused(missing));
    }

    let submitted = PracticeProposal {
        status: ProposalStatus::Submitted,
        remark: None,
        submitted_at: Some(tx.now),
        submitted_by: tx.viewer.user_id(),
        ..changed(proposal, tx)
    };
    store::update(tx, &submitted)?;

    note(tx, "practice.submitted", &submitted)
}

/// Takes a proposal back that is not published.
///
/// # Errors
/// `NotFound`, `Stale`; refused for what is published or taken back.
pub fn withdraw(
    tx: &mut Tx<'_>,
    id: PracticeProposalId,
    version: i32,
) -> Result<PracticeProposalId> {
    let proposal = own(tx, id, version)?;
    if proposal.status != ProposalStatus::Submitted {
        rules::demand(&proposal, ProposalStatus::Draft).map_err(Error::refused)?;
    }

    let withdrawn = PracticeProposal {
        status: ProposalStatus::Withdrawn,
        ..changed(proposal, tx)
    };
    store::update(tx, &withdrawn)?;

    note(tx, "practice.proposal_withdrawn", &withdrawn)
}

/// Gives a proposal back to whoever wrote it.
///
/// # Errors
/// `NotFound`, `Stale`; refused without a remark, and for what was not handed in.
pub fn give_back(
    tx: &mut Tx<'_>,
    id: PracticeProposalId,
    version: i32,
    remark: &str,
) -> Result<PracticeProposalId> {
    let proposal = moderated(tx, id, version)?;
    rules::demand(&proposal, ProposalStatus::Submitted).map_err(Error::refused)?;
    let remark = text::paragraph("remark", remark)?;

    let returned = PracticeProposal {
        status: ProposalStatus::Draft,
        remark: Some(remark),
        submitted_at: None,
        submitted_by: None,
        ..changed(proposal, tx)
    };
    store::update(tx, &returned)?;

    note(tx, "practice.returned", &returned)
}

/// Publishes a proposal: as a new practice, or as the next edition of one.
///
/// # Errors
/// `NotFound`, `Stale`; `SecondPersonNeeded` for whoever handed it in; refused for what was not handed in,
/// for a title that the city has already, and when another edition was published meanwhile.
pub fn publish(
    tx: &mut Tx<'_>,
    id: PracticeProposalId,
    version: i32,
) -> Result<PracticeProposalId> {
    let proposal = moderated(tx, id, version)?;
    rules::check_publisher(&proposal, tx.viewer.user_id()).map_err(Error::refused)?;
    let known = match proposal.practice_id {
        Some(practice) => Some(published(tx, practice)?),
        None => None,
    };
    if known
        .as_ref()
        .is_some_and(|known| known.edition != proposal.based_on)
    {
        return Err(Error::refused(Refusal::new(
            RefusalCode::NotInState,
            "proposalId",
            "Another edition was published since this one was written; give it back to be written on that.",
            "Der er offentliggjort en anden udgave, siden denne blev skrevet; send den tilbage, så den kan bygge på den.",
        )));
    }
    let content = proposal.words()?;
    let practice = practices::publish(tx, &content, proposal.city_id, known.as_ref())?;

    let done = PracticeProposal {
        practice_id: Some(practice),
        status: ProposalStatus::Published,
        published_at: Some(tx.now),
        published_by: tx.viewer.user_id(),
        ..changed(proposal, tx)
    };
    store::update(tx, &done)?;

    note(tx, "practice.proposal_published", &done)
}

/// The words made fit to keep, with the name and the country of a registered city.
fn said(tx: &mut Tx<'_>, city: Option<CityId>, content: Content) -> Result<Content> {
    let content = match city {
        Some(id) => {
            let city = cities::get(tx.db, id)?;
            Content {
                city_name: city.name,
                country: city.country,
                ..content
            }
        }
        None => content,
    };
    rules::checked(content, tx.today()).map_err(|refusals| {
        let under = |refusal: Refusal| refusal.under("content");
        Error::Refused(refusals.into_iter().map(under).collect())
    })
}

/// A practice of the library, held until the transaction ends; its words are not reference data.
fn published(tx: &mut Tx<'_>, id: PracticeId) -> Result<Practice> {
    let practice = practices::lock(tx, id)?;
    if practice.status != PracticeStatus::Published {
        return Err(Error::NotFound {
            kind: PracticeId::KIND,
            id: id.public(),
        });
    }
    if practice.origin == practices::PracticeOrigin::Reference {
        return Err(Error::refused(Refusal::new(
            RefusalCode::NotInState,
            "practiceId",
            "The memo's examples come with the service; propose a practice of its own beside it.",
            "Notatets eksempler følger med tjenesten; foreslå et selvstændigt eksempel ved siden af.",
        )));
    }
    Ok(practice)
}

/// Whether the viewer may write for the city; for one that is not registered only those do who write for all.
fn demand_own(viewer: &Viewer, city: Option<CityId>) -> Result<()> {
    let scope = viewer.scope_of_list(Permission::ProposePractices)?;
    match city {
        Some(city) if scope.has_city(city) => Ok(()),
        Some(city) => Err(Error::NotFound {
            kind: CityId::KIND,
            id: city.public(),
        }),
        None => viewer.permit(Permission::ProposePractices),
    }
}

/// The proposal, locked, for which the viewer may write; another's does not exist.
fn own(tx: &mut Tx<'_>, id: PracticeProposalId, version: i32) -> Result<PracticeProposal> {
    tx.viewer.scope_of_list(Permission::ProposePractices)?;
    let proposal = store::lock(tx, id)?;
    if demand_own(tx.viewer, proposal.city_id).is_err() {
        return Err(Error::NotFound {
            kind: PracticeProposalId::KIND,
            id: id.public(),
        });
    }
    expect_version(Some(version), proposal.version)?;
    Ok(proposal)
}

/// The proposal, locked, for those who moderate.
fn moderated(tx: &mut Tx<'_>, id: PracticeProposalId, version: i32) -> Result<PracticeProposal> {
    tx.viewer.permit(Permission::ModeratePractices)?;
    let proposal = store::lock(tx, id)?;
    expect_version(Some(version), proposal.version)?;
    Ok(proposal)
}

/// The record with its next version.
fn changed(proposal: PracticeProposal, tx: &Tx<'_>) -> PracticeProposal {
    PracticeProposal {
        updated_at: tx.now,
        version: proposal.version.saturating_add(1),
        ..proposal
    }
}

fn note(
    tx: &mut Tx<'_>,
    what: &'static str,
    proposal: &PracticeProposal,
) -> Result<PracticeProposalId> {
    let details = json!({ "practice": proposal.practice_id, "version": proposal.version });
    audit::record(tx, what, proposal.id, proposal.city_id, details)?;
    Ok(proposal.id)
}
