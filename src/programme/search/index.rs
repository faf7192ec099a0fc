//! The index in memory, and how it keeps up with the records. What it is not: questions (`question`).

use std::sync::{Mutex, PoisonError};

use tantivy::schema::{
    Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, Term, doc};

use crate::db::Db;
use crate::files::FileStore;
use crate::kernel::error::{Error, Result};
use crate::kernel::language::Language;
use crate::programme::reference::Reference;
use crate::programme::search::analysis::analyser;
use crate::programme::search::content::{self, Entry};
use crate::programme::search_feed;

/// What the writer may use while it works, in bytes: the least that it takes.
const WRITER_MEMORY: usize = 15_000_000;

/// The fields of an entry in the index.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    pub(super) subject: Field,
    pub(super) kind: Field,
    pub(super) language: Field,
    pub(super) audience: Field,
    /// What is shown.
    pub(super) title: Field,
    pub(super) body: Field,
    /// What is searched, by language.
    da: [Field; 2],
    en: [Field; 2],
}

impl Fields {
    /// Where the title and the body of a language are searched.
    pub(super) const fn of(&self, language: Language) -> [Field; 2] {
        match language {
            Language::Da => self.da,
            Language::En => self.en,
        }
    }
}

/// The index. It is empty until it is first asked to keep up.
pub struct SearchIndex {
    pub(super) index: Index,
    pub(super) reader: IndexReader,
    pub(super) fields: Fields,
    /// The number of the last change that it has read; -1 before the first time.
    seen: Mutex<i64>,
}

impl std::fmt::Debug for SearchIndex {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("SearchIndex")
            .finish_non_exhaustive()
    }
}

impl SearchIndex {
    /// An empty index.
    ///
    /// # Errors
    /// The library refuses the schema, or there is no memory.
    pub fn new() -> anyhow::Result<Self> {
        let mut schema = Schema::builder();
        let text = |analyser: &str| {
            let indexing = TextFieldIndexing::default()
                .set_tokenizer(analyser)
                .set_index_option(IndexRecordOption::WithFreqs);
            TextOptions::default().set_indexing_options(indexing)
        };
        let fields = Fields {
            subject: schema.add_text_field("subject", STRING | STORED),
            kind: schema.add_text_field("kind", STRING),
            language: schema.add_text_field("language", STRING | STORED),
            audience: schema.add_text_field("audience", STRING),
            title: schema.add_text_field("title", STORED),
            body: schema.add_text_field("body", STORED),
            da: [
                schema.add_text_field("title_da", text("da")),
                schema.add_text_field("body_da", text("da")),
            ],
            en: [
                schema.add_text_field("title_en", text("en")),
                schema.add_text_field("body_en", text("en")),
            ],
        };
        let index = Index::create_in_ram(schema.build());
        for language in [Language::Da, Language::En] {
            let analysers = index.tokenizers();
            analysers.register(language.tag(), analyser(language));
        }
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()?;
        Ok(Self {
            index,
            reader,
            fields,
            seen: Mutex::new(-1),
        })
    }

    /// Reads what has changed since it last did, in the snapshot of the caller.
    ///
    /// # Errors
    /// What the database, the file store or the library says; the index stays as it was, and the next
    /// question tries again.
    pub fn keep_up(&self, db: &mut Db, files: &FileStore, reference: &Reference) -> Result<()> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let latest = search_feed::latest(db)?;
        if *seen >= latest {
            return Ok(());
        }
        let changes = search_feed::since(db, *seen)?;
        let mut entries = content::of_changes(db, files, &changes)?;
        if *seen < 0 {
            entries.extend(content::of_reference(reference));
        }
        let subjects: Vec<String> = changes
            .iter()
            .map(|change| content::subject_of(change).word())
            .collect();
        self.put(&subjects, &entries).map_err(fault)?;
        *seen = latest;
        Ok(())
    }

    /// Puts entries in the place of everything that these subjects had.
    fn put(&self, subjects: &[String], entries: &[Entry]) -> tantivy::Result<()> {
        let mut writer: IndexWriter<TantivyDocument> =
            self.index.writer_with_num_threads(1, WRITER_MEMORY)?;
        for subject in subjects {
            writer.delete_term(Term::from_field_text(self.fields.subject, subject));
        }
        for entry in entries {
            writer.add_document(self.document(entry))?;
        }
        writer.commit()?;
        writer.wait_merging_threads()?;
        self.reader.reload()
    }

    fn document(&self, entry: &Entry) -> TantivyDocument {
        let fields = &self.fields;
        let [title, body] = fields.of(entry.language);
        let mut document = doc!(
            fields.subject => entry.subject.word(),
            fields.kind => entry.subject.kind.as_str(),
            fields.language => entry.language.tag(),
            fields.title => entry.title.as_str(),
            fields.body => entry.body.as_str(),
            title => entry.title.as_str(),
            title => entry.place.as_str(),
            body => entry.body.as_str(),
        );
        for audience in &entry.audiences {
            document.add_text(fields.audience, audience.word());
        }
        document
    }
}

/// What the library says is a fault of ours.
pub(super) fn fault(error: tantivy::TantivyError) -> Error {
    Error::Internal(anyhow::Error::from(error))
}
