//! Reads what the network says about policy: the ten steps and the policy table. Pure functions from the
//! text of a file to checked values; opening files is the business of `load`.

use std::{fmt::Display, ops::RangeInclusive, str::FromStr};

use serde::Deserialize;

use super::{
    checks::{Bilingual, Place, code, complete, decode, phrase},
    codes::PolicyModel,
    error::ReferenceError,
    load::ReferenceFile,
    model::{PolicyAreaName, PolicyCell, PolicyModelName, PolicyTable, Step},
};
use crate::kernel::phrase::Phrase;
use crate::kernel::policy_area::PolicyArea;

/// The steps are numbered 1 to 10.
pub(super) const STEP_NUMBERS: RangeInclusive<u8> = 1..=10;

/// Reads `steps.toml`: the steps 1 to 10, each once.
///
/// # Errors
/// The text is not such a file.
pub fn parse_steps(text: &str) -> Result<Vec<Step>, ReferenceError> {
    let file = ReferenceFile::Steps.name();
    let item_name = |number| format!("step {number}");
    let raw: StepsFile = decode(file, text)?;
    let steps = raw
        .step
        .into_iter()
        .map(|raw| {
            let item = item_name(raw.number);
            let place = Place { file, item };
            let step = Step {
                number: raw.number,
                name: phrase(&place, "name", raw.name)?,
                text: phrase(&place, "text", raw.text)?,
            };
            Ok((step.number, step))
        })
        .collect::<Result<Vec<_>, ReferenceError>>()?;
    complete(file, STEP_NUMBERS, steps, item_name)
}

/// Reads `policy_table.toml`: all areas, all models, and a cell for each area under each model.
///
/// # Errors
/// The text is not such a file.
pub fn parse_policy_table(text: &str) -> Result<PolicyTable, ReferenceError> {
    let file = ReferenceFile::PolicyTable.name();
    let raw: PolicyTableFile = decode(file, text)?;
    let areas = named(file, "area", raw.area, |area, name| PolicyAreaName {
        area,
        name,
    })?;
    let models = named(file, "model", raw.model, |model, name| PolicyModelName {
        model,
        name,
    })?;
    let cells = raw
        .cell
        .into_iter()
        .map(|raw| {
            let item = format!("cell {}/{}", raw.area, raw.model);
            let place = Place { file, item };
            let cell = PolicyCell {
                area: code(&place, &raw.area)?,
                model: code(&place, &raw.model)?,
                text: phrase(&place, "text", raw.text)?,
            };
            Ok(((cell.area, cell.model), cell))
        })
        .collect::<Result<Vec<_>, ReferenceError>>()?;
    let areas_in_order = PolicyArea::ALL.iter().copied();
    let models_in_order = PolicyModel::ALL.iter().copied();
    let every_cell = areas_in_order
        .clone()
        .flat_map(|area| models_in_order.clone().map(move |model| (area, model)));
    Ok(PolicyTable {
        areas: complete(file, areas_in_order.clone(), areas, |area| {
            format!("area {}", area.as_str())
        })?,
        models: complete(file, models_in_order.clone(), models, |model| {
            format!("model {}", model.as_str())
        })?,
        cells: complete(file, every_cell, cells, |(area, model)| {
            format!("cell {}/{}", area.as_str(), model.as_str())
        })?,
    })
}

/// Items that are a code and a name: the rows and columns of the policy table.
fn named<K, T>(
    file: &'static str,
    kind: &str,
    raw: Vec<RawName>,
    entry: impl Fn(K, Phrase) -> T,
) -> Result<Vec<(K, T)>, ReferenceError>
where
    K: Copy + FromStr<Err: Display>,
{
    raw.into_iter()
        .map(|raw| {
            let item = format!("{kind} {}", raw.code);
            let place = Place { file, item };
            let key = code(&place, &raw.code)?;
            Ok((key, entry(key, phrase(&place, "name", raw.name)?)))
        })
        .collect()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StepsFile {
    step: Vec<RawStep>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStep {
    number: u8,
    name: Bilingual,
    text: Bilingual,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyTableFile {
    area: Vec<RawName>,
    model: Vec<RawName>,
    cell: Vec<RawCell>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawName {
    code: String,
    name: Bilingual,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCell {
    area: String,
    model: String,
    text: Bilingual,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programme::reference::checks::refusal;

    #[test]
    fn a_faulty_step_is_refused_by_name() {
        let file = ReferenceFile::Steps.compiled_in();
        for (passage, replacement, expected) in [
            (
                "number = 2",
                "number = 1",
                "steps.toml: step 1: stands there more than once",
            ),
            (
                "number = 10",
                "number = 11",
                "steps.toml: step 10: is missing",
            ),
            ("number = 1", "number = 0", "steps.toml: step 1: is missing"),
            (
                "name.en = \"Conflict resolution\"",
                "name.en = \"\"",
                "steps.toml: step 3: name.en is empty",
            ),
            (
                "number = 1\n",
                "number = 1\nnote = \"x\"\n",
                "steps.toml: line 6: unknown field `note`, expected one of `number`, `name`, `text`",
            ),
            (
                "name.en = \"Language training\"\n",
                "",
                "steps.toml: line 27: missing field `en`",
            ),
        ] {
            assert_eq!(refusal(parse_steps, file, passage, replacement), expected);
        }
    }

    #[test]
    fn the_policy_table_has_every_cell_once() {
        let file = ReferenceFile::PolicyTable.compiled_in();
        for (passage, replacement, expected) in [
            (
                "area = \"HOUSING\"\nmodel = \"ASSIMILATION\"",
                "area = \"HOUSING\"\nmodel = \"MULTICULTURAL\"",
                "policy_table.toml: cell HOUSING/MULTICULTURAL: stands there more than once",
            ),
            (
                "area = \"POLICE\"\nmodel = \"INTERCULTURAL\"",
                "area = \"TRANSPORT\"\nmodel = \"INTERCULTURAL\"",
                "policy_table.toml: cell TRANSPORT/INTERCULTURAL: PolicyArea has no value TRANSPORT",
            ),
            (
                "[[cell]]\narea = \"POLICE\"\nmodel = \"INTERCULTURAL\"\ntext.da = \"Politiet udøver interetnisk konflikthåndtering\"\ntext.en = \"The police practise inter-ethnic conflict management\"\n",
                "",
                "policy_table.toml: cell POLICE/INTERCULTURAL: is missing",
            ),
            (
                "code = \"EDUCATION\"",
                "code = \"HOUSING\"",
                "policy_table.toml: area HOUSING: stands there more than once",
            ),
            (
                "code = \"ASSIMILATION\"",
                "code = \"Assimilation\"",
                "policy_table.toml: model Assimilation: PolicyModel has no value Assimilation",
            ),
        ] {
            assert_eq!(
                refusal(parse_policy_table, file, passage, replacement),
                expected
            );
        }
    }
}
