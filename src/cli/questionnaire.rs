//! `questionnaire FILE`: judges and loads a questionnaire of the index. What it is not: its form
//! (`programme/questionnaires/format`).

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use crate::access::viewer::Viewer;
use crate::app::Clock;
use crate::cli::{Failure, open, say};
use crate::config::Config;
use crate::kernel::error::Error;
use crate::programme::questionnaires;

/// Load a questionnaire of the index; it is only judged unless --apply is given.
#[derive(Debug, Args)]
pub(super) struct Questionnaire {
    /// A file in TOML; data/questionnaires has an example.
    file: PathBuf,
    /// Load it, if nothing is wrong. An edition that is loaded never changes.
    #[arg(long)]
    apply: bool,
}

pub(super) fn run(config: &Config, command: &Questionnaire) -> Result<(), Failure> {
    let text = std::fs::read_to_string(&command.file)
        .with_context(|| format!("{} cannot be read", command.file.display()))?;
    let read = questionnaires::read(&text).map_err(Error::Refused)?;
    let (code, edition) = (&read.code, read.edition);
    let questions = read.content.questions.len();
    let indicators = read.content.weights.len();
    say(&format!(
        "{code}, edition {edition}: {questions} questions on {indicators} indicators"
    ));
    if !command.apply {
        say("nothing is wrong with it; --apply loads it");
        return Ok(());
    }
    let (_, mut db) = open::prepared(config)?;
    db.write(&Viewer::System("command line"), Clock::System.now(), |tx| {
        questionnaires::load(tx, &text)
    })?;
    say("it is in the database");
    Ok(())
}
