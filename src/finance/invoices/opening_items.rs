//! Open invoices of an older system, taken over with their numbers and with what was open on them. They
//! come into these books on the day they are taken over, so that what is open and what the books say agree
//! on every day; the day of the old invoice stands on its line. What it is not: invoices of ours; their
//! documents are with the system that issued them.

use chrono::{Datelike, NaiveDate};
use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::db::sql::Sql;
use crate::finance::fees::{Product, danish, english};
use crate::finance::invoices::content::{buyer_party, content_hash, seller_party};
use crate::finance::invoices::drafts::{LineTerms, Stamp, Subject, drafted};
use crate::finance::invoices::model::{Invoice, InvoiceKind, InvoiceParties, InvoiceStatus};
use crate::finance::invoices::rules::{self, DraftLine};
use crate::finance::invoices::totals::Shifts;
use crate::finance::invoices::{bookkeeping, payment_reference, store};
use crate::finance::ledger::{self, postings};
use crate::finance::periods;
use crate::finance::products::VatCategory;
use crate::finance::sellers;
use crate::identity::audit;
use crate::kernel::adoption::Adopted;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, InvoiceId};
use crate::kernel::json::Json;
use crate::kernel::money::{Currency, Money};
use crate::kernel::phrase::Phrase;
use crate::kernel::refusal::{Refusal, RefusalCode};
use crate::kernel::text;
use crate::registry::cities;

/// The longest number that is taken over, in characters: that of a document on a payment slip's list.
const LONGEST_NUMBER: usize = 40;

/// The tax was settled where the invoice was issued.
const OUTSIDE_SCOPE: &str =
    "Momsen er afregnet i det tidligere system (tax was settled in the former system)";

/// An open invoice of an older system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningItem {
    /// Who owes it.
    pub city: CityId,
    /// Its number there.
    pub number: String,
    /// Its date there.
    pub issued_on: NaiveDate,
    /// The last day to pay.
    pub due_on: NaiveDate,
    /// ISO 4217; the seller's when nothing is said.
    pub currency: Option<String>,
    /// What it came to, in minor units, when that is known.
    pub total_minor: Option<i64>,
    /// What is open on it.
    pub open_minor: i64,
}

/// Takes an open invoice over. The same one again changes nothing.
///
/// # Errors
/// Refused with all problems of the item, and when today lies in a closed period.
pub fn take_over(tx: &mut Tx<'_>, item: &OpeningItem) -> Result<Adopted<InvoiceId>> {
    tx.viewer.permit(Permission::Invoice)?;

    let city = cities::lock(tx, item.city)?;
    let seller = sellers::the_seller(tx.db)?;
    let currency = Currency::parse(&seller.currency)
        .map_err(|_| Error::Internal(anyhow::anyhow!("the seller's currency")))?;
    let today = tx.today();
    periods::refuse_closed(tx, today, "")?;
    let number = check(item, currency, today).map_err(Error::Refused)?;
    let terms = LineTerms {
        vat_category: VatCategory::O,
        vat_rate_bp: 0,
        exemption_reason: Some(OUTSIDE_SCOPE.to_owned()),
        price: None,
    };
    let subject = Subject {
        kind: InvoiceKind::OpeningItem,
        city: item.city,
        membership: None,
        package: None,
        grant: None,
        fee_year: item.issued_on.year(),
        instalment: None,
    };
    let line = line(item, &number, currency);
    if let Some(known) = known(tx, &number)? {
        return unchanged(tx, &known, item, &line);
    }

    let (draft, rows) = drafted(Stamp::of(tx), &seller, &subject, &terms, currency, &[line])?;
    store::insert(tx, &draft, &rows)?;
    let parties = InvoiceParties {
        invoice_id: draft.id,
        seller: Json::of(&seller_party(&seller, true))?,
        buyer: Json::of(&buyer_party(&city))?,
    };
    let numbered = Invoice {
        status: InvoiceStatus::Sent,
        series: Some(rules::series(draft.kind).to_owned()),
        year: Some(today.year()),
        number: Some(number),
        issued_on: Some(today),
        due_on: Some(item.due_on),
        version: 2,
        ..draft
    };
    let taken = Invoice {
        content_hash: Some(content_hash(&numbered, &parties, &rows)),
        ..numbered
    };
    store::update(tx, &taken)?;
    store::insert_parties(tx, &parties)?;
    let mut shifts = Shifts::default();
    shifts.note(None, Some(&taken))?;

    audit::record(
        tx,
        "invoice.takenOver",
        taken.id,
        Some(taken.city_id),
        json!({ "number": taken.number, "openMinor": taken.total_minor, "currency": taken.currency, "contentHash": taken.content_hash }),
    )?;
    shifts.apply(tx)?;
    let posting = postings::opening_item(&bookkeeping::claim(&taken), today, taken.total_minor);
    ledger::post(tx, posting)?;
    Ok(Adopted::Created(taken.id))
}

/// The number as it is kept, if the item can be one.
fn check(
    item: &OpeningItem,
    currency: Currency,
    today: NaiveDate,
) -> std::result::Result<String, Vec<Refusal>> {
    let mut problems = Vec::new();
    let number = text::line("number", &item.number)
        .map_err(|problem| problems.push(problem))
        .unwrap_or_default();
    let mut refuse = |code, field: &str, en: String, da: String| {
        problems.push(Refusal::new(code, field, en, da));
    };
    if number.chars().count() > LONGEST_NUMBER {
        refuse(
            RefusalCode::OutOfRange,
            "number",
            format!("A number has at most {LONGEST_NUMBER} characters."),
            format!("Et nummer har højst {LONGEST_NUMBER} tegn."),
        );
    }
    if payment_reference::number_of_compact(&payment_reference::compact(&number)).is_some() {
        refuse(
            RefusalCode::OutOfRange,
            "number",
            format!(
                "{number} is a number that this service gives itself; put something before it."
            ),
            format!("{number} er et nummer, som denne service selv giver; sæt noget foran."),
        );
    }
    let code = currency.code();
    if item.currency.as_deref().is_some_and(|said| said != code) {
        refuse(
            RefusalCode::CurrencyMismatch,
            "currency",
            format!("Invoices are in {code}."),
            format!("Fakturaer er i {code}."),
        );
    }
    if item.issued_on > today {
        refuse(
            RefusalCode::OutOfRange,
            "issuedOn",
            format!("The day lies after today, {today}."),
            format!("Dagen ligger efter i dag, {today}."),
        );
    }
    if item.due_on < item.issued_on {
        refuse(
            RefusalCode::OutOfRange,
            "dueOn",
            "An invoice is due on its own day or later.".to_owned(),
            "En faktura forfalder på sin egen dag eller senere.".to_owned(),
        );
    }
    if item.open_minor <= 0 {
        refuse(
            RefusalCode::OutOfRange,
            "openAmount",
            "Something above zero is open; leave settled invoices out.".to_owned(),
            "Noget over nul er åbent; udelad afregnede fakturaer.".to_owned(),
        );
    }
    if item
        .total_minor
        .is_some_and(|total| total < item.open_minor)
    {
        refuse(
            RefusalCode::ExceedsInvoice,
            "openAmount",
            "More is open than the invoice came to.".to_owned(),
            "Der er mere åbent, end fakturaen lød på.".to_owned(),
        );
    }
    if problems.is_empty() {
        Ok(number)
    } else {
        Err(problems)
    }
}

fn line(item: &OpeningItem, number: &str, currency: Currency) -> DraftLine {
    let net = Money::new(item.open_minor, currency);
    let on = item.issued_on;
    let whole = item.total_minor.map(|minor| Money::new(minor, currency));
    DraftLine {
        product: Product::OpeningItem,
        description: Phrase::new(
            format!("Invoice {number} of {on} of the former system"),
            format!("Faktura {number} af {on} fra det tidligere system"),
        ),
        formula: match whole {
            Some(whole) => Phrase::new(
                format!("open of {}", english(whole)),
                format!("rest af {}", danish(whole)),
            ),
            None => Phrase::new("open", "rest"),
        },
        period: None,
        net,
    }
}

/// The invoice that has this number.
fn known(tx: &mut Tx<'_>, number: &str) -> Result<Option<Invoice>> {
    let found = Sql::new("SELECT invoices.* FROM invoices WHERE invoices.number = ")
        .bind_text(number)
        .load::<store::RowType, Invoice>(tx.db)?;
    Ok(found.into_iter().next())
}

/// The item again, or another one with its number.
fn unchanged(
    tx: &mut Tx<'_>,
    known: &Invoice,
    item: &OpeningItem,
    line: &DraftLine,
) -> Result<Adopted<InvoiceId>> {
    let lines = store::lines_of_many(tx.db, &[known.id])?;
    let same_line = lines.get(&known.id).is_some_and(|lines| {
        lines.iter().all(|one| {
            one.description_en == line.description.en && one.formula_en == line.formula.en
        })
    });
    let same = known.kind == InvoiceKind::OpeningItem
        && known.city_id == item.city
        && known.due_on == Some(item.due_on)
        && known.total_minor == item.open_minor
        && same_line;
    if same {
        return Ok(Adopted::Unchanged(known.id));
    }
    Err(Error::refused(Refusal::new(
        RefusalCode::AlreadyIssued,
        "number",
        "An invoice has this number and says something else; what is taken over is not changed.",
        "En faktura har dette nummer og siger noget andet; det overtagne ændres ikke.",
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::ids::Id;
    use crate::kernel::period::parse_date;

    fn item() -> OpeningItem {
        OpeningItem {
            city: CityId::of(uuid::Uuid::nil()),
            number: " 2019-117 ".to_owned(),
            issued_on: parse_date("2019-01-15").unwrap(),
            due_on: parse_date("2019-02-14").unwrap(),
            currency: None,
            total_minor: Some(7_500_000),
            open_minor: 2_500_000,
        }
    }

    #[test]
    fn every_problem_of_an_item_is_named() {
        let today = parse_date("2026-11-22").unwrap();
        assert_eq!(check(&item(), Currency::DKK, today).unwrap(), "2019-117");
        let fields = |item: &OpeningItem| -> Vec<String> {
            let problems = check(item, Currency::DKK, today).unwrap_err();
            problems.into_iter().map(|one| one.field).collect()
        };
        for (wrong, field) in [
            (
                OpeningItem {
                    number: " ".to_owned(),
                    ..item()
                },
                "number",
            ),
            (
                OpeningItem {
                    number: "x".repeat(41),
                    ..item()
                },
                "number",
            ),
            (
                OpeningItem {
                    number: "F2026-000001".to_owned(),
                    ..item()
                },
                "number",
            ),
            (
                OpeningItem {
                    currency: Some("EUR".to_owned()),
                    ..item()
                },
                "currency",
            ),
            (
                OpeningItem {
                    due_on: parse_date("2019-01-14").unwrap(),
                    ..item()
                },
                "dueOn",
            ),
            (
                OpeningItem {
                    open_minor: 0,
                    ..item()
                },
                "openAmount",
            ),
            (
                OpeningItem {
                    open_minor: 7_500_001,
                    ..item()
                },
                "openAmount",
            ),
        ] {
            assert_eq!(fields(&wrong), [field], "{wrong:?}");
        }
        let said = line(&item(), "2019-117", Currency::DKK);
        assert_eq!(
            said.description.da,
            "Faktura 2019-117 af 2019-01-15 fra det tidligere system"
        );
        assert_eq!(said.formula.da, "rest af 75.000,00");
    }
}
