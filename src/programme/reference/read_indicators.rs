//! Reads the indicators of the index. Pure: from the text of a file to checked values.

use serde::Deserialize;

use super::{
    checks::{Bilingual, Place, code, complete, decode, phrase},
    error::ReferenceError,
    load::ReferenceFile,
    model::IndicatorName,
};
use crate::kernel::indicator::Indicator;

/// Reads `indicators.toml`: all fourteen indicators, each once.
///
/// # Errors
/// The text is not such a file.
pub fn parse_indicators(text: &str) -> Result<Vec<IndicatorName>, ReferenceError> {
    let file = ReferenceFile::Indicators.name();
    let raw: IndicatorsFile = decode(file, text)?;
    let named = raw
        .indicator
        .into_iter()
        .map(|raw| {
            let item = format!("indicator {}", raw.code);
            let place = Place { file, item };
            let indicator = code(&place, &raw.code)?;
            let name = phrase(&place, "name", raw.name)?;
            Ok((indicator, IndicatorName { indicator, name }))
        })
        .collect::<Result<Vec<_>, ReferenceError>>()?;
    complete(file, Indicator::ALL.iter().copied(), named, |indicator| {
        format!("indicator {indicator}")
    })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct IndicatorsFile {
    indicator: Vec<RawIndicator>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawIndicator {
    code: String,
    name: Bilingual,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programme::reference::checks::refusal;

    #[test]
    fn every_indicator_is_there_once() {
        let file = ReferenceFile::Indicators.compiled_in();
        for (passage, replacement, expected) in [
            (
                "\"MEDIA\"",
                "\"LANGUAGE\"",
                "indicators.toml: indicator LANGUAGE: stands there more than once",
            ),
            (
                "\"MEDIA\"",
                "\"PRESS\"",
                "indicators.toml: indicator PRESS: Indicator has no value PRESS",
            ),
        ] {
            assert_eq!(
                refusal(parse_indicators, file, passage, replacement),
                expected
            );
        }
    }
}
