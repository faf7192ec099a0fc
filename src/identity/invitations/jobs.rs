//! How links are mailed. What it is not: the texts (`notifications`).

use crate::access::viewer::Viewer;
use crate::app::{App, Run};
use crate::db::Db;
use crate::identity::invitations::rules::lifetime;
use crate::identity::invitations::{self, InvitationMail, PasswordResetRequest, Purpose};
use crate::identity::users::{self, User};
use crate::kernel::email::Email;
use crate::kernel::ids::JobId;
use crate::notifications::templates::{self, Recipient};
use crate::notifications::{Message, send};

const VIEWER: Viewer = Viewer::System("account mail");

impl Run for InvitationMail {
    /// A second attempt draws a new link: the one of the first works no more, and its mail, if it
    /// left at all, is followed by this one.
    fn run(self, app: &App, job: JobId, db: &mut Db) -> anyhow::Result<()> {
        let user = users::get(db, self.user)?;
        let Some(link) = link(app, db, &user, Purpose::Invitation)? else {
            return Ok(());
        };
        let message = templates::invitation(&to(&user)?, &link, lifetime(Purpose::Invitation));
        mail(app, db, &user, Purpose::Invitation, &message, job)
    }
}

impl Run for PasswordResetRequest {
    fn run(self, app: &App, job: JobId, db: &mut Db) -> anyhow::Result<()> {
        let Some(user) = users::find_by_email(db, &self.email)? else {
            return Ok(());
        };
        let Some(link) = link(app, db, &user, Purpose::Reset)? else {
            return Ok(());
        };
        let message = templates::password_reset(&to(&user)?, &link, lifetime(Purpose::Reset));
        mail(app, db, &user, Purpose::Reset, &message, job)
    }
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
    let base = &app.config.public_url;
    Ok(secret.map(|secret| format!("{base}/{path}/{}", secret.text())))
}

fn to(user: &User) -> anyhow::Result<Recipient> {
    Ok(Recipient {
        name: user.name.clone(),
        email: Email::parse(&user.email)?,
        language: user.speaks(),
    })
}

/// Sends a mail with a link. When it does not leave, its link is void, so that the next attempt is
/// not taken for a second wish.
fn mail(
    app: &App,
    db: &mut Db,
    user: &User,
    purpose: Purpose,
    message: &Message,
    job: JobId,
) -> anyhow::Result<()> {
    let sent = send(&app.mailer, message, job, app.now());
    if sent.is_err() {
        db.write(&VIEWER, app.now(), |tx| {
            invitations::void(tx, user.id, &[purpose])
        })?;
    }
    sent
}
