//! `user create`: makes an account beside a running service, the first administrator's above all.
//! What it is not: an invitation by mail; who types the command hands the token over.

use std::io::BufRead;

use anyhow::Context;
use clap::{Args, Subcommand};

use crate::access::viewer::{Role, Viewer};
use crate::app::Clock;
use crate::cli::{Failure, open, say};
use crate::config::Config;
use crate::db::{Db, Tx};
use crate::identity::invitations::{self, Purpose};
use crate::identity::roles::NewGrant;
use crate::identity::sessions::rest::hash;
use crate::identity::users::rules::new_password;
use crate::identity::users::{self, NewUser};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{Id, UserId};
use crate::kernel::language::Language;
use crate::registry::cities;

/// Accounts.
#[derive(Debug, Args)]
pub(super) struct User {
    #[command(subcommand)]
    command: UserCommand,
}

#[derive(Debug, Subcommand)]
enum UserCommand {
    /// Make an account with one role.
    Create(Create),
}

/// Make an account with one role.
#[derive(Debug, Args)]
struct Create {
    /// The address to sign in with.
    #[arg(long)]
    email: String,
    /// The name.
    #[arg(long)]
    name: String,
    /// ADMIN, SECRETARIAT, FINANCE, COORDINATOR or AUDITOR.
    #[arg(long, value_parser = role)]
    role: Role,
    /// The city of a coordinator, by its name in the register.
    #[arg(long, requires = "country")]
    city: Option<String>,
    /// The city's country: ISO 3166-1, two letters.
    #[arg(long, value_name = "CC", requires = "city")]
    country: Option<String>,
    /// Read the password from the first line of standard input; without it, an invitation token
    /// is printed.
    #[arg(long)]
    password_stdin: bool,
}

pub(super) fn run(config: &Config, command: &User) -> Result<(), Failure> {
    let UserCommand::Create(create) = &command.command;
    // Hashed before the transaction begins, so that no writer waits for it.
    let password_hash = create.password_hash()?;
    let (_, mut db) = open::prepared(config)?;
    let grant = create.grant(&mut db)?;
    let (user, token) = db.write(&Viewer::System("user create"), Clock::System.now(), |tx| {
        create.create(tx, &grant, password_hash)
    })?;
    say(&format!("created {} {}", create.email, user.public()));
    if let Some(token) = token {
        say(&format!("invitation {token}"));
        say(
            "Choose the password within 72 hours: POST /api/v1/invitations/<token> {\"password\": …}",
        );
    }
    Ok(())
}

impl Create {
    fn create(
        &self,
        tx: &mut Tx<'_>,
        grant: &NewGrant,
        password_hash: Option<String>,
    ) -> Result<(UserId, Option<String>)> {
        let invited = password_hash.is_none();
        let new = NewUser {
            email: self.email.clone(),
            name: self.name.clone(),
            language: Language::Da,
            person: None,
        };
        let user = users::insert_for_seed(tx, &new, std::slice::from_ref(grant), password_hash)?;
        let secret = if invited {
            invitations::open(tx, user, Purpose::Invitation)?
        } else {
            None
        };
        Ok((user, secret.map(|secret| secret.text())))
    }

    fn password_hash(&self) -> Result<Option<String>, Failure> {
        if !self.password_stdin {
            return Ok(None);
        }
        let mut line = String::new();
        std::io::stdin()
            .lock()
            .read_line(&mut line)
            .context("the password cannot be read from standard input")?;
        let password = new_password("password", line.trim_end_matches(['\r', '\n']))
            .map_err(Error::Refused)?;
        Ok(Some(hash(&password)?))
    }

    fn grant(&self, db: &mut Db) -> Result<NewGrant, Failure> {
        let city = match (&self.city, &self.country) {
            (Some(name), Some(country)) => Some(
                cities::find_named(db, country, name)?
                    .ok_or_else(|| {
                        Failure::Refused(format!("there is no city {name} in {country}"))
                    })?
                    .id,
            ),
            _ => None,
        };
        match (self.role, city) {
            (Role::Expert, _) => Err(Failure::Refused(
                "an expert's role needs the expert's record; make the account with inviteUser, or give the role with grantRole"
                    .to_owned(),
            )),
            (Role::Coordinator, None) => Err(Failure::Refused(
                "a coordinator's role needs --city and --country".to_owned(),
            )),
            (role, city) => Ok(NewGrant {
                city,
                ..NewGrant::of(role)
            }),
        }
    }
}

fn role(word: &str) -> std::result::Result<Role, String> {
    word.to_ascii_uppercase().parse().map_err(|_| {
        let words: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
        format!("the roles are {}", words.join(", "))
    })
}
