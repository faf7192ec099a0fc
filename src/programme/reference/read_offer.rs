//! Reads what the network offers and who stands behind it: the deliverables of the package, the single
//! activities and the kinds of partner. Pure functions from the text of a file to checked values; opening
//! files is the business of `load`.

use std::{fmt::Display, str::FromStr};

use serde::Deserialize;

use super::{
    checks::{Bilingual, Place, code, complete, decode, phrase},
    codes::{DeliverableKind, SingleActivityKind},
    error::ReferenceError,
    load::ReferenceFile,
    model::{Deliverable, PartnerKindEntry, SingleActivity},
};
use crate::kernel::phrase::Phrase;
use crate::registry::partners::PartnerKind;

/// How many units one package delivers, over all kinds. The memo names five lines; counted one by one they
/// are an index, a visit, a report, two analyses, a workshop, two study visits and help with the strategy.
pub const PACKAGE_UNITS: u32 = 9;

/// Reads `deliverables.toml`: all seven kinds with [`PACKAGE_UNITS`] units in all.
///
/// # Errors
/// The text is not such a file.
pub fn parse_deliverables(text: &str) -> Result<Vec<Deliverable>, ReferenceError> {
    let file = ReferenceFile::Deliverables.name();
    let raw: DeliverablesFile = decode(file, text)?;
    let deliverables = raw
        .deliverable
        .into_iter()
        .map(|raw| {
            let item = format!("deliverable {}", raw.code);
            let place = Place { file, item };
            if raw.units == 0 {
                return Err(place.fault("units is 0"));
            }
            let deliverable = Deliverable {
                kind: code(&place, &raw.code)?,
                units: raw.units,
                name: phrase(&place, "name", raw.name)?,
                description: phrase(&place, "description", raw.description)?,
            };
            Ok((deliverable.kind, deliverable))
        })
        .collect::<Result<Vec<_>, ReferenceError>>()?;
    let deliverables = complete(
        file,
        DeliverableKind::ALL.iter().copied(),
        deliverables,
        |kind| format!("deliverable {}", kind.as_str()),
    )?;
    let units: u64 = deliverables.iter().map(|row| u64::from(row.units)).sum();
    if units == u64::from(PACKAGE_UNITS) {
        Ok(deliverables)
    } else {
        let item = "all deliverables".to_owned();
        Err(Place { file, item }.fault(format!(
            "the package has {PACKAGE_UNITS} units, here are {units}"
        )))
    }
}

/// Reads `single_activities.toml`: all four activities, each once.
///
/// # Errors
/// The text is not such a file.
pub fn parse_single_activities(text: &str) -> Result<Vec<SingleActivity>, ReferenceError> {
    let file = ReferenceFile::SingleActivities.name();
    let raw: SingleActivitiesFile = decode(file, text)?;
    let activities = described(file, "activity", raw.activity, |kind, name, description| {
        SingleActivity {
            kind,
            name,
            description,
        }
    })?;
    complete(
        file,
        SingleActivityKind::ALL.iter().copied(),
        activities,
        |kind| format!("activity {}", kind.as_str()),
    )
}

/// Reads `partner_kinds.toml`: all three kinds, each once.
///
/// # Errors
/// The text is not such a file.
pub fn parse_partner_kinds(text: &str) -> Result<Vec<PartnerKindEntry>, ReferenceError> {
    let file = ReferenceFile::PartnerKinds.name();
    let raw: PartnerKindsFile = decode(file, text)?;
    let kinds = described(file, "kind", raw.kind, |kind, name, description| {
        PartnerKindEntry {
            kind,
            name,
            description,
        }
    })?;
    complete(file, PartnerKind::ALL.iter().copied(), kinds, |kind| {
        format!("kind {}", kind.as_str())
    })
}

/// Items that are a code, a name and a description.
fn described<K, T>(
    file: &'static str,
    kind: &str,
    raw: Vec<RawDescribed>,
    entry: impl Fn(K, Phrase, Phrase) -> T,
) -> Result<Vec<(K, T)>, ReferenceError>
where
    K: Copy + FromStr<Err: Display>,
{
    raw.into_iter()
        .map(|raw| {
            let item = format!("{kind} {}", raw.code);
            let place = Place { file, item };
            let key = code(&place, &raw.code)?;
            let name = phrase(&place, "name", raw.name)?;
            let description = phrase(&place, "description", raw.description)?;
            Ok((key, entry(key, name, description)))
        })
        .collect()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DeliverablesFile {
    deliverable: Vec<RawDeliverable>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDeliverable {
    code: String,
    units: u32,
    name: Bilingual,
    description: Bilingual,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SingleActivitiesFile {
    activity: Vec<RawDescribed>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartnerKindsFile {
    kind: Vec<RawDescribed>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDescribed {
    code: String,
    name: Bilingual,
    description: Bilingual,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programme::reference::checks::refusal;

    #[test]
    fn the_package_has_nine_units_of_seven_kinds() {
        let file = ReferenceFile::Deliverables.compiled_in();
        for (passage, replacement, expected) in [
            (
                "units = 2",
                "units = 3",
                "deliverables.toml: all deliverables: the package has 9 units, here are 10",
            ),
            (
                "units = 1",
                "units = 0",
                "deliverables.toml: deliverable INDEX: units is 0",
            ),
            (
                "\"SWOT_REPORT\"",
                "\"REPORT\"",
                "deliverables.toml: deliverable REPORT: DeliverableKind has no value REPORT",
            ),
            (
                "\"SWOT_REPORT\"",
                "\"INDEX\"",
                "deliverables.toml: deliverable INDEX: stands there more than once",
            ),
        ] {
            assert_eq!(
                refusal(parse_deliverables, file, passage, replacement),
                expected
            );
        }
    }

    #[test]
    fn activities_and_partner_kinds_are_closed_lists() {
        assert_eq!(
            refusal(
                parse_single_activities,
                ReferenceFile::SingleActivities.compiled_in(),
                "\"DIAGNOSIS\"",
                "\"POLICY_ADVICE\"",
            ),
            "single_activities.toml: activity DIAGNOSIS: is missing"
        );
        assert_eq!(
            refusal(
                parse_partner_kinds,
                ReferenceFile::PartnerKinds.compiled_in(),
                "\"PROVEN_CITY\"",
                "\"CITY\"",
            ),
            "partner_kinds.toml: kind CITY: PartnerKind has no value CITY"
        );
    }
}
