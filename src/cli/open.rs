//! Opening what a command needs: the database, the keys, the log. What it is not: the work.

use std::path::PathBuf;

use anyhow::Context;

use crate::cli::{Failure, lock};
use crate::config::{Config, DEFAULT_DATABASE_URL};
use crate::db::connect::{Target, Use};
use crate::db::{Connector, Db, migrate};
use crate::finance::legal::LegalData;
use crate::identity::keys::SigningKeys;
use crate::identity::passwords::{self, NewPassword, PasswordProblem};
use crate::identity::secrets::random_bytes;
use crate::programme::reference::Reference;

/// Opens the database of the settings for a command. The folder of the default database is made;
/// any other must exist, so that a mistyped path is an error and not an empty database.
pub(super) fn database(config: &Config, purpose: Use) -> Result<(Connector, Db), Failure> {
    if config.database_url == DEFAULT_DATABASE_URL {
        std::fs::create_dir_all(config.state_dir())
            .context("the folder of the database cannot be made")?;
    }
    let connector = connector(config)?;
    let db = open(&connector, purpose)?;
    Ok((connector, db))
}

/// Opens a database that is there, for a command that only looks: SQLite would make an empty file of
/// a mistyped name, and a backup of that would look like one.
pub(super) fn existing(config: &Config) -> Result<(Connector, Db), Failure> {
    let connector = connector(config)?;
    if let Target::Sqlite(path) = &connector.target
        && !path.is_file()
    {
        return Err(Failure::Refused(format!(
            "there is no database {}; `intercultural-cities migrate` makes it, or correct DATABASE_URL",
            path.display()
        )));
    }
    let db = open(&connector, Use::Administration)?;
    Ok((connector, db))
}

/// As [`existing`], for a command that reads tables of this version.
pub(super) fn current(config: &Config) -> Result<(Connector, Db), Failure> {
    let (connector, mut db) = existing(config)?;
    refuse_newer(&mut db)?;
    match migrate::pending(&mut db)?.len() {
        0 => Ok((connector, db)),
        number => Err(pending(number)),
    }
}

/// Opens the database for a command that writes and may be the first ever: as with `serve`, SQLite
/// is brought to the shape of this version and PostgreSQL must have it.
pub(super) fn prepared(config: &Config) -> Result<(Connector, Db), Failure> {
    let (connector, mut db) = database(config, Use::Administration)?;
    refuse_newer(&mut db)?;
    let number = migrate::pending(&mut db)?.len();
    if number > 0 {
        if !connector.is_sqlite() {
            return Err(pending(number));
        }
        let _lock = lock::take(&connector)?;
        migrate::apply(&mut db)?;
    }
    Ok((connector, db))
}

/// Refuses a database that a newer release has changed: its tables may mean something else, and what
/// this program writes into them could break what the other one relies on.
pub(super) fn refuse_newer(db: &mut Db) -> Result<(), Failure> {
    let newer = migrate::newer(db)?;
    if newer.is_empty() {
        return Ok(());
    }
    Err(Failure::Refused(format!(
        "a newer version of this program has changed the database (migrations {} are not known here); run that version or a later one, or restore the backup from before the change",
        newer.join(", ")
    )))
}

fn pending(number: usize) -> Failure {
    Failure::Refused(format!(
        "{number} migrations are pending; run `intercultural-cities migrate` first"
    ))
}

fn connector(config: &Config) -> Result<Connector, Failure> {
    Connector::new(&config.database_url, config.sqlite_max_pages)
        .map_err(|error| Failure::Refused(error.to_string()))
}

fn open(connector: &Connector, purpose: Use) -> Result<Db, Failure> {
    connector
        .open(purpose)
        .map_err(|error| Failure::Refused(error.to_string()))
}

/// The keys of the settings. Beside a SQLite file they are made at the first start; on PostgreSQL
/// several processes must share them, so they must be given.
///
/// A demonstration makes its key on PostgreSQL too.
pub(super) fn keys(config: &Config, for_demonstration: bool) -> Result<SigningKeys, Failure> {
    let refused = |error: crate::identity::keys::KeyError| Failure::Refused(error.to_string());
    match &config.jwt_signing_key_file {
        Some(path) => SigningKeys::load(path, &config.jwt_previous_key_files).map_err(refused),
        None if for_demonstration || config.database_url.starts_with("sqlite://") => {
            let path = made_key(config);
            std::fs::create_dir_all(config.state_dir())
                .context("the folder of the signing key cannot be made")?;
            SigningKeys::load_or_create(&path, &config.jwt_previous_key_files).map_err(refused)
        }
        None => Err(Failure::Refused(
            "JWT_SIGNING_KEY_FILE is needed on PostgreSQL: make one with `openssl genpkey -algorithm ed25519 -out key.pem`, mode 0600".to_owned(),
        )),
    }
}

/// The keys of the settings for a command that only looks: none where the first start of the service
/// is yet to make them.
pub(super) fn known_keys(config: &Config) -> Result<Option<SigningKeys>, Failure> {
    let is_to_be_made = config.jwt_signing_key_file.is_none()
        && config.database_url.starts_with("sqlite://")
        && !made_key(config).exists();
    if is_to_be_made {
        return Ok(None);
    }
    keys(config, false).map(Some)
}

/// The file of the key that the service makes for itself.
fn made_key(config: &Config) -> PathBuf {
    config.state_dir().join("jwt-signing-key.pem")
}

/// The hash of a password that the settings or the command line give.
pub(super) fn password_hash(password: &str) -> Result<String, Failure> {
    let password = NewPassword::parse(password).map_err(|problems| {
        let said: Vec<_> = problems
            .into_iter()
            .map(PasswordProblem::in_english)
            .collect();
        Failure::Refused(said.join(" "))
    })?;
    let salt = random_bytes().map_err(anyhow::Error::from)?;
    Ok(passwords::hash(&password, &salt).map_err(anyhow::Error::from)?)
}

/// The reference data: compiled in, or from the folder of the settings where it has the file.
pub(super) fn reference(config: &Config) -> Result<Reference, Failure> {
    match &config.data_dir {
        Some(folder) => Reference::from_dir(&folder.join("reference")),
        None => Reference::compiled_in(),
    }
    .map_err(|error| Failure::Refused(error.to_string()))
}

/// What the law says about paying late: compiled in, or from the folder of the settings where it has the
/// file.
pub(super) fn legal(config: &Config) -> Result<LegalData, Failure> {
    LegalData::load(config.data_dir.as_deref())
        .map_err(|error| Failure::Refused(format!("{error:#}")))
}

/// Starts to write log lines as JSON on standard error.
pub(super) fn log(config: &Config) -> Result<(), Failure> {
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log)
        .map_err(|error| Failure::Refused(format!("LOG is wrong: {error}")))?;
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    Ok(())
}
