//! The file of a questionnaire (TOML), read and judged. Pure. What it is not: the storing; nor the word on
//! whose questionnaire it is, which the file says itself.
//!
//! `data/questionnaires/own-equal-weights-1.toml` is an example of everything but `earlier`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::kernel::indicator::Indicator;
use crate::kernel::phrase::Phrase;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::text;
use crate::programme::questionnaires::model::{Content, Earlier, Question, QuestionOption, Read};

/// The longest code of a questionnaire, a question or an option.
const LONGEST_CODE: usize = 60;
/// The most questions.
const MOST_QUESTIONS: usize = 500;
/// The most points of an option, and the heaviest weight: sums of them stay far within the numbers.
const MOST_POINTS: i64 = 1000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    code: String,
    edition: i32,
    name: Phrase,
    note: Phrase,
    #[serde(default)]
    weights: BTreeMap<Indicator, i64>,
    #[serde(default)]
    scales: BTreeMap<String, Scale>,
    earlier: Option<FileEarlier>,
    question: Vec<FileQuestion>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scale {
    options: Vec<QuestionOption>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileEarlier {
    code: String,
    edition: i32,
    /// Questions that kept their code.
    #[serde(default)]
    unchanged: Vec<String>,
    /// Questions under another code: here, there.
    #[serde(default)]
    renamed: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileQuestion {
    code: String,
    indicator: Indicator,
    text: Phrase,
    effort: i32,
    #[serde(default)]
    several: bool,
    #[serde(default)]
    mandatory: bool,
    scale: Option<String>,
    options: Option<Vec<QuestionOption>>,
}

/// Reads a questionnaire. An indicator that `weights` does not name weighs 1.
///
/// # Errors
/// Every problem of the file, with the place it is at.
pub fn read(content: &str) -> Result<Read, Vec<Refusal>> {
    let file: File = toml::from_str(content).map_err(|error| {
        let place = error.span().map_or(1, |span| line_of(content, span.start));
        let problem = error.message();
        vec![Refusal::new(
            RefusalCode::InvalidText,
            "content",
            format!("Line {place}: {problem}."),
            format!("Linje {place}: {problem}."),
        )]
    })?;
    let mut faults = Vec::new();
    head(&file, &mut faults);
    let weights = weights(&file, &mut faults);
    let questions = questions(&file, &mut faults);
    let earlier = file
        .earlier
        .map(|earlier| earlier_of(earlier, &questions, &mut faults));
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Read {
        code: file.code,
        edition: file.edition,
        name: file.name,
        note: file.note,
        content: Content {
            weights,
            questions,
            earlier,
        },
    })
}

fn head(file: &File, faults: &mut Vec<Refusal>) {
    let is_code = !file.code.is_empty()
        && file.code.len() <= LONGEST_CODE
        && file
            .code
            .chars()
            .all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '-');
    if !is_code {
        faults.push(wrong(
            "code",
            (
                "small letters, digits and hyphens, at most 60",
                "små bogstaver, cifre og bindestreger, højst 60",
            ),
        ));
    }
    if !(1..=1000).contains(&file.edition) {
        faults.push(between("edition", 1, 1000));
    }
    phrase("name", &file.name, faults);
    phrase("note", &file.note, faults);
    if file.question.is_empty() || file.question.len() > MOST_QUESTIONS {
        faults.push(between("question", 1, 500));
    }
}

fn weights(file: &File, faults: &mut Vec<Refusal>) -> BTreeMap<Indicator, i64> {
    let asked: BTreeSet<Indicator> = file.question.iter().map(|one| one.indicator).collect();
    for (indicator, weight) in &file.weights {
        let place = format!("weights.{indicator}");
        if !(0..=MOST_POINTS).contains(weight) {
            faults.push(between(&place, 0, MOST_POINTS));
        }
        if !asked.contains(indicator) {
            faults.push(wrong(
                &place,
                (
                    "no question counts to it",
                    "intet spørgsmål tæller med i den",
                ),
            ));
        }
    }
    let weights: BTreeMap<Indicator, i64> = asked
        .into_iter()
        .map(|indicator| {
            (
                indicator,
                file.weights.get(&indicator).map_or(1, |one| *one),
            )
        })
        .collect();
    if !weights.is_empty() && weights.values().all(|weight| *weight == 0) {
        faults.push(wrong("weights", ("every weight is 0", "alle vægte er 0")));
    }
    weights
}

fn questions(file: &File, faults: &mut Vec<Refusal>) -> Vec<Question> {
    let mut known = BTreeSet::new();
    let mut questions = Vec::with_capacity(file.question.len());
    for raw in &file.question {
        let place = format!("question {}", raw.code);
        let mut fault = |en, da| faults.push(wrong(&place, (en, da)));
        if !is_code(&raw.code) {
            fault(
                "the code is capital letters, digits and _, at most 60",
                "koden er store bogstaver, cifre og _, højst 60",
            );
        }
        if !known.insert(raw.code.clone()) {
            fault("the code is there twice", "koden er der to gange");
        }
        let scale = raw.scale.as_ref().map(|name| file.scales.get(name));
        let options = match (&scale, &raw.options) {
            (Some(Some(scale)), None) => scale.options.clone(),
            (None, Some(options)) => options.clone(),
            (Some(None), None) => {
                fault("there is no such scale", "den skala findes ikke");
                Vec::new()
            }
            _ => {
                fault(
                    "it has a scale or options of its own, one of the two",
                    "det har en skala eller egne svarmuligheder, ét af de to",
                );
                Vec::new()
            }
        };
        let question = Question {
            code: raw.code.clone(),
            indicator: raw.indicator,
            text: raw.text.clone(),
            effort: raw.effort,
            several: raw.several,
            mandatory: raw.mandatory,
            options,
        };
        judge(&question, &place, faults);
        questions.push(question);
    }
    questions
}

fn judge(question: &Question, place: &str, faults: &mut Vec<Refusal>) {
    if !(1..=5).contains(&question.effort) {
        faults.push(between(&format!("{place}.effort"), 1, 5));
    }
    phrase(&format!("{place}.text"), &question.text, faults);
    if question.options.is_empty() {
        return;
    }
    let mut known = BTreeSet::new();
    for option in &question.options {
        let spot = format!("{place}.{}", option.code);
        if !is_code(&option.code) || !known.insert(&option.code) {
            faults.push(wrong(
                &spot,
                (
                    "the code is capital letters, digits and _, each once",
                    "koden er store bogstaver, cifre og _, hver én gang",
                ),
            ));
        }
        if !(0..=MOST_POINTS).contains(&option.points) {
            faults.push(between(&format!("{spot}.points"), 0, MOST_POINTS));
        }
        phrase(&spot, &option.text, faults);
    }
    let choice = if question.several { 1 } else { 2 };
    if question.options.len() < choice || question.most() == 0 {
        faults.push(wrong(
            place,
            (
                "there must be a choice, and an option that earns points",
                "der skal være et valg og en svarmulighed, der giver point",
            ),
        ));
    }
}

fn earlier_of(raw: FileEarlier, questions: &[Question], faults: &mut Vec<Refusal>) -> Earlier {
    let unchanged = raw.unchanged.into_iter().map(|code| (code.clone(), code));
    let pairs: Vec<(String, String)> = unchanged.chain(raw.renamed).collect();
    let here: BTreeSet<&String> = pairs.iter().map(|(here, _)| here).collect();
    let there: BTreeSet<&String> = pairs.iter().map(|(_, there)| there).collect();
    let is_one_to_one = here.len() == pairs.len() && there.len() == pairs.len();
    let unknown = pairs
        .iter()
        .find(|(here, _)| !questions.iter().any(|question| question.code == *here));
    if !is_one_to_one {
        faults.push(wrong(
            "earlier",
            (
                "a question is named twice",
                "et spørgsmål er nævnt to gange",
            ),
        ));
    }
    if let Some((code, _)) = unknown {
        let place = format!("earlier.{code}");
        faults.push(wrong(
            &place,
            ("there is no such question", "det spørgsmål findes ikke"),
        ));
    }
    Earlier {
        code: raw.code,
        edition: raw.edition,
        questions: pairs.into_iter().collect(),
    }
}

fn is_code(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= LONGEST_CODE
        && text
            .chars()
            .all(|sign| sign.is_ascii_uppercase() || sign.is_ascii_digit() || sign == '_')
}

/// A text that can be shown as it is, in both languages.
fn phrase(place: &str, phrase: &Phrase, faults: &mut Vec<Refusal>) {
    for (language, words) in [("da", &phrase.da), ("en", &phrase.en)] {
        let place = format!("{place}.{language}");
        match text::paragraph(&place, words) {
            Ok(kept) if kept == *words && !words.contains('\n') => {}
            Ok(_) => faults.push(wrong(
                &place,
                (
                    "one line without spaces at its ends, in the Unicode form NFC",
                    "én linje uden mellemrum i enderne, i Unicode-formen NFC",
                ),
            )),
            Err(refusal) => faults.push(Refusal {
                field: "content".to_owned(),
                ..refusal
            }),
        }
    }
}

fn between(place: &str, least: i64, most: i64) -> Refusal {
    Refusal::new(
        RefusalCode::OutOfRange,
        "content",
        format!("{place}: from {least} to {most}."),
        format!("{place}: fra {least} til {most}."),
    )
}

fn wrong(place: &str, (en, da): (&str, &str)) -> Refusal {
    Refusal::new(
        RefusalCode::InvalidText,
        "content",
        format!("{place}: {en}."),
        format!("{place}: {da}."),
    )
}

fn line_of(text: &str, start: usize) -> usize {
    let before = text.get(..start).unwrap_or_default();
    before.matches('\n').count().saturating_add(1)
}

#[cfg(test)]
mod tests;
