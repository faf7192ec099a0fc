//! `doctor`: whether the settings, the database and its records are sound. What it is not: a
//! repair; it names what is wrong and where to look.

use clap::Args;

use crate::cli::{Failure, audit, open, say};
use crate::config::{Config, Shown};
use crate::db::Db;
use crate::db::connect::unsafe_settings;
use crate::db::sql::Sql;
use crate::kernel::error::{Error, Result};
use crate::workflows::checks::{self, Check};

/// Check settings, database and records; exit code 1 when something is wrong.
#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Print each setting with its origin instead; secrets are masked.
    #[arg(long)]
    settings: bool,
}

pub(super) fn run(
    config: &Config,
    shown: &[Shown],
    command: &Doctor,
) -> std::result::Result<(), Failure> {
    if command.settings {
        print_settings(shown, command.json)?;
        return Ok(());
    }
    let mut checks = vec![
        outcome(
            "signing key",
            "the keys that sign access tokens can be read; the first start makes them on SQLite",
            "set JWT_SIGNING_KEY_FILE to a key that this user can read",
            open::known_keys(config).map(drop),
        ),
        outcome(
            "reference data",
            "the texts of the network can be read",
            "correct the file, or leave --data out to use the texts that are compiled in",
            open::reference(config).map(drop),
        ),
        outcome(
            "data of the law",
            "the banking days, the reference rates and the terms of late payment can be read",
            "correct the file that is named, or leave --data out to use the files that are compiled in",
            open::legal(config).map(drop),
        ),
    ];
    match open::existing(config) {
        Err(failure) => checks.push(outcome(
            "database",
            "the database of the settings can be opened",
            "correct DATABASE_URL, or start the database",
            Err(failure),
        )),
        Ok((_, mut db)) => {
            checks.push(durability(&mut db)?);
            let records = checks::records(&mut db)?;
            let migrated = records.first().is_some_and(|schema| schema.ok);
            checks.extend(records);
            if migrated {
                checks.push(audit_log(config, &mut db)?);
            }
        }
    }
    let wrong = checks.iter().filter(|check| !check.ok).count();
    if command.json {
        say(&serde_json::to_string_pretty(&checks).map_err(anyhow::Error::from)?);
    } else {
        for check in &checks {
            print(check);
        }
    }
    if wrong == 0 {
        Ok(())
    } else {
        Err(Failure::Refused(format!(
            "{wrong} of {} checks failed",
            checks.len()
        )))
    }
}

fn print_settings(shown: &[Shown], json: bool) -> std::result::Result<(), Failure> {
    if json {
        say(&serde_json::to_string_pretty(shown).map_err(anyhow::Error::from)?);
        return Ok(());
    }
    for setting in shown {
        say(&format!(
            "{:<24} {:<12} {}",
            setting.name, setting.origin, setting.value
        ));
    }
    Ok(())
}

/// A line of what was checked; below it what was found and what to do, where it does not hold.
fn print(check: &Check) {
    let word = if check.ok { "ok" } else { "WRONG" };
    say(&format!("{word:<5} {:<30} {}", check.name, check.checked));
    for found in &check.found {
        say(&format!("      {found}"));
    }
    if let Some(remedy) = check.remedy {
        say(&format!("      to do: {remedy}"));
    }
}

fn outcome(
    name: &'static str,
    checked: &'static str,
    remedy: &'static str,
    outcome: std::result::Result<(), Failure>,
) -> Check {
    let found = outcome.err().map(|failure| failure.to_string());
    Check::of(name, checked, found.into_iter().collect(), remedy)
}

/// The audit log against the file of checkpoints of the settings, if it is there. Where the file
/// cannot be read the chain is walked all the same.
fn audit_log(config: &Config, db: &mut Db) -> std::result::Result<Check, Failure> {
    match audit::signed(config, None) {
        Ok(Some((signed, problems))) => Ok(checks::audit_chain(db, Some(&signed), problems)?),
        Ok(None) => Ok(checks::audit_chain(db, None, Vec::new())?),
        Err(failure) => {
            let mut check = checks::audit_chain(db, None, Vec::new())?;
            check.ok = false;
            check.found.push(format!("the checkpoints: {failure}"));
            check.remedy = Some("mend what is said of the checkpoints, and run `doctor` again");
            Ok(check)
        }
    }
}

/// Whether an acknowledged write survives a power cut.
fn durability(db: &mut Db) -> Result<Check> {
    Ok(match db {
        // Opening a SQLite file has set and verified WAL and FULL; the pages are looked at here.
        Db::Sqlite(_) => {
            let broken = Sql::new(
                "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
            )
            .number(db)?;
            Check::of(
                "durability",
                "every page of the file is whole",
                (broken > 0)
                    .then(|| format!("{broken} damaged pages"))
                    .into_iter()
                    .collect(),
                "stop the service, keep the file, and restore the last backup",
            )
        }
        Db::Postgres(connection) => Check::of(
            "durability",
            "the settings of PostgreSQL keep acknowledged writes over a power cut",
            unsafe_settings(connection).map_err(Error::from)?,
            "set them to on in postgresql.conf and reload",
        ),
    })
}
