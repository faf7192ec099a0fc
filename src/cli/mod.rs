//! The command line: one file for each subcommand. What it is not: rules; a command opens the
//! database and calls what the service calls.

mod audit;
mod backup;
mod doctor;
mod exchange;
mod generate;
mod jobs;
mod lock;
mod migrate;
mod open;
mod openapi;
mod questionnaire;
mod restore;
mod schema;
mod seed;
mod serve;
mod settings;
mod user;

use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::config::{self, Config, SettingsFile};

/// The backend of a network of intercultural cities.
#[derive(Debug, Parser)]
#[command(
    name = "intercultural-cities",
    version,
    about,
    propagate_version = true,
    disable_help_subcommand = true
)]
pub struct Cli {
    #[command(flatten)]
    config: Config,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answer requests.
    Serve(serve::Serve),
    /// Bring the database to the shape that this version knows.
    Migrate(migrate::Migrate),
    /// Put the reference records into the database; `serve` does so too.
    Seed,
    /// Take a spreadsheet over.
    Import(exchange::Import),
    /// Write a spreadsheet.
    Export(exchange::Export),
    /// Load a questionnaire of the index.
    Questionnaire(questionnaire::Questionnaire),
    /// Fill an empty database with an invented network for load tests.
    Generate(generate::Generate),
    /// Check the audit log.
    Audit(audit::Audit),
    /// Copy a SQLite database as it is now.
    Backup(backup::Backup),
    /// Put a backup in the place of a SQLite database.
    Restore(restore::Restore),
    /// Check settings, database and records.
    Doctor(doctor::Doctor),
    /// Background work, such as mails.
    Jobs(jobs::Jobs),
    /// Accounts.
    User(user::User),
    /// Print the GraphQL schema.
    Schema,
    /// Print the description of the REST paths.
    Openapi,
}

/// Why a command ended without doing what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It was refused, or a check failed: exit code 1. The text is for the one who typed it.
    #[error("{0}")]
    Refused(String),
    /// Something broke: exit code 1.
    #[error(transparent)]
    Broken(#[from] anyhow::Error),
}

impl From<crate::kernel::error::Error> for Failure {
    fn from(error: crate::kernel::error::Error) -> Self {
        use crate::kernel::error::Error;
        match error {
            Error::Internal(fault) => Self::Broken(fault),
            Error::Refused(refusals) => Self::Refused(
                refusals
                    .iter()
                    .map(|refusal| refusal.message.en.clone())
                    .collect::<Vec<_>>()
                    .join("\n"),
            ),
            Error::Unavailable(why) => {
                Self::Refused(format!("the database cannot be used now: {why}"))
            }
            other => Self::Refused(other.public_message().en),
        }
    }
}

/// Runs the command of these arguments. Exit code 0: done; 1: refused or a check failed; 2: the
/// command line or the settings are wrong.
#[must_use]
pub fn run(arguments: Vec<String>) -> ExitCode {
    let file = match SettingsFile::find(&arguments, &Cli::command()) {
        Ok(file) => file,
        Err(error) => return usage(&error.to_string()),
    };
    let matches = match file.under(Cli::command()).try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => {
            let code = if matches!(
                error.kind(),
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
            ) {
                0
            } else {
                2
            };
            drop(error.print());
            if let Some(name) = settings::wrong(&error, &Cli::command()) {
                say_error(&format!("the setting {name} is wrong"));
            }
            return ExitCode::from(code);
        }
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => return usage(&error.to_string()),
    };
    if let Err(problem) = settings::check(&cli.config) {
        return usage(&problem);
    }
    let outcome = match cli.command {
        Command::Serve(command) => serve::run(cli.config, &command),
        Command::Migrate(command) => migrate::run(&cli.config, &command),
        Command::Seed => seed::run(&cli.config),
        Command::Import(command) => exchange::import(&cli.config, &command),
        Command::Export(command) => exchange::export(&cli.config, &command),
        Command::Questionnaire(command) => questionnaire::run(&cli.config, &command),
        Command::Generate(command) => generate::run(&cli.config, &command),
        Command::Audit(command) => audit::run(&cli.config, &command),
        Command::Backup(command) => backup::run(&cli.config, &command),
        Command::Restore(command) => restore::run(&cli.config, &command),
        Command::Doctor(command) => {
            let shown = config::shown(&Cli::command(), &matches, &file);
            doctor::run(&cli.config, &shown, &command)
        }
        Command::Jobs(command) => jobs::run(&cli.config, &command),
        Command::User(command) => user::run(&cli.config, &command),
        Command::Schema => schema::run(),
        Command::Openapi => openapi::run(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            say_error(&match failure {
                Failure::Refused(text) => text,
                Failure::Broken(fault) => format!("{fault:#}"),
            });
            ExitCode::from(1)
        }
    }
}

fn usage(problem: &str) -> ExitCode {
    say_error(problem);
    ExitCode::from(2)
}

/// Prints a line of a command's result.
#[expect(clippy::print_stdout, reason = "this is what a command is for")]
pub(crate) fn say(text: &str) {
    println!("{text}");
}

#[expect(
    clippy::print_stderr,
    reason = "the one who typed the command reads it here"
)]
fn say_error(text: &str) {
    eprintln!("error: {text}");
}
