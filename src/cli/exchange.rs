//! `import KIND FILE` and `export KIND FILE`. What it is not: the REST paths of the same name; both
//! call `exchange`.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use anyhow::Context;
use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use crate::access::viewer::Viewer;
use crate::app::Clock;
use crate::cli::{Failure, open, say};
use crate::config::Config;
use crate::exchange::columns::Kind;
use crate::exchange::exports;
use crate::exchange::imports::{self, Mode, Report};
use crate::exchange::sheet::{self, DecimalSign, Encoding, ReadOptions, WriteOptions};
use crate::kernel::language::Language;

/// Take a spreadsheet over; a dry run unless --apply is given.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// cities, memberships, coordinators, experts, people, partners or opening-items.
    kind: String,
    /// A CSV file.
    file: PathBuf,
    /// Write it, if no row is wrong.
    #[arg(long)]
    apply: bool,
    /// The decimal sign, if the delimiter does not tell.
    #[arg(long, value_enum)]
    decimal: Option<Decimal>,
    /// The encoding, if the bytes do not tell.
    #[arg(long, value_enum)]
    encoding: Option<Charset>,
    /// Of opening items: what is open on all rows together. Another sum, and nothing is written.
    #[arg(long)]
    control_total: Option<String>,
    /// The form of the report.
    #[arg(long, value_enum, default_value_t = Form::Text)]
    report: Form,
}

/// Write a spreadsheet with the columns that an import reads.
#[derive(Debug, Args)]
pub(super) struct Export {
    /// cities, memberships, coordinators, experts, people, partners, invoices, payments or journal.
    kind: String,
    /// The file to write: a workbook when its name ends in .xlsx, else CSV.
    file: PathBuf,
    /// The first day of a journal, YYYY-MM-DD.
    #[arg(long)]
    from: Option<NaiveDate>,
    /// The last day of a journal, YYYY-MM-DD.
    #[arg(long)]
    through: Option<NaiveDate>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Decimal {
    Comma,
    Point,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Charset {
    #[value(name = "utf-8")]
    Utf8,
    #[value(name = "latin1")]
    Latin1,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Form {
    Text,
    Json,
}

const VIEWER: Viewer = Viewer::System("command line");

pub(super) fn import(config: &Config, command: &Import) -> Result<(), Failure> {
    let kind = kind(&command.kind)?;
    if !kind.is_importable() {
        return Err(Failure::Refused(format!(
            "{} are exported only",
            kind.as_str()
        )));
    }
    if command.control_total.is_some() && kind != Kind::OpeningItems {
        return Err(Failure::Refused(
            "only opening items have a control total".to_owned(),
        ));
    }
    let bytes = std::fs::read(&command.file)
        .with_context(|| format!("{} cannot be read", command.file.display()))?;
    let options = ReadOptions {
        decimal: command.decimal.map(|decimal| match decimal {
            Decimal::Comma => DecimalSign::Comma,
            Decimal::Point => DecimalSign::Point,
        }),
        encoding: command.encoding.map(|encoding| match encoding {
            Charset::Utf8 => Encoding::Utf8,
            Charset::Latin1 => Encoding::Latin1,
        }),
    };
    let report = match sheet::read(&bytes, kind, &options) {
        Err(problems) => Report::unreadable(problems),
        Ok(sheet) => {
            let (_, mut db) = open::prepared(config)?;
            let mode = if command.apply {
                Mode::Apply
            } else {
                Mode::DryRun
            };
            db.write(&VIEWER, Clock::System.now(), |tx| {
                imports::run(tx, kind, &sheet, mode, command.control_total.as_deref())
            })?
        }
    };
    match command.report {
        Form::Text => say(&report.text(Language::En)),
        Form::Json => say(&serde_json::to_string_pretty(&report.body(Language::En))
            .map_err(anyhow::Error::from)?),
    }
    if report.is_sound() {
        Ok(())
    } else {
        Err(Failure::Refused(match report.counts.error {
            1 => "1 row is wrong".to_owned(),
            number => format!("{number} rows are wrong"),
        }))
    }
}

pub(super) fn export(config: &Config, command: &Export) -> Result<(), Failure> {
    let kind = kind(&command.kind)?;
    if kind != Kind::Journal && (command.from.is_some() || command.through.is_some()) {
        return Err(Failure::Refused(
            "only a journal has a first and a last day".to_owned(),
        ));
    }
    if !kind.is_exportable() {
        return Err(Failure::Refused(format!(
            "{} are imported only",
            kind.as_str()
        )));
    }
    let format = match command.file.extension() {
        Some(ending) if ending.eq_ignore_ascii_case("xlsx") => exports::Format::Xlsx,
        _ => exports::Format::Csv(WriteOptions::default()),
    };
    let (_, mut db) = open::current(config)?;
    let today = Clock::System.now().date_in(chrono_tz::Europe::Copenhagen);
    let export = exports::Export {
        kind,
        format,
        today,
        days: (command.from, command.through),
    };
    let unwritable = || format!("{} is not written whole", command.file.display());
    let out = BufWriter::new(File::create(&command.file).with_context(unwritable)?);
    let mut out = db
        .read(|db| exports::run(db, &VIEWER, export, out))
        .with_context(unwritable)?;
    out.flush().with_context(unwritable)?;
    say(&format!(
        "exported {} to {}",
        kind.as_str(),
        command.file.display()
    ));
    Ok(())
}

fn kind(name: &str) -> Result<Kind, Failure> {
    Kind::from_name(name).ok_or_else(|| {
        let known: Vec<_> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
        Failure::Refused(format!(
            "there is no kind {name:?}; the kinds are {}",
            known.join(", ")
        ))
    })
}
