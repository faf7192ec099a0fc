//! `restore FILE`: puts a backup in the place of a SQLite database, after checking it. What it is
//! not: a merge; the database that stands there is replaced.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use diesel::connection::SimpleConnection;

use crate::cli::{Failure, backup, lock, say};
use crate::config::Config;
use crate::db::connect::{Target, Use};
use crate::db::sql::Sql;
use crate::db::{Connector, migrate};
use crate::workflows::checks;

/// Put a backup in the place of the database; nothing may use it meanwhile.
#[derive(Debug, Args)]
pub(super) struct Restore {
    /// The backup.
    file: PathBuf,
    /// Replace a database that exists.
    #[arg(long)]
    force: bool,
}

pub(super) fn run(config: &Config, command: &Restore) -> Result<(), Failure> {
    let connector = Connector::new(&config.database_url, None)
        .map_err(|error| Failure::Refused(error.to_string()))?;
    let Target::Sqlite(target) = connector.target.clone() else {
        return Err(Failure::Refused(format!(
            "PostgreSQL restores its own backups: pg_restore --clean --dbname=\"$DATABASE_URL\" {}; see docs/OPERATIONS.md",
            command.file.display()
        )));
    };
    if !command.file.is_file() {
        return Err(Failure::Refused(format!(
            "{} is not a file",
            command.file.display()
        )));
    }
    if target.exists() && !command.force {
        return Err(Failure::Refused(format!(
            "{} exists; add --force to replace it",
            target.display()
        )));
    }
    if let Some(folder) = target
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    let _lock = lock::take(&connector)?;

    // The copy is checked beside the target, so that a bad backup never takes a good one's place.
    let draft = backup::beside(&target, ".restoring");
    std::fs::copy(&command.file, &draft)
        .with_context(|| format!("{} cannot be copied", command.file.display()))?;
    let checked = check(&draft);
    for leftover in [
        backup::beside(&draft, "-wal"),
        backup::beside(&draft, "-shm"),
    ] {
        drop(std::fs::remove_file(leftover));
    }
    if let Err(failure) = checked {
        drop(std::fs::remove_file(&draft));
        return Err(failure);
    }
    backup::sync(&draft)?;
    for old in [
        backup::beside(&target, "-wal"),
        backup::beside(&target, "-shm"),
    ] {
        if old.exists() {
            std::fs::remove_file(&old)
                .with_context(|| format!("{} cannot be removed", old.display()))?;
        }
    }
    std::fs::rename(&draft, &target)
        .with_context(|| format!("{} cannot be replaced", target.display()))?;
    backup::sync(&target)?;
    say(&format!(
        "restored {} from {}",
        target.display(),
        command.file.display()
    ));
    Ok(())
}

fn check(path: &Path) -> Result<(), Failure> {
    let url = format!("sqlite://{}", path.display());
    let not_ours = |why: String| Failure::Refused(format!("the backup cannot be used: {why}"));
    let connector = Connector::new(&url, None).map_err(|error| not_ours(error.to_string()))?;
    let mut db = connector
        .open(Use::Administration)
        .map_err(|error| not_ours(error.to_string()))?;
    let broken =
        Sql::new("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'")
            .number(&mut db);
    if broken.map_err(|error| not_ours(error.to_string()))? > 0 {
        return Err(not_ours("its pages are damaged".to_owned()));
    }
    let ours = Sql::new("SELECT count(*) FROM sqlite_schema WHERE name = 'audit_entries'");
    if ours
        .number(&mut db)
        .map_err(|error| not_ours(error.to_string()))?
        == 0
    {
        return Err(not_ours("it holds no records of this service".to_owned()));
    }
    let newer = migrate::newer(&mut db).map_err(|error| not_ours(error.to_string()))?;
    if !newer.is_empty() {
        return Err(not_ours(format!(
            "a newer version of this program made it (migrations {} are not known here); restore it with that version or a later one",
            newer.join(", ")
        )));
    }
    // A backup of an older version is brought up to date, so that the checks know its tables.
    migrate::apply(&mut db).map_err(|error| not_ours(error.to_string()))?;
    let failed: Vec<String> = checks::records(&mut db)?
        .into_iter()
        .filter(|check| !check.ok && check.name != "background work")
        .map(|check| format!("{}: {}", check.name, check.found.join("; ")))
        .collect();
    // Everything must stand in the one file that takes the database's place.
    db.batch_execute("PRAGMA journal_mode = DELETE;")
        .map_err(|error| not_ours(error.to_string()))?;
    if failed.is_empty() {
        Ok(())
    } else {
        Err(not_ours(failed.join("; ")))
    }
}
