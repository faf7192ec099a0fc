//! A question to the index and what it finds. What it is not: the objects; they are loaded by their own rules.

use std::collections::BTreeMap;

use tantivy::collector::{Count, TopDocs};
use tantivy::query::{
    Bm25StatisticsProvider, BooleanQuery, BoostQuery, ConstScoreQuery, FuzzyTermQuery, Occur,
    Query, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption, Value};
use tantivy::snippet::SnippetGenerator;
use tantivy::{Searcher, TantivyDocument, Term};

use crate::kernel::error::Result;
use crate::kernel::language::Language;
use crate::programme::search::analysis::{analyser, beginning_of, words_of, written_words};
use crate::programme::search::content::{Audience, Subject, SubjectKind};
use crate::programme::search::index::{Fields, SearchIndex, fault};

/// The most words of a question that count.
const MOST_WORDS: usize = 16;
/// From how many letters a word is also the beginning of longer ones.
const LETTERS_OF_A_BEGINNING: usize = 4;
/// How many entries are looked at: each thing has one for each language.
const ENTRIES: usize = 400;
/// How long an excerpt is, in characters.
const EXCERPT: usize = 240;
/// How much more a word in a title counts.
const TITLE: f32 = 3.0;
/// What a longer word, or a corrected one, counts.
const NEAR: f32 = 0.5;
/// How many words an entry has, as far as its score goes: the real mean would tell of entries that the asker
/// may not see.
const MEAN_WORDS: u64 = 100;

/// A question.
#[derive(Debug, Clone)]
pub(super) struct Question<'a> {
    pub(super) text: &'a str,
    /// In which language a thing is shown that is found in both.
    pub(super) language: Language,
    /// What the asker may find.
    pub(super) audiences: Vec<Audience>,
    /// Only these kinds.
    pub(super) kinds: Option<Vec<SubjectKind>>,
}

/// A passage of an excerpt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The text.
    pub text: String,
    /// Whether it is what was asked for.
    pub is_match: bool,
}

/// A thing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What.
    pub subject: Subject,
    /// The language of the text in which it was found.
    pub language: Language,
    /// The title in that language.
    pub title: String,
    /// A passage with what was found in it.
    pub excerpt: Vec<Part>,
}

/// What a question found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Answer {
    /// The best first.
    pub(super) found: Vec<Found>,
    /// Whether everything that was found has every word of the question.
    pub(super) has_every_word: bool,
    /// The words of which only similar ones were found.
    pub(super) corrected: Vec<String>,
    /// The words of which nothing was found.
    pub(super) unknown: Vec<String>,
}

/// A word of the question, as the index has it in each language, and how it is taken.
struct Asked {
    written: String,
    stems: [(Language, String); 2],
    distance: u8,
}

impl Asked {
    /// Whether a word of an entry in this language is what was asked for.
    fn is_like(&self, word: &str, language: Language) -> bool {
        let mut stems = self.stems.iter();
        let stem = stems
            .find(|(of, _)| *of == language)
            .map(|(_, stem)| stem.as_str());
        let is_near = |stem| strsim::osa_distance(word, stem) <= usize::from(self.distance);
        let beginning = beginning_of(&self.written, language);
        let is_longer =
            || beginning.chars().count() >= LETTERS_OF_A_BEGINNING && word.starts_with(&beginning);
        stem.is_some_and(is_near) || (self.distance == 0 && is_longer())
    }
}

impl SearchIndex {
    /// Answers a question with everything that the index has read.
    pub(super) fn ask(&self, question: &Question<'_>) -> Result<Answer> {
        self.asked(question).map_err(fault)
    }

    fn asked(&self, question: &Question<'_>) -> tantivy::Result<Answer> {
        let searcher = self.reader.searcher();
        let filter = filter(&self.fields, question);
        let visible = Visible {
            searcher: &searcher,
            filter: filter.box_clone(),
        };
        let mut answer = Answer::default();
        let mut clauses: Vec<Box<dyn Query>> = Vec::new();
        let mut taken = Vec::new();
        for word in words(question.text) {
            let mut word = word;
            let mut clause = clause(&self.fields, &word);
            if visible.count(clause.box_clone())? == 0 {
                word.distance = distance_of(&word.written);
                clause = similar(&self.fields, &word);
                if word.distance == 0 || visible.count(clause.box_clone())? == 0 {
                    answer.unknown.push(word.written);
                    continue;
                }
                answer.corrected.push(word.written.clone());
            }
            clauses.push(clause);
            taken.push(word);
        }
        if clauses.is_empty() {
            return Ok(answer);
        }
        let mut query =
            BooleanQuery::intersection(clauses.iter().map(|one| one.box_clone()).collect());
        answer.has_every_word = answer.unknown.is_empty();
        if visible.count(Box::new(query.clone()))? == 0 {
            query = BooleanQuery::union(clauses);
            answer.has_every_word = false;
        }
        let only = (
            Occur::Must,
            Box::new(ConstScoreQuery::new(filter, 0.0)) as Box<dyn Query>,
        );
        let query = BooleanQuery::new(vec![(Occur::Must, Box::new(query)), only]);
        let best = TopDocs::with_limit(ENTRIES).order_by_score();
        let best = searcher.search_with_statistics_provider(&query, &best, &visible)?;
        let mut read = Vec::new();
        for (score, address) in best {
            let entry: TantivyDocument = searcher.doc(address)?;
            read.extend(Read::of(&self.fields, &entry, score));
        }
        answer.found = ranked(read, question.language)
            .into_iter()
            .map(|one| found(one, &taken, self.fields.body))
            .collect();
        Ok(answer)
    }
}

/// What an entry of the index says.
struct Read {
    score: f32,
    subject: Subject,
    language: Language,
    title: String,
    body: String,
}

impl Read {
    fn of(fields: &Fields, entry: &TantivyDocument, score: f32) -> Option<Self> {
        let text = |field: Field| entry.get_first(field).and_then(|value| value.as_str());
        Some(Self {
            score,
            subject: Subject::of_word(text(fields.subject)?)?,
            language: Language::of_tag(text(fields.language)?),
            title: text(fields.title)?.to_owned(),
            body: text(fields.body)?.to_owned(),
        })
    }
}

/// Each thing once, the best first; equal ones by their keys, so that every instance answers alike. Of a thing
/// that is found in both languages the entry in the asker's is shown.
fn ranked(entries: Vec<Read>, language: Language) -> Vec<Read> {
    let mut things: BTreeMap<Subject, (f32, Read)> = BTreeMap::new();
    for entry in entries {
        match things.get_mut(&entry.subject) {
            None => {
                things.insert(entry.subject.clone(), (entry.score, entry));
            }
            Some((score, shown)) => {
                *score = score.max(entry.score);
                let prefers = entry.language == language && shown.language != language;
                let better = entry.language == shown.language && entry.score > shown.score;
                if prefers || better {
                    *shown = entry;
                }
            }
        }
    }
    let mut ranked: Vec<(f32, Read)> = things.into_values().collect();
    // The sort is stable, and the map has put them in the order of their keys.
    ranked.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    ranked.into_iter().map(|(_, entry)| entry).collect()
}

/// The words of a question, each once.
fn words(text: &str) -> Vec<Asked> {
    let stems = words_of(text, Language::Da)
        .into_iter()
        .zip(words_of(text, Language::En));
    let mut words: Vec<Asked> = Vec::new();
    for (written, (da, en)) in written_words(text).into_iter().zip(stems).take(MOST_WORDS) {
        if words.iter().all(|known| known.stems[0].1 != da) {
            words.push(Asked {
                written,
                stems: [(Language::Da, da), (Language::En, en)],
                distance: 0,
            });
        }
    }
    words
}

/// How many letters of a word may be wrong.
fn distance_of(word: &str) -> u8 {
    match word.chars().count() {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

/// A word in any field and language, or the beginning of a longer one.
fn clause(fields: &Fields, word: &Asked) -> Box<dyn Query> {
    in_every_field(fields, word, |field, language, stem| {
        let exact = Term::from_field_text(field, stem);
        let exact: Box<dyn Query> = Box::new(TermQuery::new(exact, IndexRecordOption::WithFreqs));
        let beginning = beginning_of(&word.written, language);
        if beginning.chars().count() < LETTERS_OF_A_BEGINNING {
            return exact;
        }
        let longer = Term::from_field_text(field, &beginning);
        let longer = FuzzyTermQuery::new_prefix(longer, 0, true);
        let longer = Box::new(ConstScoreQuery::new(Box::new(longer), NEAR));
        Box::new(BooleanQuery::union(vec![exact, longer]))
    })
}

/// Words like this one in any field and language.
fn similar(fields: &Fields, word: &Asked) -> Box<dyn Query> {
    in_every_field(fields, word, |field, _, stem| {
        let similar = Term::from_field_text(field, stem);
        let similar = FuzzyTermQuery::new(similar, word.distance, true);
        Box::new(ConstScoreQuery::new(Box::new(similar), NEAR))
    })
}

fn in_every_field(
    fields: &Fields,
    word: &Asked,
    query: impl Fn(Field, Language, &str) -> Box<dyn Query>,
) -> Box<dyn Query> {
    let mut clauses: Vec<Box<dyn Query>> = Vec::new();
    for (language, stem) in &word.stems {
        let [title, body] = fields.of(*language);
        let in_title = query(title, *language, stem);
        clauses.push(Box::new(BoostQuery::new(in_title, TITLE)));
        clauses.push(query(body, *language, stem));
    }
    Box::new(BooleanQuery::union(clauses))
}

/// What the asker may find, and asked for.
fn filter(fields: &Fields, question: &Question<'_>) -> Box<dyn Query> {
    let audiences = question.audiences.iter();
    let audiences = audiences.map(|one| Term::from_field_text(fields.audience, &one.word()));
    let allowed: Box<dyn Query> = Box::new(TermSetQuery::new(audiences));
    let Some(kinds) = &question.kinds else {
        return allowed;
    };
    let kinds = kinds.iter();
    let kinds = kinds.map(|kind| Term::from_field_text(fields.kind, kind.as_str()));
    let wanted = Box::new(TermSetQuery::new(kinds));
    Box::new(BooleanQuery::intersection(vec![allowed, wanted]))
}

/// Counts only what the asker may find, so that neither scores nor corrections tell of anything else.
struct Visible<'a> {
    searcher: &'a Searcher,
    filter: Box<dyn Query>,
}

impl Visible<'_> {
    fn count(&self, query: Box<dyn Query>) -> tantivy::Result<usize> {
        let both = BooleanQuery::intersection(vec![query, self.filter.box_clone()]);
        self.searcher.search(&both, &Count)
    }
}

impl Bm25StatisticsProvider for Visible<'_> {
    fn total_num_tokens(&self, _: Field) -> tantivy::Result<u64> {
        Ok(self.total_num_docs()?.saturating_mul(MEAN_WORDS))
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.searcher.search(&self.filter, &Count)? as u64)
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        let term = TermQuery::new(term.clone(), IndexRecordOption::Basic);
        Ok(self.count(Box::new(term))? as u64)
    }
}

/// The entry with an excerpt around what was asked for.
fn found(entry: Read, asked: &[Asked], field: Field) -> Found {
    let language = entry.language;
    let matches: BTreeMap<String, f32> = words_of(&entry.body, language)
        .into_iter()
        .filter(|word| asked.iter().any(|one| one.is_like(word, language)))
        .map(|word| (word, 1.0))
        .collect();
    let generator = SnippetGenerator::new(matches, analyser(entry.language), field, EXCERPT);
    let snippet = generator.snippet(&entry.body);
    let excerpt = if snippet.is_empty() {
        vec![Part {
            text: beginning(&entry.body),
            is_match: false,
        }]
    } else {
        parts(snippet.fragment(), snippet.highlighted())
    };
    Found {
        subject: entry.subject,
        language: entry.language,
        title: entry.title,
        excerpt,
    }
}

fn beginning(text: &str) -> String {
    text.chars().take(EXCERPT).collect()
}

fn parts(text: &str, matches: &[std::ops::Range<usize>]) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut at = 0;
    let mut add = |range: std::ops::Range<usize>, is_match: bool| {
        let text = text.get(range).unwrap_or_default().to_owned();
        if !text.is_empty() {
            parts.push(Part { text, is_match });
        }
    };
    for range in matches {
        add(at..range.start, false);
        add(range.clone(), true);
        at = range.end;
    }
    add(at..text.len(), false);
    parts
}
