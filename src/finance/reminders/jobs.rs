//! The jobs that send the reminders of a run, and mail one with its pages. What it is not: what they say.

use serde::{Deserialize, Serialize};

use crate::app::{App, Run};
use crate::db::Db;
use crate::finance::reminders::{as_sent, runs, store};
use crate::jobs::Job;
use crate::kernel::email::Email;
use crate::kernel::ids::{Id, InvoiceId, JobId, ReminderId, ReminderRunId};
use crate::notifications::{Attachment, send_with};

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

/// Mails a reminder with its pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailReminder {
    /// The reminder.
    pub reminder: ReminderId,
    /// Its invoice: the reminders of one leave in order.
    pub invoice: InvoiceId,
}

impl Job for MailReminder {
    const NAME: &'static str = "finance.mail_reminder";

    fn aggregate(&self) -> String {
        format!("invoice:{}", self.invoice.uuid())
    }
}

impl Run for MailReminder {
    fn run(self, app: &App, job: JobId, db: &mut Db) -> anyhow::Result<()> {
        let reminder = store::get(db, self.reminder)?;
        let Some(address) = &reminder.recipient else {
            return Ok(());
        };
        let sent = as_sent(db, &reminder, None)?;
        let recipient = Email::parse(address)?;
        let message = sent
            .letter
            .message(sent.buyer.name, recipient, sent.language);
        let pages = Attachment {
            name: sent.name,
            content_type: "application/pdf",
            content: sent.content,
        };
        send_with(&app.mailer, &message, &[pages], job, app.now())
    }
}
