//! Shapes and measures text in the two faces of the house, and breaks it into lines. What it is not: a
//! choice of fonts; a character that the face lacks is written as a question mark.

use std::sync::LazyLock;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::UnicodeBuffer;
use unicode_normalization::UnicodeNormalization;

use crate::kernel::error::{Error, Result};

const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/OpenSans-Regular.ttf");
const SEMIBOLD: &[u8] = include_bytes!("../../../assets/fonts/OpenSans-Semibold.ttf");

static FACES: LazyLock<Option<[Face; 2]>> =
    LazyLock::new(|| Some([Face::read(REGULAR)?, Face::read(SEMIBOLD)?]));

/// How heavy a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Semibold,
}

/// A weight and a size in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Style {
    pub(super) weight: Weight,
    pub(super) size: f32,
}

/// A text in one style, shaped.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub(super) text: String,
    pub(super) style: Style,
    pub(super) glyphs: Vec<KrillaGlyph>,
    /// In points.
    pub(super) width: f32,
}

struct Face {
    font: Font,
    shapes: rustybuzz::Face<'static>,
    units_per_em: f32,
}

impl Face {
    fn read(data: &'static [u8]) -> Option<Self> {
        let shapes = rustybuzz::Face::from_slice(data, 0)?;
        Some(Self {
            font: Font::new(data.into(), 0)?,
            units_per_em: units(shapes.units_per_em()),
            shapes,
        })
    }

    /// The text as it can be written: composed, and without characters that the face lacks.
    fn writable(&self, text: &str) -> String {
        text.nfc()
            .map(|character| match character {
                // A space that does not break has the shape of one that does.
                '\u{a0}' | '\u{202f}' => ' ',
                other if self.shapes.glyph_index(other).is_some() && !other.is_control() => other,
                _ => '?',
            })
            .collect()
    }
}

fn face(weight: Weight) -> Result<&'static Face> {
    let faces = FACES.as_ref();
    let face = faces.map(|[regular, semibold]| match weight {
        Weight::Regular => regular,
        Weight::Semibold => semibold,
    });
    face.ok_or_else(|| Error::Internal(anyhow::anyhow!("the fonts of documents cannot be read")))
}

/// The font of a weight.
///
/// # Errors
/// A fault of ours: the fonts that are compiled in are none.
pub(super) fn font(weight: Weight) -> Result<Font> {
    face(weight).map(|face| face.font.clone())
}

/// Shapes a text.
///
/// # Errors
/// As [`font`].
pub(super) fn run(text: &str, style: Style) -> Result<Run> {
    let face = face(style.weight)?;
    let text = face.writable(text);
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(&text);
    buffer.set_direction(rustybuzz::Direction::LeftToRight);
    buffer.guess_segment_properties();
    let shaped = rustybuzz::shape(&face.shapes, &[], buffer);
    let clusters: Vec<usize> = shaped
        .glyph_infos()
        .iter()
        .map(|info| usize::try_from(info.cluster).unwrap_or(usize::MAX))
        .collect();
    let mut glyphs = Vec::with_capacity(clusters.len());
    let mut width = 0.0;
    let placed = shaped.glyph_infos().iter().zip(shaped.glyph_positions());
    for ((info, position), start) in placed.zip(clusters.iter().copied()) {
        let until = clusters.iter().copied().find(|next| *next > start);
        let em = |value: i32| units(value) / face.units_per_em;
        let advance = em(position.x_advance);
        width += advance * style.size;
        glyphs.push(KrillaGlyph::new(
            GlyphId::new(info.glyph_id),
            advance,
            em(position.x_offset),
            em(position.y_offset),
            em(position.y_advance),
            start..until.unwrap_or(text.len()),
            None,
        ));
    }
    Ok(Run {
        text,
        style,
        glyphs,
        width,
    })
}

/// Font units are far below what this type holds exactly.
fn units(value: i32) -> f32 {
    i16::try_from(value).map_or(f32::from(i16::MAX), f32::from)
}

/// A text as lines that are no wider than a column.
///
/// # Errors
/// As [`font`].
pub(super) fn lines(text: &str, style: Style, width: f32) -> Result<Vec<Run>> {
    // Whether the fonts can be read is known after the first.
    run("", style)?;
    broken(text, |part| {
        run(part, style).map_or(f32::MAX, |run| run.width) <= width
    })
    .iter()
    .map(|line| run(line, style))
    .collect()
}

/// Breaks a text at its spaces, and a word that fits no line where it must be. Spaces that do not break
/// hold what they join.
fn broken(text: &str, fits: impl Fn(&str) -> bool) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in paragraph
            .split([' ', '\t', '\r'])
            .filter(|word| !word.is_empty())
        {
            let longer = if line.is_empty() {
                word.to_owned()
            } else {
                format!("{line} {word}")
            };
            if fits(&longer) {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for character in word.chars() {
                let longer = format!("{line}{character}");
                if !fits(&longer) && !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                }
                line.push(character);
            }
        }
        if !line.is_empty() {
            lines.push(line);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_spaces_and_long_words_where_they_must() {
        let of_five = |text: &str| text.chars().count() <= 5;
        for (text, lines) in [
            ("", vec![]),
            ("en to", vec!["en to"]),
            ("en to tre", vec!["en to", "tre"]),
            ("  en   to ", vec!["en to"]),
            ("æøåæøåæ en", vec!["æøåæø", "åæ en"]),
            ("1\u{a0}000 kr", vec!["1\u{a0}000", "kr"]),
            ("en\nto", vec!["en", "to"]),
            ("\n\n", vec![]),
        ] {
            assert_eq!(broken(text, of_five), lines, "{text:?}");
        }
        // A column that nothing fits ends all the same.
        assert_eq!(broken("ab", |_| false), ["a", "b"]);
    }

    #[test]
    fn digits_are_equally_wide_and_text_has_a_width() {
        let style = Style {
            weight: Weight::Regular,
            size: 10.0,
        };
        let width = |text: &str| run(text, style).unwrap().width;
        assert!((width("1111") - width("8888")).abs() < 0.01);
        assert!(width("Ærø & Søn") > 30.0);
        assert!((width("") - 0.0).abs() < f32::EPSILON);
        assert_eq!(run("A\u{30a} 🏙 \u{1}", style).unwrap().text, "Å ? ?");
        for line in lines(&"Kommunernes fællesskab ".repeat(20), style, 100.0).unwrap() {
            assert!(line.width <= 100.0, "{}", line.text);
        }
    }
}
