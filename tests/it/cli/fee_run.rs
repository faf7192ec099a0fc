//! A fee run whose process is killed in the middle: started again, it goes on where it was. What it is not:
//! the kill of single writes (`crash.rs`).

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::Utc;
use diesel::prelude::*;
use intercultural_cities::kernel::instant::Instant;
use intercultural_cities::schema::jobs;
use serde_json::json;

use crate::cli::crash::{all, members};

/// Eight transactions of fifty cities.
const CITIES: usize = 400;

const APPLY: &str = "mutation ($input: ApplyFeeRunInput!) { applyFeeRun(input: $input) { feeRun { id } userErrors { code field message } } }";

crate::program_on_both_databases! {
    fn a_killed_run_goes_on_and_invoices_everybody_once(place: &Place) {
        place.done(&["migrate"]);
        place.done(&["seed"]);
        members(place, CITIES);
        let email = place.account("FINANCE");
        let service = place.serve(&[]);
        let finance = service.sign_in(&email);
        let today = Utc::now().with_timezone(&chrono_tz::Europe::Copenhagen).date_naive();
        let year = chrono::Datelike::year(&today);
        let input = json!({ "input": { "feeYear": year, "issuedOn": today, "step": "ISSUE" } });
        let run = finance.ask(APPLY, &input, Some("run")).done("applyFeeRun", "/feeRun/id");
        let asked = "query ($id: ID!) { node(id: $id) { ... on FeeRun { state invoiced skipped failed } } }";
        let began = std::time::Instant::now();
        let invoiced = loop {
            let answer = finance.ask(asked, &json!({ "id": run }), None);
            let invoiced = answer.data("/node/invoiced").as_u64().unwrap();
            if invoiced > 0 || began.elapsed() > Duration::from_mins(1) {
                break invoiced;
            }
        };
        service.kill();
        assert!(invoiced > 0 && invoiced < CITIES as u64, "{invoiced} were invoiced before the kill");
        place.is_sound();

        // The lease of the dead runner would end two minutes later.
        let past = Instant::parse("2020-01-01T00:00:00Z").unwrap();
        diesel::update(jobs::table.filter(jobs::state.eq("RUNNING")))
            .set(jobs::locked_until.eq(Some(past)))
            .execute(&mut place.db())
            .unwrap();
        let service = place.serve(&[]);
        let finance = service.sign_in(&email);
        let began = std::time::Instant::now();
        let done = loop {
            let answer = finance.ask(asked, &json!({ "id": run }), None);
            if answer.data("/node/state") == "DONE" || began.elapsed() > Duration::from_mins(2) {
                break answer.data("/node").clone();
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        assert_eq!(done, json!({ "state": "DONE", "invoiced": CITIES, "skipped": 0, "failed": 0 }));
        let listed = all(&finance, "invoices", "number city { id }");
        let cities: BTreeSet<&str> = listed.iter().map(|one| one["city"]["id"].as_str().unwrap()).collect();
        let numbers: BTreeSet<&str> = listed.iter().map(|one| one["number"].as_str().unwrap()).collect();
        assert_eq!((listed.len(), cities.len(), numbers.len()), (CITIES, CITIES, CITIES));
        assert!(numbers.last().unwrap().ends_with(&format!("{CITIES:06}")));
        assert!(service.stop().success());
        place.is_sound();
    }
}
