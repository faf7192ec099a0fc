//! A database that hangs or goes away: clean answers in time, and service again soon after it is
//! back. What it is not: a full disk (`storage.rs`).

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use intercultural_cities::db::connect::Use;
use intercultural_cities::db::{Connector, migrate};
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::databases::Database;
use crate::support::http::Reply;
use crate::support::postgres::{Cluster, OwnCluster};
use crate::transport::{ask, code};

/// A service on a cluster of its own; none where PostgreSQL is not tested.
pub(super) fn on_own_cluster() -> Option<(OwnCluster, TestApp)> {
    let cluster = Cluster::own()?;
    let url = cluster.url();
    let connector = Connector::new(&url, None).unwrap();
    migrate::apply(&mut connector.open(Use::Administration).unwrap()).unwrap();
    // The database is not SQLite here; the flag replaces the one of the folder.
    let app = TestApp::with(
        Database::Sqlite,
        &["--database-url", &url, "--database-workers", "4"],
    )?;
    Some((cluster, app))
}

fn read(app: &TestApp) -> Reply {
    ask(app, &[], "{ cities { totalCount } }")
}

#[track_caller]
fn clean(reply: &Reply) {
    match reply.status {
        200 => assert!(reply.json().get("errors").is_none(), "{}", reply.text()),
        503 => {
            assert_eq!(code(reply), "UNAVAILABLE");
            assert!(reply.header("retry-after").is_some());
            for inside in ["server closed", "connection", "FATAL", "socket", "/tmp"] {
                assert!(!reply.text().contains(inside), "{}", reply.text());
            }
        }
        other => panic!("{other}: {}", reply.text()),
    }
}

#[test]
fn a_database_that_hangs_is_503_in_time_and_serves_soon_after() {
    let Some((mut cluster, app)) = on_own_cluster() else {
        return;
    };
    let secretariat = app.secretariat();
    clean(&read(&app));
    assert_eq!(secretariat.ask("{ cities { totalCount } }").status, 200);
    cluster.pause();
    std::thread::scope(|scope| {
        // More than there are workers: some hang on their connection, the others wait in the queue.
        let asked: Vec<_> = (0..12)
            .map(|number| {
                let (app, secretariat) = (&app, &secretariat);
                scope.spawn(move || {
                    let began = Instant::now();
                    let reply = match number % 3 {
                        0 => read(app),
                        1 => secretariat.post("/graphql", &json!({ "query": "{ cities { totalCount } }" })),
                        _ => secretariat.post("/graphql", &json!({ "query": "mutation { registerCity(input: { name: \"Oslo\", country: \"NO\", timeZone: \"Europe/Oslo\" }) { userErrors { code } } }" })),
                    };
                    (reply, began.elapsed())
                })
            })
            .collect();
        std::thread::sleep(Duration::from_millis(300));
        for _ in 0..2 {
            let began = Instant::now();
            let ready = app.anonymous().get("/readyz");
            assert_eq!(
                (ready.status, ready.header("retry-after")),
                (503, Some("1"))
            );
            assert!(
                began.elapsed() < Duration::from_secs(2),
                "{:?}",
                began.elapsed()
            );
            let began = Instant::now();
            assert_eq!(app.anonymous().get("/healthz").status, 200);
            assert_eq!(app.anonymous().get("/metrics").status, 200);
            assert!(
                began.elapsed() < Duration::from_secs(1),
                "{:?}",
                began.elapsed()
            );
        }
        for one in asked {
            let (reply, after) = one.join().unwrap();
            assert_eq!(reply.status, 503, "{}", reply.text());
            clean(&reply);
            assert!(after < Duration::from_secs(6), "{after:?}");
        }
    });
    cluster.resume();
    serves_within_five_seconds(&app);
    assert_eq!(secretariat.ask("{ cities { totalCount } }").status, 200);
}

#[test]
fn a_database_that_restarts_under_load_gives_only_clean_answers() {
    let Some((mut cluster, app)) = on_own_cluster() else {
        return;
    };
    clean(&read(&app));
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let load: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let (mut served, mut refused) = (0, 0);
                    while !over.load(Ordering::Relaxed) {
                        let began = Instant::now();
                        let reply = read(&app);
                        clean(&reply);
                        assert!(
                            began.elapsed() < Duration::from_secs(6),
                            "{:?}",
                            began.elapsed()
                        );
                        if reply.status == 200 {
                            served += 1;
                        } else {
                            refused += 1;
                        }
                    }
                    (served, refused)
                })
            })
            .collect();
        std::thread::sleep(Duration::from_millis(500));
        cluster.stop();
        std::thread::sleep(Duration::from_secs(1));
        let ready = app.anonymous().get("/readyz");
        assert_eq!(ready.status, 503);
        cluster.start();
        serves_within_five_seconds(&app);
        std::thread::sleep(Duration::from_millis(500));
        over.store(true, Ordering::Relaxed);
        for one in load {
            let (served, refused) = one.join().unwrap();
            assert!(served > 0 && refused > 0, "{served} {refused}");
        }
    });
}

#[test]
fn connections_that_died_while_they_lay_idle_cost_no_request() {
    let Some((mut cluster, app)) = on_own_cluster() else {
        return;
    };
    let secretariat = app.secretariat();
    for _ in 0..8 {
        assert_eq!(secretariat.ask("{ cities { totalCount } }").status, 200);
    }
    cluster.stop();
    cluster.start();
    for number in 0..8 {
        let reply = read(&app);
        assert_eq!(reply.status, 200, "{number}: {}", reply.text());
    }
    cluster.stop();
    cluster.start();
    for number in 0..8 {
        let input = json!({ "query": format!("mutation {{ registerCity(input: {{ name: \"City {number}\", country: \"NO\", timeZone: \"Europe/Oslo\" }}) {{ userErrors {{ code }} }} }}") });
        let reply = secretariat.post("/graphql", &input);
        assert_eq!(
            (
                reply.status,
                reply.json()["data"]["registerCity"]["userErrors"].clone()
            ),
            (200, json!([])),
            "{number}: {}",
            reply.text()
        );
    }
    cluster.stop();
    cluster.start();
    for _ in 0..8 {
        assert_eq!(app.anonymous().get("/readyz").status, 200);
    }
}

fn serves_within_five_seconds(app: &TestApp) {
    let back = Instant::now();
    loop {
        let reply = read(app);
        if reply.status == 200 {
            clean(&reply);
            return;
        }
        clean(&reply);
        assert!(
            back.elapsed() < Duration::from_secs(5),
            "still {}",
            reply.status
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_full_queue_is_503_and_a_panic_leaves_the_workers_alive() {
    use intercultural_cities::app::NotRun;
    use intercultural_cities::db::workers::Lane;

    let app = TestApp::with(
        Database::Sqlite,
        &["--database-workers", "2", "--queue-limit", "1"],
    )
    .unwrap();
    clean(&read(&app));
    for _ in 0..4 {
        let outcome: Result<(), NotRun> = actix_web::rt::System::new()
            .block_on(app.app.run(Lane::Reading, |_| panic!("on purpose")));
        assert!(matches!(outcome, Err(NotRun::Panicked)), "{outcome:?}");
    }
    clean(&read(&app));

    let (release, held) = std::sync::mpsc::channel::<()>();
    app.app
        .workers
        .submit(Lane::Reading, move |_| {
            let _released = held.recv();
        })
        .unwrap();
    // The worker has taken the first task, or the queue of one would be full for the second.
    while app.app.workers.waiting().0 > 0 {
        std::thread::sleep(Duration::from_millis(5));
    }
    app.app.workers.submit(Lane::Reading, |_| ()).unwrap();
    let began = Instant::now();
    let reply = read(&app);
    assert_eq!(reply.status, 503);
    clean(&reply);
    assert!(began.elapsed() < Duration::from_secs(1));
    assert_eq!(app.anonymous().get("/healthz").status, 200);
    drop(release);
    serves_within_five_seconds(&app);
}
