//! PostgreSQL for the tests: one cluster for the whole run, and in it a schema or a database of its
//! own for each test. It is not the pool or the migrations of the service, which get a URL from here
//! like one an operator would write.
//!
//! `TEST_DATABASE_URL` names a database to use; without it a throwaway cluster is started from the
//! installed programs (`TEST_PG_BIN`, then `PATH`, then the newest `/usr/lib/postgresql/*/bin`).
//! Where there are none, a test says `PostgreSQL: NOT TESTED` and passes, unless
//! `REQUIRE_POSTGRES=1`.

mod programs;
mod runs;
mod supervisor;

use std::io::Write;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use url::Url;

use supervisor::{Order, Supervisor};

/// The URL of a new, empty schema on the cluster of this run, or `None` where PostgreSQL is not
/// tested (see [`cluster`]).
pub fn postgres_url() -> Option<String> {
    cluster().map(Cluster::fresh_schema)
}

/// The cluster that the tests of this process share, started at the first call.
///
/// `None` where there is no PostgreSQL; that has then been said on standard error. Panics where
/// PostgreSQL is there but cannot be used, and where it is missing although `REQUIRE_POSTGRES=1`.
pub fn cluster() -> Option<&'static Cluster> {
    static CLUSTER: OnceLock<Result<Option<Cluster>, String>> = OnceLock::new();
    match CLUSTER.get_or_init(Cluster::find) {
        Ok(Some(cluster)) => Some(cluster),
        Ok(None) => {
            not_tested();
            None
        }
        Err(problem) => panic!("PostgreSQL for the tests: {problem}"),
    }
}

/// Says that the running test has shown nothing about PostgreSQL, or fails it where that counts.
fn not_tested() {
    assert!(
        std::env::var_os("REQUIRE_POSTGRES").is_none_or(|value| value != "1"),
        "REQUIRE_POSTGRES=1, but initdb and postgres were found neither by TEST_PG_BIN nor in PATH \
         nor in /usr/lib/postgresql/*/bin"
    );
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("unnamed test");
    // `eprintln!` of a passing test is swallowed; this is not. Who has closed standard error does
    // not want to know.
    let _ = writeln!(std::io::stderr(), "PostgreSQL: NOT TESTED ({test})");
}

/// A running PostgreSQL in which tests get schemas and databases of their own.
pub struct Cluster {
    /// The database that holds the schemas, without `options`.
    url: Url,
    /// Makes schemas and databases, and holds the lock on `run` as long as the process lives.
    connection: Mutex<PgConnection>,
    /// What the names of this run begin with, unlike that of any run beside it.
    run: String,
    made: AtomicU32,
    /// Keeps the throwaway cluster; `None` for `TEST_DATABASE_URL`. A static is never dropped: it
    /// is the end of the process that closes the supervisor's standard input.
    _supervisor: Option<Supervisor>,
}

impl Cluster {
    /// The URL of a new, empty schema: tables are made in it and looked for in it. The extension
    /// `btree_gist` stands ready in `public`.
    pub fn fresh_schema(&self) -> String {
        let name = self.fresh_name();
        self.execute(&format!("CREATE SCHEMA {name}"));
        with_search_path(&self.url, &name)
    }

    /// The URL of a new, empty database without any extension, as an operator would make it.
    pub fn fresh_database(&self) -> String {
        let name = self.fresh_name();
        self.execute(&format!("CREATE DATABASE {name}"));
        let mut url = self.url.clone();
        url.set_path(&name);
        url.into()
    }

    /// Starts a separate cluster for a test that stops or pauses its database, with
    /// `TEST_DATABASE_URL` too. `None` as with [`cluster`].
    pub fn own() -> Option<OwnCluster> {
        let Some(programs) = or_panic(programs::installed()) else {
            not_tested();
            return None;
        };
        let supervisor = or_panic(Supervisor::start(&programs));
        Some(OwnCluster { supervisor })
    }

    fn find() -> Result<Option<Self>, String> {
        if let Some(url) = std::env::var_os("TEST_DATABASE_URL").filter(|url| !url.is_empty()) {
            let url = url
                .into_string()
                .map_err(|_| "TEST_DATABASE_URL is not UTF-8")?;
            let url = external_url(&url)?;
            return Self::on(url, None).map(Some);
        }
        let Some(programs) = programs::installed()? else {
            return Ok(None);
        };
        let supervisor = Supervisor::start(&programs)?;
        let url = Url::parse(&supervisor.url()).map_err(|problem| problem.to_string())?;
        Self::on(url, Some(supervisor)).map(Some)
    }

    fn on(url: Url, supervisor: Option<Supervisor>) -> Result<Self, String> {
        let mut connection = PgConnection::establish(url.as_str())
            .map_err(|problem| format!("cannot connect: {problem}"))?;
        let run = runs::claim(&mut connection)
            .and_then(|run| {
                runs::drop_leftovers(&mut connection)?;
                runs::create_extension(&mut connection)?;
                Ok(run)
            })
            .map_err(|problem| problem.to_string())?;
        Ok(Self {
            url,
            connection: Mutex::new(connection),
            run,
            made: AtomicU32::new(0),
            _supervisor: supervisor,
        })
    }

    fn fresh_name(&self) -> String {
        let number = self.made.fetch_add(1, Ordering::Relaxed) + 1;
        format!("{}_{number:04}", self.run)
    }

    fn execute(&self, statement: &str) {
        // A test that failed here has left no half-done statement behind.
        let mut connection = self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Err(problem) = connection.batch_execute(statement) {
            panic!("PostgreSQL for the tests: {statement}: {problem}");
        }
    }
}

/// A cluster of one test alone, on a Unix socket, which it may stop, start, pause and resume. It
/// ends and its folder goes when this is dropped.
pub struct OwnCluster {
    supervisor: Supervisor,
}

impl OwnCluster {
    /// The URL of its one, empty database; the same after `stop` and `start`.
    pub fn url(&self) -> String {
        self.supervisor.url()
    }

    /// Shuts the server down: its sessions are ended, what was committed is kept, and connections
    /// are refused from now on.
    pub fn stop(&mut self) {
        or_panic(self.supervisor.order(Order::Stop));
    }

    /// Starts the server again and waits until it answers.
    pub fn start(&mut self) {
        or_panic(self.supervisor.order(Order::Start));
    }

    /// Sends SIGSTOP to every process of the server: sessions hang, and new connections too.
    pub fn pause(&mut self) {
        or_panic(self.supervisor.order(Order::Pause));
    }

    /// Lets a paused server go on where it stood.
    pub fn resume(&mut self) {
        or_panic(self.supervisor.order(Order::Resume));
    }
}

fn or_panic<T>(result: Result<T, String>) -> T {
    match result {
        Ok(value) => value,
        Err(problem) => panic!("PostgreSQL for the tests: {problem}"),
    }
}

/// Parses `TEST_DATABASE_URL`. What would override the schema or the database of a test is refused.
fn external_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|problem| format!("TEST_DATABASE_URL: {problem}"))?;
    if !matches!(url.scheme(), "postgres" | "postgresql") {
        return Err("TEST_DATABASE_URL must begin with postgres:// or postgresql://".to_owned());
    }
    match url
        .query_pairs()
        .find(|(key, _)| key == "options" || key == "dbname")
    {
        Some((key, _)) => Err(format!(
            "TEST_DATABASE_URL must not set {key} by a parameter"
        )),
        None => Ok(url),
    }
}

/// The same database with unqualified names in `schema`, then in `public`.
fn with_search_path(url: &Url, schema: &str) -> String {
    let mut url = url.clone();
    url.query_pairs_mut()
        .append_pair("options", &format!("-csearch_path={schema},public"));
    url.into()
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader};
    use std::path::PathBuf;
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};

    use diesel::RunQueryDsl;
    use diesel::dsl::sql;
    use diesel::sql_types::Text;

    use super::*;

    fn connect(url: &str) -> PgConnection {
        PgConnection::establish(url).unwrap()
    }

    fn ask(connection: &mut PgConnection, expression: &str) -> String {
        diesel::select(sql::<Text>(expression))
            .get_result(connection)
            .unwrap()
    }

    #[test]
    fn postgres_schemas_do_not_see_each_other() {
        let Some(cluster) = cluster() else { return };
        let (first, second) = (cluster.fresh_schema(), cluster.fresh_schema());
        let (mut one, mut other) = (connect(&first), connect(&second));
        one.batch_execute("CREATE TABLE t (a text); INSERT INTO t VALUES ('one')")
            .unwrap();
        assert!(other.batch_execute("SELECT * FROM t").is_err());
        other
            .batch_execute("CREATE TABLE t (a text); INSERT INTO t VALUES ('other')")
            .unwrap();
        assert_eq!(ask(&mut connect(&first), "(SELECT a FROM t)"), "one");
        assert_eq!(ask(&mut connect(&second), "(SELECT a FROM t)"), "other");
        one.batch_execute("CREATE TABLE e (a int, EXCLUDE USING gist (a WITH =))")
            .unwrap();
    }

    #[test]
    fn postgres_database_of_its_own_is_empty() {
        let Some(cluster) = cluster() else { return };
        let mut connection = connect(&cluster.fresh_database());
        let tables = "(SELECT count(*)::text FROM pg_tables WHERE schemaname = 'public')";
        assert_eq!(ask(&mut connection, tables), "0");
        assert_eq!(
            ask(&mut connection, "(SELECT count(*)::text FROM pg_extension)"),
            "1"
        );
    }

    #[test]
    fn postgres_own_cluster_stops_starts_pauses_and_leaves_nothing() {
        let Some(mut own) = Cluster::own() else {
            return;
        };
        let url = own.url();
        let mut connection = connect(&url);
        connection
            .batch_execute("CREATE TABLE kept (a int)")
            .unwrap();
        // A forgotten COLLATE "C" shows: letters stand in the order of a language.
        assert_eq!(ask(&mut connection, "('a' < 'B')::text"), "true");
        let folder = ask(
            &mut connection,
            "current_setting('unix_socket_directories')",
        );
        own.stop();
        assert!(connection.batch_execute("SELECT 1").is_err());
        assert!(PgConnection::establish(&url).is_err());
        own.start();
        let mut connection = connect(&url);
        own.pause();
        let asked = std::thread::spawn(move || {
            connection.batch_execute("SELECT * FROM kept").unwrap();
            Instant::now()
        });
        std::thread::sleep(Duration::from_millis(300));
        assert!(!asked.is_finished(), "a paused server answered");
        let resumed = Instant::now();
        own.resume();
        assert!(asked.join().unwrap() >= resumed);
        own.pause();
        drop(own);
        assert!(
            !std::path::Path::new(&folder).exists(),
            "{folder} is still there"
        );
    }

    /// A kill leaves no time for anything: the case for which there is a supervisor. A paused cluster
    /// is the hardest to end.
    #[test]
    fn postgres_own_cluster_ends_with_a_killed_process() {
        const VICTIM: &str = "CITIES_TEST_VICTIM";
        let name = "postgres_own_cluster_ends_with_a_killed_process";
        if std::env::var_os(VICTIM).is_some() {
            let mut own = Cluster::own().unwrap();
            let folder = "current_setting('unix_socket_directories')";
            let folder = ask(&mut connect(&own.url()), folder);
            own.pause();
            println!("folder {folder}");
            std::thread::sleep(Duration::from_mins(10));
            return;
        }
        if or_panic(programs::installed()).is_none() {
            return not_tested();
        }
        let (_, module) = module_path!().split_once("::").unwrap();
        let mut victim = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "--nocapture", &format!("{module}::{name}")])
            .env(VICTIM, "1")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let folder = BufReader::new(victim.stdout.take().unwrap())
            .lines()
            .map_while(Result::ok)
            .find_map(|line| {
                line.split_once("folder ")
                    .map(|(_, folder)| folder.to_owned())
            });
        victim.kill().unwrap();
        victim.wait().unwrap();
        let folder = PathBuf::from(folder.unwrap());
        let killed = Instant::now();
        while folder.exists() {
            assert!(
                killed.elapsed() < Duration::from_secs(30),
                "{} stays",
                folder.display()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    #[test]
    fn external_url_refuses_what_would_break_isolation() {
        for (text, accepted) in [
            (
                "postgres://u:p@db.example.org:5433/app?sslmode=require",
                true,
            ),
            ("postgresql:///app?host=/run/postgresql", true),
            ("mysql://u@db.example.org/app", false),
            ("host=db.example.org dbname=app", false),
            (
                "postgres://u@db.example.org/app?options=-cwork_mem%3D1",
                false,
            ),
            ("postgres://u@db.example.org/?dbname=app", false),
        ] {
            assert_eq!(external_url(text).is_ok(), accepted, "{text}");
        }
    }

    #[test]
    fn search_path_is_encoded_for_libpq() {
        let url = Url::parse("postgres://u@%2Frun%2Fpg:5432/app?sslmode=disable").unwrap();
        assert_eq!(
            with_search_path(&url, "t_0001"),
            "postgres://u@%2Frun%2Fpg:5432/app?sslmode=disable\
             &options=-csearch_path%3Dt_0001%2Cpublic"
        );
    }
}
