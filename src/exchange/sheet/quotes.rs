//! Quotation marks that are not closed, or have something outside them.
//! Not the reading of cells: the CSV reader forgives what is found here, and so would lose rows.

use super::dialect::Delimiter;
use super::problem::{Problem, ProblemCode};
use crate::kernel::phrase::Phrase;

/// All faults in the quoting of a text.
///
/// A quotation mark inside a cell that does not begin with one is taken as it is (`5" pipe`).
pub(super) fn faults(text: &str, delimiter: Delimiter) -> Vec<Problem> {
    let mut faults = Vec::new();
    let mut place = Place::CellStart;
    let mut line = 1;
    let mut before = '\0';
    for c in text.chars() {
        let ends_line = c == '\r' || c == '\n';
        let ends_cell = ends_line || c == char::from(delimiter.byte());
        place = match place {
            Place::Quoted { opened } if c == '"' => Place::AfterQuote { opened },
            Place::Quoted { opened } => Place::Quoted { opened },
            Place::AfterQuote { opened } if c == '"' => Place::Quoted { opened },
            _ if ends_cell => Place::CellStart,
            Place::CellStart if c == '"' => Place::Quoted { opened: line },
            Place::CellStart | Place::Blank if c == ' ' => Place::Blank,
            Place::Blank if c == '"' => {
                faults.push(malformed(line));
                Place::Plain
            }
            Place::AfterQuote { .. } => {
                faults.push(malformed(line));
                Place::Plain
            }
            Place::CellStart | Place::Blank | Place::Plain => Place::Plain,
        };
        line += u64::from(c == '\r' || (c == '\n' && before != '\r'));
        before = c;
    }
    if let Place::Quoted { opened } = place {
        faults.push(Problem::new(
            opened,
            None,
            ProblemCode::UnclosedQuote,
            Phrase::new(
                "A quotation mark is opened on this line and never closed.".to_owned(),
                "Et anførselstegn åbnes på denne linje og lukkes aldrig.".to_owned(),
            ),
            "",
        ));
    }
    faults
}

#[derive(Debug, Clone, Copy)]
enum Place {
    CellStart,
    /// Only spaces since the delimiter.
    Blank,
    Plain,
    Quoted {
        opened: u64,
    },
    /// A quotation mark in a quoted cell: the end, or the first of two.
    AfterQuote {
        opened: u64,
    },
}

fn malformed(line: u64) -> Problem {
    Problem::new(
        line,
        None,
        ProblemCode::MalformedQuotes,
        Phrase::new(
            "There is something between a quotation mark and the delimiter.".to_owned(),
            "Der står noget mellem et anførselstegn og skilletegnet.".to_owned(),
        ),
        "",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_found_with_their_lines() {
        let table: &[(&str, &[(ProblemCode, u64)])] = &[
            ("a,b\n\"c\",\"d \"\"e\"\"\"\n", &[]),
            ("\"a\r\nb\",c\r\n", &[]),
            ("5\" pipe,b\n", &[]),
            ("\"\",\"\"", &[]),
            ("a\n\"b,c\nd\n", &[(ProblemCode::UnclosedQuote, 2)]),
            ("a,\"b\"\"", &[(ProblemCode::UnclosedQuote, 1)]),
            (
                "a\r\n\"b\"c,d\r\ne, \"f\"\r\n",
                &[
                    (ProblemCode::MalformedQuotes, 2),
                    (ProblemCode::MalformedQuotes, 3),
                ],
            ),
            ("\"a\" ,b", &[(ProblemCode::MalformedQuotes, 1)]),
        ];
        for (text, expected) in table {
            let found: Vec<_> = faults(text, Delimiter::Comma)
                .iter()
                .map(|fault| (fault.code, fault.line))
                .collect();
            assert_eq!(found, *expected, "{text:?}");
        }
    }
}
