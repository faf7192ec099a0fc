//! What is known of activities, gathered for many of them at once. What it is not: what follows from it
//! (`delivery`).

use std::collections::HashMap;

use crate::db::Db;
use crate::kernel::error::Result;
use crate::kernel::fold;
use crate::kernel::ids::{ActivityId, PackageId};
use crate::kernel::instant::Instant;
use crate::programme::activities::delivery::Facts;
use crate::programme::activities::model::{Activity, ActivityKind, ActivityStatus};
use crate::programme::activities::records::model::{
    ActivityDocument, ActivityDocumentKind, Participant, ParticipantKind,
};
use crate::programme::activities::records::store as records;
use crate::programme::activities::store;
use crate::programme::packages;

/// What is known of these activities at a moment.
///
/// # Errors
/// What the database says.
pub fn of_many(
    db: &mut Db,
    listed: &[Activity],
    now: Instant,
) -> Result<HashMap<ActivityId, Facts>> {
    let ids: Vec<ActivityId> = listed.iter().map(|one| one.id).collect();
    let participants = records::participants_of(db, &ids)?;
    let documents = records::documents_of(db, &ids)?;
    let approved = store::with_approved_scores(db, &ids)?;
    let written = store::with_documents(db, &ids)?;
    let mut packages: Vec<PackageId> = listed.iter().filter_map(|one| one.package_id).collect();
    packages.sort_unstable();
    packages.dedup();
    let siblings = store::of_packages(db, &packages)?;
    let contracts: HashMap<PackageId, bool> = packages::find_many(db, &packages)?
        .into_iter()
        .map(|package| (package.id, package.different_hosts))
        .collect();

    let facts = listed.iter().map(|one| {
        let family: Vec<&Activity> = siblings
            .iter()
            .filter(|other| one.package_id.is_some() && other.package_id == one.package_id)
            .collect();
        let different_hosts = one
            .package_id
            .and_then(|id| contracts.get(&id).copied())
            .unwrap_or_default();
        let people = participants.get(&one.id).map_or(&[][..], Vec::as_slice);
        let papers = documents.get(&one.id).map_or(&[][..], Vec::as_slice);
        let known = Facts {
            different_hosts,
            scores_are_approved: approved.contains(&one.id),
            document_is_open: written.get(&one.id).is_some_and(|is_final| !is_final),
            ..known(one, people, papers, &family, now)
        };
        (one.id, known)
    });
    Ok(facts.collect())
}

/// What is known of an activity from its people, its papers and the activities of its package.
fn known(
    one: &Activity,
    people: &[Participant],
    papers: &[ActivityDocument],
    family: &[&Activity],
    now: Instant,
) -> Facts {
    use ActivityStatus::{Accepted, Submitted};
    let came = |wanted: &dyn Fn(&Participant) -> bool| {
        people
            .iter()
            .any(|person| person.attended && wanted(person))
    };
    let has = |kind| papers.iter().any(|paper| paper.kind == kind);
    let of_kind = |kind: ActivityKind| family.iter().filter(move |other| other.kind == kind);
    // What was called off is not promised any more.
    let lacks = |kind: ActivityKind, done: &[ActivityStatus]| {
        let mut promised = of_kind(kind).filter(|other| other.status != ActivityStatus::Cancelled);
        let any = promised.clone().next().is_some();
        any && !promised.any(|other| done.contains(&other.status))
    };
    let twins = || {
        family.iter().filter(|other| {
            other.id != one.id
                && other.kind == one.kind
                && matches!(other.status, Submitted | Accepted)
        })
    };
    let topic = one.topic.as_deref().map(fold::search_key);
    let same_topic = |other: &&Activity| {
        topic.is_some() && other.topic.as_deref().map(fold::search_key) == topic
    };
    Facts {
        is_over: one.is_over(now),
        has_report: has(ActivityDocumentKind::Report),
        document_is_open: false,
        scores_are_approved: false,
        has_minutes: has(ActivityDocumentKind::Minutes),
        expert_came: came(&|person| person.kind == ParticipantKind::Expert),
        secretariat_came: came(&|person| person.kind == ParticipantKind::Secretariat),
        city_came: came(&|person| !person.kind.is_of_the_network()),
        decision_maker_came: came(&|person| {
            person.decision_maker && !person.kind.is_of_the_network()
        }),
        index_is_missing: lacks(ActivityKind::Index, &[Submitted, Accepted]),
        visit_is_missing: lacks(ActivityKind::ExpertVisit, &[Accepted]),
        analyses_are_missing: lacks(ActivityKind::PolicyAnalysis, &[Submitted, Accepted]),
        has_topic: one.topic.is_some(),
        topic_repeats: twins().any(same_topic),
        host_repeats: one.host_city_id.is_some()
            && twins().any(|other| other.host_city_id == one.host_city_id),
        different_hosts: false,
    }
}
