//! A running service in the test's own process: the same `App` and the same server as `serve`,
//! over real HTTP, with a clock that stands still. What it is not: a mock of anything.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use clap::Parser;
use diesel::prelude::*;
use intercultural_cities::access::viewer::{Role, Viewer};
use intercultural_cities::app::{App, Clock, FixedClock};
use intercultural_cities::config::Config;
use intercultural_cities::db::connect::Use;
use intercultural_cities::db::sql::Sql;
use intercultural_cities::db::{Connector, Db, Tx};
use intercultural_cities::identity::access_tokens::{self, TokenSettings, TokenSubject};
use intercultural_cities::identity::keys::SigningKeys;
use intercultural_cities::kernel::error::Result;
use intercultural_cities::kernel::ids::{CityId, ExpertId, GrantId, Id, SessionId, UserId};
use intercultural_cities::kernel::instant::Instant;
use intercultural_cities::programme::reference::Reference;
use intercultural_cities::registry::cities::{self, CityDetails, NewCity};
use intercultural_cities::schema::{grants, sessions, users};
use intercultural_cities::server::run;
use tempfile::TempDir;

use crate::support::actor::Actor;
use crate::support::databases::{Database, fresh};

/// What arranges a test's records.
const ARRANGER: Viewer = Viewer::System("test");

/// A running service with a database of its own.
pub struct TestApp {
    pub app: Arc<App>,
    pub address: SocketAddr,
    pub database: Database,
    pub folder: TempDir,
    clock: &'static FixedClock,
    counting: AtomicBool,
    handle: actix_web::dev::ServerHandle,
    thread: Option<JoinHandle<()>>,
}

#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    config: Config,
}

impl TestApp {
    /// On SQLite.
    pub fn sqlite() -> Self {
        Self::with(Database::Sqlite, &[]).unwrap()
    }

    /// On PostgreSQL; none when it is not tested here.
    pub fn postgres() -> Option<Self> {
        Self::with(Database::Postgres, &[])
    }

    /// With settings as flags: `["--rate-limit-anonymous", "3"]`.
    pub fn with(database: Database, flags: &[&str]) -> Option<Self> {
        let fresh = fresh(database)?;
        let mut arguments = vec![
            "it",
            "--database-url",
            &fresh.url,
            "--listen",
            "127.0.0.1:0",
            "--rate-limit-anonymous",
            "0",
            "--rate-limit-viewer",
            "0",
        ];
        let folder = fresh.folder.path().to_str().unwrap().to_owned();
        let (files, outbox) = (format!("{folder}/files"), format!("{folder}/outbox"));
        arguments.extend(["--files-dir", &files, "--outbox-dir", &outbox]);
        // A flag of the test replaces the default with its value.
        let mut kept = Vec::new();
        let mut skip = false;
        for argument in arguments {
            if skip {
                skip = false;
            } else if argument.starts_with("--") && flags.contains(&argument) {
                skip = true;
            } else {
                kept.push(argument);
            }
        }
        kept.extend(flags);
        let config = Arguments::parse_from(kept).config;
        let clock: &'static FixedClock = Box::leak(Box::new(FixedClock::new(at(2026, 11, 22))));
        let keys = SigningKeys::from_pem(&SigningKeys::generate_pem().unwrap()).unwrap();
        let app = Arc::new(
            App::new(
                config,
                Clock::Fixed(clock),
                keys,
                Reference::compiled_in().unwrap(),
            )
            .unwrap(),
        );
        let (sender, receiver) = mpsc::channel();
        let served = Arc::clone(&app);
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let listening = run::listen(served).unwrap();
                sender
                    .send((listening.address, listening.handle.clone()))
                    .unwrap();
                listening.serve().await.unwrap();
            });
        });
        let (address, handle) = receiver.recv().unwrap();
        Some(Self {
            app,
            address,
            database,
            folder: fresh.folder,
            clock,
            counting: AtomicBool::new(false),
            handle,
            thread: Some(thread),
        })
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Moves the clock to noon UTC of a day.
    pub fn set_today(&self, year: i32, month: u32, day: u32) {
        self.clock.set(at(year, month, day));
    }

    /// Moves the clock.
    pub fn set_now(&self, now: DateTime<Utc>) {
        self.clock.set(now);
    }

    /// The time of the clock.
    pub fn now(&self) -> Instant {
        self.app.now()
    }

    /// A connection of the test's own.
    pub fn db(&self) -> Db {
        Connector::new(&self.app.config.database_url, None)
            .unwrap()
            .open(Use::Administration)
            .unwrap()
    }

    /// Writes as the system, in one transaction.
    pub fn try_arrange<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        self.db().write(&ARRANGER, self.now(), work)
    }

    /// Writes as the system, in one transaction.
    pub fn arrange<T>(&self, work: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> T {
        self.try_arrange(work).unwrap()
    }

    /// A registered city that is nothing else.
    pub fn city(&self, name: &str, country: &str) -> CityId {
        self.arrange(|tx| cities::register(tx, &new_city(name, country)))
    }

    /// The version that an object has now, by its public id; the first one where there is no object.
    #[track_caller]
    pub fn version(&self, id: &str) -> i32 {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(id).unwrap()).unwrap();
        let (kind, uuid) = text.split_once(':').unwrap();
        let question = match kind {
            "Activity" => "SELECT version FROM activities WHERE id = ",
            "Assessment" => "SELECT version FROM assessments WHERE id = ",
            "Package" => "SELECT version FROM packages WHERE id = ",
            "PackageAmendment" => "SELECT version FROM package_amendments WHERE id = ",
            "City" => "SELECT version FROM cities WHERE id = ",
            "Coordinator" => "SELECT version FROM appointments WHERE id = ",
            "CreditNote" => "SELECT version FROM credit_notes WHERE id = ",
            "ExpertVisit" => "SELECT version FROM expert_visits WHERE id = ",
            "Invoice" => "SELECT version FROM invoices WHERE id = ",
            "Membership" => "SELECT version FROM memberships WHERE id = ",
            "MentorPairing" => "SELECT version FROM mentor_pairings WHERE id = ",
            "ReminderHold" => "SELECT version FROM reminder_holds WHERE id = ",
            "Payment" => "SELECT version FROM payments WHERE id = ",
            "Refund" => "SELECT version FROM refunds WHERE id = ",
            "Funder" => "SELECT version FROM funders WHERE id = ",
            "FundingGrant" => "SELECT version FROM funding_grants WHERE id = ",
            "WriteOff" => "SELECT version FROM write_offs WHERE id = ",
            "StudyVisit" => "SELECT version FROM study_visits WHERE id = ",
            "User" => "SELECT version FROM users WHERE id = ",
            other => panic!("no version of {other} is asked for"),
        };
        let found = Sql::new(question)
            .bind_uid(uuid.parse().unwrap())
            .load::<diesel::sql_types::Integer, i32>(&mut self.db());
        found.unwrap().first().copied().unwrap_or(1)
    }

    /// How many statements `work` makes the service send: the fewest of three times, because the roles
    /// of a viewer are read again every other second. Each document has a text of its own meanwhile, so
    /// that none is answered from memory.
    pub fn statements(&self, work: impl Fn()) -> u64 {
        self.counting.store(true, Ordering::Relaxed);
        let sent = || self.app.connector.statements.load(Ordering::Relaxed);
        let counts = (0..3).map(|_| {
            let before = sent();
            work();
            sent() - before
        });
        let fewest = counts.min().unwrap_or_default();
        self.counting.store(false, Ordering::Relaxed);
        fewest
    }

    /// Whether statements are being counted.
    pub fn is_counting(&self) -> bool {
        self.counting.load(Ordering::Relaxed)
    }

    /// Nobody.
    pub fn anonymous(&self) -> Actor<'_> {
        Actor::new(self, None)
    }

    /// A user with the role.
    pub fn admin(&self) -> Actor<'_> {
        self.user_with(Role::Admin, None, None)
    }

    /// A user with the role.
    pub fn secretariat(&self) -> Actor<'_> {
        self.user_with(Role::Secretariat, None, None)
    }

    /// A user with the role.
    pub fn finance(&self) -> Actor<'_> {
        self.user_with(Role::Finance, None, None)
    }

    /// A user with the role.
    pub fn auditor(&self) -> Actor<'_> {
        self.user_with(Role::Auditor, None, None)
    }

    /// A user who coordinates the city, without an appointment.
    pub fn coordinator_of(&self, city: CityId) -> Actor<'_> {
        self.user_with(Role::Coordinator, Some(city), None)
    }

    /// The user of an expert.
    pub fn expert(&self, expert: ExpertId) -> Actor<'_> {
        self.user_with(Role::Expert, None, Some(expert))
    }

    /// A signed-in user with one role.
    pub fn user_with(
        &self,
        role: Role,
        city: Option<CityId>,
        expert: Option<ExpertId>,
    ) -> Actor<'_> {
        let (user, session) = self.arrange(|tx| {
            let (user, session): (UserId, SessionId) = (tx.new_id(), tx.new_id());
            let email = format!("{}@example.org", user.uuid());
            diesel::insert_into(users::table)
                .values((
                    (
                        users::id.eq(user),
                        users::email.eq(&email),
                        users::email_key.eq(&email),
                        users::name.eq("Test User"),
                        users::sort_key.eq("test user"),
                        users::search_key.eq("test user"),
                        users::language.eq("en"),
                    ),
                    (
                        users::password_hash.eq(None::<String>),
                        users::created_at.eq(tx.now),
                        users::updated_at.eq(tx.now),
                        users::version.eq(1),
                    ),
                ))
                .execute(tx.db)?;
            diesel::insert_into(grants::table)
                .values((
                    grants::id.eq(tx.new_id::<GrantId>()),
                    grants::user_id.eq(user),
                    grants::role.eq(role),
                    grants::city_id.eq(city),
                    grants::expert_id.eq(expert),
                    grants::granted_at.eq(tx.now),
                ))
                .execute(tx.db)?;
            let expires = tx.now.plus(chrono::TimeDelta::days(90));
            diesel::insert_into(sessions::table)
                .values((
                    sessions::id.eq(session),
                    sessions::user_id.eq(user),
                    sessions::created_at.eq(tx.now),
                    sessions::expires_at.eq(expires),
                ))
                .execute(tx.db)?;
            Ok((user, session))
        });
        Actor::new(self, Some((user, session)))
    }

    /// An access token of a session, good for ten minutes of the test's clock.
    pub fn token(&self, user: UserId, session: SessionId) -> String {
        let settings = TokenSettings {
            issuer: self.app.config.jwt_issuer.clone(),
            audience: self.app.config.jwt_audience.clone(),
        };
        let (user, session) = (user.uuid().to_string(), session.uuid().to_string());
        let subject = TokenSubject {
            user: &user,
            session: &session,
            token: &uuid::Uuid::from_u128(1).to_string(),
        };
        access_tokens::mint(
            &self.app.keys,
            &settings,
            &subject,
            self.now().utc().timestamp(),
        )
        .unwrap()
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            let handle = self.handle.clone();
            futures_executor::block_on(handle.stop(false));
            let ended = thread.join();
            assert!(
                std::thread::panicking() || ended.is_ok(),
                "the server panicked"
            );
        }
    }
}

/// Noon UTC of a day.
pub fn at(year: i32, month: u32, day: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(year, month, day, 12, 0, 0).unwrap()
}

/// A day.
pub fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// A city of which nothing but the name is known.
pub fn new_city(name: &str, country: &str) -> NewCity {
    NewCity {
        name: name.to_owned(),
        country: country.to_owned(),
        time_zone: "Europe/Copenhagen".to_owned(),
        details: CityDetails::default(),
    }
}
