//! Who takes part in an activity, and its documents: what its delivery is shown by. What it is not: the
//! delivery.

use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::files;
use crate::identity::audit;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{ActivityId, FileId};
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::text;
use crate::programme::activities::model::{Activity, ActivityStatus};
use crate::programme::activities::planning::{held, not_in_state};
use crate::programme::activities::records::model::{
    ActivityDocument, ActivityDocumentKind, NewParticipant, Participant,
};
use crate::programme::activities::records::store as records;
use crate::programme::activities::{rules, store};

/// A document to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDocument {
    /// The activity.
    pub activity: ActivityId,
    /// The version that was read.
    pub version: i32,
    /// The stored file.
    pub file: FileId,
    /// What it is.
    pub kind: ActivityDocumentKind,
    /// Its title.
    pub title: String,
}

/// Notes who takes part, in the stead of the list before, which the caller has bounded.
///
/// # Errors
/// `NotFound`, `Stale`; refused with all problems of the list, and for what is accepted or called off.
pub fn note_participants(
    tx: &mut Tx<'_>,
    id: ActivityId,
    version: i32,
    listed: &[NewParticipant],
) -> Result<ActivityId> {
    tx.viewer.permit(Permission::DeliverActivities)?;

    let activity = held(tx, id, version)?;
    demand_open(&activity)?;
    let mut problems = Vec::new();
    let mut rows = Vec::with_capacity(listed.len());
    for (position, person) in (1..).zip(listed) {
        let at = format!("participants.{}", position - 1);
        let name = text::line(&format!("{at}.name"), &person.name);
        let organisation = text::optional_line(
            &format!("{at}.organisation"),
            person.organisation.as_deref(),
        );
        match (name, organisation) {
            (Ok(name), Ok(organisation)) => rows.push(Participant {
                id: tx.new_id(),
                activity_id: id,
                position,
                name,
                kind: person.kind,
                organisation,
                decision_maker: person.decision_maker,
                attended: person.attended,
            }),
            (name, organisation) => {
                problems.extend(name.err());
                problems.extend(organisation.err());
            }
        }
    }
    if !problems.is_empty() {
        return Err(Error::Refused(problems));
    }
    records::replace_participants(tx, id, &rows)?;
    let changed = rules::changed(activity, tx.now);
    store::update(tx, &changed)?;

    // The log keeps how many they are, not who: names are erased, the log is not.
    let attended = rows.iter().filter(|person| person.attended).count();
    let details = json!({ "participants": rows.len(), "attended": attended });
    audit::record(
        tx,
        "activity.participantsNoted",
        id,
        Some(changed.city_id),
        details,
    )?;
    Ok(id)
}

/// Adds a stored file as a document.
///
/// # Errors
/// `NotFound`, `Stale`; refused for a file that is not there or another city's, and for what is accepted
/// or called off.
pub fn add_document(tx: &mut Tx<'_>, new: &NewDocument) -> Result<ActivityId> {
    tx.viewer.permit(Permission::DeliverActivities)?;

    let activity = held(tx, new.activity, new.version)?;
    demand_open(&activity)?;
    let title = text::line("title", &new.title)?;
    let file = files::find(tx.db, new.file)?
        .filter(|file| file.city_id.is_none_or(|city| city == activity.city_id));
    let Some(file) = file else {
        return Err(Error::refused(Refusal::new(
            RefusalCode::NotFound,
            "fileId",
            "There is no such file of this city or of the network; store it first.",
            "Der er ingen sådan fil hos byen eller netværket; gem den først.",
        )));
    };
    let document = ActivityDocument {
        id: tx.new_id(),
        activity_id: activity.id,
        file_id: file.id,
        kind: new.kind,
        title,
        created_at: tx.now,
    };
    records::insert_document(tx, &document)?;
    let changed = rules::changed(activity, tx.now);
    store::update(tx, &changed)?;

    let details = json!({ "kind": document.kind, "file": document.file_id });
    audit::record(
        tx,
        "activity.documentAdded",
        changed.id,
        Some(changed.city_id),
        details,
    )?;
    Ok(changed.id)
}

fn demand_open(activity: &Activity) -> Result<()> {
    match activity.status {
        ActivityStatus::Accepted | ActivityStatus::Cancelled | ActivityStatus::NoShow => {
            Err(Error::refused(not_in_state(activity.status)))
        }
        _ => Ok(()),
    }
}
