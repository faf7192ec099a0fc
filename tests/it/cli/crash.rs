//! The storm: clients write with idempotency keys, the service is killed at any moment, started again
//! and asked for everything that it acknowledged. What it is not: a stopped database
//! (`transport/outage.rs`).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use crate::cli::load::{REGISTER, city};
use crate::cli::place::Place;
use crate::cli::service::Client;

const ROUNDS: u64 = 3;
const CLIENTS: u64 = 6;
/// Cities with a draft each; where all are issued the storm goes on with the other deeds.
const CITIES: usize = 100;

const DRAFT: &str = "mutation ($input: DraftFeeInvoiceInput!) { draftFeeInvoice(input: $input) { invoice { id } userErrors { code field message } } }";
const ISSUE: &str = "mutation ($input: IssueInvoiceInput!) { issueInvoice(input: $input) { invoice { id number } userErrors { code field message } } }";
const RECORD: &str = "mutation ($input: RecordPaymentInput!) { recordPayment(input: $input) { payment { id amount { amount } } userErrors { code field message } } }";

/// A deed that was sent, with what came back before the kill.
struct Sent {
    field: &'static str,
    document: &'static str,
    variables: Value,
    key: String,
    acknowledged: Option<Value>,
}

/// Numbers that look random and are the same at every run (xorshift64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// The members of a network, with a draft of this year's fee for each: cities and drafts.
fn network(finance: &Client) -> (Vec<String>, Vec<String>) {
    let today = chrono::Utc::now().with_timezone(&chrono_tz::Europe::Copenhagen);
    let year = chrono::Datelike::year(&today);
    let mut cities = Vec::new();
    for first in (0..CITIES).step_by(50) {
        let query = format!(
            "{{ cities(first: 50, filter: {{ search: \"Member {:02}\" }}) {{ nodes {{ id }} }} }}",
            first / 50
        );
        let page = finance.ask(&query, &json!({}), None);
        for city in page.data("/cities/nodes").as_array().unwrap() {
            cities.push(city["id"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(cities.len(), CITIES);
    let drafts = cities
        .iter()
        .map(|city| {
            let input = json!({ "input": { "cityId": city, "feeYear": year } });
            let answer = finance.ask(DRAFT, &input, None);
            answer.done("draftFeeInvoice", "/invoice/id")
        })
        .collect();
    (cities, drafts)
}

/// Loads so many cities and memberships as an operator does.
pub fn members(place: &Place, count: usize) {
    let mut cities = "name,country,time_zone\n".to_owned();
    let mut members = "city,country,joined_on\n".to_owned();
    for number in 0..count {
        let name = format!("Member {:02} {:02}", number / 50, number % 50);
        cities += &format!("{name},DK,Europe/Copenhagen\n");
        members += &format!("{name},DK,2020-01-01\n");
    }
    place.write("cities.csv", cities.as_bytes());
    place.write("members.csv", members.as_bytes());
    for (kind, file) in [("cities", "cities.csv"), ("memberships", "members.csv")] {
        place.done(&["import", kind, file, "--apply"]);
    }
}

/// How far a storm has come: the writes that were acknowledged, and whether the kill was ordered.
#[derive(Default)]
struct Progress {
    acknowledged: AtomicU64,
    over: AtomicBool,
}

/// What one client does until the service is gone.
fn writes(
    (finance, secretariat): (&Client, &Client),
    (round, client): (u64, u64),
    cities: &[String],
    drafts: &Mutex<Vec<String>>,
    progress: &Progress,
) -> Vec<Sent> {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15 ^ (round << 32) ^ (client << 8));
    let mut sent = Vec::new();
    for number in 0.. {
        let key = format!("storm-{round}-{client}-{number}");
        let draft = match dice.below(3) {
            0 => drafts.lock().unwrap().pop(),
            _ => None,
        };
        let (field, document, variables) = if let Some(draft) = draft {
            (
                "issueInvoice",
                ISSUE,
                json!({ "input": { "invoiceId": draft, "version": 1 } }),
            )
        } else if dice.below(2) == 0 {
            let index = usize::try_from(dice.below(CITIES as u64)).unwrap();
            let amount = format!("{}.50", 1 + dice.below(900));
            let input =
                json!({ "cityId": cities[index], "amount": amount, "receivedOn": "2026-01-05" });
            ("recordPayment", RECORD, json!({ "input": input }))
        } else {
            (
                "registerCity",
                REGISTER,
                city(&format!("Storm {round} {client} {number}")),
            )
        };
        let actor = if field == "registerCity" {
            secretariat
        } else {
            finance
        };
        let answer = actor.try_ask(document, &variables, Some(&key));
        let acknowledged = answer.as_ref().ok().map(|answer| {
            assert_eq!(answer.status, 200, "{}", answer.body);
            assert_eq!(answer.data(&format!("/{field}/userErrors")), &json!([]));
            answer.data(&format!("/{field}")).clone()
        });
        if acknowledged.is_some() {
            progress.acknowledged.fetch_add(1, Ordering::SeqCst);
        }
        sent.push(Sent {
            field,
            document,
            variables,
            key,
            acknowledged,
        });
        if let Err(problem) = answer {
            assert!(
                progress.over.load(Ordering::SeqCst),
                "before the kill: {problem}"
            );
            return sent;
        }
    }
    unreachable!("the numbers do not end")
}

/// Sends everything again under its key: what was acknowledged is answered alike, and what was not
/// is done now or was done already, once.
fn replay((finance, secretariat): (&Client, &Client), sent: &mut [Sent]) {
    for deed in sent {
        let actor = if deed.field == "registerCity" {
            secretariat
        } else {
            finance
        };
        let again = actor.ask(deed.document, &deed.variables, Some(&deed.key));
        assert_eq!(
            again.data(&format!("/{}/userErrors", deed.field)),
            &json!([]),
            "{}",
            deed.key
        );
        let found = again.data(&format!("/{}", deed.field));
        if let Some(acknowledged) = &deed.acknowledged {
            assert_eq!(found, acknowledged, "{}", deed.key);
            assert_eq!(
                again.reply.header("idempotent-replayed"),
                Some("true"),
                "{}",
                deed.key
            );
        }
        deed.acknowledged = Some(found.clone());
    }
}

/// Every node of a list by pages of a hundred.
pub fn all(client: &Client, list: &str, selection: &str) -> Vec<Value> {
    let query = format!(
        "query ($after: String) {{ {list}(first: 100, after: $after) {{ nodes {{ {selection} }} pageInfo {{ hasNextPage endCursor }} }} }}"
    );
    let mut nodes = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = client.ask(&query, &json!({ "after": after }), None);
        nodes.extend(
            page.data(&format!("/{list}/nodes"))
                .as_array()
                .unwrap()
                .clone(),
        );
        if page.data(&format!("/{list}/pageInfo/hasNextPage")) == &json!(false) {
            return nodes;
        }
        after = page.data(&format!("/{list}/pageInfo/endCursor")).clone();
    }
}

/// The records are those that were sent, each once.
fn is_exactly(finance: &Client, sent: &[Sent]) {
    let of = |field: &str, pointer: &str| -> BTreeSet<String> {
        let deeds = sent.iter().filter(|deed| deed.field == field);
        deeds
            .map(|deed| {
                deed.acknowledged
                    .as_ref()
                    .unwrap()
                    .pointer(pointer)
                    .unwrap()
                    .as_str()
                    .unwrap()
                    .to_owned()
            })
            .collect()
    };
    let ids = |nodes: &[Value]| -> BTreeSet<String> {
        nodes
            .iter()
            .map(|node| node["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let count = |field: &str| sent.iter().filter(|deed| deed.field == field).count();

    let payments = all(finance, "payments", "id");
    assert_eq!(payments.len(), count("recordPayment"));
    assert_eq!(ids(&payments), of("recordPayment", "/payment/id"));
    let cities = all(finance, "cities", "id name");
    let stormy: Vec<Value> = cities
        .into_iter()
        .filter(|city| city["name"].as_str().unwrap().starts_with("Storm"))
        .collect();
    assert_eq!(stormy.len(), count("registerCity"));
    assert_eq!(ids(&stormy), of("registerCity", "/city/id"));

    // 1..n in each year, without a gap and without a double.
    let mut numbers: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    let invoices = all(finance, "invoices", "id number");
    for number in invoices
        .iter()
        .filter_map(|invoice| invoice["number"].as_str())
    {
        let (series, number) = number.split_once('-').unwrap();
        numbers
            .entry(series.to_owned())
            .or_default()
            .push(number.parse().unwrap());
    }
    let issued: usize = numbers.values().map(Vec::len).sum();
    assert_eq!(issued, count("issueInvoice"));
    assert_eq!(issued, of("issueInvoice", "/invoice/number").len());
    for (series, mut found) in numbers {
        found.sort_unstable();
        let expected: Vec<u32> = (1..).take(found.len()).collect();
        assert_eq!(found, expected, "{series}");
    }
}

crate::program_on_both_databases! {
    fn a_kill_at_any_moment_loses_nothing_and_repeats_nothing(place: &Place) {
        place.done(&["migrate"]);
        place.done(&["seed"]);
        members(place, CITIES);
        let emails = (place.account("FINANCE"), place.account("SECRETARIAT"));
        let mut service = place.serve(&[]);
        let (finance, secretariat) = (service.sign_in(&emails.0), service.sign_in(&emails.1));
        let (cities, drafts) = network(&finance);
        let drafts = Mutex::new(drafts);
        let mut sent = Vec::new();
        let mut dice = Dice(0x2026_1122);
        for round in 0..ROUNDS {
            let actors = (&finance.through(&service), &secretariat.through(&service));
            let before = sent.len();
            let progress = Progress::default();
            // Each round at another point of a write, after another number of them.
            let (writes_before, pause) = (20 + dice.below(40), Duration::from_micros(dice.below(20_000)));
            std::thread::scope(|scope| {
                let clients: Vec<_> = (0..CLIENTS)
                    .map(|client| {
                        let (cities, drafts, progress) = (&cities, &drafts, &progress);
                        scope.spawn(move || writes(actors, (round, client), cities, drafts, progress))
                    })
                    .collect();
                let began = std::time::Instant::now();
                // Who waits for ever would leave the clients writing for ever.
                while progress.acknowledged.load(Ordering::SeqCst) < writes_before
                    && began.elapsed() < Duration::from_mins(1)
                {
                    std::thread::sleep(Duration::from_millis(1));
                }
                std::thread::sleep(pause);
                progress.over.store(true, Ordering::SeqCst);
                service.kill();
                for client in clients {
                    sent.extend(client.join().unwrap());
                }
            });
            // Answers within five seconds, or the start fails.
            service = place.serve(&[]);
            let actors = (&finance.through(&service), &secretariat.through(&service));
            let new = &mut sent[before..];
            let acknowledged = progress.acknowledged.load(Ordering::SeqCst);
            assert!(acknowledged >= writes_before, "only {acknowledged}: this was no storm");
            replay(actors, new);
            is_exactly(actors.0, &sent);
            place.is_sound();
        }
        assert!(sent.iter().any(|deed| deed.field == "issueInvoice"));
        assert!(service.stop().success());
        place.done(&["audit", "verify"]);
        place.is_sound();
    }
}
