//! Imports at the same time: the same records in opposite orders. What it is not: the same request
//! sent twice; keys see to that (`transport::keys`).

use serde_json::Value;

use crate::exchange::{apply, counts, member};
use crate::support::actor::Actor;

/// How many records a file has: enough that two files meet in the middle.
const ROWS: usize = 30;

/// Sends the rows in both orders at the same time; both are written.
fn at_once(actor: &Actor<'_>, kind: &str, key: &str, heading: &str, rows: &[String]) -> [Value; 2] {
    let forwards = rows.join("\n");
    let backwards = rows.iter().rev().cloned().collect::<Vec<_>>().join("\n");
    let send = |order: &str, rows: &str| {
        let csv = format!("{heading}\n{rows}\n");
        // Who waits longer than the lock allows is told to come again, and does.
        for _ in 0..20 {
            let (status, report) = apply(actor, kind, &format!("{key}-{order}"), &csv);
            if status != 503 {
                assert_eq!(status, 200, "{order} {report}");
                return report;
            }
        }
        panic!("{order} never had its turn");
    };
    std::thread::scope(|scope| {
        let one = scope.spawn(|| send("forwards", &forwards));
        let other = scope.spawn(|| send("backwards", &backwards));
        [one.join().unwrap(), other.join().unwrap()]
    })
}

/// How many records both made, changed and left alone together.
fn together(reports: &[Value; 2]) -> [u64; 4] {
    let [one, other] = [counts(&reports[0]), counts(&reports[1])];
    std::array::from_fn(|index| one[index] + other[index])
}

crate::both_databases! {
    fn the_same_records_in_opposite_orders_at_once(app: &TestApp) {
        let secretariat = app.secretariat();
        let all = u64::try_from(ROWS).unwrap();
        let names: Vec<String> = (0..ROWS).map(|number| format!("City {number:02}")).collect();
        let rows = |row: &dyn Fn(&String) -> String| names.iter().map(row).collect::<Vec<_>>();

        // New ones: who comes second finds them there.
        let new = rows(&|name| format!("{name},DK,Europe/Copenhagen,1000"));
        let reports = at_once(&secretariat, "cities", "new", "name,country,time_zone,population", &new);
        assert_eq!(together(&reports), [all, 0, all, 0]);
        let grown = rows(&|name| format!("{name},DK,2000"));
        let reports = at_once(&secretariat, "cities", "grown", "name,country,population", &grown);
        assert_eq!(together(&reports), [0, all, all, 0]);

        member(app, "Odense", "DK");
        let joined = rows(&|name| format!("{name},DK,2012-01-01"));
        let reports = at_once(&secretariat, "memberships", "joined", "city,country,joined_on", &joined);
        assert_eq!(together(&reports), [all, 0, all, 0]);

        let mail = |name: &String| format!("{}@example.org", name.replace(' ', "").to_lowercase());
        let appointed = rows(&|name| format!("{name},DK,Kim Example,{},50,2013-01-01", mail(name)));
        let reports = at_once(&secretariat, "coordinators", "appointed", "city,country,name,email,fte_percent,starts_on", &appointed);
        assert_eq!(together(&reports), [all, 0, all, 0]);
    }
}
