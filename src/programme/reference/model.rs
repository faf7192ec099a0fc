//! The items of the reference data as the rest of the service sees them: plain values that have passed all
//! checks. It does not know files; `read_policy`, `read_offer`, `read_practices` and `read_networks` make
//! these values.

use std::{fmt, str::FromStr};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::codes::{
    DeliverableKind, FigureQualifier, NetworkLevel, PolicyModel, SingleActivityKind,
};
use crate::kernel::indicator::Indicator;
use crate::kernel::phrase::Phrase;
use crate::kernel::policy_area::PolicyArea;
use crate::registry::partners::PartnerKind;

/// One of the ten steps to an intercultural city policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// 1 to 10. The number names the step; cities need not take the steps in this order.
    pub number: u8,
    /// A short name, this project's own.
    pub name: Phrase,
    /// The step in full; the Danish is the memo's.
    pub text: Phrase,
}

/// How a city acts in each policy area under each model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyTable {
    /// The eight areas, in the memo's order.
    pub areas: Vec<PolicyAreaName>,
    /// The three models, in the memo's order.
    pub models: Vec<PolicyModelName>,
    /// All 24 cells: area by area, and within an area model by model.
    pub cells: Vec<PolicyCell>,
}

impl PolicyTable {
    /// The cell of an area under a model. A table that was read from a file has every cell.
    #[must_use]
    pub fn cell(&self, area: PolicyArea, model: PolicyModel) -> Option<&PolicyCell> {
        self.cells
            .iter()
            .find(|cell| cell.area == area && cell.model == model)
    }
}

/// A row of the policy table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyAreaName {
    /// Which area.
    pub area: PolicyArea,
    /// Its name.
    pub name: Phrase,
}

/// A column of the policy table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyModelName {
    /// Which model.
    pub model: PolicyModel,
    /// Its name.
    pub name: Phrase,
}

/// What a city does in one area under one model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyCell {
    /// The row.
    pub area: PolicyArea,
    /// The column.
    pub model: PolicyModel,
    /// The text of the cell.
    pub text: Phrase,
}

/// A kind of thing the package delivers, and how many of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deliverable {
    /// Which kind.
    pub kind: DeliverableKind,
    /// How many of this kind one package holds, at least 1.
    pub units: u32,
    /// The name of one unit.
    pub name: Phrase,
    /// The memo's line that promises it. Kinds that share a line share the description.
    pub description: Phrase,
}

/// An activity that a city can take without the package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SingleActivity {
    /// Which activity.
    pub kind: SingleActivityKind,
    /// A short name.
    pub name: Phrase,
    /// What it consists of.
    pub description: Phrase,
}

/// A kind of partner that supports the network's work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartnerKindEntry {
    /// Which kind.
    pub kind: PartnerKind,
    /// A short name.
    pub name: Phrase,
    /// Who belongs to it.
    pub description: Phrase,
}

/// An example of good practice in a city, which need not be a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Practice {
    /// The lasting name of the practice: lower-case letters, digits and hyphens; unique.
    pub slug: String,
    /// The city the source places the practice in.
    pub city: String,
    /// The city's country, ISO 3166-1 alpha-2.
    pub country: String,
    /// The year the source gives, if it gives one: when it was declared, or from when it works.
    pub year: Option<u16>,
    /// A short title, this project's own.
    pub title: Phrase,
    /// What the source says about the practice.
    pub summary: Phrase,
    /// The figures in the source, in its order.
    pub figures: Vec<Figure>,
    /// The areas and steps the practice illustrates.
    pub links: PracticeLinks,
    /// Where the practice is described.
    pub source: Source,
}

/// What a practice illustrates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PracticeLinks {
    /// Whether the links are this project's judgement. False only where the source itself makes them.
    pub editorial: bool,
    /// At least one area, each once.
    pub areas: Vec<PolicyArea>,
    /// Numbers of steps, each once; may be empty.
    pub steps: Vec<u8>,
    /// The indicators of the index it illustrates; may be empty.
    pub indicators: Vec<Indicator>,
}

/// A figure that a practice states.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// What is counted or measured.
    pub what: Phrase,
    /// How the source qualifies the value.
    pub qualifier: FigureQualifier,
    /// The value as a decimal number.
    pub value: FigureValue,
    /// What the value is a number of.
    pub unit: Phrase,
    /// How it was counted or measured, where that is said.
    #[serde(default)]
    pub method: Option<Phrase>,
}

/// A decimal number, not negative, kept as it is written: `40000`, `2.6`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FigureValue(String);

impl FigureValue {
    /// The number with a decimal point and without separators of thousands.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FigureValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for FigureValue {
    type Err = &'static str;

    /// Reads a decimal number. A fraction may not end in 0: the memo writes "40.000" for forty thousand,
    /// and a value copied from it must not become forty.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (whole, fraction) = match text.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (text, None),
        };
        if !is_digits(whole) || fraction.is_some_and(|digits| !is_digits(digits)) {
            return Err("is not a decimal number with a point, such as 2.6");
        }
        if whole.len() > 1 && whole.starts_with('0') {
            return Err("begins with a superfluous 0");
        }
        if fraction.is_some_and(|digits| digits.ends_with('0')) {
            return Err("has a fraction that ends in 0; thousands have no separator here");
        }
        if whole.len() > 15 || fraction.is_some_and(|digits| digits.len() > 6) {
            return Err("has more than 15 digits, or more than 6 after the point");
        }
        Ok(Self(text.to_owned()))
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A document that an item is taken from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Its title, in its own language.
    pub title: String,
    /// Who published it.
    pub publisher: String,
    /// The day it bears, if it bears one.
    pub date: Option<NaiveDate>,
    /// Its number in the publisher's archive, if it has one.
    pub document_number: Option<String>,
    /// Where it can be read, if it is on the web: an `https` address.
    pub url: Option<String>,
}

/// An indicator of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndicatorName {
    /// Which.
    pub indicator: Indicator,
    /// Its name.
    pub name: Phrase,
}

/// The international network, or a national one of the same programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    /// The lasting name of the network: lower-case letters, digits and hyphens; unique.
    pub slug: String,
    /// Whether it is the international network or a national one.
    pub level: NetworkLevel,
    /// The country of a national network, ISO 3166-1 alpha-2; `None` for the international one.
    pub country: Option<String>,
    /// What the network calls itself in its own language, where that is known.
    pub local_name: Option<String>,
    /// The abbreviation the network uses, if it uses one.
    pub abbreviation: Option<String>,
    /// A short name.
    pub name: Phrase,
    /// Who convenes it, where the source says so.
    pub convenor: Option<Phrase>,
    /// The rounds in which cities were taken in, numbered 1, 2, 3 …; empty where none are known.
    pub rounds: Vec<NetworkRound>,
    /// Where the network is described.
    pub source: Source,
}

/// A round in which a network takes cities in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkRound {
    /// 1 for the first round.
    pub number: u8,
    /// Its name.
    pub name: Phrase,
    /// The year it begins.
    pub first_year: u16,
    /// The year it ends, if the source gives a span; not before `first_year`.
    pub last_year: Option<u16>,
    /// How many cities take part, if the source says so.
    pub city_count: Option<u32>,
}

#[cfg(test)]
mod tests {
    use super::FigureValue;

    #[test]
    fn a_figure_is_a_decimal_number() {
        for text in [
            "0",
            "3",
            "2.6",
            "0.05",
            "40000",
            "1300",
            "999999999999999.999999",
        ] {
            assert_eq!(
                text.parse::<FigureValue>()
                    .map(|value| value.as_str().to_owned()),
                Ok(text.to_owned())
            );
        }
    }

    #[test]
    fn a_figure_in_danish_notation_or_out_of_bounds_is_refused() {
        let no_number = "is not a decimal number with a point, such as 2.6";
        let thousands = "has a fraction that ends in 0; thousands have no separator here";
        let digits = "has more than 15 digits, or more than 6 after the point";
        for (text, reason) in [
            ("", no_number),
            ("2,6", no_number),
            ("-3", no_number),
            ("+3", no_number),
            ("1e3", no_number),
            (" 3", no_number),
            (".5", no_number),
            ("5.", no_number),
            ("1.2.3", no_number),
            ("٣", no_number),
            ("40.000", thousands),
            ("1.300", thousands),
            ("007", "begins with a superfluous 0"),
            ("1234567890123456", digits),
            ("0.1234567", digits),
        ] {
            assert_eq!(text.parse::<FigureValue>(), Err(reason), "{text:?}");
        }
    }
}
