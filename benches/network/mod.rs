//! A generated network in a SQLite file of its own, for the benchmarks. What it is not: the load on
//! PostgreSQL that `bench/` measures.

use std::sync::{Arc, LazyLock};

use clap::Parser;
use intercultural_cities::app::{App, Clock};
use intercultural_cities::config::Config;
use intercultural_cities::db::connect::Use;
use intercultural_cities::db::{Connector, Db, migrate};
use intercultural_cities::identity::keys::SigningKeys;
use intercultural_cities::programme::reference::Reference;
use intercultural_cities::workflows::generation::{self, Size};
use tempfile::TempDir;

/// How many cities there are, each with [`INVOICES`] invoices.
pub(crate) const CITIES: u32 = 2_000;
/// Invoices of each city.
pub(crate) const INVOICES: u32 = 20;

/// A service over the network; its folder lives as long as the process.
pub(crate) struct Network {
    pub(crate) app: Arc<App>,
    connector: Connector,
    _folder: TempDir,
}

#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    config: Config,
}

/// The network, generated once.
pub(crate) static NETWORK: LazyLock<Network> = LazyLock::new(|| {
    network().unwrap_or_else(|error| panic!("the network cannot be generated: {error:#}"))
});

impl Network {
    /// A connection that reads.
    pub(crate) fn open(&self) -> Db {
        self.connector
            .open(Use::Reading)
            .unwrap_or_else(|error| panic!("{error}"))
    }
}

fn network() -> anyhow::Result<Network> {
    let folder = tempfile::tempdir()?;
    let url = format!("sqlite://{}/network.db", folder.path().display());
    let connector = Connector::new(&url, None)?;
    let mut db = connector.open(Use::Administration)?;
    migrate::apply(&mut db)?;
    let texts = Reference::compiled_in()?;
    let size = Size {
        cities: CITIES,
        invoices_per_city: INVOICES,
        seed: 1,
    };
    generation::generate(&mut db, &texts, Clock::System.now(), size, |_| ())?;
    let config = Arguments::parse_from(["bench", "--database-url", &url]).config;
    let keys = SigningKeys::from_pem(&SigningKeys::generate_pem()?)?;
    let app = Arc::new(App::new(config, Clock::System, keys, texts)?);
    Ok(Network {
        app,
        connector,
        _folder: folder,
    })
}
