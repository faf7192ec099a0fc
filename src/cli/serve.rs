//! `serve`: the service, until it is told to stop. What it is not: the server itself.

use std::io::Write;
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use tokio::signal::unix::{SignalKind, signal};

use crate::app::{App, Clock};
use crate::cli::{Failure, open, say};
use crate::config::Config;
use crate::db::connect::Use;
use crate::db::migrate;
use crate::server::run;

/// Answer requests.
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Apply pending migrations on PostgreSQL too.
    #[arg(long)]
    migrate: bool,
}

pub(super) fn run(config: Config, command: &Serve) -> Result<(), Failure> {
    open::log(&config)?;
    let (connector, mut db) = open::database(&config, Use::Administration)?;
    let pending = migrate::pending(&mut db)?;
    if !pending.is_empty() {
        if !connector.is_sqlite() && !command.migrate {
            return Err(Failure::Refused(format!(
                "{} migrations are pending on PostgreSQL; run `intercultural-cities migrate` first, or serve with --migrate",
                pending.len()
            )));
        }
        migrate::apply(&mut db)?;
    }
    drop(db);
    let keys = open::keys(&config)?;
    let reference = open::reference(&config)?;
    let app = Arc::new(App::new(config, Clock::System, keys, reference)?);
    actix_web::rt::System::new().block_on(serve(app))?;
    Ok(())
}

async fn serve(app: Arc<App>) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate()).context("SIGTERM cannot be listened to")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("SIGINT cannot be listened to")?;
    let listening = run::listen(app)?;
    say(&format!("listening http://{}", listening.address));
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
    listening.serve().await
}
