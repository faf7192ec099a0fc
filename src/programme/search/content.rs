//! What can be found: each thing as the texts that the index reads, and who may find it. What it is not: the
//! index.

use uuid::Uuid;

use crate::db::Db;
use crate::files::FileStore;
use crate::kernel::error::Result;
use crate::kernel::ids::{CityId, DocumentId, Id, PracticeId};
use crate::kernel::language::Language;
use crate::kernel::phrase::Phrase;
use crate::programme::documents::{self, Document, DocumentStatus};
use crate::programme::practices::{self, Practice, PracticeStatus};
use crate::programme::reference::Reference;
use crate::programme::search_feed::{Change, Kind};

crate::text_enum! {
    /// What a thing is that can be found.
    pub enum SubjectKind {
        /// A good practice.
        Practice = "PRACTICE",
        /// A document about a city.
        Document = "DOCUMENT",
        /// One of the ten steps.
        Step = "STEP",
        /// A cell of the policy table.
        PolicyCell = "POLICY_CELL",
    }
}

/// A thing that can be found.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subject {
    /// What it is.
    pub kind: SubjectKind,
    /// Which one: the hexadecimal digits of its key, or its number in the reference data.
    pub key: String,
}

impl Subject {
    fn of(kind: SubjectKind, id: Uuid) -> Self {
        Self {
            kind,
            key: id.simple().to_string(),
        }
    }

    fn numbered(kind: SubjectKind, number: usize) -> Self {
        Self {
            kind,
            key: number.to_string(),
        }
    }

    /// The key of a record.
    #[must_use]
    pub fn uuid(&self) -> Option<Uuid> {
        Uuid::try_parse(&self.key).ok()
    }

    /// The number in the reference data.
    #[must_use]
    pub fn number(&self) -> Option<usize> {
        self.key.parse().ok()
    }

    /// The subject as one word of the index.
    #[must_use]
    pub fn word(&self) -> String {
        format!("{}:{}", self.kind, self.key)
    }

    /// Reads that word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        let (kind, key) = word.split_once(':')?;
        Some(Self {
            kind: kind.parse().ok()?,
            key: key.to_owned(),
        })
    }
}

/// Who may find a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everybody, also of those who may find more.
    Everybody,
    /// Those who may read of a document only what is published.
    Public,
    /// The people of a city.
    City(CityId),
    /// Those who see the programmes of all cities.
    Programmes,
    /// Those who write documents.
    Writers,
}

impl Audience {
    /// The audience as one word of the index.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Self::Everybody => "everybody".to_owned(),
            Self::Public => "public".to_owned(),
            Self::City(city) => format!("city:{}", city.uuid().simple()),
            Self::Programmes => "programmes".to_owned(),
            Self::Writers => "writers".to_owned(),
        }
    }
}

/// A text that the index reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) subject: Subject,
    pub(super) language: Language,
    pub(super) audiences: Vec<Audience>,
    pub(super) title: String,
    /// Where it is, for those who search for a place.
    pub(super) place: String,
    pub(super) body: String,
}

/// The texts of the reference data.
pub(super) fn of_reference(reference: &Reference) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut add = |kind, number, title: &Phrase, body: &Phrase| {
        for language in [Language::Da, Language::En] {
            entries.push(Entry {
                subject: Subject::numbered(kind, number),
                language,
                audiences: vec![Audience::Everybody],
                title: title.in_language(language).to_owned(),
                place: String::new(),
                body: body.in_language(language).to_owned(),
            });
        }
    };
    for (number, step) in reference.steps.iter().enumerate() {
        add(SubjectKind::Step, number, &step.name, &step.text);
    }
    for (number, cell) in reference.policy_table.cells.iter().enumerate() {
        let areas = &reference.policy_table.areas;
        let area = areas.iter().find(|area| area.area == cell.area);
        let models = &reference.policy_table.models;
        let model = models.iter().find(|model| model.model == cell.model);
        if let Some((area, model)) = area.zip(model) {
            let title = Phrase::new(
                format!("{}: {}", area.name.en, model.name.en),
                format!("{}: {}", area.name.da, model.name.da),
            );
            add(SubjectKind::PolicyCell, number, &title, &cell.text);
        }
    }
    entries
}

/// The texts of what has changed, as they are now; what is gone has none.
///
/// # Errors
/// What the database says, or the file system.
pub(super) fn of_changes(db: &mut Db, files: &FileStore, changes: &[Change]) -> Result<Vec<Entry>> {
    let of_kind = |kind: Kind| changes.iter().filter(move |change| change.kind == kind);
    let ids: Vec<PracticeId> = of_kind(Kind::Practice)
        .map(|change| PracticeId::of(change.subject))
        .collect();
    let mut entries = Vec::new();
    for practice in practices::find_many(db, &ids)? {
        entries.extend(of_practice(&practice)?);
    }
    let ids: Vec<DocumentId> = of_kind(Kind::Document)
        .map(|change| DocumentId::of(change.subject))
        .collect();
    for document in documents::find_many(db, &ids)? {
        entries.extend(of_document(db, files, &document)?);
    }
    Ok(entries)
}

/// The subject of a change.
pub(super) fn subject_of(change: &Change) -> Subject {
    let kind = match change.kind {
        Kind::Practice => SubjectKind::Practice,
        Kind::Document => SubjectKind::Document,
    };
    Subject::of(kind, change.subject)
}

/// A practice in each language in which it has a title and a summary.
fn of_practice(practice: &Practice) -> Result<Vec<Entry>> {
    if practice.status != PracticeStatus::Published {
        return Ok(Vec::new());
    }
    let content = practice.content()?;
    let entry = |language: Language| {
        let paragraphs = content.paragraphs();
        let written = paragraphs
            .iter()
            .filter_map(|words| words.only_in(language));
        let figures = content.figures.iter();
        let figures = figures.map(|figure| figure.what.in_language(language));
        let body: Vec<&str> = written.chain(figures).collect();
        Entry {
            subject: Subject::of(SubjectKind::Practice, practice.id.uuid()),
            language,
            audiences: vec![Audience::Everybody],
            title: content
                .title
                .only_in(language)
                .unwrap_or_default()
                .to_owned(),
            place: content.city_name.clone(),
            body: body.join("\n"),
        }
    };
    Ok(content.languages().into_iter().map(entry).collect())
}

/// The editions of a document that somebody reads last, each for those who do.
fn of_document(db: &mut Db, files: &FileStore, document: &Document) -> Result<Vec<Entry>> {
    let mut editions: Vec<(i32, Vec<Audience>)> = Vec::new();
    let mut add = |number: i32, audience: Audience| match editions
        .iter_mut()
        .find(|(known, _)| *known == number)
    {
        Some((_, audiences)) => audiences.push(audience),
        None => editions.push((number, vec![audience])),
    };
    let is_there = document.status != DocumentStatus::Withdrawn;
    for (reader, audiences) in [
        (documents::Reader::Public, vec![Audience::Public]),
        (
            documents::Reader::City,
            vec![Audience::City(document.city_id), Audience::Programmes],
        ),
        (documents::Reader::Writer, vec![Audience::Writers]),
    ] {
        let seen = documents::rules::last_edition(document, reader).filter(|_| is_there);
        if let Some(number) = seen {
            for audience in audiences {
                add(number, audience);
            }
        }
    }
    let mut known = documents::editions_of(db, &[document.id])?;
    let known = known.remove(&document.id).unwrap_or_default();
    let mut entries = Vec::new();
    for (number, audiences) in editions {
        let Some(edition) = known.iter().find(|one| one.number == number) else {
            continue;
        };
        let text = documents::of_edition(db, files, edition)?;
        entries.push(Entry {
            subject: Subject::of(SubjectKind::Document, document.id.uuid()),
            language: Language::of_tag(&document.language),
            audiences,
            title: document.title.clone(),
            place: String::new(),
            body: text.unwrap_or_default(),
        });
    }
    Ok(entries)
}
