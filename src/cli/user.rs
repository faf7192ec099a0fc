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
use crate::kernel::email::Email;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{ExpertId, Id, UserId};
use crate::kernel::language::Language;
use crate::registry::{cities, experts};

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
    /// ADMIN, SECRETARIAT, FINANCE, COORDINATOR, EXPERT or AUDITOR.
    #[arg(long, value_parser = role)]
    role: Role,
    /// The city of a coordinator, by its name in the register.
    #[arg(long, requires = "country")]
    city: Option<String>,
    /// The city's country: ISO 3166-1, two letters.
    #[arg(long, value_name = "CC", requires = "city")]
    country: Option<String>,
    /// The record of an expert: its id, or the expert's e-mail address in the register.
    #[arg(long, value_name = "ID|EMAIL")]
    expert: Option<String>,
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
        let expert = match &self.expert {
            Some(said) => Some(expert_of(db, said)?),
            None => None,
        };
        let refused = |words: &str| Err(Failure::Refused(words.to_owned()));
        match (self.role, city, expert) {
            (Role::Expert, _, None) => refused(
                "an expert's role needs --expert: the id of the expert's record or the expert's e-mail address",
            ),
            (Role::Coordinator, None, _) => {
                refused("a coordinator's role needs --city and --country")
            }
            (role, Some(_), _) if role != Role::Coordinator => {
                refused("only a coordinator's role is for a city")
            }
            (role, _, Some(_)) if role != Role::Expert => {
                refused("only an expert's role is for an expert's record")
            }
            (role, city, expert) => Ok(NewGrant {
                city,
                expert,
                ..NewGrant::of(role)
            }),
        }
    }
}

fn expert_of(db: &mut Db, said: &str) -> Result<ExpertId, Failure> {
    let found = match (Email::parse(said), ExpertId::parse(said)) {
        (Ok(email), _) => experts::find_by_email(db, &email)?,
        (_, Ok(id)) => experts::find_many(db, &[id])?
            .first()
            .map(|expert| expert.record.id),
        (Err(_), Err(_)) => None,
    };
    found.ok_or_else(|| Failure::Refused(format!("there is no expert {said}")))
}

fn role(word: &str) -> std::result::Result<Role, String> {
    word.to_ascii_uppercase().parse().map_err(|_| {
        let words: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
        format!("the roles are {}", words.join(", "))
    })
}
