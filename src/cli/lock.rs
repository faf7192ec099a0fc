//! The lock beside a SQLite file: one process serves or reshapes a database at a time. What it is
//! not: a lock for what may run beside a service (`backup`, `doctor`, `import`, `user`).

use std::fs::{File, OpenOptions, TryLockError};
use std::path::PathBuf;

use anyhow::Context;

use crate::cli::Failure;
use crate::db::Connector;
use crate::db::connect::Target;

/// Held as long as it lives; the system releases it also when the process is killed.
#[derive(Debug)]
pub(super) struct Lock(#[expect(dead_code, reason = "held for its lock")] Option<File>);

/// Takes the lock. On PostgreSQL there is none: several processes may serve one database.
///
/// # Errors
/// Refused while another process holds it.
pub(super) fn take(connector: &Connector) -> Result<Lock, Failure> {
    let Target::Sqlite(path) = &connector.target else {
        return Ok(Lock(None));
    };
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let path = PathBuf::from(name);
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .with_context(|| format!("{} cannot be opened", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(Some(file))),
        Err(TryLockError::WouldBlock) => Err(Failure::Refused(format!(
            "another process serves this database or changes its shape ({} is locked); stop it first",
            path.display()
        ))),
        Err(TryLockError::Error(error)) => Err(anyhow::Error::from(error)
            .context(format!("{} cannot be locked", path.display()))
            .into()),
    }
}
