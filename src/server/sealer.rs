//! The sealing of the audit log beside requests: within a second of each request, of longer work
//! within a minute, after a restart whatever the last process left, and a signed checkpoint from
//! time to time and at the end. What it is not: the chain; that is `identity/audit`.

use std::time::{Duration, Instant};

use crate::access::viewer::Viewer;
use crate::app::App;
use crate::db::Db;
use crate::identity::audit::checkpoints::{self, Checkpoint};
use crate::identity::audit::{self, Window};
use crate::kernel::error::{Error, Result};

/// How often the log of the last quarter of an hour is looked at.
const GLANCE: Duration = Duration::from_mins(1);
/// How often all of the log is looked at.
const SWEEP: Duration = Duration::from_hours(1);

/// What a sealer remembers between its rounds.
#[derive(Debug, Default)]
pub(crate) struct Sealer {
    next_glance: Option<Instant>,
    next_sweep: Option<Instant>,
    /// Not to be signed before, after the file could not be written.
    next_sign: Option<Instant>,
    /// The count of the last checkpoint, once the file was read.
    signed: Option<i64>,
}

impl Sealer {
    /// Seals what was committed, and signs a checkpoint when one is due.
    ///
    /// # Errors
    /// The database cannot be used, or the checkpoint not be written.
    pub(crate) fn round(&mut self, app: &App, db: &mut Db, now: Instant) -> Result<()> {
        let is_due = |next: Option<Instant>| next.is_none_or(|next| next <= now);
        let window = if is_due(self.next_sweep) {
            Window::Whole
        } else if is_due(self.next_glance) {
            Window::Recent
        } else {
            Window::Fresh
        };
        seal_all(app, db, window)?;
        if window != Window::Fresh {
            self.next_glance = now.checked_add(GLANCE);
        }
        if window == Window::Whole {
            self.next_sweep = now.checked_add(SWEEP);
        }
        if !is_due(self.next_sign) {
            return Ok(());
        }
        let signed = self.sign(app, db, |count, signed| {
            count / checkpoints::INTERVAL > signed / checkpoints::INTERVAL
        });
        if signed.is_err() {
            self.next_sign = now.checked_add(GLANCE);
        }
        signed
    }

    /// Seals all that is left and signs a last checkpoint.
    ///
    /// # Errors
    /// As [`Sealer::round`].
    pub(crate) fn last_round(&mut self, app: &App, db: &mut Db) -> Result<()> {
        seal_all(app, db, Window::Whole)?;
        self.sign(app, db, |count, signed| count > signed)
    }

    fn sign(&mut self, app: &App, db: &mut Db, is_due: impl Fn(i64, i64) -> bool) -> Result<()> {
        let path = app.config.audit_checkpoints();
        let signed = match self.signed {
            Some(signed) => signed,
            None => checkpoints::last_count(&path).map_err(|error| fault(error.into()))?,
        };
        self.signed = Some(signed);
        let Some(last) = audit::last_seal(db)? else {
            return Ok(());
        };
        if is_due(last.sequence, signed) {
            let checkpoint = Checkpoint {
                count: last.sequence,
                chain_hash: last.chain_hash,
                at: app.now(),
            };
            checkpoints::append(&path, &app.keys, &checkpoint)
                .map_err(|error| fault(error.into()))?;
            self.signed = Some(checkpoint.count);
        }
        Ok(())
    }
}

/// Seals everything of the log, as the sealer of a serving process does within a second; for
/// commands and tests.
///
/// # Errors
/// The database cannot be used.
pub fn seal_all(app: &App, db: &mut Db, window: Window) -> Result<()> {
    while audit::has_unsealed(db, window.first_key())? {
        let sealed = db.write(&Viewer::System("audit.seal"), app.now(), |tx| {
            audit::seal(tx, window)
        })?;
        if sealed < usize::from(audit::PORTION) {
            // That was all, or another process is at it.
            break;
        }
    }
    Ok(())
}

fn fault(error: anyhow::Error) -> Error {
    Error::Internal(error)
}
