//! The text of an edition, and what is different between two. What it is not: a reader of office formats; a
//! text file has a text, another file has none.

use similar::{Algorithm, ChangeTag, TextDiff};

use crate::db::Db;
use crate::files::{self, FileStore};
use crate::kernel::error::{Error, Result};
use crate::programme::documents::model::DocumentEdition;

/// The text of an edition; none when its file is not a plain text.
///
/// # Errors
/// A fault when its file is gone or was changed.
pub fn of_edition(
    db: &mut Db,
    store: &FileStore,
    edition: &DocumentEdition,
) -> Result<Option<String>> {
    let Some(file) = files::find(db, edition.file_id)? else {
        return Err(Error::Internal(anyhow::anyhow!(
            "an edition without a file"
        )));
    };
    if file.media_type != "text/plain" {
        return Ok(None);
    }
    let content = store.read(&file.sha256).map_err(anyhow::Error::from)?;
    let text = String::from_utf8(content).map_err(anyhow::Error::from)?;
    Ok(Some(text.trim_start_matches('\u{feff}').to_owned()))
}

crate::text_enum! {
    /// What became of a passage from one edition to another.
    pub enum Fate {
        /// It is in both.
        Kept = "KEPT",
        /// Only the later edition has it.
        Added = "ADDED",
        /// Only the earlier edition has it.
        Removed = "REMOVED",
    }
}

/// What is different between two texts, word by word, as passages in the order in which they are read: those
/// that are kept or added make up the later text, those that are kept or removed the earlier one.
#[must_use]
pub fn differences(earlier: &str, later: &str) -> Vec<(Fate, String)> {
    let compared = TextDiff::configure()
        .algorithm(Algorithm::Patience)
        .diff_words(earlier, later);
    let mut passages: Vec<(Fate, String)> = Vec::new();
    for change in compared.iter_all_changes() {
        let fate = match change.tag() {
            ChangeTag::Equal => Fate::Kept,
            ChangeTag::Insert => Fate::Added,
            ChangeTag::Delete => Fate::Removed,
        };
        match passages.last_mut() {
            Some((last, passage)) if *last == fate => passage.push_str(change.value()),
            _ => passages.push((fate, change.value().to_owned())),
        }
    }
    passages
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn passages_tell_what_came_and_went() {
        let found = differences("Byen har 40 værter.\n", "Byen har 60 frivillige værter.\n");
        let said: Vec<_> = found
            .iter()
            .map(|(fate, text)| (*fate, text.as_str()))
            .collect();
        assert_eq!(
            said,
            [
                (Fate::Kept, "Byen har "),
                (Fate::Removed, "40"),
                (Fate::Added, "60 frivillige"),
                (Fate::Kept, " værter.\n"),
            ]
        );
        assert_eq!(differences("", ""), []);
    }

    proptest! {
        #[test]
        fn both_texts_can_be_put_together_again(earlier in "[a-cæ \n]{0,40}", later in "[a-cæ \n]{0,40}") {
            let found = differences(&earlier, &later);
            let without = |gone: Fate| -> String {
                found.iter().filter(|(fate, _)| *fate != gone).map(|(_, text)| text.as_str()).collect()
            };
            prop_assert_eq!(without(Fate::Added), earlier);
            prop_assert_eq!(without(Fate::Removed), later);
        }
    }
}
