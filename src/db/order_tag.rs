//! Which cursors belong to an order: a cursor carries a tag of the order it was made in, and what a
//! client sends as one may be anything. What it is not: where a cursor stands (`listing.rs`).

use crate::db::keyset::Order;
use crate::kernel::error::Result;
use crate::kernel::hash::sha256_hex;
use crate::kernel::page::{Cursor, wrong_cursor};

impl<R> Order<R> {
    /// Whether a cursor stands in a list of this order: what a client sends as one may be anything.
    ///
    /// # Errors
    /// `BadRequest` for a cursor of another order.
    pub fn expect(&self, cursor: &Cursor) -> Result<()> {
        let fits = cursor.order == self.tag()
            && cursor.keys.len() == self.keys.len()
            && cursor
                .keys
                .iter()
                .zip(&self.keys)
                .all(|(value, key)| value.fits(key.kind, key.nullable));
        if fits { Ok(()) } else { Err(wrong_cursor()) }
    }

    /// Tells this order apart from others: a short hash of its columns and directions.
    pub(super) fn tag(&self) -> String {
        let mut text = String::new();
        for key in &self.keys {
            text.push_str(key.column);
            text.push_str(if key.descending { " DESC," } else { "," });
        }
        let mut tag = sha256_hex(text.as_bytes());
        tag.truncate(8);
        tag
    }
}
