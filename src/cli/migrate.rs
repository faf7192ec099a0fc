//! `migrate`: brings the database to the shape of this version. What it is not: seeding.

use clap::Args;

use crate::cli::{Failure, lock, open, say};
use crate::config::Config;
use crate::db::connect::Use;
use crate::db::migrate;

/// Bring the database to the shape that this version knows.
#[derive(Debug, Args)]
pub(super) struct Migrate {
    /// Only tell what is pending; exit code 1 when something is.
    #[arg(long)]
    status: bool,
}

pub(super) fn run(config: &Config, command: &Migrate) -> Result<(), Failure> {
    if command.status {
        let (_, mut db) = open::existing(config)?;
        open::refuse_newer(&mut db)?;
        let pending = migrate::pending(&mut db)?;
        for name in &pending {
            say(&format!("pending {name}"));
        }
        return if pending.is_empty() {
            say("no migrations are pending");
            Ok(())
        } else {
            Err(Failure::Refused(format!(
                "{} migrations are pending; apply them with `intercultural-cities migrate`",
                pending.len()
            )))
        };
    }
    let (connector, mut db) = open::database(config, Use::Administration)?;
    let _lock = lock::take(&connector)?;
    // Another version may be applying its own at this moment, so it is asked when that is done.
    let applied = migrate::alone(&mut db, |db| {
        open::refuse_newer(db)?;
        Ok::<_, Failure>(migrate::apply(db)?)
    })?;
    for name in &applied {
        say(&format!("applied {name}"));
    }
    say(if applied.is_empty() {
        "no migrations were pending"
    } else {
        "the database is up to date"
    });
    Ok(())
}
