//! How links are mailed. What it is not: the texts (`notifications`).

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::access::viewer::Viewer;
use crate::app::{App, Run};
use crate::db::Db;
use crate::identity::invitations::rules::lifetime;
use crate::identity::invitations::{self, InvitationMail, PasswordResetRequest, Purpose};
use crate::identity::users::{self, User};
use crate::kernel::email::Email;
use crate::kernel::ids::JobId;
use crate::notifications::send;
use crate::notifications::templates::{self, Recipient};

const VIEWER: Viewer = Viewer::System("account mail");

impl Run for InvitationMail {
    /// A second attempt draws a new link: the one of the first works no more, and its mail, if it
    /// left at all, is followed by this one.
    fn run(self, app: &App, job: JobId, db: &mut Db) -> anyhow::Result<()> {
        let user = users::get(db, self.user)?;
        mail(app, db, &user, Purpose::Invitation, job)
    }
}

impl Run for PasswordResetRequest {
    fn run(self, app: &App, job: JobId, db: &mut Db) -> anyhow::Result<()> {
        match users::find_by_email(db, &self.email)? {
            Some(user) => mail(app, db, &user, Purpose::Reset, job),
            None => Ok(()),
        }
    }
}

/// Mails a fresh link, if one is due. When the mail does not leave, for whatever reason, the link is
/// void, so that the next attempt is not taken for a second wish.
fn mail(app: &App, db: &mut Db, user: &User, purpose: Purpose, job: JobId) -> anyhow::Result<()> {
    let recipient = to(user)?;
    let Some(link) = link(app, db, user, purpose)? else {
        return Ok(());
    };
    let write = match purpose {
        Purpose::Invitation => templates::invitation,
        Purpose::Reset => templates::password_reset,
    };
    let sent = catch_unwind(AssertUnwindSafe(|| {
        let message = write(&recipient, &link, lifetime(purpose));
        send(&app.mailer, &message, job, app.now())
    }))
    .unwrap_or_else(|_| Err(anyhow::anyhow!("sending the mail panicked")));
    if sent.is_err() {
        db.write(&VIEWER, app.now(), |tx| {
            invitations::void(tx, user.id, &[purpose])
        })?;
    }
    sent
}

/// A fresh link of a user, ending with the path that takes the password by POST.
fn link(app: &App, db: &mut Db, user: &User, purpose: Purpose) -> anyhow::Result<Option<String>> {
    let secret = db.write(&VIEWER, app.now(), |tx| {
        invitations::open(tx, user.id, purpose)
    })?;
    let path = match purpose {
        Purpose::Invitation => "api/v1/invitations",
        Purpose::Reset => "api/v1/password/reset",
    };
    let base = app.public_url();
    Ok(secret.map(|secret| format!("{base}/{path}/{}", secret.text())))
}

fn to(user: &User) -> anyhow::Result<Recipient> {
    Ok(Recipient {
        name: user.name.clone(),
        email: Email::parse(&user.email)?,
        language: user.speaks(),
    })
}
