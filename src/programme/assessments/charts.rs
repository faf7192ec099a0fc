//! Scores as pictures (SVG): a radar and bars, readable when printed without colours, with the same figures as
//! text for those who do not see them. Pure. What it is not: the scores, or who may see them.

use charts_rs::{HorizontalBarChart, RadarChart, Series};

use crate::kernel::error::{Error, Result};

/// What the pictures are set in: the metrics are those of the first, which not every reader has.
const FONTS: &str = "Roboto, Arial, Helvetica, sans-serif";

/// The library measures texts in one font; in a wider one they would touch their neighbour. Spaces that are
/// not broken keep the distance.
const DISTANCE: &str = "\u{a0}\u{a0}\u{a0}\u{a0}\u{a0}";

/// What a picture shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// The language of its texts, as a tag.
    pub language: &'static str,
    /// What it is about.
    pub title: String,
    /// The same figures as sentences.
    pub text: String,
    /// What is measured, with the city's own score.
    pub names: Vec<String>,
    /// The city's scores; what has none is left out of the line.
    pub own: Line,
    /// What they are compared with.
    pub others: Option<Line>,
}

/// The scores of one line.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Whose they are.
    pub name: String,
    /// From 0 to 100, in the order of the names.
    pub scores: Vec<Option<f32>>,
}

impl Line {
    fn series(&self) -> Series {
        Series::new_nullable(format!("{}{DISTANCE}", self.name), self.scores.clone())
    }
}

/// The scores around a centre.
///
/// # Errors
/// A fault of ours when the library does not draw it.
pub fn radar(picture: &Picture) -> Result<String> {
    let axes = picture.names.iter();
    let axes = axes.map(|name| (name.as_str(), 100.0).into()).collect();
    let mut lines = vec![picture.own.series()];
    if let Some(others) = &picture.others {
        let mut line = others.series();
        line.stroke_dash_array = Some("6 4".to_owned());
        line.fill = Some(false);
        lines.push(line);
    }
    let mut chart = RadarChart::new(lines, axes);
    chart.width = 1080.0;
    chart.height = 720.0;
    chart.title.text.clone_from(&picture.title);
    finished(chart.svg(), picture)
}

/// The scores as bars, the first on top.
///
/// # Errors
/// A fault of ours when the library does not draw it.
pub fn bars(picture: &Picture) -> Result<String> {
    let mut names: Vec<String> = picture
        .names
        .iter()
        .map(|name| format!("{name}{DISTANCE}"))
        .collect();
    names.reverse();
    let upwards = |line: &Line| {
        let mut line = line.clone();
        line.scores.reverse();
        line.series()
    };
    // The library draws from below, and the last line of each group on top.
    let mut lines: Vec<Series> = picture.others.iter().map(upwards).collect();
    lines.insert(0, upwards(&picture.own));
    let mut chart = HorizontalBarChart::new(lines, names);
    chart.width = 1000.0;
    chart.height = 900.0;
    chart.margin.right = 20.0;
    chart.title.text.clone_from(&picture.title);
    for axis in &mut chart.y_axis_configs {
        axis.min = Some(0.0);
        axis.max = Some(100.0);
        axis.split_number = 5;
    }
    finished(chart.svg(), picture)
}

/// The picture with its texts, and with fonts that every reader has.
fn finished(
    drawn: std::result::Result<String, impl std::fmt::Display>,
    picture: &Picture,
) -> Result<String> {
    let drawn = drawn.map_err(|error| Error::Internal(anyhow::anyhow!("no picture: {error}")))?;
    let (head, rest) = drawn
        .split_once('>')
        .filter(|(head, _)| head.starts_with("<svg "))
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("the library drew no SVG")))?;
    let rest = rest.replace("\"Roboto\"", &format!("\"{FONTS}\""));
    let language = picture.language;
    let (title, text) = (escaped(&picture.title), escaped(&picture.text));
    Ok(format!(
        "{head} role=\"img\" lang=\"{language}\" aria-labelledby=\"title text\">\n<title id=\"title\">{title}</title>\n<desc id=\"text\">{text}</desc>{rest}"
    ))
}

fn escaped(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(others: bool) -> Picture {
        let names = [
            "Forpligtelse 80,0",
            "Uddannelse <45,5>",
            "Mægling & \"ro\" –",
        ];
        Picture {
            language: "da",
            title: "Århus & omegn".to_owned(),
            text: "Forpligtelse 80,0; mægling: ingen score".to_owned(),
            names: names.map(str::to_owned).to_vec(),
            own: Line {
                name: "Århus".to_owned(),
                scores: vec![Some(80.0), Some(45.5), None],
            },
            others: others.then(|| Line {
                name: "Andre".to_owned(),
                scores: vec![Some(60.0), Some(50.0), Some(40.0)],
            }),
        }
    }

    #[test]
    fn pictures_are_sound_xml_with_texts() {
        for drawn in [radar, bars]
            .iter()
            .flat_map(|draw| [draw(&picture(false)), draw(&picture(true))])
        {
            let drawn = drawn.unwrap();
            let mut reader = quick_xml::Reader::from_str(&drawn);
            let mut texts = Vec::new();
            loop {
                match reader.read_event().unwrap() {
                    quick_xml::events::Event::Eof => break,
                    quick_xml::events::Event::Text(text) => {
                        texts.push(text.xml10_content().into_owned());
                    }
                    _ => {}
                }
            }
            assert!(
                drawn.contains("<title id=\"title\">Århus &amp; omegn</title>"),
                "{drawn}"
            );
            assert!(drawn.contains("role=\"img\" lang=\"da\""));
            assert!(texts.iter().any(|text| text.contains("ingen score")));
            assert!(drawn.contains("&lt;45,5&gt;"), "{drawn}");
            assert!(!drawn.contains("\"Roboto\""));
        }
    }

    #[test]
    fn the_same_scores_are_the_same_picture() {
        assert_eq!(
            radar(&picture(true)).unwrap(),
            radar(&picture(true)).unwrap()
        );
        assert_ne!(
            radar(&picture(true)).unwrap(),
            radar(&picture(false)).unwrap()
        );
        assert_ne!(
            radar(&picture(true)).unwrap(),
            bars(&picture(true)).unwrap()
        );
    }
}
