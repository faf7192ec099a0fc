//! `audit verify`: whether the audit log is as it was sealed. What it is not: a repair; a changed
//! log is evidence.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use crate::cli::{Failure, open, say};
use crate::config::Config;
use crate::identity::audit::checkpoints::{self, Checkpoint};
use crate::identity::audit::problem::Problem;
use crate::identity::audit::verify;

/// Check the audit log.
#[derive(Debug, Args)]
pub(super) struct Audit {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check every sealed line, and the signed checkpoints; exit code 1 when anything was changed.
    Verify(Verify),
}

#[derive(Debug, Args)]
struct Verify {
    /// The file of signed checkpoints; that of the settings when not given.
    #[arg(long, value_name = "FILE")]
    checkpoints: Option<PathBuf>,
}

/// More problems than this are counted and not listed.
const LISTED: usize = 100;

pub(super) fn run(config: &Config, command: &Audit) -> Result<(), Failure> {
    let Command::Verify(command) = &command.command;
    let (_, mut db) = open::current(config)?;
    let (signed, mut problems) = if let Some(read) = signed(config, command.checkpoints.as_deref())?
    {
        read
    } else {
        say(&format!(
            "no checkpoints in {}: whether the end of the log was cut cannot be told",
            config.audit_checkpoints().display()
        ));
        (Vec::new(), Vec::new())
    };
    let report = verify(&mut db, &signed)?;
    problems.extend(report.problems);
    for problem in problems.iter().take(LISTED) {
        say(&format!("WRONG {problem}"));
    }
    say(&format!(
        "{} sealed entries, {} not sealed yet, {} checkpoints",
        report.sealed,
        report.unsealed,
        signed.len()
    ));
    match problems.len() {
        0 => Ok(()),
        1 => Err(Failure::Refused("the audit log has a problem".to_owned())),
        number => Err(Failure::Refused(format!(
            "the audit log has {number} problems"
        ))),
    }
}

/// The checkpoints of a file, and what is wrong with it.
pub(super) type Signed = (Vec<Checkpoint>, Vec<Problem>);

/// The checkpoints of a file, and what is wrong with it; of the settings' file when none is named.
/// None when that is not there. A file that was named must be there.
pub(super) fn signed(config: &Config, named: Option<&Path>) -> Result<Option<Signed>, Failure> {
    let path = named.map_or_else(|| config.audit_checkpoints(), Path::to_path_buf);
    let read = match open::known_keys(config)? {
        Some(keys) => checkpoints::read(&path, &keys),
        None if path.exists() => {
            return Err(Failure::Refused(format!(
                "the checkpoints in {} cannot be checked without the key that signed them; name it in JWT_SIGNING_KEY_FILE",
                path.display()
            )));
        }
        None => Err(ErrorKind::NotFound.into()),
    };
    match read {
        Ok(read) => Ok(Some(read)),
        Err(error) if error.kind() == ErrorKind::NotFound && named.is_none() => Ok(None),
        Err(error) => Err(Failure::Refused(format!(
            "{} cannot be read: {error}",
            path.display()
        ))),
    }
}
