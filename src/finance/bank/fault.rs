//! What is wrong with a file of the bank, and where: the entry is named as the bank names it. What it is
//! not: a refusal of a deed; a faulty file is answered with all of its faults at once.

use std::fmt::Write as _;

use crate::kernel::phrase::Phrase;

/// Declares the words for what can be wrong with a file.
macro_rules! fault_codes {
    ($($(#[$meta:meta])* $name:ident = $word:literal),* $(,)?) => {
        /// What is wrong with a file.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum FaultCode {
            $($(#[$meta])* $name),*
        }

        impl FaultCode {
            /// The word to program against.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }
        }
    };
}

fault_codes! {
    /// More bytes, elements or rows than are read.
    TooLarge = "TOO_LARGE",
    /// Elements inside elements inside elements.
    TooDeep = "TOO_DEEP",
    /// The file ends in the middle.
    Cut = "CUT",
    /// No well-formed XML.
    Malformed = "MALFORMED",
    /// A document type definition, which no bank's file has.
    Doctype = "DOCTYPE",
    /// Bytes that are no text in the encoding they are declared in.
    Encoding = "ENCODING",
    /// Another message, or another version of it.
    UnknownFormat = "UNKNOWN_FORMAT",
    /// Something that must be there is not.
    Missing = "MISSING",
    /// A word that is not known where it stands.
    Unknown = "UNKNOWN",
    /// No amount.
    Amount = "AMOUNT",
    /// No day.
    Date = "DATE",
    /// The entries do not lead from the opening to the closing balance.
    Balance = "BALANCE",
    /// The parts of an entry do not add up to it.
    Parts = "PARTS",
    /// Another currency than that of the account.
    Currency = "CURRENCY",
    /// An account that is not the seller's.
    ForeignAccount = "FOREIGN_ACCOUNT",
}

/// Where in a file something stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spot {
    /// The bank's own id of the statement.
    pub statement: Option<String>,
    /// Which entry of the statement, from 1.
    pub entry: Option<u32>,
    /// The line of a table, from 1.
    pub line: Option<u64>,
    /// The bank's reference of the entry.
    pub reference: Option<String>,
}

impl Spot {
    /// A line of a table.
    #[must_use]
    pub fn line(line: u64) -> Self {
        Self {
            line: Some(line),
            ..Self::default()
        }
    }

    /// The place in words: `Statement 2026-17, entry 3 (reference 4711)`.
    #[must_use]
    pub fn words(&self) -> Phrase {
        let said = |statement: &str, entry: &str, line: &str, reference: &str| {
            let mut text = String::new();
            // Writing to a String does not fail.
            if let Some(id) = &self.statement {
                let _ = write!(text, "{statement} {id}, ");
            }
            if let Some(number) = self.entry {
                let _ = write!(text, "{entry} {number}, ");
            }
            if let Some(number) = self.line {
                let _ = write!(text, "{line} {number}, ");
            }
            text.truncate(text.trim_end_matches(", ").len());
            if let Some(id) = &self.reference {
                let _ = write!(text, " ({reference} {id})");
            }
            capitalised(text.trim())
        };
        Phrase::new(
            said("statement", "entry", "line", "reference"),
            said("kontoudtog", "postering", "linje", "reference"),
        )
    }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}

/// One thing wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What.
    pub code: FaultCode,
    /// Where.
    pub spot: Box<Spot>,
    /// What is wrong and what to do, beginning with the place.
    pub message: Box<Phrase>,
}

impl Fault {
    /// A fault at a place.
    #[must_use]
    pub fn at(
        spot: &Spot,
        code: FaultCode,
        en: impl std::fmt::Display,
        da: impl std::fmt::Display,
    ) -> Self {
        let place = spot.words();
        let message = if place.en.is_empty() {
            Phrase::new(en.to_string(), da.to_string())
        } else {
            Phrase::new(format!("{}: {en}", place.en), format!("{}: {da}", place.da))
        };
        Self {
            code,
            spot: Box::new(spot.clone()),
            message: Box::new(message),
        }
    }

    /// A fault of the file as a whole.
    #[must_use]
    pub fn of_file(
        code: FaultCode,
        en: impl std::fmt::Display,
        da: impl std::fmt::Display,
    ) -> Self {
        Self::at(&Spot::default(), code, en, da)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_named_as_the_bank_names_them() {
        let entry = Spot {
            statement: Some("2026-17".to_owned()),
            entry: Some(3),
            line: None,
            reference: Some("4711".to_owned()),
        };
        for (spot, en, da) in [
            (
                entry,
                "Statement 2026-17, entry 3 (reference 4711)",
                "Kontoudtog 2026-17, postering 3 (reference 4711)",
            ),
            (Spot::line(4), "Line 4", "Linje 4"),
            (Spot::default(), "", ""),
        ] {
            assert_eq!(spot.words(), Phrase::new(en, da));
        }
        let fault = Fault::at(
            &Spot::line(4),
            FaultCode::Amount,
            "no amount.",
            "intet beløb.",
        );
        assert_eq!(
            *fault.message,
            Phrase::new("Line 4: no amount.", "Linje 4: intet beløb.")
        );
    }
}
