//! A message to one person, and the job that sends one as it is. What it is not: a mail with its
//! headers; that is made in `mail.rs`.

use serde::{Deserialize, Serialize};

use crate::jobs::Job;
use crate::kernel::email::Email;

/// A text for one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The recipient's name.
    pub name: String,
    /// The recipient's address.
    pub recipient: Email,
    /// One line.
    pub subject: String,
    /// Plain text with line breaks.
    pub text: String,
}

/// A file that goes with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub content_type: &'static str,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// Sends a finished message. For messages without secrets; a job whose message holds the secret of
/// a link is one of `identity`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendMail {
    /// What the message is about, such as `city:<uuid>`; messages of one aggregate leave in order.
    about: String,
    name: String,
    recipient: String,
    subject: String,
    text: String,
}

impl SendMail {
    /// The job for a message about an aggregate.
    #[must_use]
    pub fn new(about: String, message: Message) -> Self {
        Self {
            about,
            name: message.name,
            recipient: message.recipient.as_str().to_owned(),
            subject: message.subject,
            text: message.text,
        }
    }

    /// The message again.
    ///
    /// # Errors
    /// The stored address is none; it was one when the job was made.
    pub fn message(self) -> anyhow::Result<Message> {
        Ok(Message {
            name: self.name,
            recipient: Email::parse(&self.recipient)?,
            subject: self.subject,
            text: self.text,
        })
    }
}

impl Job for SendMail {
    const NAME: &'static str = "notifications.send_mail";

    fn aggregate(&self) -> String {
        self.about.clone()
    }
}
