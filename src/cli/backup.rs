//! `backup FILE`: a copy of a SQLite database as it is at one moment, also while it is served. What
//! it is not: a backup of PostgreSQL, which has its own tools, or of the files folder.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;

use crate::cli::{Failure, open, say};
use crate::config::Config;
use crate::db::connect::Target;
use crate::db::sql::Sql;

/// Copy a SQLite database as it is now; it may be in use.
#[derive(Debug, Args)]
pub(super) struct Backup {
    /// The file to write; it must not exist.
    file: PathBuf,
}

pub(super) fn run(config: &Config, command: &Backup) -> Result<(), Failure> {
    let (connector, mut db) = open::existing(config)?;
    if let Target::Postgres(_) = connector.target {
        return Err(Failure::Refused(format!(
            "PostgreSQL makes its own backups: pg_dump --format=custom --file={} \"$DATABASE_URL\"; see docs/OPERATIONS.md",
            command.file.display()
        )));
    }
    if command.file.exists() {
        return Err(Failure::Refused(format!(
            "{} exists already; give a new name",
            command.file.display()
        )));
    }
    // VACUUM INTO reads one snapshot, so writers go on and the copy is of one moment.
    Sql::new("VACUUM INTO ")
        .bind_text(command.file.to_string_lossy())
        .execute(&mut db)
        .map_err(crate::kernel::error::Error::from)?;
    sync(&command.file)?;
    let size = std::fs::metadata(&command.file)
        .context("the backup cannot be read")?
        .len();
    say(&format!(
        "backed up to {} ({size} bytes)",
        command.file.display()
    ));
    Ok(())
}

/// Makes sure that a file and its name are on the disk.
pub(super) fn sync(path: &Path) -> Result<(), Failure> {
    File::open(path)
        .and_then(|file| file.sync_all())
        .with_context(|| format!("{} cannot be written", path.display()))?;
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .with_context(|| format!("{} cannot be written", folder.display()))?;
    Ok(())
}
