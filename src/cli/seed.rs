//! `seed`: puts the reference records into a database. What it is not: the demonstration
//! (`serve --demo`) or invented records (`generate`).

use crate::access::viewer::Viewer;
use crate::app::Clock;
use crate::cli::{Failure, open, say};
use crate::config::Config;
use crate::db::migrate;
use crate::workflows::reference;

/// Puts in the networks, the seller, the memo's prices and the good practices; what is there
/// already is left alone.
pub(super) fn run(config: &Config) -> Result<(), Failure> {
    let texts = open::reference(config)?;
    let (_, mut db) = open::prepared(config)?;
    migrate::alone(&mut db, |db| {
        db.write(&Viewer::System("command line"), Clock::System.now(), |tx| {
            reference::ensure(tx, &texts)
        })
    })?;
    say("the reference records are in the database");
    Ok(())
}
