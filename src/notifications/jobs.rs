//! How the jobs of this room are done. What it is not: the messages, which are in `model.rs`.

use crate::app::{App, Run};
use crate::db::Db;
use crate::kernel::ids::JobId;
use crate::notifications::{SendMail, send};

impl Run for SendMail {
    fn run(self, app: &App, job: JobId, _: &mut Db) -> anyhow::Result<()> {
        send(&app.mailer, &self.message()?, job, app.now())
    }
}
