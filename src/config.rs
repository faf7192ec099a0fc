//! Every setting of the service: its name, default and meaning, read once at start. A flag wins
//! over the environment, the environment over the TOML file named by `CONFIG`, the file over the
//! default. What it is not: settings of the trade, which are dated data (`finance`).

mod settings_file;
mod shown;

use std::path::{Path, PathBuf};

use clap::Args;

pub use settings_file::{ConfigError, SettingsFile};
pub use shown::{Shown, shown};

/// The default database: a SQLite file below the working folder.
pub const DEFAULT_DATABASE_URL: &str = "sqlite://var/network.db";

/// The settings. Flags are the names in kebab case, environment variables in upper snake case.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Settings")]
pub struct Config {
    /// A TOML file with settings, named as here in lower snake case.
    #[arg(long, env = "CONFIG", global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The database: <sqlite://folder/file.db> (two slashes relative, three absolute) or postgres://….
    #[arg(long, env = "DATABASE_URL", global = true, default_value = DEFAULT_DATABASE_URL, hide_env_values = true)]
    pub database_url: String,
    /// The address to listen on; port 0 chooses a free one.
    #[arg(long, env = "LISTEN", global = true, default_value = "127.0.0.1:8080")]
    pub listen: String,
    /// What is logged, as `tracing` reads it: info, debug, or a list of targets with levels.
    #[arg(long, env = "LOG", global = true, default_value = "info")]
    pub log: String,
    /// The Ed25519 key that signs access tokens (PKCS#8 PEM). Made beside a SQLite file at the first
    /// start when not given; needed on PostgreSQL.
    #[arg(long, env = "JWT_SIGNING_KEY_FILE", global = true, value_name = "FILE")]
    pub jwt_signing_key_file: Option<PathBuf>,
    /// Earlier signing keys that are still accepted, separated by commas.
    #[arg(
        long,
        env = "JWT_PREVIOUS_KEY_FILES",
        global = true,
        value_delimiter = ',',
        value_name = "FILES"
    )]
    pub jwt_previous_key_files: Vec<PathBuf>,
    /// The issuer of access tokens.
    #[arg(
        long,
        env = "JWT_ISSUER",
        global = true,
        default_value = "intercultural-cities"
    )]
    pub jwt_issuer: String,
    /// The audience of access tokens.
    #[arg(
        long,
        env = "JWT_AUDIENCE",
        global = true,
        default_value = "intercultural-cities"
    )]
    pub jwt_audience: String,
    /// How many database connections work at once; 0 chooses by the number of cores.
    #[arg(long, env = "DATABASE_WORKERS", global = true, default_value_t = 0)]
    pub database_workers: usize,
    /// How many operations may wait for a database worker; more are answered 503.
    #[arg(long, env = "QUEUE_LIMIT", global = true, default_value_t = 256)]
    pub queue_limit: usize,
    /// The most a GraphQL operation may cost.
    #[arg(
        long,
        env = "QUERY_COST_LIMIT",
        global = true,
        default_value_t = 10_000
    )]
    pub query_cost_limit: u64,
    /// Memory for answers that are given again while no transaction ends in PostgreSQL, in MiB; 0
    /// keeps none.
    #[arg(long, env = "KEPT_ANSWERS_MIB", global = true, default_value_t = 8)]
    pub kept_answers_mib: u64,
    /// Who may ask the schema about itself.
    #[arg(long, env = "INTROSPECTION", global = true, value_enum, default_value_t = Introspection::Public)]
    pub introspection: Introspection,
    /// Origins that browsers may call from, separated by commas.
    #[arg(
        long,
        env = "CORS_ORIGINS",
        global = true,
        value_delimiter = ',',
        value_name = "ORIGINS"
    )]
    pub cors_origins: Vec<String>,
    /// Proxies whose X-Forwarded-For is believed: addresses or CIDR ranges, separated by commas.
    #[arg(
        long,
        env = "TRUSTED_PROXIES",
        global = true,
        value_delimiter = ',',
        value_name = "ADDRESSES"
    )]
    pub trusted_proxies: Vec<String>,
    /// Requests a minute from one address without a token; 0 is without limit.
    #[arg(
        long,
        env = "RATE_LIMIT_ANONYMOUS",
        global = true,
        default_value_t = 600
    )]
    pub rate_limit_anonymous: u32,
    /// Requests a minute of one signed-in user; 0 is without limit.
    #[arg(long, env = "RATE_LIMIT_VIEWER", global = true, default_value_t = 3000)]
    pub rate_limit_viewer: u32,
    /// The folder of stored files; `files` beside a SQLite file when not given, else `var/files`.
    #[arg(long, env = "FILES_DIR", global = true, value_name = "FOLDER")]
    pub files_dir: Option<PathBuf>,
    /// The folder that mails are written to when there is no SMTP server; `outbox` beside a SQLite
    /// file when not given, else `var/outbox`.
    #[arg(long, env = "OUTBOX_DIR", global = true, value_name = "FOLDER")]
    pub outbox_dir: Option<PathBuf>,
    /// The SMTP server that sends mails: <smtps://user:password@host> or <smtp://host>.
    #[arg(long, env = "SMTP_URL", global = true, hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// The address that mails come from; needed with `SMTP_URL`.
    #[arg(long, env = "MAIL_FROM", global = true, value_name = "ADDRESS")]
    pub mail_from: Option<String>,
    /// The access point that takes electronic invoices: an https address. Without it they are written to
    /// the folder `documents` in `OUTBOX_DIR`.
    #[arg(long, env = "ACCESS_POINT_URL", global = true, value_name = "URL")]
    pub access_point_url: Option<String>,
    /// The file with the token that the access point is called with; needed with `ACCESS_POINT_URL`.
    #[arg(
        long,
        env = "ACCESS_POINT_TOKEN_FILE",
        global = true,
        value_name = "FILE"
    )]
    pub access_point_token_file: Option<PathBuf>,
    /// The address under which people reach the service, for the links in mails; the address of
    /// `LISTEN` when not given.
    #[arg(long, env = "PUBLIC_URL", global = true, value_name = "URL")]
    pub public_url: Option<String>,
    /// The file that signed checkpoints of the audit log are appended to; `audit-checkpoints.jsonl`
    /// beside a SQLite file when not given, else in `var`.
    #[arg(long, env = "AUDIT_CHECKPOINTS", global = true, value_name = "FILE")]
    pub audit_checkpoints: Option<PathBuf>,
    /// The most pages of 4 KiB that a SQLite file may have.
    #[arg(long, env = "SQLITE_MAX_PAGES", global = true)]
    pub sqlite_max_pages: Option<u64>,
    /// The password of the demonstration accounts.
    #[arg(
        long,
        env = "DEMO_PASSWORD",
        global = true,
        default_value = "intercultural-2010",
        hide_env_values = true
    )]
    pub demo_password: String,
    /// A folder with reference data that replaces the compiled-in texts file by file.
    #[arg(long = "data", env = "DATA_DIR", global = true, value_name = "FOLDER")]
    pub data_dir: Option<PathBuf>,
}

/// Who may ask the schema about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Introspection {
    /// Everybody.
    Public,
    /// Users.
    SignedIn,
    /// Nobody.
    Off,
}

/// Variables that only the tests read; compose files and the like may name them.
pub const TEST_VARIABLES: [&str; 4] = [
    "TEST_DATABASE_URL",
    "TEST_PG_BIN",
    "REQUIRE_POSTGRES",
    "UPDATE",
];

impl Config {
    /// The number of database workers.
    #[must_use]
    pub fn workers(&self) -> usize {
        if self.database_workers > 0 {
            return self.database_workers;
        }
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZeroUsize::get);
        (cores * 2).clamp(4, 32)
    }

    /// The folder beside the SQLite file, or `var` for PostgreSQL.
    #[must_use]
    pub fn state_dir(&self) -> PathBuf {
        match self
            .database_url
            .strip_prefix("sqlite://")
            .map(Path::new)
            .and_then(Path::parent)
        {
            Some(folder) if folder.as_os_str().is_empty() => PathBuf::from("."),
            Some(folder) => folder.to_owned(),
            None => PathBuf::from("var"),
        }
    }

    /// The folder of stored files.
    #[must_use]
    pub fn files_dir(&self) -> PathBuf {
        self.files_dir
            .clone()
            .unwrap_or_else(|| self.state_dir().join("files"))
    }

    /// The folder of written mails.
    #[must_use]
    pub fn outbox_dir(&self) -> PathBuf {
        self.outbox_dir
            .clone()
            .unwrap_or_else(|| self.state_dir().join("outbox"))
    }

    /// The file of audit checkpoints.
    #[must_use]
    pub fn audit_checkpoints(&self) -> PathBuf {
        self.audit_checkpoints
            .clone()
            .unwrap_or_else(|| self.state_dir().join("audit-checkpoints.jsonl"))
    }
}
