//! Tests of `cell`: each getter over a table of cells.
//! Not the forms of numbers, dates and countries, which are tested where they are read.

use super::*;
use crate::exchange::columns::Kind;
use crate::exchange::sheet::{BUSINESS_YEARS, ReadOptions, read};

/// A row in which `written` stands in one column and `x` in the other required ones.
/// The delimiter is `;`, so the decimal sign is a comma.
fn with_cell(kind: Kind, column: Column, written: &str) -> Row {
    let mut names: Vec<&str> = kind
        .columns()
        .iter()
        .filter(|spec| spec.required && spec.column != column)
        .map(|spec| spec.column.as_str())
        .collect();
    names.push(column.as_str());
    let filler = "x;".repeat(names.len() - 1);
    let cell = written.replace('"', "\"\"");
    let text = format!("{}\n{filler}\"{cell}\"\n", names.join(";"));
    let mut sheet = read(text.as_bytes(), kind, &ReadOptions::default()).unwrap();
    sheet.rows.remove(0)
}

/// What a getter answers: the field, or the code of the one problem noted.
fn answer<T>(
    kind: Kind,
    column: Column,
    written: &str,
    getter: impl FnOnce(&Row, &mut Vec<Problem>) -> Field<T>,
) -> Result<Field<T>, ProblemCode> {
    let mut problems = Vec::new();
    let row = with_cell(kind, column, written);
    let field = getter(&row, &mut problems);
    match problems.as_slice() {
        [] => Ok(field),
        [problem] => {
            assert!(matches!(field, Field::Faulty));
            assert_eq!(problem.line, 2);
            assert_eq!(problem.column, Some(column));
            assert_eq!(
                problem.value,
                row.problem(column, problem.code, problem.message.clone())
                    .value
            );
            Err(problem.code)
        }
        _ => panic!("{problems:?}"),
    }
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "the tables hold what `answer` gives"
)]
fn set<T>(value: T) -> Result<Field<T>, ProblemCode> {
    Ok(Field::Set(value))
}

#[test]
fn optional_cells_are_kept_cleared_or_set() {
    for (written, expected) in [
        ("", Ok(Field::Keep)),
        ("  ", Ok(Field::Keep)),
        (" - ", Ok(Field::Clear)),
        ("'-", set("-".to_owned())),
        ("'=1+1", set("=1+1".to_owned())),
        ("+45 12 34 56 78", set("+45 12 34 56 78".to_owned())),
        ("'+45 12 34 56 78", set("+45 12 34 56 78".to_owned())),
    ] {
        let found = answer(Kind::People, Column::Phone, written, |row, problems| {
            row.text(Column::Phone, 20, problems)
        });
        assert_eq!(found, expected, "{written:?}");
    }
}

#[test]
fn required_cells_must_have_a_value() {
    for (written, expected) in [
        (" ", Err(ProblemCode::Required)),
        ("-", Err(ProblemCode::CannotClear)),
        ("x", set("x".to_owned())),
    ] {
        let found = answer(Kind::People, Column::Name, written, |row, problems| {
            row.text(Column::Name, 20, problems)
        });
        assert_eq!(found, expected, "{written:?}");
    }
}

#[test]
fn texts_are_normalised_and_checked() {
    for (written, expected) in [
        (" A\u{30a}rhus ", set("Århus".to_owned())),
        ("æøåæø", set("æøåæø".to_owned())),
        ("æøåæøå", Err(ProblemCode::TooLong)),
        ("a\tb", Err(ProblemCode::InvalidText)),
        ("a\nb", Err(ProblemCode::InvalidText)),
        ("a\u{85}b", Err(ProblemCode::InvalidText)),
        ("a\u{7f}b", Err(ProblemCode::InvalidText)),
        ("a\u{2028}b", Err(ProblemCode::InvalidText)),
        ("a\u{202e}b", Err(ProblemCode::InvalidText)),
        ("a\u{feff}b", Err(ProblemCode::InvalidText)),
        ("a\u{2066}b", Err(ProblemCode::InvalidText)),
        ("'\t", Err(ProblemCode::InvalidText)),
    ] {
        let found = answer(
            Kind::People,
            Column::Organisation,
            written,
            |row, problems| row.text(Column::Organisation, 5, problems),
        );
        assert_eq!(found, expected, "{written:?}");
    }
}

#[test]
fn integers_stay_within_their_range() {
    for (written, expected) in [
        ("75.000", set(75_000)),
        ("75.00", Err(ProblemCode::NotANumber)),
        ("75,00", Err(ProblemCode::NotAnInteger)),
        ("0", Err(ProblemCode::OutOfRange)),
        ("99999999999999999999", Err(ProblemCode::OutOfRange)),
        ("many", Err(ProblemCode::NotANumber)),
    ] {
        let found = answer(
            Kind::Cities,
            Column::Population,
            written,
            |row, problems| row.integer(Column::Population, 1..=50_000_000, problems),
        );
        assert_eq!(found, expected, "{written:?}");
    }
}

#[test]
fn decimals_are_exact() {
    for (written, expected) in [
        ("-5,3", set(-5_300_000)),
        ("'-5,3", set(-5_300_000)),
        ("-", Ok(Field::Clear)),
        ("55,675900", set(55_675_900)),
        ("55,6759001", Err(ProblemCode::TooManyDecimals)),
        ("55.6759", Err(ProblemCode::NotANumber)),
        ("90,000001", Err(ProblemCode::OutOfRange)),
    ] {
        let found = answer(Kind::Cities, Column::Latitude, written, |row, problems| {
            row.decimal(Column::Latitude, 6, -90_000_000..=90_000_000, problems)
        });
        assert_eq!(found, expected, "{written:?}");
    }
}

#[test]
fn the_decimal_sign_can_be_said() {
    let text = b"name,country,latitude\nx,DK,\"55,5\"\n";
    for (decimal, expected) in [
        (None, Field::Faulty),
        (Some(super::super::DecimalSign::Comma), Field::Set(555)),
    ] {
        let options = ReadOptions {
            decimal,
            encoding: None,
        };
        let sheet = read(text, Kind::Cities, &options).unwrap();
        let mut problems = Vec::new();
        let found = sheet.rows[0].decimal(Column::Latitude, 1, -900..=900, &mut problems);
        assert_eq!(found, expected);
    }
}

#[test]
fn dates_have_their_own_faults() {
    let day = NaiveDate::from_ymd_opt(2026, 3, 15).unwrap();
    for (written, expected) in [
        ("15.03.2026", set(day)),
        (" 2026-03-15 ", set(day)),
        ("March", Err(ProblemCode::NotADate)),
        ("31-02-2026", Err(ProblemCode::NoSuchDate)),
        ("15-03-1926", Err(ProblemCode::OutOfRange)),
    ] {
        let found = answer(
            Kind::Memberships,
            Column::JoinedOn,
            written,
            |row, problems| row.date(Column::JoinedOn, BUSINESS_YEARS, problems),
        );
        assert_eq!(found, expected, "{written:?}");
    }
}

#[test]
fn words_are_read_in_both_languages() {
    for (written, expected) in [
        ("Ja", set(true)),
        ("TRUE", set(true)),
        ("1", set(true)),
        ("nej", set(false)),
        ("0", set(false)),
        ("perhaps", Err(ProblemCode::NotABoolean)),
    ] {
        let found = answer(
            Kind::People,
            Column::Organisation,
            written,
            |row, problems| row.boolean(Column::Organisation, problems),
        );
        assert_eq!(found, expected, "{written:?}");
    }
    for (written, expected) in [
        ("Danmark", set("DK")),
        ("no", set("NO")),
        ("Atlantis", Err(ProblemCode::UnknownCountry)),
    ] {
        let found = answer(Kind::Cities, Column::Country, written, |row, problems| {
            row.country(Column::Country, problems)
        });
        assert_eq!(found, expected, "{written:?}");
    }
    for (written, expected) in [
        ("deputy", set("deputy")),
        ("Stedfortræder", set("deputy")),
        ("KOORDINATOR", set("coordinator")),
        ("mayor", Err(ProblemCode::UnknownChoice)),
    ] {
        let found = answer(
            Kind::Coordinators,
            Column::Role,
            written,
            |row, problems| row.choice(Column::Role, problems),
        );
        assert_eq!(found, expected, "{written:?}");
    }
}

#[test]
fn lists_have_whole_and_different_entries() {
    for (written, expected) in [
        ("da", set(vec!["da".to_owned()])),
        ("da | en-GB", set(vec!["da".to_owned(), "en-GB".to_owned()])),
        ("da||en", Err(ProblemCode::EmptyEntry)),
        ("da|", Err(ProblemCode::EmptyEntry)),
        ("da|en|da", Err(ProblemCode::DuplicateEntry)),
        ("da|toolong", Err(ProblemCode::TooLong)),
        ("da|e\u{1}n", Err(ProblemCode::InvalidText)),
    ] {
        let found = answer(
            Kind::Experts,
            Column::Languages,
            written,
            |row, problems| row.list(Column::Languages, 5, problems),
        );
        assert_eq!(found, expected, "{written:?}");
    }
}

#[test]
fn all_problems_of_all_rows_are_found_in_one_pass() {
    let text = b"name;country;population\n;Atlantis;1,5\nx;DK;7\ny;-;many\n";
    let sheet = read(text, Kind::Cities, &ReadOptions::default()).unwrap();
    let mut problems = Vec::new();
    for row in &sheet.rows {
        let _ = row.text(Column::Name, 10, &mut problems);
        let _ = row.country(Column::Country, &mut problems);
        let _ = row.integer(Column::Population, 0..=9, &mut problems);
    }
    let told: Vec<_> = problems
        .iter()
        .map(|problem| (problem.line, problem.code.as_str(), problem.value.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (2, "REQUIRED", ""),
            (2, "UNKNOWN_COUNTRY", "Atlantis"),
            (2, "NOT_AN_INTEGER", "1,5"),
            (4, "CANNOT_CLEAR", "-"),
            (4, "NOT_A_NUMBER", "many"),
        ]
    );
}
