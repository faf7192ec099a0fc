//! The headings of a file: which column stands where, in English or Danish, however it is spelt.
//! Not the columns themselves (that is `columns`) nor the cells below.

use csv::StringRecord;
use unicode_normalization::UnicodeNormalization;

use super::dialect::DecimalSign;
use super::problem::{Problem, ProblemCode};
use crate::exchange::columns::{Column, Kind};
use crate::kernel::phrase::Phrase;

/// Where the columns of a kind stand in one file, and how the file writes numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) kind: Kind,
    pub(super) decimal: DecimalSign,
    /// How many cells a row has.
    pub(super) width: usize,
    /// Places without a heading: spreadsheet programs write them for columns once used. No row may
    /// have a value there.
    pub(super) unnamed: Vec<usize>,
    /// The place of each column, in the order of [`Kind::columns`].
    places: Vec<Option<usize>>,
}

impl Layout {
    /// The layout that a heading gives, and everything wrong with the heading.
    pub(super) fn of(
        heading: &StringRecord,
        line: u64,
        kind: Kind,
        decimal: DecimalSign,
    ) -> (Self, Vec<Problem>) {
        let mut problems = Vec::new();
        let mut layout = Self {
            kind,
            decimal,
            width: heading.len(),
            unnamed: Vec::new(),
            places: vec![None; kind.columns().len()],
        };
        for (place, name) in heading.iter().enumerate() {
            if name.trim().is_empty() {
                layout.unnamed.push(place);
                continue;
            }
            let Some(column) = column_named(kind, name) else {
                problems.push(unknown(line, kind, name));
                continue;
            };
            let known = kind.columns().iter().zip(layout.places.iter_mut());
            for (_, slot) in known.filter(|(spec, _)| spec.column == column) {
                if slot.is_some() {
                    problems.push(duplicate(line, column, name));
                } else {
                    *slot = Some(place);
                }
            }
        }
        for (spec, slot) in kind.columns().iter().zip(&layout.places) {
            if spec.required && slot.is_none() {
                problems.push(missing(line, spec.column));
            }
        }
        (layout, problems)
    }

    /// Where a column stands; `None` when the file does not have it.
    pub(super) fn place(&self, column: Column) -> Option<usize> {
        let mut known = self.kind.columns().iter().zip(&self.places);
        known
            .find(|(spec, _)| spec.column == column)
            .and_then(|(_, place)| *place)
    }
}

/// The column of a kind that a heading names, by its English name or its Danish one.
pub(super) fn column_named(kind: Kind, name: &str) -> Option<Column> {
    let folded = fold(name);
    let mut specs = kind.columns().iter();
    specs
        .find(|spec| {
            fold(spec.column.as_str()) == folded
                || spec.danish.is_some_and(|danish| fold(danish) == folded)
        })
        .map(|spec| spec.column)
}

/// A word without what does not matter: case, white space, `_`, `-`, and how æ, ø and å are spelt.
pub(super) fn fold(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    for c in word.nfc().flat_map(char::to_lowercase) {
        match c {
            '_' | '-' => {}
            c if c.is_whitespace() => {}
            'æ' | 'ä' => folded.push_str("ae"),
            'ø' | 'ö' => folded.push_str("oe"),
            'å' => folded.push_str("aa"),
            c => folded.push(c),
        }
    }
    folded
}

fn unknown(line: u64, kind: Kind, name: &str) -> Problem {
    let names: Vec<&str> = kind
        .columns()
        .iter()
        .map(|spec| spec.column.as_str())
        .collect();
    let names = names.join(", ");
    Problem::new(
        line,
        None,
        ProblemCode::UnknownColumn,
        Phrase::new(
            format!("There is no such column. The columns are: {names}."),
            format!("Den kolonne findes ikke. Kolonnerne er: {names}."),
        ),
        name,
    )
}

fn duplicate(line: u64, column: Column, name: &str) -> Problem {
    let known = column.as_str();
    Problem::new(
        line,
        Some(column),
        ProblemCode::DuplicateColumn,
        Phrase::new(
            format!("The column {known} is there more than once."),
            format!("Kolonnen {known} er der mere end én gang."),
        ),
        name,
    )
}

fn missing(line: u64, column: Column) -> Problem {
    let known = column.as_str();
    Problem::new(
        line,
        Some(column),
        ProblemCode::MissingColumn,
        Phrase::new(
            format!("The column {known} is required and is not there."),
            format!("Kolonnen {known} er påkrævet og mangler."),
        ),
        "",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(names: &[&str]) -> (Layout, Vec<Problem>) {
        Layout::of(
            &StringRecord::from(names.to_vec()),
            1,
            Kind::Cities,
            DecimalSign::Point,
        )
    }

    #[test]
    fn headings_are_known_in_both_languages_and_every_spelling() {
        let table = [
            ("name", Some(Column::Name)),
            (" By ", Some(Column::Name)),
            ("Time Zone", Some(Column::TimeZone)),
            ("TIME-ZONE", Some(Column::TimeZone)),
            ("timezone", Some(Column::TimeZone)),
            ("Længdegrad", Some(Column::Longitude)),
            ("LAENGDEGRAD", Some(Column::Longitude)),
            ("Folketal \u{e5}r", Some(Column::PopulationYear)),
            ("folketal a\u{30a}r", Some(Column::PopulationYear)),
            ("folketal_aar", Some(Column::PopulationYear)),
            ("EAN-nr", Some(Column::Gln)),
            ("e-mail", None),
            ("names", None),
        ];
        for (name, column) in table {
            assert_eq!(column_named(Kind::Cities, name), column, "{name}");
        }
    }

    #[test]
    fn no_two_headings_of_a_kind_fold_alike() {
        for kind in Kind::ALL {
            let mut folded: Vec<String> = Vec::new();
            for spec in kind.columns() {
                let english = fold(spec.column.as_str());
                let danish = spec.danish.map(fold);
                folded.extend(danish.filter(|danish| *danish != english));
                folded.push(english);
            }
            let count = folded.len();
            folded.sort();
            folded.dedup();
            assert_eq!(folded.len(), count, "{}", kind.as_str());
        }
    }

    #[test]
    fn columns_are_found_where_they_stand() {
        let (layout, problems) = layout(&["country", "", "by"]);
        assert_eq!(problems, []);
        assert_eq!(layout.place(Column::Country), Some(0));
        assert_eq!(layout.place(Column::Name), Some(2));
        assert_eq!(layout.place(Column::Cvr), None);
        assert_eq!(layout.place(Column::Role), None);
        assert_eq!((layout.unnamed, layout.width), (vec![1], 3));
    }

    #[test]
    fn everything_wrong_with_a_heading_is_told_at_once() {
        let (_, problems) = layout(&["name", "by", "mayor"]);
        let told: Vec<_> = problems
            .iter()
            .map(|problem| (problem.code, problem.column, problem.value.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                (ProblemCode::DuplicateColumn, Some(Column::Name), "by"),
                (ProblemCode::UnknownColumn, None, "mayor"),
                (ProblemCode::MissingColumn, Some(Column::Country), ""),
            ]
        );
    }
}
