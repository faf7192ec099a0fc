//! `serve`: the service, until it is told to stop. What it is not: the server itself.

use std::io::Write;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use tokio::signal::unix::{SignalKind, signal};

use crate::access::viewer::Viewer;
use crate::app::{App, Clock};
use crate::cli::{Failure, lock, open, say};
use crate::config::Config;
use crate::db::connect::{Use, unsafe_settings};
use crate::db::sql::Sql;
use crate::db::{Connector, Db, migrate};
use crate::kernel::instant::Instant;
use crate::kernel::sql_types::Stamp;
use crate::programme::reference::Reference;
use crate::server::run;
use crate::server::worker::Worker;
use crate::workflows;
use crate::workflows::demonstration::{self, ACCOUNTS, Account, Before};

/// Answer requests.
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Apply pending migrations on PostgreSQL too; on SQLite they always are.
    #[arg(long)]
    migrate: bool,
    /// Serve a demonstration: the memo's network with invented records, in an empty database; on a
    /// loopback address only.
    #[arg(long)]
    demo: bool,
    /// Start the clock at this instant (RFC 3339) and let it run; on a loopback address only.
    #[arg(long, value_name = "RFC3339")]
    clock: Option<String>,
}

pub(super) fn run(config: Config, command: &Serve) -> Result<(), Failure> {
    open::log(&config)?;
    check_address(&config, command)?;
    let (connector, mut db) = open::database(&config, Use::Administration)?;
    let _lock = lock::take(&connector)?;
    let reference = open::reference(&config)?;
    // Several processes may start on one PostgreSQL at once.
    let clock = migrate::alone(&mut db, |db| {
        bring_up_to_date(&connector, db, command)?;
        prepare(&config, command, db, &reference)
    })?;
    warn_of_unsafe_settings(&mut db)?;
    drop(db);

    let keys = open::keys(&config, command.demo)?;
    let accounts = if command.demo {
        accounts(&config)
    } else {
        Vec::new()
    };
    let app = Arc::new(App::new(config, clock, keys, reference)?);
    actix_web::rt::System::new().block_on(serve(app, &accounts))?;
    Ok(())
}

/// Refuses what only this machine may reach on an address that others reach.
fn check_address(config: &Config, command: &Serve) -> Result<(), Failure> {
    if is_loopback(&config.listen) {
        return Ok(());
    }
    let why = match (command.demo, &command.clock) {
        (true, _) => "--demo has accounts with a published password",
        (_, Some(_)) => "--clock is for demonstrations and tests",
        _ => return Ok(()),
    };
    Err(Failure::Refused(format!(
        "{why}: listen on a loopback address, not on {}",
        config.listen
    )))
}

/// Puts in what the service begins with, and tells the clock that it runs by.
fn prepare(
    config: &Config,
    command: &Serve,
    db: &mut Db,
    reference: &Reference,
) -> Result<Clock, Failure> {
    if command.demo {
        demonstrate(config, db, reference)?;
    }
    let clock = clock(command, db)?;
    db.write(&Viewer::System("start"), clock.now(), |tx| {
        workflows::reference::ensure(tx, reference)
    })?;
    Ok(clock)
}

/// Loads the demonstration into an empty database; one that holds it already is served as it is.
fn demonstrate(config: &Config, db: &mut Db, reference: &Reference) -> Result<(), Failure> {
    match demonstration::look(db)? {
        Before::Demonstration => Ok(()),
        Before::Other => Err(Failure::Refused(
            "--demo needs an empty database, and this one holds other records; name another one in DATABASE_URL".to_owned(),
        )),
        Before::Empty => Ok(demonstration::load(db, reference, &open::password_hash(&config.demo_password)?)?),
    }
}

/// The lines that tell how to sign in to the demonstration.
fn accounts(config: &Config) -> Vec<String> {
    let line = |account: &Account| {
        format!(
            "account {} {} {}",
            account.role, account.email, config.demo_password
        )
    };
    ACCOUNTS.iter().map(line).collect()
}

fn bring_up_to_date(connector: &Connector, db: &mut Db, command: &Serve) -> Result<(), Failure> {
    open::refuse_newer(db)?;
    let pending = migrate::pending(db)?;
    if pending.is_empty() {
        return Ok(());
    }
    if !connector.is_sqlite() && !command.migrate {
        return Err(Failure::Refused(format!(
            "{} migrations are pending on PostgreSQL; run `intercultural-cities migrate` first, or serve with --migrate",
            pending.len()
        )));
    }
    migrate::apply(db)?;
    Ok(())
}

/// A server that may lose acknowledged writes still serves, because that is its operator's choice;
/// it is said at every start, and `doctor` fails.
fn warn_of_unsafe_settings(db: &mut Db) -> Result<(), Failure> {
    if let Db::Postgres(connection) = db {
        let found = unsafe_settings(connection).map_err(crate::kernel::error::Error::from)?;
        if !found.is_empty() {
            tracing::warn!(
                settings = found.join(", "),
                "PostgreSQL may lose acknowledged writes"
            );
        }
    }
    Ok(())
}

/// The system's clock, or one that starts where the command says.
fn clock(command: &Serve, db: &mut Db) -> Result<Clock, Failure> {
    let Some(text) = &command.clock else {
        return Ok(Clock::System);
    };
    let start = Instant::parse(text).ok_or_else(|| {
        Failure::Refused(format!(
            "--clock must be RFC 3339, such as 2026-11-22T12:00:00Z, not {text:?}"
        ))
    })?;
    if demonstration::look(db)? == Before::Other {
        return Err(Failure::Refused(
            "--clock is for demonstrations and tests: this database holds other records, and they would get dates that never were".to_owned(),
        ));
    }
    let newest = Sql::new("SELECT max(at) FROM audit_entries")
        .load::<diesel::sql_types::Nullable<Stamp>, Option<Instant>>(db)
        .map_err(crate::kernel::error::Error::from)?;
    match newest.into_iter().flatten().next() {
        Some(newest) if newest > start => Err(Failure::Refused(format!(
            "--clock is earlier than the newest record of the database ({})",
            newest.rfc3339()
        ))),
        _ => Ok(Clock::starting_at(start)),
    }
}

/// Whether an address to listen on is reached from this machine only.
pub(super) fn is_loopback(listen: &str) -> bool {
    let host = listen
        .rsplit_once(':')
        .map_or(listen, |(host, _)| host)
        .trim_matches(['[', ']']);
    host == "localhost"
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
        || listen
            .parse::<SocketAddr>()
            .is_ok_and(|address| address.ip().is_loopback())
}

async fn serve(app: Arc<App>, accounts: &[String]) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate()).context("SIGTERM cannot be listened to")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("SIGINT cannot be listened to")?;
    let listening = run::listen(app)?;
    say(&format!("listening http://{}", listening.address));
    for account in accounts {
        say(account);
    }
    std::io::stdout().flush()?;
    let (gateway, handle) = (Arc::clone(&listening.gateway), listening.handle.clone());
    actix_web::rt::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
        run::stop(&gateway, &handle).await;
    });
    // The first question need not wait for the index; one that comes earlier waits with it.
    let app = Arc::clone(&listening.gateway.app);
    let indexing = std::thread::Builder::new()
        .name("index".to_owned())
        .spawn(move || index(&app))?;
    let worker = Worker::start(&listening.gateway)?;
    let served = listening.serve().await;
    // Nothing is answered any more: this thread may wait.
    worker.stop();
    // A panic there is in the log already.
    let _ = indexing.join();
    served
}

/// Reads everything that can be found into the index.
fn index(app: &App) {
    let read = app
        .connector
        .open(Use::Reading)
        .map_err(anyhow::Error::from)
        .and_then(|mut db| Ok(app.search.keep_up(&mut db, &app.files, &app.reference)?));
    if let Err(error) = read {
        tracing::warn!(%error, "the index could not be made; the first search tries again");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_loopback_addresses() {
        for (listen, expected) in [
            ("127.0.0.1:8080", true),
            ("[::1]:8080", true),
            ("localhost:0", true),
            ("0.0.0.0:8080", false),
            ("192.0.2.1:80", false),
            ("[::]:80", false),
        ] {
            assert_eq!(is_loopback(listen), expected, "{listen}");
        }
    }
}
