//! Clients that write while something else is tested, and what they were told. What it is not: a
//! storm that ends with a kill (`crash.rs`).

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use crate::cli::service::Client;

pub const REGISTER: &str = "mutation ($input: RegisterCityInput!) { registerCity(input: $input) { city { id name } userErrors { code field message } } }";

/// The input of a city that is registered by its name alone.
pub fn city(name: &str) -> Value {
    json!({ "input": { "name": name, "country": "NO", "timeZone": "Europe/Oslo" } })
}

/// What was done under load.
pub struct UnderLoad<T> {
    /// What the work returned.
    pub value: T,
    /// The towns that were acknowledged before the work began.
    pub before: Vec<String>,
    /// Every town that was acknowledged.
    pub all: Vec<String>,
}

/// Runs `work` while four clients register towns; each of their writes must succeed.
pub fn under_load<T>(client: &Client, work: impl FnOnce() -> T) -> UnderLoad<T> {
    let (next, over) = (AtomicU64::new(0), AtomicBool::new(false));
    let acknowledged = Mutex::new(Vec::new());
    let (value, before) = std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    let name = format!("Town {:05}", next.fetch_add(1, Ordering::Relaxed));
                    let answer = client.ask(REGISTER, &city(&name), None);
                    assert_eq!(answer.status, 200, "{}", answer.body);
                    answer.done("registerCity", "/city/id");
                    acknowledged.lock().unwrap().push(name);
                }
            });
        }
        // A panic of the work must end the writers too, or they would go on for ever.
        let ends = Ends(&over);
        let mut waited = 0;
        while acknowledged.lock().unwrap().len() < 8 {
            waited += 1;
            assert!(waited < 2_000, "the load does not begin");
            std::thread::sleep(Duration::from_millis(5));
        }
        let before = acknowledged.lock().unwrap().clone();
        let value = work();
        drop(ends);
        (value, before)
    });
    UnderLoad {
        value,
        before,
        all: acknowledged.into_inner().unwrap(),
    }
}

struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
