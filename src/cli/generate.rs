//! `generate`: fills an empty database with a synthetic network for load tests. What it is not: the
//! demonstration (`serve --demo`).

use clap::Args;

use crate::app::Clock;
use crate::cli::{Failure, lock, open, say};
use crate::config::Config;
use crate::db::connect::{Target, Use};
use crate::db::migrate;
use crate::workflows::demonstration::{self, Before};
use crate::workflows::generation::{self, MOST_CITIES, MOST_INVOICES, Size};

/// Fill an empty database with an invented network of any size.
#[derive(Debug, Args)]
pub(super) struct Generate {
    /// How many cities.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_CITIES)))]
    cities: u32,
    /// How many fee invoices each city has, with their payments.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(0..=i64::from(MOST_INVOICES)))]
    invoices_per_city: u32,
    /// Another seed invents other names and figures.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Nothing but reference records may stand in the database; a new SQLite file is migrated first.
pub(super) fn run(config: &Config, command: &Generate) -> Result<(), Failure> {
    let texts = open::reference(config)?;
    let (connector, mut db) = open::database(config, Use::Administration)?;
    let _lock = lock::take(&connector)?;
    open::refuse_newer(&mut db)?;
    if let Target::Sqlite(_) = connector.target {
        migrate::apply(&mut db)?;
    } else if !migrate::pending(&mut db)?.is_empty() {
        return Err(Failure::Refused(
            "the database is not migrated; run `migrate` first".to_owned(),
        ));
    }
    if demonstration::look(&mut db)? != Before::Empty {
        return Err(Failure::Refused(
            "the database has records; generate fills an empty one only".to_owned(),
        ));
    }
    let size = Size {
        cities: command.cities,
        invoices_per_city: command.invoices_per_city,
        seed: command.seed,
    };
    let mut told = 0;
    generation::generate(&mut db, &texts, Clock::System.now(), size, |stored| {
        if stored == size.cities || stored >= told + 10_000 {
            told = stored;
            say(&format!("{stored} of {} cities", size.cities));
        }
    })?;
    say("the generated network is in the database");
    Ok(())
}
