//! Reads the examples of good practice. A pure function from the text of `practices.toml` to checked values;
//! it does not look up whether the city of a practice is known to the service, because it need not be.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{
    checks::{
        Bilingual, Place, RawSource, code, country, decode, phrase, slug, sound, source, sources,
        unique, year,
    },
    error::ReferenceError,
    load::ReferenceFile,
    model::{Figure, Practice, PracticeLinks, Source},
    read_policy::STEP_NUMBERS,
};
use crate::kernel::indicator::Indicator;
use crate::kernel::policy_area::PolicyArea;

/// Reads `practices.toml`: at least one practice, every slug once, every source described.
///
/// # Errors
/// The text is not such a file.
pub fn parse_practices(text: &str) -> Result<Vec<Practice>, ReferenceError> {
    let file = ReferenceFile::Practices.name();
    let raw: PracticesFile = decode(file, text)?;
    let sources = sources(file, raw.sources)?;
    let practices = raw
        .practice
        .into_iter()
        .map(|raw| practice(file, &sources, raw))
        .collect::<Result<Vec<_>, _>>()?;
    let slugs: Vec<_> = practices.iter().map(|row| row.slug.as_str()).collect();
    unique(file, "practice", &slugs)?;
    Ok(practices)
}

fn practice(
    file: &'static str,
    sources: &BTreeMap<String, Source>,
    raw: RawPractice,
) -> Result<Practice, ReferenceError> {
    let item = format!("practice {}", raw.slug);
    let place = Place { file, item };
    Ok(Practice {
        slug: slug(&place, raw.slug)?,
        city: sound(&place, "city", raw.city)?,
        country: country(&place, raw.country)?,
        year: raw.year.map(|n| year(&place, "year", n)).transpose()?,
        title: phrase(&place, "title", raw.title)?,
        summary: phrase(&place, "summary", raw.summary)?,
        figures: raw
            .figure
            .into_iter()
            .map(|raw| figure(&place, raw))
            .collect::<Result<Vec<_>, _>>()?,
        links: links(&place, raw.links)?,
        source: source(&place, sources, &raw.source)?,
    })
}

fn figure(place: &Place, raw: RawFigure) -> Result<Figure, ReferenceError> {
    Ok(Figure {
        what: phrase(place, "figure.what", raw.what)?,
        qualifier: code(place, &raw.qualifier)?,
        value: raw
            .value
            .parse()
            .map_err(|problem| place.fault(format!("figure {:?} {problem}", raw.value)))?,
        unit: phrase(place, "figure.unit", raw.unit)?,
        method: raw
            .method
            .map(|method| phrase(place, "figure.method", method))
            .transpose()?,
    })
}

fn links(place: &Place, raw: RawLinks) -> Result<PracticeLinks, ReferenceError> {
    if raw.areas.is_empty() {
        return Err(place.fault("links.areas names no policy area"));
    }
    let mut areas: Vec<PolicyArea> = Vec::with_capacity(raw.areas.len());
    for text in &raw.areas {
        let area = code(place, text)?;
        if areas.contains(&area) {
            return Err(place.fault(format!("links.areas names {text} more than once")));
        }
        areas.push(area);
    }
    let mut steps: Vec<u8> = Vec::with_capacity(raw.steps.len());
    for step in raw.steps {
        if !STEP_NUMBERS.contains(&step) {
            return Err(place.fault(format!("links.steps names step {step}; steps are 1 to 10")));
        }
        if steps.contains(&step) {
            return Err(place.fault(format!("links.steps names {step} more than once")));
        }
        steps.push(step);
    }
    let mut indicators: Vec<Indicator> = Vec::with_capacity(raw.indicators.len());
    for text in &raw.indicators {
        let indicator = code(place, text)?;
        if indicators.contains(&indicator) {
            return Err(place.fault(format!("links.indicators names {text} more than once")));
        }
        indicators.push(indicator);
    }
    Ok(PracticeLinks {
        editorial: raw.editorial,
        areas,
        steps,
        indicators,
    })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PracticesFile {
    sources: BTreeMap<String, RawSource>,
    practice: Vec<RawPractice>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPractice {
    slug: String,
    city: String,
    country: String,
    year: Option<u16>,
    title: Bilingual,
    summary: Bilingual,
    #[serde(default)]
    figure: Vec<RawFigure>,
    links: RawLinks,
    source: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFigure {
    what: Bilingual,
    qualifier: String,
    value: String,
    unit: Bilingual,
    method: Option<Bilingual>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLinks {
    editorial: bool,
    areas: Vec<String>,
    steps: Vec<u8>,
    indicators: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programme::reference::checks::refusal;

    #[test]
    fn a_faulty_practice_is_refused_by_name() {
        let file = ReferenceFile::Practices.compiled_in();
        let oslo = "areas = [\"PUBLIC_DEBATE\", \"GOVERNANCE_CITIZENSHIP\"], steps = [1]";
        for (passage, replacement, expected) in [
            (
                "slug = \"lyon-task-force\"",
                "slug = \"oslo-oxlo\"",
                "practices.toml: practice oslo-oxlo: stands there more than once",
            ),
            (
                "slug = \"oslo-oxlo\"",
                "slug = \"Oslo\"",
                "practices.toml: practice Oslo: slug is not of lower-case letters, digits and single hyphens",
            ),
            (
                "country = \"GB\"",
                "country = \"En\"",
                "practices.toml: practice bradford-schools: country \"En\" is not an ISO 3166-1 alpha-2 code",
            ),
            (
                "year = 2001",
                "year = 201",
                "practices.toml: practice oslo-oxlo: year 201 is not between 1900 and 2100",
            ),
            (
                "value = \"2.6\"",
                "value = \"2,6\"",
                "practices.toml: practice bradford-schools: figure \"2,6\" is not a decimal number with a point, such as 2.6",
            ),
            (
                "value = \"40000\"",
                "value = \"40.000\"",
                "practices.toml: practice vic-mediation: figure \"40.000\" has a fraction that ends in 0; thousands have no separator here",
            ),
            (
                "qualifier = \"AVERAGE\"",
                "qualifier = \"ABOUT\"",
                "practices.toml: practice bradford-schools: FigureQualifier has no value ABOUT",
            ),
            (
                oslo,
                "areas = [], steps = [1]",
                "practices.toml: practice oslo-oxlo: links.areas names no policy area",
            ),
            (
                oslo,
                "areas = [\"TRANSPORT\"], steps = [1]",
                "practices.toml: practice oslo-oxlo: PolicyArea has no value TRANSPORT",
            ),
            (
                oslo,
                "areas = [\"POLICE\", \"POLICE\"], steps = [1]",
                "practices.toml: practice oslo-oxlo: links.areas names POLICE more than once",
            ),
            (
                oslo,
                "areas = [\"POLICE\"], steps = [11]",
                "practices.toml: practice oslo-oxlo: links.steps names step 11; steps are 1 to 10",
            ),
            (
                oslo,
                "areas = [\"POLICE\"], steps = [0]",
                "practices.toml: practice oslo-oxlo: links.steps names step 0; steps are 1 to 10",
            ),
            (
                oslo,
                "areas = [\"POLICE\"], steps = [1, 1]",
                "practices.toml: practice oslo-oxlo: links.steps names 1 more than once",
            ),
            (
                "source = \"memo-2010\"",
                "source = \"memo\"",
                "practices.toml: practice oslo-oxlo: source \"memo\" is not described in this file",
            ),
            (
                "document_number = \"2010-153583\"",
                "url = \"http://example.org/memo\"",
                "practices.toml: source memo-2010: url is not an https address",
            ),
            (
                "publisher =",
                "author = \"x\"\npublisher =",
                "practices.toml: line 8: unknown field `author`, expected one of `title`, `publisher`, `date`, `document_number`, `url`",
            ),
        ] {
            assert_eq!(
                refusal(parse_practices, file, passage, replacement),
                expected
            );
        }
    }

    #[test]
    fn a_file_without_practices_is_refused() {
        let refused = parse_practices("sources = {}\npractice = []\n").map_err(|e| e.to_string());
        assert_eq!(
            refused,
            Err("practices.toml: practice: the file holds none".to_owned())
        );
    }
}
