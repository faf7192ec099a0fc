//! The way of documents to their buyers through the public door: into the folder, to a real server on this
//! machine, by mail; answers in any order; what is cut off. What it is not: the documents.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use diesel::prelude::*;
use intercultural_cities::finance::deliveries;
use intercultural_cities::kernel::ids::{CityId, Id, InvoiceId};
use intercultural_cities::schema::cities;
use intercultural_cities::server::worker::run_due;
use serde_json::{Value, json};

use crate::finance::arrange::{draft, issued, member, membership, prices};
use crate::finance::credit_notes::credit;
use crate::finance::einvoices::door::reachable;
use crate::support::actor::{Actor, Answer};
use crate::support::app::{TestApp, day};
use crate::support::databases::Database;

const SEND: &str = "mutation ($input: SendInvoiceInput!) { sendInvoice(input: $input) { invoice { status delivery { state documentId transport channel } } userErrors { code field message } } }";
const SEND_NOTE: &str = "mutation ($input: SendCreditNoteInput!) { sendCreditNote(input: $input) { creditNote { delivery { state } } userErrors { code field message } } }";
const ANSWER: &str = "mutation ($input: RecordDeliveryResponseInput!) { recordDeliveryResponse(input: $input) { delivery { state message } userErrors { code field message } } }";
const STATE: &str = "query ($id: ID!) { node(id: $id) { ... on Invoice { status delivery { state transport message documentId } } } }";
const WORK: &str = "{ attention(filter: { rule: [DELIVERY_REJECTED] }) { totalCount nodes { rule message object { ... on Invoice { number } ... on CreditNote { number } } } } }";

/// Why the one invoice would not be reminded of long after it was due; empty when it would be.
fn held(app: &TestApp) -> String {
    let answer = app
        .finance()
        .ask("{ reminderRun(on: \"2027-03-01\") { nodes { heldBecause } } }");
    let because = answer.data("/reminderRun/nodes/0/heldBecause");
    because.as_str().unwrap_or_default().to_owned()
}

fn send(actor: &Actor<'_>, invoice: InvoiceId) -> Answer {
    let id = invoice.public();
    let version = actor.app().version(&id);
    actor.ask_with(
        SEND,
        json!({ "input": { "invoiceId": id, "version": version } }),
    )
}

fn respond(actor: &Actor<'_>, document: &str, state: &str, message: &str) -> Answer {
    let input = json!({ "documentId": document, "state": state, "message": message });
    actor.ask_with(ANSWER, json!({ "input": input }))
}

/// Status of the invoice, and of its delivery.
fn states(app: &TestApp, invoice: InvoiceId) -> (String, String) {
    let answer = app
        .finance()
        .ask_with(STATE, json!({ "id": invoice.public() }));
    let text = |path: &str| answer.text(path).to_owned();
    (text("/node/status"), text("/node/delivery/state"))
}

fn wait(app: &TestApp, minutes: i64) {
    app.set_now(app.now().plus(TimeDelta::minutes(minutes)).utc());
}

/// An issued invoice of a Danish city that takes electronic ones.
fn sendable(app: &TestApp, name: &str) -> (CityId, InvoiceId) {
    prices(app);
    let (city, membership) = member(app, name, day(2026, 3, 15));
    reachable(app, city);
    (city, issued(app, membership, 2026, day(2026, 4, 1)))
}

/// What an access point was sent.
#[derive(Debug, Clone)]
struct Heard {
    head: String,
    body: Vec<u8>,
}

impl Heard {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (known, value) = line.split_once(':')?;
            known.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }
}

/// An access point on this machine that answers with these statuses, and 202 after them. With 0 it takes
/// the document and hangs up without a word.
struct AccessPoint {
    url: String,
    heard: Arc<Mutex<Vec<Heard>>>,
}

impl AccessPoint {
    fn answering(statuses: &[u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/documents", listener.local_addr().unwrap());
        let heard = Arc::new(Mutex::new(Vec::new()));
        let (kept, mut statuses) = (Arc::clone(&heard), VecDeque::from(statuses.to_vec()));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                let mut opening = String::new();
                while !opening.ends_with("\r\n\r\n") && reader.read_line(&mut opening).unwrap() > 0
                {
                }
                let mut one = Heard {
                    head: opening,
                    body: Vec::new(),
                };
                let length: usize = one.header("content-length").unwrap().parse().unwrap();
                one.body.resize(length, 0);
                reader.read_exact(&mut one.body).unwrap();
                kept.lock().unwrap().push(one);
                let status = statuses.pop_front().unwrap_or(202);
                if status != 0 {
                    let text = "the buyer is\nunknown";
                    let answer = format!(
                        "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
                        text.len()
                    );
                    stream.write_all(answer.as_bytes()).unwrap();
                }
            }
        });
        Self { url, heard }
    }

    fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }
}

/// Runs a story on both databases with an access point.
fn with_access_point(statuses: &[u16], story: impl Fn(&TestApp, &AccessPoint)) {
    for database in [Database::Sqlite, Database::Postgres] {
        let access_point = AccessPoint::answering(statuses);
        let folder = tempfile::tempdir().unwrap();
        let token = folder.path().join("token");
        std::fs::write(&token, "secret-token\n").unwrap();
        let flags = [
            "--access-point-url",
            &access_point.url,
            "--access-point-token-file",
            token.to_str().unwrap(),
        ];
        if let Some(app) = TestApp::with(database, &flags) {
            story(&app, &access_point);
        }
    }
}

#[test]
fn an_access_point_that_is_away_gets_the_same_document_later() {
    with_access_point(&[503, 0, 202], |app, access_point| {
        let (_, invoice) = sendable(app, "Aarhus");
        assert_eq!(
            send(&app.finance(), invoice).done("sendInvoice", "/invoice/delivery/state"),
            "QUEUED"
        );
        for attempts in 1..=3 {
            assert_eq!(run_due(&app.app).unwrap(), 1);
            assert_eq!(access_point.heard().len(), attempts);
            let expected = if attempts < 3 {
                ("ISSUED", "QUEUED")
            } else {
                ("SENT", "SENT")
            };
            let (status, state) = states(app, invoice);
            assert_eq!((status.as_str(), state.as_str()), expected);
            wait(app, 10);
        }
        let xml = app
            .finance()
            .get(&format!(
                "/api/v1/invoices/{}/einvoice.xml",
                invoice.public()
            ))
            .body;
        let answer = app
            .finance()
            .ask_with(STATE, json!({ "id": invoice.public() }));
        for one in access_point.heard() {
            assert_eq!(one.body, xml);
            assert_eq!(
                one.header("idempotency-key"),
                Some(answer.text("/node/delivery/documentId"))
            );
            assert_eq!(one.header("authorization"), Some("Bearer secret-token"));
            assert_eq!(
                (one.header("content-type"), one.header("x-document-number")),
                (Some("application/xml"), Some("F2026-000001"))
            );
        }
        assert_eq!(answer.text("/node/delivery/transport"), "ACCESS_POINT");
        assert_eq!(run_due(&app.app).unwrap(), 0);
    });
}

#[test]
fn an_answer_may_come_before_we_know_that_it_was_taken() {
    with_access_point(&[0], |app, access_point| {
        let (_, invoice) = sendable(app, "Aarhus");
        send(&app.finance(), invoice).done("sendInvoice", "/invoice/status");
        run_due(&app.app).unwrap();
        let id = access_point.heard()[0]
            .header("idempotency-key")
            .unwrap()
            .to_owned();
        assert_eq!(
            respond(&app.finance(), &id, "ACCEPTED", "")
                .done("recordDeliveryResponse", "/delivery/state"),
            "ACCEPTED"
        );
        wait(app, 10);
        assert_eq!(run_due(&app.app).unwrap(), 1);
        assert_eq!(access_point.heard().len(), 1);
        assert_eq!(
            states(app, invoice),
            ("SENT".to_owned(), "ACCEPTED".to_owned())
        );
    });
}

#[test]
fn what_is_turned_away_is_a_task_until_it_is_sent_again() {
    with_access_point(&[422, 202], |app, access_point| {
        let (city, invoice) = sendable(app, "Aarhus");
        let finance = app.finance();
        send(&finance, invoice).done("sendInvoice", "/invoice/status");
        run_due(&app.app).unwrap();
        assert_eq!(
            states(app, invoice),
            ("ISSUED".to_owned(), "REJECTED".to_owned())
        );
        assert!(
            deliveries::undelivered(&mut app.db(), &[invoice])
                .unwrap()
                .contains(&invoice)
        );
        assert_eq!(held(app), "NOT_DELIVERED");
        let answer = finance.ask(WORK);
        assert_eq!(
            (
                answer.data("/attention/totalCount"),
                answer.text("/attention/nodes/0/object/number")
            ),
            (&json!(1), "F2026-000001")
        );
        let told = app
            .coordinator_of(city)
            .ask_with(STATE, json!({ "id": invoice.public() }));
        assert_eq!(
            told.text("/node/delivery/message"),
            "The access point answered 422: the buyer isunknown"
        );

        send(&finance, invoice).done("sendInvoice", "/invoice/status");
        assert_eq!(finance.ask(WORK).data("/attention/totalCount"), &json!(0));
        assert_eq!(run_due(&app.app).unwrap(), 1);
        assert_eq!(states(app, invoice), ("SENT".to_owned(), "SENT".to_owned()));
        assert!(
            deliveries::undelivered(&mut app.db(), &[invoice])
                .unwrap()
                .is_empty()
        );
        assert_ne!(held(app), "NOT_DELIVERED");
        let ids: Vec<_> = access_point
            .heard()
            .iter()
            .map(|one| one.header("idempotency-key").unwrap().to_owned())
            .collect();
        assert_eq!(ids[0], ids[1]);

        // The network's own word, twice, and then another one.
        for _ in 0..2 {
            let answer = respond(&finance, "F2026-000001", "REJECTED", "No such order.");
            assert_eq!(
                answer.done("recordDeliveryResponse", "/delivery/message"),
                "No such order."
            );
        }
        assert_eq!(
            respond(&finance, "F2026-000001", "DELIVERED", "")
                .done("recordDeliveryResponse", "/delivery/state"),
            "REJECTED"
        );
        assert_eq!(
            respond(&finance, "F2026-000001", "ACCEPTED", "").refusal("recordDeliveryResponse"),
            "NOT_IN_STATE"
        );
        assert_eq!(finance.ask(WORK).data("/attention/totalCount"), &json!(1));
        // Taken back as a whole, nobody has to look after it.
        credit(&finance, invoice, None).done("creditInvoice", "/creditNote/id");
        assert_eq!(finance.ask(WORK).data("/attention/totalCount"), &json!(0));
        for (unknown, code) in [
            ("F2026-000002", "NOT_FOUND"),
            ("00000000-0000-0000-0000-000000000000", "NOT_FOUND"),
            ("", "REQUIRED"),
        ] {
            assert_eq!(
                respond(&finance, unknown, "ACCEPTED", "").refusal("recordDeliveryResponse"),
                code
            );
        }
    });
}

crate::both_databases! {
    fn without_an_access_point_both_documents_are_in_the_folder(app: &TestApp) {
        let (_, invoice) = sendable(app, "Ærø");
        let finance = app.finance();
        send(&finance, invoice).done("sendInvoice", "/invoice/status");
        let stale = json!({ "input": { "invoiceId": invoice.public(), "version": 99 } });
        assert_eq!(finance.ask_with(SEND, stale).code(), "STALE");
        assert_eq!(send(&finance, invoice).refusal("sendInvoice"), "NOT_IN_STATE");
        assert_eq!(run_due(&app.app).unwrap(), 1);
        let note = credit(&finance, invoice, Some("100")).done("creditInvoice", "/creditNote/id");
        let input = json!({ "input": { "creditNoteId": note, "version": app.version(&note) } });
        finance.ask_with(SEND_NOTE, input).done("sendCreditNote", "/creditNote/delivery/state");
        assert_eq!(run_due(&app.app).unwrap(), 1);
        let folder = app.app.config.outbox_dir().join("documents");
        let mut names: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        assert_eq!(names, ["F2026-000001.pdf", "F2026-000001.xml", "K2026-000001.pdf", "K2026-000001.xml"]);
        for (name, path) in [("F2026-000001.pdf", format!("invoices/{}/document.pdf", invoice.public())), ("K2026-000001.xml", format!("credit-notes/{note}/einvoice.xml"))] {
            assert_eq!(std::fs::read(folder.join(name)).unwrap(), finance.get(&format!("/api/v1/{path}")).body, "{name}");
        }
        assert_eq!(states(app, invoice), ("SENT".to_owned(), "SENT".to_owned()));
        // It is sent again when somebody asks for it, and changes nothing on the invoice.
        send(&finance, invoice).done("sendInvoice", "/invoice/status");
        assert_eq!(run_due(&app.app).unwrap(), 1);
        assert_eq!(states(app, invoice), ("SENT".to_owned(), "SENT".to_owned()));
    }

    fn what_cannot_be_sent_is_told_with_all_that_is_missing(app: &TestApp) {
        prices(app);
        let finance = app.finance();
        let (_, membership_of) = member(app, "Odense", day(2026, 3, 15));
        let unissued = draft(app, membership_of, 2026);
        assert_eq!(send(&finance, unissued).refusal("sendInvoice"), "NOT_IN_STATE");
        let (_, other) = member(app, "Ribe", day(2026, 3, 15));
        let invoice = issued(app, other, 2026, day(2026, 4, 1));
        let fields: Vec<String> = send(&finance, invoice).refusals("sendInvoice").into_iter().map(|(_, field)| field).collect();
        assert_eq!(fields, ["invoiceId.buyer.gln", "invoiceId.buyer.orderReference"]);
        let lyon = app.city("Lyon", "FR");
        let abroad = issued(app, membership(app, lyon, day(2026, 3, 15), None), 2026, day(2026, 4, 1));
        assert_eq!(send(&finance, abroad).refusals("sendInvoice"), [("REQUIRED".to_owned(), "invoiceId.buyer.invoiceEmail".to_owned())]);
        assert_eq!(run_due(&app.app).unwrap(), 0);
    }

    fn a_city_abroad_without_a_gln_gets_the_pages_by_mail(app: &TestApp) {
        prices(app);
        let lyon = app.city("Lyon", "FR");
        app.arrange(|tx| Ok(diesel::update(cities::table.find(lyon)).set(cities::invoice_email.eq(Some("invoices@example.org"))).execute(tx.db)?));
        let invoice = issued(app, membership(app, lyon, day(2026, 3, 15), None), 2026, day(2026, 4, 1));
        let id = send(&app.finance(), invoice).done("sendInvoice", "/invoice/delivery/documentId");
        assert_eq!(run_due(&app.app).unwrap(), 1);
        let mail = std::fs::read_to_string(app.app.config.outbox_dir().join(format!("{id}.eml"))).unwrap();
        for part in ["Subject: Invoice F2026-000001 from Intercultural Cities", "invoices@example.org", "filename=\"F2026-000001.pdf\"", "application/pdf", &format!("Message-ID: <{id}@")] {
            assert!(mail.contains(part), "{part}");
        }
        let answer = app.finance().ask_with(STATE, json!({ "id": invoice.public() }));
        let expected: Value = json!({ "status": "SENT", "delivery": { "state": "SENT", "transport": "MAIL", "message": null, "documentId": id } });
        assert_eq!(answer.data("/node"), &expected);
    }
}
