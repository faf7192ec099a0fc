//! What the network tells people: the texts in Danish and English, and their way out by mail. What
//! it is not: the decision to tell somebody; an action enqueues a job, and the job sends the
//! message when the deed is committed.
//!
//! Invariant: every mail carries the id of its event, the same at every attempt, so that a mail
//! sent twice can be recognised and overwrites itself in the folder of mails.

pub mod jobs;
mod mail;
mod model;
pub mod templates;

pub use mail::{Mailer, WrongMailSetting, send, send_with};
pub use model::{Attachment, Message, SendMail};
