//! The way of a message out of the service: an SMTP server, or a folder of mails where none is
//! set. What it is not: a queue; a failed sending is an error, and its job runs again.

use std::fmt;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::Context;
use lettre::message::header::{ContentTransferEncoding, ContentType};
use lettre::message::{Body, Mailbox, MultiPart, SinglePart};
use lettre::{Address, SmtpTransport, Transport};

use crate::jobs::rules::Hopeless;
use crate::kernel::ids::{Id, JobId};
use crate::kernel::instant::Instant;
use crate::notifications::model::{Attachment, Message};

/// Sends a message for a job. Sending it again for the same job sends the same mail: it has the
/// same Message-ID, and in a folder the same name.
///
/// # Errors
/// The server cannot be reached or refuses the mail, or the folder cannot be written. The text
/// names no address.
pub fn send(mailer: &Mailer, message: &Message, job: JobId, now: Instant) -> anyhow::Result<()> {
    send_with(mailer, message, &[], job, now)
}

/// As [`send`], with files.
///
/// # Errors
/// As [`send`].
pub fn send_with(
    mailer: &Mailer,
    message: &Message,
    files: &[Attachment],
    job: JobId,
    now: Instant,
) -> anyhow::Result<()> {
    match &mailer.way {
        Way::Folder(folder) => {
            let mail = mail(mailer, message, files, (job, now), readable(&message.text)?)?;
            write(folder, job, &mail.formatted())
        }
        Way::Smtp(server) => {
            let body = Body::new(message.text.clone());
            let mail = mail(mailer, message, files, (job, now), body)?;
            server
                .send(&mail)
                .map_err(|error| without_address(&error))?;
            Ok(())
        }
    }
}

/// Where mails go, and whom they come from.
pub struct Mailer {
    way: Way,
    from: Mailbox,
}

enum Way {
    Folder(PathBuf),
    Smtp(Box<SmtpTransport>),
}

/// The longest wait for one answer of the mail server. A dialogue has about eight, so that sending
/// ends within the lease of its job.
const PATIENCE: Duration = Duration::from_secs(8);

/// A mail setting cannot be used. The value is not shown, because it may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WrongMailSetting {
    /// The URL of the SMTP server.
    #[error(
        "SMTP_URL must be smtps://user:password@host, or smtp://host with ?tls=required for STARTTLS"
    )]
    SmtpUrl,
    /// The sender's address.
    #[error("MAIL_FROM must be an e-mail address")]
    From,
    /// A server without a sender.
    #[error("MAIL_FROM is needed beside SMTP_URL: the address that mails come from")]
    FromMissing,
}

impl Mailer {
    /// Mails by the SMTP server of a URL if there is one, else as files in a folder, which is made
    /// with the first mail.
    ///
    /// # Errors
    /// The URL or the sender is none, or mails would leave without a sender.
    pub fn new(
        smtp_url: Option<&str>,
        folder: PathBuf,
        from: Option<&str>,
    ) -> Result<Self, WrongMailSetting> {
        let way = match smtp_url {
            None => Way::Folder(folder),
            Some(url) => Way::Smtp(Box::new(
                SmtpTransport::from_url(url)
                    .map_err(|_| WrongMailSetting::SmtpUrl)?
                    .timeout(Some(PATIENCE))
                    .build(),
            )),
        };
        let address = match (from, smtp_url) {
            (Some(address), _) => address,
            (None, None) => "network@localhost",
            (None, Some(_)) => return Err(WrongMailSetting::FromMissing),
        };
        let address: Address = address.parse().map_err(|_| WrongMailSetting::From)?;
        Ok(Self {
            way,
            from: Mailbox::new(Some("Intercultural Cities".to_owned()), address),
        })
    }
}

impl fmt::Debug for Mailer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let way = match &self.way {
            Way::Folder(folder) => folder.display().to_string(),
            // The transport knows the password.
            Way::Smtp(_) => "SMTP".to_owned(),
        };
        formatter.debug_tuple("Mailer").field(&way).finish()
    }
}

fn mail(
    mailer: &Mailer,
    message: &Message,
    files: &[Attachment],
    (job, now): (JobId, Instant),
    body: Body,
) -> anyhow::Result<lettre::Message> {
    let recipient: Address = message
        .recipient
        .as_str()
        .parse()
        .map_err(|_| anyhow::anyhow!("the recipient's address cannot be written to"))?;
    let id = format!("<{}@{}>", job.uuid(), mailer.from.email.domain());
    let mail = lettre::Message::builder()
        .message_id(Some(id))
        .date(SystemTime::from(now.utc()))
        .from(mailer.from.clone())
        .to(Mailbox::new(Some(message.name.clone()), recipient))
        .subject(message.subject.clone());
    let text = SinglePart::builder()
        .header(ContentType::TEXT_PLAIN)
        .body(body);
    if files.is_empty() {
        return mail
            .singlepart(text)
            .context("the mail cannot be put together");
    }
    let mut parts = MultiPart::mixed().singlepart(text);
    for file in files {
        let kind = ContentType::parse(file.content_type)?;
        let content = Body::new(file.content.clone());
        parts = parts
            .singlepart(lettre::message::Attachment::new(file.name.clone()).body(content, kind));
    }
    mail.multipart(parts)
        .context("the mail cannot be put together")
}

/// The text as it is: whoever opens the file wants to read it and copy its link. lettre refuses
/// this for lines of more than 76 bytes, such as links; the format allows 998 (RFC 5322, 2.1.1).
fn readable(text: &str) -> anyhow::Result<Body> {
    let lines: Vec<&str> = text.lines().collect();
    if text.contains('\0') || lines.iter().any(|line| line.len() > 998) {
        anyhow::bail!("the text has a line of more than 998 bytes or a NUL");
    }
    let bytes = lines.join("\r\n").into_bytes();
    Ok(Body::dangerous_pre_encoded(
        bytes,
        ContentTransferEncoding::EightBit,
    ))
}

/// Writes the mail beside and renames it, so that a reader of the folder sees whole mails only.
fn write(folder: &Path, job: JobId, mail: &[u8]) -> anyhow::Result<()> {
    fs::create_dir_all(folder).context("the folder of mails cannot be made")?;
    let name = job.uuid().to_string();
    let draft = folder.join(format!(".{name}.draft"));
    let mut file = fs::File::create(&draft).context("a mail cannot be written")?;
    file.write_all(mail)
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&draft, folder.join(format!("{name}.eml"))))
        .and_then(|()| fs::File::open(folder)?.sync_all())
        .context("a mail cannot be written")
}

/// What the server said without the text, which often repeats the address. Only a reply about the
/// one who is written to says that the mail will never be taken; others of the 500s are about the
/// sender, the relay or its lists (RFC 3463, 3), which are settings and are corrected while the
/// mail waits.
fn without_address(error: &lettre::transport::smtp::Error) -> anyhow::Error {
    match error.status() {
        Some(code) if error.is_permanent() && is_about_the_recipient(&error.to_string()) => {
            Hopeless(format!(
                "the mail server refused the mail for good with {code}"
            ))
            .into()
        }
        Some(code) => anyhow::anyhow!("the mail server refused the mail with {code}"),
        None if error.is_timeout() => anyhow::anyhow!("the mail server did not answer in time"),
        None => anyhow::anyhow!("the mail server cannot be used: {error}"),
    }
}

/// Whether a permanent reply says that there is no such mailbox (RFC 3463, 3.2 and 3.3): by its
/// enhanced code, or as 550 or 551 without one.
fn is_about_the_recipient(reply: &str) -> bool {
    const NO_MAILBOX: [&str; 6] = ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"];

    let enhanced = reply
        .split(|character: char| !(character.is_ascii_digit() || character == '.'))
        .find(|word| word.starts_with("5.") && word.split('.').count() == 3);
    match enhanced {
        Some(code) => NO_MAILBOX.contains(&code),
        None => ["550", "551"].iter().any(|code| reply.contains(code)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::email::Email;
    use uuid::Uuid;

    #[test]
    fn only_a_missing_mailbox_is_hopeless() {
        let cases = [
            ("permanent error (550): 5.1.1 no such user", true),
            (
                "permanent error (550): aase@example.org does not live here",
                true,
            ),
            ("permanent error (550): 5.7.1 relaying denied", false),
            (
                "permanent error (553): 5.1.8 sender address rejected",
                false,
            ),
            ("permanent error (554): you are on a list", false),
            ("permanent error (535): 5.7.8 who are you", false),
            ("permanent error (550): 5.1.10 null MX", true),
        ];
        for (reply, hopeless) in cases {
            assert_eq!(is_about_the_recipient(reply), hopeless, "{reply}");
        }
    }

    fn message(text: &str) -> Message {
        Message {
            name: "Åse".to_owned(),
            recipient: Email::parse("aase@example.org").unwrap(),
            subject: "Hej Ærø".to_owned(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn a_mail_sent_twice_is_one_file_with_the_id_of_its_event() {
        let folder = tempfile::tempdir().unwrap();
        let outbox = folder.path().join("outbox");
        let mailer = Mailer::new(None, outbox.clone(), None).unwrap();
        let job = JobId::of(Uuid::from_u128(7));
        let now = Instant::parse("2026-11-22T12:00:00Z").unwrap();
        let link = format!("https://network.example.org/{}", "a".repeat(100));
        let text = format!("Kære Åse\n\n{link}\n");
        for _ in 0..2 {
            send(&mailer, &message(&text), job, now).unwrap();
        }
        let files: Vec<_> = fs::read_dir(&outbox)
            .unwrap()
            .map(|file| file.unwrap().file_name())
            .collect();
        assert_eq!(files, ["00000000-0000-0000-0000-000000000007.eml"]);
        let mail = fs::read_to_string(outbox.join(&files[0])).unwrap();
        for part in [
            "Message-ID: <00000000-0000-0000-0000-000000000007@localhost>",
            "Date: Sun, 22 Nov 2026 12:00:00 +0000",
            "<aase@example.org>",
            "Kære Åse",
            &link,
        ] {
            assert!(mail.contains(part), "{part} is not in {mail}");
        }
    }

    #[test]
    fn wrong_settings_are_named() {
        let new = |url, from| Mailer::new(url, PathBuf::new(), from).map(|_| ());
        assert_eq!(new(None, Some("nobody")), Err(WrongMailSetting::From));
        assert_eq!(
            new(Some("http://mail.example.org"), Some("a@example.org")),
            Err(WrongMailSetting::SmtpUrl)
        );
        assert_eq!(
            new(Some("smtp://mail.example.org"), None),
            Err(WrongMailSetting::FromMissing)
        );
        assert_eq!(
            new(Some("smtp://mail.example.org"), Some("a@example.org")),
            Ok(())
        );
    }
}
