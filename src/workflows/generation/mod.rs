//! A synthetic network of any size, for load tests. Eight cities are made as users would make them,
//! by the rules; all others are copies of their records under keys, names and invoice numbers of
//! their own. Everything says that it is generated: people live at example.org.
//!
//! What it is not: the demonstration, which is small and has the memo's cities; or data of any real
//! city.

mod books;
mod copies;
mod fill;
mod names;
mod originals;
mod programmes;
mod records;

pub use fill::{MOST_CITIES, MOST_INVOICES, Size, generate};
