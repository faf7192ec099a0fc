//! Pages with what stands where, and the order in which it is read. What it is not: the deciding where
//! anything stands (`pages`), or a file format (`pdf`). All lengths are points from the upper left.

use crate::finance::documents::typesetting::Run;

/// The width of A4.
pub(super) const WIDTH: f32 = 595.28;
/// The height of A4.
pub(super) const HEIGHT: f32 = 841.89;

/// A colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    /// Of the text.
    Black,
    /// Of what is said beside.
    Grey,
    /// Of the house.
    Blue,
    /// Behind heads and boxes.
    Tint,
    /// Between rows.
    Hairline,
    /// Behind a draft.
    Shadow,
}

/// Something on a page.
#[derive(Debug, Clone)]
pub(super) enum Mark {
    /// A text that is read, from the left end of its base line.
    Text(f32, f32, Ink, Run),
    /// A text that belongs to the page and not to what is read: page numbers, repeated heads.
    Furniture(f32, f32, Ink, Run),
    /// A text that rises across the page, from its left end.
    Watermark(f32, f32, Ink, Run),
    /// A filled area: left, top, width, height.
    Area(f32, f32, f32, f32, Ink),
}

/// Which mark of which page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) page: usize,
    pub(super) mark: usize,
}

/// A part of the document in the order of reading, with its texts.
#[derive(Debug, Clone)]
pub(super) enum Block {
    Heading(Vec<Place>),
    Paragraph(Vec<Place>),
    /// The head and the rows, each with its cells.
    Table(Vec<Vec<Place>>, Vec<Vec<Vec<Place>>>),
}

/// The pages of a document.
#[derive(Debug, Clone, Default)]
pub(super) struct Paper {
    pub(super) pages: Vec<Vec<Mark>>,
    pub(super) story: Vec<Block>,
    unread: Vec<Place>,
}

impl Paper {
    /// Begins a page.
    pub(super) fn turn(&mut self) {
        self.pages.push(Vec::new());
    }

    /// Puts a mark on the last page.
    pub(super) fn put(&mut self, mark: Mark) {
        let page = self.pages.len().saturating_sub(1);
        let Some(marks) = self.pages.last_mut() else {
            return;
        };
        if matches!(mark, Mark::Text(..)) {
            self.unread.push(Place {
                page,
                mark: marks.len(),
            });
        }
        marks.push(mark);
    }

    /// The texts that were put since this was last asked: whoever put them says what they are.
    pub(super) fn taken(&mut self) -> Vec<Place> {
        std::mem::take(&mut self.unread)
    }

    /// What was put since is a paragraph.
    pub(super) fn end_paragraph(&mut self) {
        let places = self.taken();
        if !places.is_empty() {
            self.story.push(Block::Paragraph(places));
        }
    }
}
