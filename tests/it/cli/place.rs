//! A folder and an empty database in which the program is run. What it is not: the running service
//! (`service.rs`).

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use intercultural_cities::db::connect::Use;
use intercultural_cities::db::{Connector, Db};
use intercultural_cities::identity::keys::SigningKeys;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::cli::service::{LOAD_LIMIT, START_LIMIT, Service};
use crate::support::databases::{Database, empty};

/// The password of every account that a test makes.
pub const PASSWORD: &str = "a password of tests";

/// A working folder with a database that is empty, and for SQLite not yet there.
pub struct Place {
    pub database: Database,
    pub url: String,
    folder: TempDir,
}

/// What a command did.
#[derive(Debug)]
pub struct Done {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Place {
    /// On SQLite.
    pub fn sqlite() -> Self {
        Self::on(Database::Sqlite).unwrap()
    }

    /// On PostgreSQL; none when it is not tested here.
    pub fn postgres() -> Option<Self> {
        Self::on(Database::Postgres)
    }

    fn on(database: Database) -> Option<Self> {
        let empty = empty(database)?;
        let place = Self {
            database,
            url: empty.url,
            folder: empty.folder,
        };
        if database == Database::Postgres {
            place.write("key.pem", SigningKeys::generate_pem().unwrap().as_bytes());
            let key = std::fs::File::open(place.path("key.pem")).unwrap();
            let owner_only = std::os::unix::fs::PermissionsExt::from_mode(0o600);
            key.set_permissions(owner_only).unwrap();
        }
        Some(place)
    }

    pub fn is_sqlite(&self) -> bool {
        self.database == Database::Sqlite
    }

    /// A file of the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file of the folder.
    pub fn write(&self, name: &str, content: &[u8]) {
        std::fs::write(self.path(name), content).unwrap();
    }

    /// Reads a text file of the folder.
    #[track_caller]
    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// A connection of the test's own.
    pub fn db(&self) -> Db {
        Connector::new(&self.url, None)
            .unwrap()
            .open(Use::Administration)
            .unwrap()
    }

    /// The program in this folder, with no settings but the place's own.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = bare_command();
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("DATABASE_URL", &self.url)
            .env("LISTEN", "127.0.0.1:0")
            .env("LOG", "warn")
            .env("RATE_LIMIT_ANONYMOUS", "0")
            .env("RATE_LIMIT_VIEWER", "0");
        if !self.is_sqlite() {
            command.env("JWT_SIGNING_KEY_FILE", self.path("key.pem"));
        }
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Done {
        run(self.command(arguments), "")
    }

    /// Runs a command that must succeed, and returns what it printed.
    #[track_caller]
    pub fn done(&self, arguments: &[&str]) -> String {
        let done = self.run(arguments);
        assert_eq!(done.code, 0, "{arguments:?}: {done:?}");
        done.out
    }

    /// Runs a command that must be refused with exit code 1, and returns what was said.
    #[track_caller]
    pub fn refused(&self, arguments: &[&str]) -> String {
        let done = self.run(arguments);
        assert_eq!(done.code, 1, "{arguments:?}: {done:?}");
        done.err
    }

    /// Makes an account with a role that needs no city.
    #[track_caller]
    pub fn account(&self, role: &str) -> String {
        let email = format!("{}@example.org", role.to_lowercase());
        let arguments = [
            "user",
            "create",
            "--email",
            &email,
            "--name",
            "Test User",
            "--role",
            role,
            "--password-stdin",
        ];
        let done = run(self.command(&arguments), &format!("{PASSWORD}\n"));
        assert_eq!(done.code, 0, "{done:?}");
        email
    }

    /// The outcome of each check of `doctor`, which must be sound. The cluster of the tests runs
    /// without fsync, which `doctor` must say, and nothing else.
    #[track_caller]
    pub fn is_sound(&self) {
        let done = self.run(&["doctor", "--json"]);
        let checks: Value = serde_json::from_str(&done.out).unwrap_or_else(|_| panic!("{done:?}"));
        let wrong: Vec<&Value> = checks
            .as_array()
            .unwrap()
            .iter()
            .filter(|check| check["ok"] != json!(true))
            .collect();
        if self.is_sqlite() || wrong.is_empty() {
            assert!(wrong.is_empty() && done.code == 0, "{done:?}");
        } else {
            assert_eq!((wrong.len(), done.code), (1, 1), "{done:?}");
            assert_eq!(wrong[0]["name"], "durability", "{done:?}");
            assert!(wrong[0]["found"].to_string().contains("fsync=off"));
        }
    }

    /// Starts the service and waits until it is ready, which must be soon but for the first time of a
    /// demonstration.
    #[track_caller]
    pub fn serve(&self, flags: &[&str]) -> Service {
        let mut arguments = vec!["serve"];
        arguments.extend(flags);
        if !self.is_sqlite() {
            arguments.push("--migrate");
        }
        let limit = if flags.contains(&"--demo") {
            LOAD_LIMIT
        } else {
            START_LIMIT
        };
        Service::start(self.command(&arguments), limit)
    }
}

/// The program without any setting of the test's own environment.
pub fn bare_command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_intercultural-cities"));
    command.env_clear();
    for kept in ["PATH", "HOME", "TMPDIR"] {
        if let Some(value) = std::env::var_os(kept) {
            command.env(kept, value);
        }
    }
    command
}

/// Runs a command with a standard input.
pub fn run(mut command: Command, input: &str) -> Done {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that does not read its input may have ended before.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    Done {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}
