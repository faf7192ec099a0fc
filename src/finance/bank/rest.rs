//! `POST /api/v1/bank/statements`. What it is not: spreadsheets of our own; those are imports.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::access::permission::Permission;
use crate::api::rest::{self, Fault as Refused, Rest};
use crate::db::workers::Lane;
use crate::finance::bank::fault::Fault;
use crate::finance::bank::{self, Taken, TakenStatement, Written};
use crate::finance::sellers;
use crate::kernel::error::Error;
use crate::kernel::language::Language;
use crate::kernel::money::{Currency, Money};
use crate::kernel::phrase::Phrase;
use crate::server::openapi::Problem;

/// How long a large file may take.
const TIME: Duration = Duration::from_mins(1);

/// The query of an import.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StatementQuery {
    /// Take it in, if nothing is wrong; only look otherwise.
    #[serde(default)]
    apply: bool,
}

/// What a file of the bank brings.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = BankFileReport)]
pub struct FileBody {
    /// Whether it is taken in; never when something is wrong, and never for a file that was before.
    applied: bool,
    /// Whether the very same file was taken in before.
    known_file: bool,
    /// Its form: `CAMT05302`, `CAMT05308`, `CAMT05402`, `CAMT05408` or `CSV`; null where it cannot be read.
    format: Option<&'static str>,
    /// The account of the seller.
    account: Option<String>,
    /// Its currency.
    currency: Option<String>,
    /// The statements in it.
    statements: Vec<StatementBody>,
    /// Everything that is wrong; then nothing is taken in.
    problems: Vec<ProblemBody>,
}

/// A statement of the file.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = BankFileStatement)]
pub struct StatementBody {
    /// The bank's own id of it.
    bank_id: Option<String>,
    /// Its number among the statements of the account.
    sequence: Option<i64>,
    /// The first day it is about.
    from_on: Option<NaiveDate>,
    /// The last day it is about.
    through_on: Option<NaiveDate>,
    /// The booked balance before the first entry.
    opening_balance: Option<String>,
    /// The booked balance after the last.
    closing_balance: Option<String>,
    /// How many booked entries it has.
    entries: usize,
    /// How many of them are new.
    new: usize,
    /// How many of them an earlier file, or this one, told of before.
    known: usize,
    /// How many entries are not booked yet, and passed over.
    pending: u32,
    /// What is odd, and does not keep it from being taken in: missing statements, balances that do not meet.
    warnings: Vec<String>,
}

/// Something that is wrong with the file.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = BankFileProblem)]
pub struct ProblemBody {
    /// What, as a word: `BALANCE`, `CURRENCY`, `FOREIGN_ACCOUNT`, `CUT`, `DOCTYPE`, `TOO_LARGE`, …
    code: &'static str,
    /// The statement, as the bank names it.
    statement: Option<String>,
    /// Which entry of the statement, from 1.
    entry: Option<u32>,
    /// The line of a table, from 1.
    line: Option<u64>,
    /// The bank's reference of the entry.
    reference: Option<String>,
    /// What is wrong and what to do, beginning with the place.
    message: String,
}

/// Takes a file of the bank in: looks at it, or with `apply` stores what is new, all of it or nothing.
#[utoipa::path(
    post,
    path = "/api/v1/bank/statements",
    tag = "bank",
    params(StatementQuery),
    request_body(content((String = "application/xml"), (String = "text/csv")), description = "camt.053 or camt.054 of ISO 20022, version 001.02 or 001.08 (text/xml is taken too), or a table as Danish banks export it, with headings, in UTF-8 or ISO-8859-1; at most 5 MiB."),
    responses(
        (status = 200, body = FileBody, description = "Nothing is wrong: what was taken in, or would be. The same file again changes nothing."),
        (status = 400, description = "A query that is not known."),
        (status = 403, description = "The caller may not record payments."),
        (status = 413, description = "More than 5 MiB."),
        (status = 415, description = "Neither XML nor CSV."),
        (status = 422, description = "The report: something is wrong, each entry by its name, and nothing was stored.", content((FileBody = "application/json"), (Problem = "application/problem+json"))),
    ),
    security(("bearer" = []))
)]
pub async fn import(
    rest: Rest,
    query: web::Query<StatementQuery>,
    mut payload: web::Payload,
) -> HttpResponse {
    let outcome = take_in(&rest, query.apply, &mut payload).await;
    let language = rest.language;
    rest.answer(outcome.map(|(taken, applied)| match taken {
        Ok(taken) => rest::json(StatusCode::OK, &sound(taken, applied, language)),
        Err(faults) => rest::json(StatusCode::UNPROCESSABLE_ENTITY, &faulty(&faults, language)),
    }))
}

/// What a file brings, or what is wrong with it.
type Looked = Result<Taken, Vec<Fault>>;

async fn take_in(
    rest: &Rest,
    apply: bool,
    payload: &mut web::Payload,
) -> Result<(Looked, bool), Refused> {
    // Who may not import does not get as far as having a large file read and judged.
    let own = rest
        .run(Lane::Reading, |operation| {
            operation.viewer.permit(Permission::SettlePayments)?;
            let seller = operation.read(sellers::the_seller)?;
            bank::own_account(&seller)
        })
        .await?;
    let written = written(rest)?;
    let bytes = rest
        .bytes(payload, u64::try_from(bank::MOST_BYTES).unwrap_or(u64::MAX))
        .await?;
    let judged = web::block(move || bank::judge(&bytes, written, own))
        .await
        .map_err(|_| Error::Unavailable("the file could not be read now".to_owned()))?;
    let judged = match judged {
        Ok(judged) => judged,
        Err(faults) => return Ok((Err(faults), false)),
    };
    if !apply {
        let taken = rest
            .run_within(TIME, Lane::Reading, move |operation| {
                operation.read(|db| bank::preview(db, &judged))
            })
            .await?;
        return Ok((Ok(taken), false));
    }
    let taken = rest
        .run_within(TIME, Lane::Writing, move |operation| {
            operation.write(|tx| bank::take_in(tx, &judged))
        })
        .await?;
    let applied = !taken.known_file;
    Ok((Ok(taken), applied))
}

fn written(rest: &Rest) -> Result<Written, Refused> {
    match rest.content_type().as_deref() {
        Some("application/xml" | "text/xml") => Ok(Written::Xml),
        Some("text/csv") => Ok(Written::Table),
        _ => Err(rest
            .refusal(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "BAD_REQUEST",
                &Phrase::new(
                    "Send Content-Type: application/xml for camt.053 and camt.054, or text/csv.",
                    "Send Content-Type: application/xml for camt.053 og camt.054 eller text/csv.",
                ),
            )
            .into()),
    }
}

fn sound(taken: Taken, applied: bool, language: Language) -> FileBody {
    let currency = taken.currency;
    FileBody {
        applied,
        known_file: taken.known_file,
        format: Some(taken.format.as_str()),
        account: Some(taken.account),
        currency: Some(currency.code().to_owned()),
        statements: taken
            .statements
            .into_iter()
            .map(|statement| statement_body(statement, currency, language))
            .collect(),
        problems: Vec::new(),
    }
}

fn statement_body(taken: TakenStatement, currency: Currency, language: Language) -> StatementBody {
    let amount = |minor: Option<i64>| minor.map(|minor| Money::new(minor, currency).amount());
    let stated = taken.stated;
    StatementBody {
        bank_id: taken.bank_id,
        sequence: taken.sequence,
        from_on: stated.from_on,
        through_on: stated.through_on,
        opening_balance: amount(stated.opening),
        closing_balance: amount(stated.closing),
        entries: stated.entries.len(),
        new: taken.new,
        known: taken.known,
        pending: stated.pending,
        warnings: taken
            .warnings
            .iter()
            .map(|warning| warning.in_language(language).to_owned())
            .collect(),
    }
}

fn faulty(faults: &[Fault], language: Language) -> FileBody {
    FileBody {
        applied: false,
        known_file: false,
        format: None,
        account: None,
        currency: None,
        statements: Vec::new(),
        problems: faults
            .iter()
            .map(|fault| ProblemBody {
                code: fault.code.as_str(),
                statement: fault.spot.statement.clone(),
                entry: fault.spot.entry,
                line: fault.spot.line,
                reference: fault.spot.reference.clone(),
                message: fault.message.in_language(language).to_owned(),
            })
            .collect(),
    }
}
