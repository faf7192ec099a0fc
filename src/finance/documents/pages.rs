//! Sets a letter on A4 pages: sender, window, facts, table, tax and sums, payment, page numbers. What it
//! is not: what the letter says, or the file. The receiver stands where the window of a Danish C5
//! envelope is.

use crate::finance::documents::letter::{Letter, Payment, Total};
use crate::finance::documents::paper::{Block, HEIGHT, Ink, Mark, Paper, Place, WIDTH};
use crate::finance::documents::tables::{columns, height, shaped};
use crate::finance::documents::typesetting::{Run, Style, Weight, lines, run};
use crate::kernel::error::Result;
use crate::kernel::language::Language;

const LEFT: f32 = 57.0;
const RIGHT: f32 = WIDTH - LEFT;
/// Nothing but the foot stands below.
const BOTTOM: f32 = 780.0;
/// The first line of a further page.
const TOP: f32 = 92.0;
/// Between the text of a cell and its edges.
pub(super) const INSET: f32 = 5.0;

pub(super) const BODY: Style = regular(9.0);
pub(super) const SMALL: Style = regular(7.5);
pub(super) const LABEL: Style = semibold(8.0);
const STRONG: Style = semibold(9.0);

const fn regular(size: f32) -> Style {
    let weight = Weight::Regular;
    Style { weight, size }
}

const fn semibold(size: f32) -> Style {
    let weight = Weight::Semibold;
    Style { weight, size }
}

/// The distance from one base line to the next.
pub(super) fn leading(style: Style) -> f32 {
    style.size * 1.4
}

/// The pages of a letter.
///
/// # Errors
/// A fault of ours: the fonts cannot be read.
pub(super) fn set(letter: &Letter) -> Result<Paper> {
    let mut setter = Setter {
        letter,
        paper: Paper::default(),
        base: 0.0,
    };
    setter.first_page()?;
    setter.table(&letter.table, (LEFT, RIGHT), true)?;
    setter.sums()?;
    if let Some(payment) = &letter.payment {
        setter.payment(payment)?;
    }
    setter.paragraphs(&letter.closing)?;
    setter.feet()?;
    Ok(setter.paper)
}

pub(super) struct Setter<'a> {
    letter: &'a Letter,
    pub(super) paper: Paper,
    /// Where the last line stands, or what was drawn last ends.
    pub(super) base: f32,
}

impl Setter<'_> {
    pub(super) fn left(&mut self, left: f32, base: f32, ink: Ink, run: Run) {
        self.paper.put(Mark::Text(left, base, ink, run));
    }

    fn right(&mut self, right: f32, base: f32, ink: Ink, run: Run) {
        self.left(right - run.width, base, ink, run);
    }

    /// Begins a page with what stands behind its text.
    fn turn(&mut self) -> Result<()> {
        self.paper.turn();
        if let Some(word) = self.letter.watermark {
            let mark = run(word, semibold(130.0))?;
            self.paper
                .put(Mark::Watermark(150.0, 690.0, Ink::Shadow, mark));
        }
        self.paper.put(Mark::Area(0.0, 0.0, WIDTH, 7.0, Ink::Blue));
        Ok(())
    }

    fn first_page(&mut self) -> Result<()> {
        let letter = self.letter;
        self.turn()?;
        let mut base = 58.0;
        for name in lines(&letter.sender, semibold(16.0), 270.0)? {
            self.left(LEFT, base, Ink::Blue, name);
            base += leading(semibold(16.0));
        }
        self.paper.end_paragraph();
        base = 48.0;
        for line in &letter.sender_lines {
            for part in lines(line, SMALL, 190.0)? {
                self.right(RIGHT, base, Ink::Grey, part);
                base += leading(SMALL);
            }
        }
        self.paper.end_paragraph();

        // The window: 20 mm from the left, 48 mm from the top, 80 mm wide.
        base = 140.0;
        for (place, line) in letter.receiver.iter().enumerate() {
            let style = if place == 0 {
                semibold(10.0)
            } else {
                regular(10.0)
            };
            for part in lines(line, style, 235.0)? {
                self.left(LEFT, base, Ink::Black, part);
                base += leading(style);
            }
        }
        self.paper.end_paragraph();
        let window = base;
        self.base = 140.0;
        self.pairs(&letter.facts, (350.0, RIGHT))?;
        self.base = self.base.max(window).max(215.0) + 32.0;

        for title in lines(&letter.title, semibold(19.0), RIGHT - LEFT)? {
            self.left(LEFT, self.base, Ink::Blue, title);
            self.base += leading(semibold(19.0));
        }
        let heading = self.paper.taken();
        self.paper.story.push(Block::Heading(heading));
        self.base -= 6.0;
        self.paragraphs(&letter.opening)?;
        self.base += if letter.opening.is_empty() { 4.0 } else { 10.0 };
        Ok(())
    }

    /// Names on the left and their values on the right of a column.
    fn pairs(&mut self, pairs: &[(String, String)], (left, right): (f32, f32)) -> Result<()> {
        let mut rows = Vec::with_capacity(pairs.len());
        for (name, value) in pairs {
            let name = run(name, regular(8.5))?;
            let room = right - left - name.width - 8.0;
            self.left(left, self.base, Ink::Grey, name);
            let name = self.paper.taken();
            for part in lines(value, STRONG, room.max(60.0))? {
                self.right(right, self.base, Ink::Black, part);
                self.base += leading(STRONG);
            }
            let value = self.paper.taken();
            self.base += 1.5;
            rows.push(vec![name, value]);
        }
        if !rows.is_empty() {
            self.paper.story.push(Block::Table(Vec::new(), rows));
        }
        Ok(())
    }

    fn paragraphs(&mut self, texts: &[String]) -> Result<()> {
        for text in texts {
            self.base += 6.0;
            for line in lines(text, BODY, RIGHT - LEFT)? {
                self.room_for(leading(BODY))?;
                self.base += leading(BODY);
                self.left(LEFT, self.base, Ink::Black, line);
            }
            self.paper.end_paragraph();
        }
        Ok(())
    }

    /// Goes on on another page unless so much fits on this one.
    pub(super) fn room_for(&mut self, height: f32) -> Result<bool> {
        if self.base + height <= BOTTOM {
            return Ok(false);
        }
        self.turn()?;
        let title = run(&self.letter.title, STRONG)?;
        self.paper
            .put(Mark::Furniture(LEFT, 44.0, Ink::Blue, title));
        let sender = run(&self.letter.sender, SMALL)?;
        let left = RIGHT - sender.width;
        self.paper
            .put(Mark::Furniture(left, 44.0, Ink::Grey, sender));
        self.base = TOP - 30.0;
        Ok(true)
    }

    /// The tax by category on the left, the sums on the right.
    fn sums(&mut self) -> Result<()> {
        let letter = self.letter;
        let taxes = (LEFT, 325.0);
        let mut wanted = 24.0 * 3.0;
        if let Some(table) = &letter.taxes {
            let columns = columns(table, taxes);
            wanted = 17.0;
            for row in &table.rows {
                let cells = shaped(row, &columns)?;
                wanted += cells.iter().map(height).fold(0.0, f32::max) + INSET * 2.0;
            }
        }
        self.base += 16.0;
        self.room_for(wanted.max(80.0))?;
        let top = self.base;
        if let Some(table) = &letter.taxes {
            self.table(table, taxes, false)?;
        }
        let after_taxes = self.base;
        self.base = top + 2.0;
        let mut rows = Vec::with_capacity(letter.totals.len());
        for total in &letter.totals {
            rows.push(self.total(total)?);
        }
        self.paper.story.push(Block::Table(Vec::new(), rows));
        self.base = self.base.max(after_taxes);
        Ok(())
    }

    fn total(&mut self, total: &Total) -> Result<Vec<Vec<Place>>> {
        let (name, value, style, ink, height) = match total {
            Total::Part(name, value) => (name, value, BODY, Ink::Black, 16.0),
            Total::Whole(name, value) => (name, value, semibold(11.0), Ink::Blue, 25.0),
        };
        if matches!(total, Total::Whole(..)) {
            self.base += 3.0;
            let ground = Mark::Area(345.0, self.base, RIGHT - 345.0, height, Ink::Tint);
            self.paper.put(ground);
        }
        let base = self.base + height / 2.0 + style.size * 0.36;
        self.left(345.0 + INSET, base, ink, run(name, style)?);
        let name = self.paper.taken();
        self.right(RIGHT - INSET, base, ink, run(value, style)?);
        let value = self.paper.taken();
        self.base += height;
        Ok(vec![name, value])
    }

    /// The box that says how to pay.
    fn payment(&mut self, payment: &Payment) -> Result<()> {
        let note = match &payment.note {
            Some(note) => lines(note, SMALL, RIGHT - LEFT - 28.0)?,
            None => Vec::new(),
        };
        let most = payment.columns.iter().map(Vec::len).max().unwrap_or(0);
        let mut height = 44.0;
        for _ in 0..most {
            height += leading(STRONG) + 1.5;
        }
        for _ in &note {
            height += leading(SMALL) + 3.0;
        }
        self.base += 20.0;
        self.room_for(height)?;
        let top = self.base;
        let ground = Mark::Area(LEFT, top, RIGHT - LEFT, height, Ink::Tint);
        self.paper.put(ground);
        self.paper
            .put(Mark::Area(LEFT, top, 3.0, height, Ink::Blue));
        let heading = run(&payment.heading, semibold(10.5))?;
        self.left(LEFT + 14.0, top + 20.0, Ink::Blue, heading);
        self.paper.end_paragraph();
        let middle = 300.0;
        let mut after = top;
        for (pairs, sides) in payment
            .columns
            .iter()
            .zip([(LEFT + 14.0, middle), (middle + 24.0, RIGHT - 14.0)])
        {
            self.base = top + 38.0;
            self.pairs(pairs, sides)?;
            after = after.max(self.base);
        }
        self.base = after + 3.0;
        for line in note {
            self.left(LEFT + 14.0, self.base, Ink::Grey, line);
            self.base += leading(SMALL);
        }
        self.paper.end_paragraph();
        self.base = self.base.max(top + height);
        Ok(())
    }

    /// The foot of each page, once it is known how many there are.
    fn feet(&mut self) -> Result<()> {
        let count = self.paper.pages.len();
        let footer = lines(&self.letter.footer, regular(7.0), RIGHT - LEFT - 70.0)?;
        for (place, page) in self.paper.pages.iter_mut().enumerate() {
            let number = place.saturating_add(1);
            let text = match self.letter.language {
                Language::Da => format!("Side {number} af {count}"),
                Language::En => format!("Page {number} of {count}"),
            };
            let text = run(&text, regular(7.0))?;
            let line = Mark::Area(LEFT, HEIGHT - 50.0, RIGHT - LEFT, 0.5, Ink::Hairline);
            page.push(line);
            let mut base = HEIGHT - 38.0;
            page.push(Mark::Furniture(RIGHT - text.width, base, Ink::Grey, text));
            for part in footer.clone() {
                page.push(Mark::Furniture(LEFT, base, Ink::Grey, part));
                base += leading(regular(7.0));
            }
        }
        Ok(())
    }
}
