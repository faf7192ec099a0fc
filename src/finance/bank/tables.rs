//! Reads tables (CSV) as Danish banks export them: by their headings, in the encoding and with the signs
//! that are found. What it is not: a form of one bank; no two have the same.

mod headings;

use std::borrow::Cow;

use chrono::NaiveDate;
use csv::{ReaderBuilder, StringRecord};
use encoding_rs::WINDOWS_1252;

use crate::finance::bank::amounts::{self, Style};
use crate::finance::bank::fault::{Fault, FaultCode, Spot};
use crate::finance::bank::model::{Direction, StatementFormat};
use crate::finance::bank::statement::{
    BankFile, LONGEST_LINE, NamedAccount, Part, Stated, StatedEntry, fit, joined,
};
use crate::finance::bank::tables::headings::{Columns, Heading};
use crate::finance::bank::xml;
use crate::kernel::fold;
use crate::kernel::money::Currency;
use crate::kernel::period::check_date;

/// The signs that part cells, the most usual of Danish banks first.
const DELIMITERS: [u8; 3] = [b';', b',', b'\t'];

/// The most rows that are read.
const MOST_ROWS: usize = 100_000;

/// In how many rows at the top the headings are looked for: some banks put the account above them.
const HEADING_WITHIN: usize = 10;

/// What banks write in a column of states for what is not booked yet, folded.
const NOT_BOOKED: [&str; 7] = [
    "venter",
    "afventer",
    "reserveret",
    "planlagt",
    "pending",
    "kommende",
    "ikke bogfort",
];

/// A row with its line in the file.
type Row = (u64, StringRecord);

/// An entry with the balance that stands beside it.
type Booked = (StatedEntry, Option<i64>);

/// Reads a table of an account in a currency; a column of currencies must agree with it.
///
/// # Errors
/// Everything that is wrong in its form.
pub(super) fn read(bytes: &[u8], currency: Currency) -> Result<BankFile, Vec<Fault>> {
    if bytes.len() > xml::MOST_BYTES {
        return Err(vec![xml::too_large()]);
    }
    let text = decoded(bytes).map_err(|fault| vec![fault])?;
    let (columns, rows) = table(&text).map_err(|fault| vec![fault])?;
    let style = style(&columns, &rows, currency);
    let mut faults = Vec::new();
    let mut booked = Vec::new();
    let mut pending = 0_u32;
    let mut account = NamedAccount::default();
    for row in &rows {
        match entry(row, &columns, (style, currency)) {
            Ok(Some(found)) => booked.push(found),
            Ok(None) => pending = pending.saturating_add(1),
            Err(found) => faults.extend(found),
        }
        if let Err(fault) = note_account(&mut account, &columns, row) {
            faults.push(fault);
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    statement(booked, pending, account, currency)
        .map(|stated| BankFile {
            format: StatementFormat::Csv,
            statements: vec![stated],
        })
        .map_err(|fault| vec![fault])
}

/// The text of a file: UTF-8, also with a byte order mark, or else Windows-1252, of which ISO-8859-1 is a
/// part.
fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, Fault> {
    let rest = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(rest).map_or_else(
        |_| WINDOWS_1252.decode_without_bom_handling(rest).0,
        Cow::Borrowed,
    );
    if text.contains('\0') {
        return Err(Fault::of_file(
            FaultCode::Encoding,
            "The file holds NUL bytes, so it is no text; save the table as CSV.",
            "Filen indeholder NUL-byte og er derfor ikke tekst; gem tabellen som CSV.",
        ));
    }
    Ok(text)
}

/// The columns and rows, with the delimiter by which most headings are known.
fn table(text: &str) -> Result<(Columns, Vec<Row>), Fault> {
    let mut best: Option<(Columns, Vec<Row>)> = None;
    for delimiter in DELIMITERS {
        let rows = rows(text, delimiter)?;
        let top = rows.iter().take(HEADING_WITHIN);
        let Some((place, columns)) = top
            .enumerate()
            .find_map(|(place, (_, row))| Columns::of(row).map(|columns| (place, columns)))
        else {
            continue;
        };
        let better = best
            .as_ref()
            .is_none_or(|(known, _)| columns.count() > known.count());
        if better {
            let below = rows.into_iter().skip(place.saturating_add(1)).collect();
            best = Some((columns, below));
        }
    }
    best.ok_or_else(|| {
        let first: String = text.lines().next().unwrap_or_default().chars().take(120).collect();
        Fault::of_file(
            FaultCode::UnknownFormat,
            format!("No headings are known in the first {HEADING_WITHIN} rows, which begin with {first:?}. A day (Dato, Bogført), an amount (Beløb) and a text (Tekst) are needed."),
            format!("Ingen overskrifter kendes i de første {HEADING_WITHIN} rækker, som begynder med {first:?}. Der skal være en dag (Dato, Bogført), et beløb (Beløb) og en tekst (Tekst)."),
        )
    })
}

fn rows(text: &str, delimiter: u8) -> Result<Vec<Row>, Fault> {
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| {
            Fault::of_file(
                FaultCode::Malformed,
                format!("The table cannot be read: {error}."),
                format!("Tabellen kan ikke læses: {error}."),
            )
        })?;
        let line = record.position().map_or(0, csv::Position::line);
        if record.iter().any(|cell| !cell.trim().is_empty()) {
            rows.push((line, record));
        }
        if rows.len() > MOST_ROWS {
            return Err(xml::too_large());
        }
    }
    Ok(rows)
}

/// How the amounts are written: with a decimal comma unless that cannot be.
fn style(columns: &Columns, rows: &[Row], currency: Currency) -> Style {
    let reads = |style| {
        rows.iter()
            .filter_map(|(_, row)| columns.cell(row, Heading::Amount))
            .all(|cell| amounts::cell(cell, style, currency).is_ok())
    };
    if !reads(Style::Comma) && reads(Style::Point) {
        Style::Point
    } else {
        Style::Comma
    }
}

/// The entry of a row with its balance; none for what is not booked.
fn entry(
    (line, row): &Row,
    columns: &Columns,
    (style, currency): (Style, Currency),
) -> Result<Option<Booked>, Vec<Fault>> {
    let spot = Spot {
        reference: columns
            .cell(row, Heading::BankReference)
            .and_then(|text| fit(text, LONGEST_LINE)),
        ..Spot::line(*line)
    };
    let state = columns.cell(row, Heading::State).map(fold::search_key);
    if state.is_some_and(|state| NOT_BOOKED.contains(&state.as_str())) {
        return Ok(None);
    }
    let mut faults = Vec::new();
    let mut money = |heading| {
        let cell = columns.cell(row, heading)?;
        amounts::cell(cell, style, currency)
            .map_err(|why| faults.push(why.fault(&spot, cell)))
            .ok()
    };
    let (amount, balance) = (money(Heading::Amount), money(Heading::Balance));
    let mut day = |heading| {
        let cell = columns.cell(row, heading)?;
        read_day(&spot, cell)
            .map_err(|fault| faults.push(fault))
            .ok()
    };
    let (booked, value) = (day(Heading::Booked), day(Heading::Value));
    if let Some(code) = columns.cell(row, Heading::Currency)
        && !code.eq_ignore_ascii_case(currency.code())
    {
        faults.push(foreign_currency(&spot, code, currency));
    }
    if faults.is_empty() && amount.is_none() {
        faults.push(amounts::NoAmount::Malformed.fault(&spot, ""));
    }
    let Some((amount, booked_on)) = amount.zip(booked.or(value)).filter(|_| faults.is_empty())
    else {
        if faults.is_empty() {
            faults.push(no_day(&spot, ""));
        }
        return Err(faults);
    };
    let line = |heading| {
        columns
            .cell(row, heading)
            .and_then(|text| fit(text, LONGEST_LINE))
    };
    let part = Part {
        minor: amount.saturating_abs(),
        end_to_end: line(Heading::EndToEnd),
        creditor_reference: line(Heading::Reference),
        name: line(Heading::Name),
        account: line(Heading::OtherAccount)
            .map(|account| account.replace(' ', "").to_ascii_uppercase()),
        text: joined(columns.cells(row, Heading::Text)),
        ..Part::default()
    };
    let entry = StatedEntry {
        direction: if amount < 0 {
            Direction::Debit
        } else {
            Direction::Credit
        },
        minor: part.minor,
        currency,
        booked_on,
        value_on: value.unwrap_or(booked_on),
        reversal: false,
        bank_reference: spot.reference.clone(),
        parts: vec![part],
        spot,
    };
    Ok(Some((entry, balance)))
}

/// A day as Danish banks write it: `15-03-2026`, `15.03.2026`, `15/03/2026`, or `2026-03-15`.
fn read_day(spot: &Spot, text: &str) -> Result<NaiveDate, Fault> {
    let text = text.trim();
    ["%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y", "%Y-%m-%d"]
        .iter()
        .find_map(|form| NaiveDate::parse_from_str(text, form).ok())
        .filter(|day| check_date(*day).is_ok())
        .ok_or_else(|| no_day(spot, text))
}

fn no_day(spot: &Spot, text: &str) -> Fault {
    let said: String = text.chars().take(30).collect();
    Fault::at(
        spot,
        FaultCode::Date,
        format!("{said:?} is no day; write it as 15-03-2026."),
        format!("{said:?} er ikke en dag; skriv den som 15-03-2026."),
    )
}

fn foreign_currency(spot: &Spot, code: &str, currency: Currency) -> Fault {
    let said: String = code.chars().take(10).collect();
    Fault::at(
        spot,
        FaultCode::Currency,
        format!("The entry is in {said:?}, the account in {currency}."),
        format!("Posteringen er i {said:?}, kontoen i {currency}."),
    )
}

/// Notes the account of a row; all rows are of one.
fn note_account(
    account: &mut NamedAccount,
    columns: &Columns,
    (line, row): &Row,
) -> Result<(), Fault> {
    let Some(cell) = columns.cell(row, Heading::Account) else {
        return Ok(());
    };
    let said: String = cell.chars().filter(char::is_ascii_alphanumeric).collect();
    let named = if said.starts_with(|first: char| first.is_ascii_alphabetic()) {
        NamedAccount {
            iban: Some(said.to_ascii_uppercase()),
            number: None,
        }
    } else {
        NamedAccount {
            iban: None,
            number: Some(said),
        }
    };
    if *account == NamedAccount::default() {
        *account = named;
    } else if *account != named {
        return Err(Fault::at(
            &Spot::line(*line),
            FaultCode::ForeignAccount,
            "The row is of another account than the rows above; export one account at a time.",
            "Rækken er fra en anden konto end rækkerne ovenfor; eksporter én konto ad gangen.",
        ));
    }
    Ok(())
}

/// The statement of a table: its entries with the earliest first, and its balances where each row has one.
fn statement(
    mut booked: Vec<Booked>,
    pending: u32,
    account: NamedAccount,
    currency: Currency,
) -> Result<Stated, Fault> {
    if is_latest_first(&booked) {
        booked.reverse();
    }
    let balances: Option<Vec<i64>> = booked.iter().map(|(_, balance)| *balance).collect();
    if let Some(at) = balances.as_deref().and_then(|_| first_break(&booked)) {
        return Err(Fault::at(
            &at.spot,
            FaultCode::Balance,
            "The balance is not that of the row before with this amount; rows are missing or were changed.",
            "Saldoen er ikke den forrige rækkes med dette beløb; rækker mangler eller er ændret.",
        ));
    }
    let opening = booked
        .first()
        .and_then(|(entry, balance)| balance.map(|balance| balance.saturating_sub(entry.signed())));
    let days = |entry: &Booked| entry.0.booked_on;
    let whole = balances.is_some();
    Ok(Stated {
        spot: Spot::default(),
        bank_id: None,
        account,
        currency: Some(currency),
        sequence: None,
        from_on: booked.iter().map(days).min(),
        through_on: booked.iter().map(days).max(),
        opening: opening.filter(|_| whole),
        closing: booked
            .last()
            .and_then(|(_, balance)| *balance)
            .filter(|_| whole),
        entries: booked.into_iter().map(|(entry, _)| entry).collect(),
        pending,
    })
}

/// Whether the latest entry stands first: by the days, and where all are of one day by the balances.
fn is_latest_first(booked: &[Booked]) -> bool {
    let (Some((first, _)), Some((last, _))) = (booked.first(), booked.last()) else {
        return false;
    };
    if first.booked_on != last.booked_on {
        return first.booked_on > last.booked_on;
    }
    let reversed: Vec<Booked> = booked.iter().rev().cloned().collect();
    first_break(booked).is_some() && first_break(&reversed).is_none()
}

/// The first entry whose balance does not follow from the one before.
fn first_break(booked: &[Booked]) -> Option<&StatedEntry> {
    booked.windows(2).find_map(|pair| match pair {
        [(_, Some(before)), (entry, Some(after))] => {
            (before.checked_add(entry.signed()) != Some(*after)).then_some(entry)
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests;
