//! Imports at the same time, the same records in opposite orders, and beside somebody who changes the
//! cities that a file means. What it is not: the same request
//! sent twice; keys see to that (`transport::keys`).

use std::time::Duration;

use diesel::sql_types::Text;
use intercultural_cities::db::sql::Sql;
use intercultural_cities::db::{Db, Tx};
use intercultural_cities::kernel::error::Result;
use intercultural_cities::kernel::ids::{CityId, Id};
use serde_json::Value;

use crate::exchange::{applied, apply, counts, export, member};
use crate::support::actor::Actor;
use crate::support::app::TestApp;

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

/// Sends a file while somebody is at work: `before` is done when the import begins, `after` when it
/// waits. SQLite tells nobody who waits; there the import is only given the time to.
fn beside(
    app: &TestApp,
    (kind, key): (&str, &str),
    csv: &str,
    before: impl FnOnce(&mut Tx<'_>) -> Result<()>,
    after: impl FnOnce(&mut Tx<'_>) -> Result<()>,
) -> (u16, Value) {
    let actor = app.secretariat();
    std::thread::scope(|scope| {
        let sent = app.arrange(|tx| {
            before(tx)?;
            let sent = scope.spawn(|| apply(&actor, kind, key, csv));
            until_somebody_waits(tx.db);
            after(tx)?;
            Ok(sent)
        });
        sent.join().unwrap()
    })
}

fn until_somebody_waits(db: &mut Db) {
    let Db::Postgres(_) = db else {
        std::thread::sleep(Duration::from_millis(200));
        return;
    };
    let waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))";
    for _ in 0..500 {
        if Sql::new(waiting).number(db).unwrap() > 0 {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("the import waits for nobody");
}

fn lock(tx: &mut Tx<'_>, city: CityId) -> Result<()> {
    tx.lock_row("SELECT 1 FROM cities WHERE id = ", city.uuid())
}

/// Changes one column of a city, as a revision does.
fn change(tx: &mut Tx<'_>, city: CityId, assignment: &'static str) -> Result<()> {
    let changed = Sql::new("UPDATE cities SET version = version + 1, ")
        .text(assignment)
        .text(" WHERE id = ")
        .bind_uid(city.uuid())
        .execute(tx.db)?;
    assert_eq!(changed, 1);
    Ok(())
}

/// What a city is called now.
fn name(app: &TestApp, city: CityId) -> String {
    let statement =
        Sql::new("SELECT cities.name FROM cities WHERE cities.id = ").bind_uid(city.uuid());
    statement
        .load::<Text, String>(&mut app.db())
        .unwrap()
        .remove(0)
}

/// Two cities of the country, that with the lower id first.
fn two_cities(app: &TestApp, names: [&str; 2], country: &str) -> [CityId; 2] {
    let mut cities = names.map(|name| member(app, name, country));
    cities.sort_unstable();
    cities
}

crate::both_databases! {
    fn cities_are_held_in_the_order_of_their_ids_by_whatever_a_row_means_them(app: &TestApp) {
        // Somebody holds the first of two cities and then needs the second; the file has the second
        // first. Only the column that is told leads to the cities: their names are new in the file.
        for (index, (column, marks)) in [
            ("geonames_id", ["11", "22"]),
            ("cvr", ["64942212", "25313763"]),
            ("gln", ["5790000000005", "5798000000001"]),
            ("id", ["", ""]),
        ].into_iter().enumerate() {
            let cities = two_cities(app, [["Aby", "Bby"], ["Cby", "Dby"], ["Eby", "Fby"], ["Gby", "Hby"]][index], "DK");
            let marks = if column == "id" {
                cities.map(Id::public)
            } else {
                let known = [0, 1].map(|at| format!("{},{},DK,{}\n", cities[at].public(), name(app, cities[at]), marks[at]));
                let known = format!("id,name,country,{column}\n{}{}", known[0], known[1]);
                applied(&app.secretariat(), "cities", &format!("known-{column}"), &known);
                marks.map(str::to_owned)
            };
            let csv = format!("{column},name,country\n{},Upper {column},DK\n{},Lower {column},DK\n", marks[1], marks[0]);
            let (status, report) = beside(app, ("cities", column), &csv, |tx| lock(tx, cities[0]), |tx| lock(tx, cities[1]));
            assert_eq!((status, counts(&report)), (200, [0, 2, 0, 0]), "{column} {report}");
            assert_eq!(cities.map(|city| name(app, city)), [format!("Lower {column}"), format!("Upper {column}")]);
        }
    }

    fn the_city_that_an_appointment_leaves_is_held_too(app: &TestApp) {
        let cities = two_cities(app, ["Oslo", "Bergen"], "NO");
        let [low, high] = cities.map(|city| name(app, city));
        let secretariat = app.secretariat();
        let heading = "city,country,name,email,role,fte_percent,starts_on";
        let report = applied(&secretariat, "coordinators", "first", &format!("{heading}\n{low},NO,Kim Example,kim@example.org,deputy,20,2020-01-01\n"));
        let id = report["rows"][0]["id"].as_str().unwrap();
        let csv = format!("id,{heading}\n,{high},NO,Bo Example,bo@example.org,coordinator,50,2020-01-01\n{id},{high},NO,Kim Example,kim@example.org,deputy,20,2020-01-01\n");
        let (status, report) = beside(app, ("coordinators", "beside"), &csv, |tx| lock(tx, cities[0]), |tx| lock(tx, cities[1]));
        assert_eq!((status, counts(&report)), (200, [1, 1, 0, 0]), "{report}");
        let written = export(&secretariat, "coordinators", "");
        assert!(!written.contains(&format!(",{low},")), "{written}");
    }

    fn a_row_goes_over_what_somebody_changed_meanwhile(app: &TestApp) {
        let city = app.city("Oslo", "NO");
        app.arrange(|tx| change(tx, city, "geonames_id = 11"));
        let csv = "name,country,geonames_id,invoice_town\nChristiania,NO,11,Oslo\n";
        let (status, report) = beside(app, ("cities", "beside"), csv, |tx| change(tx, city, "order_reference = 'PO-9'"), |_| Ok(()));
        assert_eq!((status, counts(&report)), (200, [0, 1, 0, 0]), "{report}");
        let written = export(&app.secretariat(), "cities", "");
        assert!(written.contains("Christiania") && written.contains("PO-9"), "{written}");
        assert_eq!(app.version(&city.public()), 4);
    }

    fn an_identifier_that_passes_to_another_city_meanwhile_means_that_one(app: &TestApp) {
        let [old, new] = ["Oslo", "Bergen"].map(|name| app.city(name, "NO"));
        app.arrange(|tx| change(tx, old, "geonames_id = 11"));
        let csv = "name,country,geonames_id\nChristiania,NO,11\n";
        let (status, report) = beside(app, ("cities", "beside"), csv, |tx| {
            change(tx, old, "geonames_id = NULL")?;
            change(tx, new, "geonames_id = 11")
        }, |_| Ok(()));
        assert_eq!((status, counts(&report)), (200, [0, 1, 0, 0]), "{report}");
        assert_eq!([old, new].map(|city| name(app, city)), ["Oslo", "Christiania"]);
    }

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
