//! `backup FILE`: a copy of a SQLite database as it is at one moment, also while it is served. What
//! it is not: a backup of PostgreSQL, which has its own tools, or of the files folder.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;

use crate::cli::{Failure, open, say};
use crate::config::Config;
use crate::db::Db;
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
        return Err(exists(&command.file));
    }
    // Written beside and renamed when it is whole: what bears the name can be restored.
    let draft = beside(&command.file, ".partial");
    let lock = draft_of_ours(&draft)?;
    let written = write(&mut db, &draft).and_then(|()| name(&draft, &command.file));
    if written.is_err() {
        // What went wrong is told; that half a copy is left over as well would only hide it.
        drop(std::fs::remove_file(&draft));
    }
    drop(lock);
    written?;
    let size = std::fs::metadata(&command.file)
        .context("the backup cannot be read")?
        .len();
    say(&format!(
        "backed up to {} ({size} bytes)",
        command.file.display()
    ));
    Ok(())
}

/// The empty file that the copy is written to, locked against another backup of the same name. One
/// that a killed backup left behind is used again.
fn draft_of_ours(draft: &Path) -> Result<File, Failure> {
    let cannot = || format!("{} cannot be written", draft.display());
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(draft)
        .with_context(cannot)?;
    let other = || {
        Err(Failure::Refused(format!(
            "another backup writes {}; wait for it",
            draft.display()
        )))
    };
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return other(),
        Err(TryLockError::Error(error)) => {
            return Err(anyhow::Error::from(error).context(cannot()).into());
        }
    }
    // Between the opening and the lock another backup may have finished and renamed this very file.
    let (held, named) = (file.metadata(), std::fs::metadata(draft));
    if !held.is_ok_and(|held| named.is_ok_and(|named| held.ino() == named.ino())) {
        return other();
    }
    file.set_len(0).with_context(cannot)?;
    Ok(file)
}

fn write(db: &mut Db, draft: &Path) -> Result<(), Failure> {
    // VACUUM INTO reads one snapshot, so writers go on and the copy is of one moment.
    Sql::new("VACUUM INTO ")
        .bind_text(draft.to_string_lossy())
        .execute(db)
        .map_err(|error| Failure::Refused(format!("the backup cannot be written: {error}")))?;
    sync(draft)
}

fn name(draft: &Path, file: &Path) -> Result<(), Failure> {
    // A file of this name may have come while the copy was written.
    if file.exists() {
        return Err(exists(file));
    }
    std::fs::rename(draft, file).with_context(|| format!("{} cannot be named", file.display()))?;
    sync(file)
}

fn exists(file: &Path) -> Failure {
    Failure::Refused(format!(
        "{} exists already; give a new name",
        file.display()
    ))
}

/// The path of a file that stands beside another one.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
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
