//! The loading of questionnaires. What it is not: the reading of a file (`format`).

use serde_json::json;
use uuid::Uuid;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::identity::audit;
use crate::kernel::error::{Error, Result};
use crate::kernel::hash::sha256_hex;
use crate::kernel::ids::{Id, QuestionnaireId};
use crate::kernel::json::Json;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::programme::questionnaires::model::{Questionnaire, Read};
use crate::programme::questionnaires::{format, store};

/// The questionnaire that the service ships.
const OWN: &str = include_str!("../../../data/questionnaires/own-equal-weights-1.toml");

/// Loads a questionnaire from the text of its file. The same edition again changes nothing.
///
/// # Errors
/// Refused with every problem of the file; for an edition that is there and says something else; and for a
/// mapping to an edition or a question that is not there.
pub fn load(tx: &mut Tx<'_>, content: &str) -> Result<QuestionnaireId> {
    tx.viewer.permit(Permission::KeepQuestionnaires)?;

    let read = format::read(content).map_err(Error::Refused)?;
    keep(tx, read)
}

/// Makes sure that the questionnaire which the service ships is there. Run again it changes nothing.
///
/// # Errors
/// What the database says; a fault of ours when the file is unsound, which a test notices.
pub fn ensure_own(tx: &mut Tx<'_>) -> Result<()> {
    let read = format::read(OWN).map_err(Error::Refused)?;
    keep(tx, read).map(|_| ())
}

fn keep(tx: &mut Tx<'_>, read: Read) -> Result<QuestionnaireId> {
    let id = id_of(&read.code, read.edition);
    demand_earlier(tx, &read)?;
    let content = Json::of(&read.content)?;
    let whole = json!([read.name, read.note, content]);
    let content_hash = sha256_hex(whole.to_string().as_bytes());
    if let Some(known) = store::find_many(tx.db, &[id])?.first() {
        if known.content_hash == content_hash {
            return Ok(id);
        }
        let (code, edition) = (&read.code, read.edition);
        return Err(Error::refused(Refusal::new(
            RefusalCode::IdentifierTaken,
            "content",
            format!(
                "{code}, edition {edition}, is there and never changes; load it as a new edition."
            ),
            format!(
                "{code}, udgave {edition}, findes og ændres aldrig; indlæs det som en ny udgave."
            ),
        )));
    }

    let questionnaire = Questionnaire {
        id,
        code: read.code,
        edition: read.edition,
        name_da: read.name.da,
        name_en: read.name.en,
        note_da: read.note.da,
        note_en: read.note.en,
        content,
        content_hash,
        created_at: tx.now,
        created_by: tx.viewer.user_id(),
    };
    store::insert(tx, &questionnaire)?;

    let details = json!({ "code": questionnaire.code, "edition": questionnaire.edition, "hash": questionnaire.content_hash });
    audit::record(tx, "questionnaire.loaded", id, None, details)?;
    Ok(id)
}

/// What it is compared with is there, with the questions that it names.
fn demand_earlier(tx: &mut Tx<'_>, read: &Read) -> Result<()> {
    let Some(earlier) = &read.content.earlier else {
        return Ok(());
    };
    let missing = |what: &str| {
        Error::refused(Refusal::new(
            RefusalCode::NotFound,
            "content",
            format!("earlier: {what} is not there."),
            format!("earlier: {what} findes ikke."),
        ))
    };
    let id = id_of(&earlier.code, earlier.edition);
    let Some(known) = store::find_many(tx.db, &[id])?.into_iter().next() else {
        return Err(missing(&format!("{} {}", earlier.code, earlier.edition)));
    };
    let content = known.content()?;
    let unknown = earlier
        .questions
        .values()
        .find(|code| content.question(code).is_none());
    unknown.map_or(Ok(()), |code| Err(missing(code)))
}

/// The key of an edition: the same in every database, so that links to it last.
fn id_of(code: &str, edition: i32) -> QuestionnaireId {
    let name = format!("intercultural-cities:questionnaire:{code}:{edition}");
    QuestionnaireId::of(Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()))
}
