//! Delimiter and decimal sign of a file.
//! Not the quoting (that is `quotes`) nor how a number is read (that is `number`).

use csv::{ReaderBuilder, StringRecord};

use super::header;
use crate::exchange::columns::Kind;

/// What stands between two cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Delimiter {
    /// `,`, as RFC 4180 has it.
    #[default]
    Comma,
    /// `;`, as spreadsheet programs set to Danish write it; numbers then have a decimal comma.
    Semicolon,
    /// A tabulator.
    Tab,
}

impl Delimiter {
    /// All delimiters that are recognised.
    pub const ALL: [Self; 3] = [Self::Comma, Self::Semicolon, Self::Tab];

    /// The delimiter as a byte.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }

    /// The decimal sign that goes with it unless another is asked for.
    #[must_use]
    pub const fn decimal_sign(self) -> DecimalSign {
        match self {
            Self::Semicolon => DecimalSign::Comma,
            Self::Comma | Self::Tab => DecimalSign::Point,
        }
    }
}

/// What stands before the decimals; the other of the two groups thousands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecimalSign {
    /// `75.000,00`
    Comma,
    /// `75,000.00`
    Point,
}

impl DecimalSign {
    /// The sign itself.
    #[must_use]
    pub const fn char(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Point => '.',
        }
    }

    /// The sign between groups of three digits.
    #[must_use]
    pub const fn grouping(self) -> char {
        match self {
            Self::Comma => '.',
            Self::Point => ',',
        }
    }
}

/// The delimiter under which the heading names most columns of the kind.
///
/// Going by known names, not by counting signs, makes delimiters inside quoted headings harmless.
/// When two do equally well the one that gives more cells wins, then the order of [`Delimiter::ALL`].
pub(super) fn delimiter_of(text: &str, kind: Kind) -> Delimiter {
    let mut best = (Delimiter::default(), (0, 0));
    for delimiter in Delimiter::ALL {
        let heading = first_record(text, delimiter);
        let known = heading
            .iter()
            .filter(|name| header::column_named(kind, name).is_some())
            .count();
        let score = (known, heading.len());
        if score > best.1 {
            best = (delimiter, score);
        }
    }
    best.0
}

/// A reader that leaves every judgement to us: rows of any length, no heading, nothing trimmed.
pub(super) fn records(text: &str, delimiter: Delimiter) -> csv::Reader<&[u8]> {
    ReaderBuilder::new()
        .delimiter(delimiter.byte())
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

fn first_record(text: &str, delimiter: Delimiter) -> StringRecord {
    records(text, delimiter)
        .records()
        .find_map(Result::ok)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_found_by_the_headings() {
        let table = [
            ("name,country\n", Delimiter::Comma),
            ("name;country\n", Delimiter::Semicolon),
            ("name\tcountry\n", Delimiter::Tab),
            ("\n\nname;country\n", Delimiter::Semicolon),
            ("\"name\";\"country\"\n", Delimiter::Semicolon),
            ("name;country;\"a,b,c,d,e\"\n", Delimiter::Semicolon),
            ("\"x;y;z;u;v\",name,country\n", Delimiter::Comma),
            ("\"navn\n,,,dansk\"\tby\tland\n", Delimiter::Tab),
            ("a;b;c,d\n", Delimiter::Semicolon),
            ("name\n1;2\n", Delimiter::Comma),
            ("\"name;country\n", Delimiter::Comma),
        ];
        for (text, delimiter) in table {
            assert_eq!(delimiter_of(text, Kind::Cities), delimiter, "{text:?}");
        }
    }

    #[test]
    fn only_the_semicolon_brings_a_decimal_comma() {
        let signs = Delimiter::ALL.map(Delimiter::decimal_sign);
        assert_eq!(
            signs,
            [DecimalSign::Point, DecimalSign::Comma, DecimalSign::Point]
        );
    }
}
