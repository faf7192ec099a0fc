//! Mails by SMTP, to a server of the test's own that speaks the least of RFC 5321 and answers as it
//! is told. What it is not: the texts of the mails.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use diesel::prelude::*;
use intercultural_cities::jobs::{self, JobState, rules};
use intercultural_cities::kernel::email::Email;
use intercultural_cities::kernel::ids::{Id, JobId};
use intercultural_cities::kernel::language::Language;
use intercultural_cities::notifications::templates::{self, Recipient};
use intercultural_cities::notifications::{Message, SendMail};
use intercultural_cities::schema::jobs::dsl;
use intercultural_cities::server::worker::run_due;

use crate::support::app::TestApp;
use crate::support::databases::Database;

/// A mail as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Arrived {
    from: String,
    to: String,
    content: String,
}

/// A mail server that answers `RCPT TO` with these replies, one a mail, then with 250.
struct Server {
    address: SocketAddr,
    arrived: Arc<Mutex<Vec<Arrived>>>,
}

impl Server {
    fn start(replies: &[&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let arrived = Arc::new(Mutex::new(Vec::new()));
        let mut replies = replies.to_vec();
        replies.reverse();
        let kept = Arc::clone(&arrived);
        // It lives until the test's process ends.
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let reply = replies.pop().unwrap_or("250 fine");
                if let Some(mail) = converse(stream.unwrap(), reply) {
                    kept.lock().unwrap().push(mail);
                }
            }
        });
        Self { address, arrived }
    }

    fn app(&self, database: Database) -> Option<TestApp> {
        let url = format!("smtp://{}", self.address);
        TestApp::with(
            database,
            &["--smtp-url", &url, "--mail-from", "network@example.org"],
        )
    }

    fn arrived(&self) -> Vec<Arrived> {
        self.arrived.lock().unwrap().clone()
    }
}

/// One connection; a mail, if one was handed over.
fn converse(stream: TcpStream, to_recipient: &str) -> Option<Arrived> {
    let mut answers = stream.try_clone().unwrap();
    let mut say = move |line: &str| answers.write_all(format!("{line}\r\n").as_bytes()).unwrap();
    let mut lines = BufReader::new(stream).split(b'\n').map(|line| {
        let line = String::from_utf8(line.unwrap()).unwrap();
        line.strip_suffix('\r').unwrap().to_owned()
    });
    say("220 mail.example.org ESMTP");
    let (mut from, mut to, mut mail) = (String::new(), String::new(), None);
    while let Some(line) = lines.next() {
        let (command, rest) = line.split_once([' ', ':']).unwrap_or((&line, ""));
        match command {
            "EHLO" => say("250 mail.example.org"),
            "MAIL" => {
                from = rest.to_owned();
                say("250 fine");
            }
            "RCPT" => {
                to = rest.to_owned();
                say(to_recipient);
            }
            "DATA" => {
                say("354 go on");
                // A line that begins with a point has got another one (RFC 5321, 4.5.2).
                let content: Vec<String> = lines
                    .by_ref()
                    .take_while(|line| line != ".")
                    .map(|line| line.strip_prefix('.').unwrap_or(&line).to_owned())
                    .collect();
                mail = Some(Arrived {
                    from: from.clone(),
                    to: to.clone(),
                    content: content.join("\r\n"),
                });
                say("250 taken");
            }
            "QUIT" => {
                say("221 bye");
                break;
            }
            _ => say("250 fine"),
        }
    }
    mail
}

/// The header of a mail, unfolded, with its encoded words read (RFC 2047, `B` in UTF-8).
fn header(mail: &Arrived, name: &str) -> String {
    let (head, _) = mail.content.split_once("\r\n\r\n").unwrap();
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let line = unfolded
        .lines()
        .find_map(|line| line.strip_prefix(&format!("{name}: ")))
        .unwrap_or_else(|| panic!("no {name} in {head}"));
    let mut text = line.replace("?= =?utf-8?b?", "?==?utf-8?b?");
    while let Some((before, rest)) = text.split_once("=?utf-8?b?") {
        let (word, after) = rest.split_once("?=").unwrap();
        let word = String::from_utf8(STANDARD.decode(word).unwrap()).unwrap();
        text = format!("{before}{word}{after}");
    }
    text
}

/// The text of a mail.
fn text(mail: &Arrived) -> String {
    let (_, body) = mail.content.split_once("\r\n\r\n").unwrap();
    let bytes = match header(mail, "Content-Transfer-Encoding").as_str() {
        "base64" => STANDARD.decode(body.replace("\r\n", "")).unwrap(),
        "quoted-printable" => quoted_printable(body),
        "7bit" => body.as_bytes().to_vec(),
        other => panic!("{other}"),
    };
    String::from_utf8(bytes).unwrap()
}

fn quoted_printable(body: &str) -> Vec<u8> {
    let joined = body.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let Some((first, others)) = rest.split_first() {
        if *first == b'=' {
            let digits = std::str::from_utf8(&others[..2]).unwrap();
            bytes.push(u8::from_str_radix(digits, 16).unwrap());
            rest = &others[2..];
        } else {
            bytes.push(*first);
            rest = others;
        }
    }
    bytes
}

fn danish() -> Message {
    let to = Recipient {
        name: "Åse Øster".to_owned(),
        email: Email::parse("aase@example.org").unwrap(),
        language: Language::Da,
    };
    let mut message =
        templates::welcome(&to, "Århus på Fyn, hvor der er så mange gode gader at gå i");
    message.text.push_str("\n.En linje med punktum først, og én meget lang: https://network.example.org/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n.\nSlut\n");
    message
}

fn enqueue(app: &TestApp) -> JobId {
    app.arrange(|tx| jobs::enqueue(tx, &SendMail::new("city:1".to_owned(), danish())))
}

fn row(app: &TestApp, job: JobId) -> (JobState, i32, Option<String>) {
    dsl::jobs
        .find(job)
        .select((dsl::state, dsl::attempts, dsl::last_error))
        .first(&mut app.db())
        .unwrap()
}

fn is_delivered(database: Database) {
    let server = Server::start(&[]);
    let Some(app) = server.app(database) else {
        return;
    };
    let job = enqueue(&app);
    run_due(&app.app).unwrap();
    assert_eq!(row(&app, job), (JobState::Finished, 1, None));

    let arrived = server.arrived();
    assert_eq!(arrived.len(), 1);
    let mail = &arrived[0];
    assert!(mail.from.contains("<network@example.org>"), "{mail:?}");
    assert!(mail.to.contains("<aase@example.org>"), "{mail:?}");
    // The server offered neither 8BITMIME nor SMTPUTF8: everything goes as ASCII in short lines.
    assert!(mail.content.is_ascii(), "{}", mail.content);
    assert!(mail.content.lines().all(|line| line.len() <= 998));
    for (name, value) in [
        ("Subject", danish().subject),
        ("To", "\"Åse Øster\" <aase@example.org>".to_owned()),
        ("Message-ID", format!("<{}@example.org>", job.uuid())),
        ("Date", "Sun, 22 Nov 2026 12:00:00 +0000".to_owned()),
        ("MIME-Version", "1.0".to_owned()),
        ("Content-Type", "text/plain; charset=utf-8".to_owned()),
    ] {
        let found = header(mail, name);
        assert_eq!(found.replace('"', ""), value.replace('"', ""), "{name}");
    }
    assert!(header(mail, "From").ends_with("<network@example.org>"));
    let sent: Vec<String> = danish()
        .text
        .trim_end()
        .lines()
        .map(str::to_owned)
        .collect();
    let read: Vec<String> = text(mail).trim_end().lines().map(str::to_owned).collect();
    assert_eq!(read, sent);
}

fn is_tried_again(database: Database) {
    let server = Server::start(&["451 aase@example.org is busy", "421 closing"]);
    let Some(app) = server.app(database) else {
        return;
    };
    let job = enqueue(&app);
    for (attempt, code) in [(1, "451"), (2, "421")] {
        run_due(&app.app).unwrap();
        let (state, attempts, error) = row(&app, job);
        assert_eq!((state, attempts), (JobState::Waiting, attempt));
        let error = error.unwrap();
        assert!(error.contains(code) && !error.contains("aase"), "{error}");
        assert!(server.arrived().is_empty());
        // Before its pause is over nothing is sent.
        run_due(&app.app).unwrap();
        assert_eq!(row(&app, job).1, attempt);
        app.set_now(app.now().plus(rules::pause(job, attempt)).utc());
    }
    run_due(&app.app).unwrap();
    assert_eq!(row(&app, job), (JobState::Finished, 3, None));
    let arrived = server.arrived();
    assert_eq!(arrived.len(), 1);
    assert!(header(&arrived[0], "Message-ID").contains(&job.uuid().to_string()));
}

fn is_given_up(database: Database) {
    let server = Server::start(&["550 aase@example.org does not live here", "535 who are you"]);
    let Some(app) = server.app(database) else {
        return;
    };
    let job = enqueue(&app);
    run_due(&app.app).unwrap();
    let (state, attempts, error) = row(&app, job);
    assert_eq!((state, attempts), (JobState::Dead, 1));
    let error = error.unwrap();
    assert!(
        error.contains("for good with 550") && !error.contains("aase"),
        "{error}"
    );

    // That the server does not take us for ourselves is a setting, and the mail waits for it.
    let job = enqueue(&app);
    run_due(&app.app).unwrap();
    assert_eq!(row(&app, job).0, JobState::Waiting);
    assert!(server.arrived().is_empty());
}

fn waits_for_the_server(database: Database) {
    let away = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let url = format!("smtp://{away}");
    let flags = ["--smtp-url", &url, "--mail-from", "network@example.org"];
    let Some(app) = TestApp::with(database, &flags) else {
        return;
    };
    let job = enqueue(&app);
    run_due(&app.app).unwrap();
    let (state, attempts, error) = row(&app, job);
    assert_eq!((state, attempts), (JobState::Waiting, 1), "{error:?}");
}

macro_rules! on_both {
    ($($name:ident),*) => {
        mod sqlite {
            $(#[test] fn $name() { super::$name(super::Database::Sqlite); })*
        }
        mod postgres {
            $(#[test] fn $name() { super::$name(super::Database::Postgres); })*
        }
    };
}

on_both!(
    is_delivered,
    is_tried_again,
    is_given_up,
    waits_for_the_server
);
