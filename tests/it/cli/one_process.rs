//! What may run beside a service and what may not, also while it writes. What it is not: what the
//! commands do.

use serde_json::json;

use crate::cli::load::under_load;
use crate::cli::place::Place;
use crate::cli::service::{LOAD_LIMIT, Service};

const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/cities.csv");

#[test]
fn what_would_reshape_a_served_file_is_refused_until_it_stops() {
    let place = Place::sqlite();
    let service = place.serve(&[]);
    place.done(&["backup", "copy.db"]);
    let before = std::fs::metadata(place.path("network.db")).unwrap().len();
    for arguments in [
        &["serve"][..],
        &["serve", "--demo"],
        &["migrate"],
        &["restore", "copy.db", "--force"],
        &["generate", "--cities", "3"],
    ] {
        let said = place.refused(arguments);
        assert!(
            said.contains("another process serves this database") && said.contains("stop it first"),
            "{arguments:?}: {said}"
        );
    }
    // By another name of the same file too.
    let same = format!("sqlite://{}/./network.db", place.path("").display());
    let done = place.run(&["--database-url", &same, "migrate"]);
    assert_eq!(done.code, 1, "{done:?}");
    assert_eq!(
        place.done(&["migrate", "--status"]),
        "no migrations are pending\n"
    );
    assert_eq!(
        std::fs::metadata(place.path("network.db")).unwrap().len(),
        before
    );
    assert_eq!(
        service
            .anonymous()
            .ask("{ cities { totalCount } }", &json!({}), None)
            .status,
        200
    );

    assert!(service.stop().success());
    place.done(&["migrate"]);
    place.done(&["restore", "copy.db", "--force"]);
    // A lock that nobody holds is no obstacle, also after a kill.
    place.serve(&[]).kill();
    place.done(&["migrate"]);
    place.serve(&[]);
}

crate::program_on_both_databases! {
    fn the_rest_runs_beside_it_under_load(place: &Place) {
        place.done(&["migrate"]);
        let email = place.account("SECRETARIAT");
        let service = place.serve(&[]);
        let client = service.sign_in(&email);
        let load = under_load(&client, || {
            let auditor = place.account("AUDITOR");
            service.sign_in(&auditor);
            let mut commands = vec![
                vec!["audit", "verify"],
                vec!["export", "cities", "cities.csv"],
                vec!["import", "cities", SHARED],
                vec!["import", "cities", SHARED, "--apply"],
                vec!["seed"],
                vec!["migrate", "--status"],
            ];
            if place.is_sqlite() {
                commands.push(vec!["backup", "copy.db"]);
            }
            for arguments in commands {
                let done = place.run(&arguments);
                assert_eq!(done.code, 0, "{arguments:?}: {done:?}");
                assert!(!(done.out + &done.err).contains("locked"), "{arguments:?}");
            }
            place.is_sound();
        });
        assert!(load.all.len() > load.before.len(), "nothing was written meanwhile");
        // That the cluster of the tests runs without fsync is said and is no problem here.
        let said = service.said();
        let problems: Vec<&str> = said.lines().filter(|line| (line.contains("\"WARN\"") || line.contains("\"ERROR\"")) && !line.contains("fsync=off")).collect();
        assert!(problems.is_empty(), "{problems:?}");
        let total = client.ask("{ cities { totalCount } }", &json!({}), None);
        let imported = std::fs::read_to_string(SHARED).unwrap().lines().count() - 1;
        assert_eq!(total.data("/cities/totalCount"), &json!(imported + load.all.len()));
        assert!(service.stop().success());
        place.is_sound();
        place.done(&["audit", "verify"]);
    }
}

#[test]
fn several_processes_serve_one_postgresql() {
    let Some(place) = Place::postgres() else {
        return;
    };
    place.done(&["migrate"]);
    let email = place.account("SECRETARIAT");
    let (one, other) = (place.serve(&[]), place.serve(&[]));
    let client = one.sign_in(&email);
    let load = under_load(&client, || {
        let elsewhere = other.sign_in(&email);
        for number in 0..20 {
            let input = crate::cli::load::city(&format!("City {number}"));
            let answer = elsewhere.ask(crate::cli::load::REGISTER, &input, None);
            answer.done("registerCity", "/city/id");
        }
    });
    // The token of one process is good for the other, which sees what both wrote.
    let total = client
        .through(&other)
        .ask("{ cities { totalCount } }", &json!({}), None);
    assert_eq!(
        total.data("/cities/totalCount"),
        &json!(load.all.len() + 20)
    );
    assert!(one.stop().success() && other.stop().success());
    place.done(&["audit", "verify"]);
    place.is_sound();
}

#[test]
fn a_network_is_generated_beside_a_service_on_postgresql() {
    let Some(place) = Place::postgres() else {
        return;
    };
    place.done(&["migrate"]);
    let service = place.serve(&[]);
    let total = || {
        let answer = service
            .anonymous()
            .ask("{ cities { totalCount } }", &json!({}), None);
        answer.data("/cities/totalCount").as_i64().unwrap()
    };
    assert_eq!(total(), 0);
    place.done(&["generate", "--cities", "5", "--invoices-per-city", "1"]);
    // Served as soon as it is there, by the process that was there before.
    assert!((1..=5).contains(&total()), "{}", total());
    assert!(service.stop().success());
    place.is_sound();
}

/// Does `work` twice at the same moment.
fn twice_at_once<T: Send>(work: impl Fn() -> T + Sync) -> [T; 2] {
    let gate = std::sync::Barrier::new(2);
    let one = || {
        gate.wait();
        work()
    };
    std::thread::scope(|scope| {
        [scope.spawn(one), scope.spawn(one)].map(|running| running.join().unwrap())
    })
}

#[test]
fn two_that_begin_at_once_on_an_empty_postgresql_both_come_up() {
    for _ in 0..4 {
        let Some(place) = Place::postgres() else {
            return;
        };
        let services =
            twice_at_once(|| Service::start(place.command(&["serve", "--migrate"]), LOAD_LIMIT));
        let networks = services.each_ref().map(|service| {
            let query = "{ networks { id code } priceList { product } }";
            service
                .anonymous()
                .ask(query, &json!({}), None)
                .data("")
                .clone()
        });
        assert_eq!(networks[0], networks[1]);
        assert!(!networks[0]["networks"].as_array().unwrap().is_empty());
        for service in services {
            assert!(service.stop().success());
        }
        place.is_sound();
        place.done(&["audit", "verify"]);
    }
}

#[test]
fn two_that_migrate_and_seed_at_once_share_the_work() {
    for _ in 0..4 {
        let Some(place) = Place::postgres() else {
            return;
        };
        let said = twice_at_once(|| place.done(&["migrate"]));
        let applied = |text: &str| {
            text.lines()
                .filter(|line| line.starts_with("applied "))
                .count()
        };
        let counts = said.each_ref().map(|text| applied(text));
        assert!(
            counts.contains(&0) && counts.iter().any(|count| *count > 3),
            "{said:?}"
        );
        twice_at_once(|| place.done(&["seed"]));
        place.is_sound();
    }
}
