//! Sets tables: columns by their shares, rows as high as their highest cell, the head again on each
//! further page. What it is not: what stands in them.

use crate::finance::documents::letter::{Cell, Side, Table};
use crate::finance::documents::pages::{BODY, INSET, LABEL, SMALL, Setter, leading};
use crate::finance::documents::paper::{Block, Ink, Mark, Place};
use crate::finance::documents::typesetting::{Run, lines, run};
use crate::kernel::error::Result;

impl Setter<'_> {
    /// A table; one that may be broken repeats its head on each further page.
    pub(super) fn table(&mut self, table: &Table, sides: (f32, f32), breaks: bool) -> Result<()> {
        let columns = columns(table, sides);
        let head = self.head(table, &columns, sides)?;
        let mut rows = Vec::with_capacity(table.rows.len());
        for row in &table.rows {
            let cells = shaped(row, &columns)?;
            let height = cells.iter().map(height).fold(0.0, f32::max) + INSET * 2.0;
            if breaks && self.room_for(height)? {
                self.repeated_head(table, &columns, sides)?;
            }
            let mut places = Vec::with_capacity(cells.len());
            for (cell, column) in cells.into_iter().zip(&columns) {
                places.push(self.cell(cell, column));
            }
            rows.push(places);
            self.base += height;
            let width = sides.1 - sides.0;
            let line = Mark::Area(sides.0, self.base - 0.5, width, 0.5, Ink::Hairline);
            self.paper.put(line);
        }
        self.paper.story.push(Block::Table(head, rows));
        Ok(())
    }

    fn head(
        &mut self,
        table: &Table,
        columns: &[Room],
        sides: (f32, f32),
    ) -> Result<Vec<Vec<Place>>> {
        self.head_ground(sides);
        let mut head = Vec::with_capacity(columns.len());
        for (column, room) in table.columns.iter().zip(columns) {
            let name = run(&column.head, LABEL)?;
            self.aligned(name, room, self.base - 5.5, Ink::Blue);
            head.push(self.paper.taken());
        }
        Ok(head)
    }

    fn repeated_head(&mut self, table: &Table, columns: &[Room], sides: (f32, f32)) -> Result<()> {
        self.head_ground(sides);
        for (column, room) in table.columns.iter().zip(columns) {
            let name = run(&column.head, LABEL)?;
            let left = room.start(&name);
            self.paper
                .put(Mark::Furniture(left, self.base - 5.5, Ink::Blue, name));
        }
        Ok(())
    }

    fn head_ground(&mut self, (left, right): (f32, f32)) {
        let ground = Mark::Area(left, self.base, right - left, 17.0, Ink::Tint);
        self.paper.put(ground);
        self.base += 17.0;
    }

    fn aligned(&mut self, run: Run, room: &Room, base: f32, ink: Ink) {
        self.left(room.start(&run), base, ink, run);
    }

    /// A cell from the base on, which stays.
    fn cell(&mut self, (text, notes): Shaped, room: &Room) -> Vec<Place> {
        let mut base = self.base + INSET - 1.5;
        for line in text {
            base += leading(BODY);
            self.aligned(line, room, base, Ink::Black);
        }
        for line in notes {
            base += leading(SMALL);
            self.aligned(line, room, base, Ink::Grey);
        }
        self.paper.taken()
    }
}

/// Where the texts of a column begin and end.
pub(super) struct Room {
    left: f32,
    right: f32,
    side: Side,
}

impl Room {
    fn start(&self, run: &Run) -> f32 {
        match self.side {
            Side::Left => self.left,
            Side::Right => self.right - run.width,
        }
    }
}

/// Lines of a cell and of its notes.
pub(super) type Shaped = (Vec<Run>, Vec<Run>);

pub(super) fn columns(table: &Table, (left, right): (f32, f32)) -> Vec<Room> {
    let shares = |share: u16| f32::from(share);
    let all: f32 = table
        .columns
        .iter()
        .map(|column| shares(column.share))
        .sum();
    let mut rooms = Vec::with_capacity(table.columns.len());
    let mut from = left;
    for column in &table.columns {
        let until = from + (right - left) * shares(column.share) / all.max(1.0);
        rooms.push(Room {
            left: from + INSET,
            right: until - INSET,
            side: column.side,
        });
        from = until;
    }
    rooms
}

pub(super) fn shaped(row: &[Cell], columns: &[Room]) -> Result<Vec<Shaped>> {
    row.iter()
        .zip(columns)
        .map(|(cell, room)| {
            let width = room.right - room.left;
            let mut notes = Vec::new();
            for note in &cell.notes {
                notes.extend(lines(note, SMALL, width)?);
            }
            Ok((lines(&cell.text, BODY, width)?, notes))
        })
        .collect()
}

pub(super) fn height((text, notes): &Shaped) -> f32 {
    let text: f32 = text.iter().map(|line| leading(line.style)).sum();
    let notes: f32 = notes.iter().map(|line| leading(line.style)).sum();
    text + notes
}
