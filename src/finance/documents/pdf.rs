//! Writes pages as PDF/A-2a with their order of reading (tagged), so that they can be archived and read
//! aloud. The same pages always give the same bytes. What it is not: layout.

use std::collections::HashMap;
use std::num::NonZeroU16;

use chrono::Datelike;
use krilla::color::rgb;
use krilla::configure::{Archival, ConfigurationBuilder};
use krilla::geom::{PathBuilder, Point, Rect, Transform};
use krilla::metadata::{DateTime, Metadata};
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, Node, SpanTag, TableHeaderScope, Tag, TagGroup,
    TagTree,
};
use krilla::{Document, SerializeSettings};

use crate::finance::documents::letter::Letter;
use crate::finance::documents::paper::{Block, HEIGHT, Ink, Mark, Paper, Place, WIDTH};
use crate::finance::documents::typesetting::{self, Run};
use crate::kernel::error::{Error, Result};

type Identifiers = HashMap<(usize, usize), Identifier>;

/// The bytes of the pages.
///
/// # Errors
/// A fault of ours, with what the writer says.
pub(super) fn write(paper: &Paper, letter: &Letter) -> Result<Vec<u8>> {
    let fault = |error: String| Error::Internal(anyhow::anyhow!("{}: {error}", letter.title));
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .finish()
        .map_err(|error| fault(format!("{error:?}")))?;
    let mut document = Document::new_with(SerializeSettings {
        configuration,
        ..SerializeSettings::default()
    });
    let size = PageSettings::from_wh(WIDTH, HEIGHT)
        .ok_or_else(|| fault("a page without a size".to_owned()))?;
    let mut identifiers = Identifiers::new();
    for (number, marks) in paper.pages.iter().enumerate() {
        let mut page = document.start_page_with(size.clone());
        let mut surface = page.surface();
        for (place, mark) in marks.iter().enumerate() {
            if let Some(identifier) = draw(&mut surface, mark)? {
                identifiers.insert((number, place), identifier);
            }
        }
        surface.finish();
        page.finish();
    }
    document.set_tag_tree(tree(paper, letter, &mut identifiers));
    document.set_metadata(metadata(letter));
    document
        .finish()
        .map_err(|error| fault(format!("{error:?}")))
}

fn metadata(letter: &Letter) -> Metadata {
    let day = letter.dated;
    let part = |value: u32| u8::try_from(value).unwrap_or(1);
    let date = DateTime::new(u16::try_from(day.year()).unwrap_or(2000))
        .month(part(day.month()))
        .day(part(day.day()));
    Metadata::new()
        .title(letter.title.clone())
        .authors(vec![letter.sender.clone()])
        .language(letter.language.tag().to_owned())
        .creation_date(date)
        .document_id(letter.title.clone())
}

/// Draws a mark; a text that is read gets an identifier.
fn draw(surface: &mut Surface<'_>, mark: &Mark) -> Result<Option<Identifier>> {
    let artifact = |kind| ContentTag::Artifact(Artifact::with_kind(kind));
    match mark {
        Mark::Text(left, base, ink, run) => {
            let identifier = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
            glyphs(surface, (*left, *base), *ink, run)?;
            surface.end_tagged();
            Ok(Some(identifier))
        }
        Mark::Furniture(left, base, ink, run) => {
            surface.start_tagged(artifact(ArtifactType::Footer));
            glyphs(surface, (*left, *base), *ink, run)?;
            surface.end_tagged();
            Ok(None)
        }
        Mark::Watermark(left, base, ink, run) => {
            surface.start_tagged(artifact(ArtifactType::Watermark));
            surface.push_transform(&Transform::from_rotate_at(-52.0, *left, *base));
            glyphs(surface, (*left, *base), *ink, run)?;
            surface.pop();
            surface.end_tagged();
            Ok(None)
        }
        Mark::Area(left, top, width, height, ink) => {
            let mut path = PathBuilder::new();
            if let Some(area) = Rect::from_xywh(*left, *top, *width, *height) {
                path.push_rect(area);
            }
            if let Some(path) = path.finish() {
                surface.start_tagged(artifact(ArtifactType::Layout));
                surface.set_fill(Some(fill(*ink)));
                surface.draw_path(&path);
                surface.end_tagged();
            }
            Ok(None)
        }
    }
}

fn glyphs(surface: &mut Surface<'_>, (left, base): (f32, f32), ink: Ink, run: &Run) -> Result<()> {
    surface.set_fill(Some(fill(ink)));
    let font = typesetting::font(run.style.weight)?;
    let start = Point::from_xy(left, base);
    surface.draw_glyphs(start, &run.glyphs, font, &run.text, run.style.size, false);
    Ok(())
}

fn fill(ink: Ink) -> Fill {
    let (red, green, blue) = match ink {
        Ink::Black => (28, 34, 40),
        Ink::Grey => (92, 101, 110),
        Ink::Blue => (22, 78, 110),
        Ink::Tint => (236, 243, 247),
        Ink::Hairline => (205, 214, 220),
        Ink::Shadow => (238, 238, 238),
    };
    Fill {
        paint: rgb::Color::new(red, green, blue).into(),
        ..Fill::default()
    }
}

fn tree(paper: &Paper, letter: &Letter, identifiers: &mut Identifiers) -> TagTree {
    let mut tree = TagTree::new().with_lang(Some(letter.language.tag().to_owned()));
    for block in &paper.story {
        tree.push(match block {
            Block::Heading(places) => TagGroup::with_children(
                Tag::Hn(NonZeroU16::MIN, Some(letter.title.clone())),
                leaves(places, identifiers),
            ),
            Block::Paragraph(places) => {
                TagGroup::with_children(Tag::P, leaves(places, identifiers))
            }
            Block::Table(head, rows) => table(head, rows, identifiers),
        });
    }
    tree
}

fn table(head: &[Vec<Place>], rows: &[Vec<Vec<Place>>], identifiers: &mut Identifiers) -> TagGroup {
    let mut table = TagGroup::new(Tag::Table);
    if !head.is_empty() {
        let mut row = TagGroup::new(Tag::TR);
        for cell in head {
            let head = Tag::TH(TableHeaderScope::Column);
            row.push(TagGroup::with_children(head, leaves(cell, identifiers)));
        }
        table.push(row);
    }
    for cells in rows {
        let mut row = TagGroup::new(Tag::TR);
        for cell in cells {
            row.push(TagGroup::with_children(Tag::TD, leaves(cell, identifiers)));
        }
        table.push(row);
    }
    table
}

fn leaves(places: &[Place], identifiers: &mut Identifiers) -> Vec<Node> {
    places
        .iter()
        .filter_map(|place| identifiers.remove(&(place.page, place.mark)))
        .map(Node::Leaf)
        .collect()
}
