//! The job that sends the reminders of a run. What it is not: what it sends.

use serde::{Deserialize, Serialize};

use crate::app::{App, Run};
use crate::db::Db;
use crate::finance::reminders::runs;
use crate::jobs::Job;
use crate::kernel::ids::{JobId, ReminderRunId};

/// Sends the reminders of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunReminders {
    /// The run.
    pub run: ReminderRunId,
}

impl Job for RunReminders {
    const NAME: &'static str = "finance.run_reminders";

    /// All runs are one aggregate: one follows the other.
    fn aggregate(&self) -> String {
        "reminders".to_owned()
    }
}

impl Run for RunReminders {
    fn run(self, app: &App, _: JobId, db: &mut Db) -> anyhow::Result<()> {
        Ok(runs::perform(db, self.run, app.now(), &app.legal)?)
    }
}
