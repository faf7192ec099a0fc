//! All rows of a list, page by page. What it is not: a list for a caller; exports read everything.

use crate::db::Db;
use crate::db::listing::{Listed, Order};
use crate::kernel::error::Result;
use crate::kernel::page::Page;

/// Rows that are read at a time.
const SIZE: i64 = 500;

/// Hands every row of a list to `each`, in the list's order.
pub(super) fn every<R>(
    db: &mut Db,
    order: &Order<R>,
    list: impl Fn(&mut Db, &Page) -> Result<Listed<R>>,
    mut each: impl FnMut(&mut Db, &[R]) -> Result<()>,
) -> Result<()> {
    let mut page = Page::first(SIZE);
    loop {
        let part = list(db, &page)?;
        each(db, &part.rows)?;
        match part.rows.last() {
            Some(end) if part.has_next => page.after = Some(order.cursor(end)),
            _ => return Ok(()),
        }
    }
}
