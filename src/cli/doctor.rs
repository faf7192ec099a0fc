//! `doctor`: whether the settings, the database and its records are sound. What it is not: a
//! repair; it names what is wrong and where to look.

use clap::Args;

use crate::cli::{Failure, open, say};
use crate::config::{Config, Shown};
use crate::db::Db;
use crate::db::connect::{Use, unsafe_settings};
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
            open::keys(config, false).map(|_| "ok".to_owned()),
        ),
        outcome(
            "reference data",
            open::reference(config).map(|_| "ok".to_owned()),
        ),
    ];
    match open::database(config, Use::Administration) {
        Err(failure) => checks.push(outcome("database", Err(failure))),
        Ok((_, mut db)) => {
            checks.push(durability(&mut db)?);
            checks.extend(checks::records(&mut db)?);
        }
    }
    let wrong = checks.iter().filter(|check| !check.ok).count();
    if command.json {
        say(&serde_json::to_string_pretty(&checks).map_err(anyhow::Error::from)?);
    } else {
        for check in &checks {
            say(&format!(
                "{:<5} {:<30} {}",
                if check.ok { "ok" } else { "WRONG" },
                check.name,
                check.detail
            ));
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

fn outcome(name: &'static str, outcome: std::result::Result<String, Failure>) -> Check {
    match outcome {
        Ok(detail) => Check {
            name,
            ok: true,
            detail,
        },
        Err(failure) => Check {
            name,
            ok: false,
            detail: failure.to_string(),
        },
    }
}

/// Whether an acknowledged write survives a power cut.
fn durability(db: &mut Db) -> Result<Check> {
    let found = match db {
        // Opening a SQLite file has set and verified WAL and FULL; the pages are looked at here.
        Db::Sqlite(_) => {
            let broken = Sql::new(
                "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
            )
            .number(db)?;
            if broken == 0 {
                Vec::new()
            } else {
                vec![format!("{broken} damaged pages")]
            }
        }
        Db::Postgres(connection) => unsafe_settings(connection).map_err(Error::from)?,
    };
    let ok = found.is_empty();
    Ok(Check {
        name: "durability",
        ok,
        detail: if ok {
            "ok".to_owned()
        } else {
            found.join(", ")
        },
    })
}
