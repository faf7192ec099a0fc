//! Every setting of the service: its name, default and meaning, read once at start. A flag wins
//! over the environment, the environment over the TOML file named by `CONFIG`, the file over the
//! default. What it is not: settings of the trade, which are dated data (`finance`).

use std::path::{Path, PathBuf};

use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Command};

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
    /// The address under which people reach the service, for the links in mails; without a slash
    /// at its end.
    #[arg(
        long,
        env = "PUBLIC_URL",
        global = true,
        value_name = "URL",
        default_value = "http://127.0.0.1:8080"
    )]
    pub public_url: String,
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

/// Settings whose values are never shown.
const SECRET: [&str; 3] = ["database_url", "smtp_url", "demo_password"];

/// A setting as `doctor --settings` prints it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Shown {
    /// The environment variable.
    pub name: String,
    /// The value, masked where it is a secret.
    pub value: String,
    /// `flag`, `environment`, `file` or `default`.
    pub origin: &'static str,
}

/// Why the settings cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("the settings file {path} cannot be read: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file is not TOML, or has a setting that does not exist.
    #[error("the settings file {path} is wrong: {problem}")]
    Wrong {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
}

/// The names and values of the settings file.
#[derive(Debug, Clone, Default)]
pub struct SettingsFile(Vec<(String, String)>);

impl SettingsFile {
    /// Reads the file that `CONFIG` or `--config` names among the arguments, if any.
    ///
    /// # Errors
    /// The file cannot be read, is not TOML, or names a setting that does not exist.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one file that reads the environment"
    )]
    pub fn find(arguments: &[String], command: &Command) -> Result<Self, ConfigError> {
        let mut from_flag = None;
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            if argument == "--config" {
                from_flag = rest.next().cloned();
            } else if let Some(path) = argument.strip_prefix("--config=") {
                from_flag = Some(path.to_owned());
            }
        }
        match from_flag.or_else(|| std::env::var("CONFIG").ok()) {
            Some(path) => Self::read(Path::new(&path), command),
            None => Ok(Self::default()),
        }
    }

    fn read(path: &Path, command: &Command) -> Result<Self, ConfigError> {
        let wrong = |problem: String| ConfigError::Wrong {
            path: path.to_owned(),
            problem,
        };
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
            path: path.to_owned(),
            source,
        })?;
        let table: toml::Table = text
            .parse()
            .map_err(|error: toml::de::Error| wrong(error.to_string()))?;
        let mut values = Vec::new();
        for (name, value) in table {
            let known = command
                .get_arguments()
                .any(|argument| argument.get_id() == name.as_str() && argument.get_env().is_some());
            if !known || name == "config" {
                return Err(wrong(format!("there is no setting {name:?}")));
            }
            values.push((
                name.clone(),
                plain(&value).ok_or_else(|| {
                    wrong(format!(
                        "{name} must be a text, a number or a list of texts"
                    ))
                })?,
            ));
        }
        Ok(Self(values))
    }

    /// Puts the file's values under the flags and the environment, above the defaults.
    #[must_use]
    pub fn under(&self, mut command: Command) -> Command {
        for (name, value) in &self.0 {
            let value = value.clone();
            command = command.mut_arg(name, |argument| argument.default_value(value));
        }
        command
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }
}

fn plain(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(truth) => Some(truth.to_string()),
        toml::Value::Array(items) => items
            .iter()
            .map(plain)
            .collect::<Option<Vec<_>>>()
            .map(|items| items.join(",")),
        toml::Value::Float(_) | toml::Value::Datetime(_) | toml::Value::Table(_) => None,
    }
}

impl Config {
    /// Every setting with its value and origin, for `doctor --settings`.
    #[must_use]
    pub fn shown(command: &Command, matches: &ArgMatches, file: &SettingsFile) -> Vec<Shown> {
        command
            .get_arguments()
            .filter_map(|argument| {
                let name = argument.get_id().as_str();
                let variable = argument.get_env()?.to_string_lossy().into_owned();
                let values: Vec<String> = matches
                    .try_get_raw(name)
                    .ok()
                    .flatten()
                    .map(|values| {
                        values
                            .map(|value| value.to_string_lossy().into_owned())
                            .collect()
                    })
                    .unwrap_or_default();
                let value = values.join(",");
                let origin = match matches.value_source(name) {
                    Some(ValueSource::CommandLine) => "flag",
                    Some(ValueSource::EnvVariable) => "environment",
                    _ if file.has(name) => "file",
                    _ => "default",
                };
                let value = if SECRET.contains(&name) {
                    masked(&value)
                } else {
                    value
                };
                Some(Shown {
                    name: variable,
                    value,
                    origin,
                })
            })
            .collect()
    }

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

/// A secret with its user and password, or all of it, hidden.
fn masked(value: &str) -> String {
    if value.is_empty() {
        return String::new();
    }
    match url::Url::parse(value) {
        Ok(mut url) if url.has_host() || url.scheme() == "sqlite" => {
            let hidden = url.password().is_none() || url.set_password(Some("***")).is_ok();
            // Parameters may carry a password too.
            if hidden && !value.contains("password=") {
                url.to_string()
            } else {
                "***".to_owned()
            }
        }
        _ => "***".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hides_secrets() {
        assert_eq!(
            masked("postgres://network:s3cret@db/network"),
            "postgres://network:***@db/network"
        );
        assert_eq!(masked("postgres://db/network?password=s3cret"), "***");
        assert_eq!(masked("sqlite://var/network.db"), "sqlite://var/network.db");
        assert_eq!(masked("intercultural-2010"), "***");
        assert_eq!(masked(""), "");
    }
}
