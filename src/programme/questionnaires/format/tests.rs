//! Tests of the file of a questionnaire. What it is not: tests of its storing.

use super::*;

const OWN: &str = include_str!("../../../../data/questionnaires/own-equal-weights-1.toml");

#[test]
fn the_own_questionnaire_has_all_indicators_and_equal_weights() {
    let own = read(OWN).unwrap();
    assert_eq!((own.code.as_str(), own.edition), ("own-equal-weights", 1));
    assert!(own.content.weights.values().all(|weight| *weight == 1));
    let indicators: Vec<_> = own.content.weights.keys().copied().collect();
    assert_eq!(indicators, Indicator::ALL);
    for indicator in Indicator::ALL {
        let questions = own.content.questions.iter();
        let asked = questions.filter(|one| one.indicator == *indicator).count();
        assert!(asked >= 4, "{indicator}");
    }
    assert!(own.note.en.contains("not the questionnaire of the Council"));
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    for (passage, replacement, expected) in [
        (
            "code = \"own-equal-weights\"",
            "code = \"Own\"",
            "code: small letters, digits and hyphens, at most 60.",
        ),
        ("edition = 1", "edition = 0", "edition: from 1 to 1000."),
        (
            "effort = 4",
            "effort = 6",
            "question COMMITMENT_STRATEGY.effort: from 1 to 5.",
        ),
        (
            "scale = \"plan\"",
            "scale = \"plans\"",
            "question COMMITMENT_STRATEGY: there is no such scale.",
        ),
        (
            "scale = \"plan\"\n",
            "",
            "question COMMITMENT_STRATEGY: it has a scale or options of its own, one of the two.",
        ),
        (
            "\"COMMITMENT_PAGE\"",
            "\"COMMITMENT_AWARD\"",
            "question COMMITMENT_AWARD: the code is there twice.",
        ),
        (
            "\"COMMITMENT_PAGE\"",
            "\"page\"",
            "question page: the code is capital letters, digits and _, at most 60.",
        ),
        (
            "code = \"MOST\", points = 2",
            "code = \"MOST\", points = -1",
            "question EDUCATION_MIX.MOST.points: from 0 to 1000.",
        ),
        (
            "text.da = \"Delvist",
            "text.da = \" Delvist",
            "question COMMITMENT_SPEECHES.IN_PART.da: one line without spaces at its ends, in the Unicode form NFC.",
        ),
        (
            "[scales.yes-no]",
            "weights = { MEDIA = -2 }\n[scales.yes-no]",
            "weights.MEDIA: from 0 to 1000.",
        ),
        (
            "[scales.yes-no]",
            "[earlier]\ncode = \"x\"\nedition = 1\nunchanged = [\"NOTHING\"]\n[scales.yes-no]",
            "earlier.NOTHING: there is no such question.",
        ),
        (
            "indicator = \"MEDIA\"",
            "indicator = \"PRESS\"",
            "unknown variant `PRESS`",
        ),
        ("effort = 1", "efort = 1", "unknown field `efort`"),
    ] {
        assert!(OWN.contains(passage), "{passage}");
        let faults = read(&OWN.replacen(passage, replacement, 1)).unwrap_err();
        assert!(
            faults[0].message.en.contains(expected),
            "{:?}",
            faults[0].message
        );
    }
    let several =
        OWN.replacen("edition = 1", "edition = 0", 1)
            .replacen("effort = 4", "effort = 9", 1);
    assert_eq!(read(&several).unwrap_err().len(), 2);
}

#[test]
fn the_most_of_a_question_is_its_best_answer_or_all_of_them() {
    let own = read(OWN).unwrap().content;
    let most = |code| own.question(code).unwrap().most();
    assert_eq!(
        (
            most("COMMITMENT_STATEMENT"),
            most("COMMITMENT_STRATEGY"),
            most("SPACES_USE")
        ),
        (1, 3, 4)
    );
    let chosen = |codes: &[&str]| {
        codes
            .iter()
            .map(|code| (*code).to_owned())
            .collect::<Vec<_>>()
    };
    let places = own.question("SPACES_USE").unwrap();
    assert_eq!(places.points(&chosen(&["PARKS", "MUSEUMS", "MOON"])), 2);
}
