//! `GET /api/v1/cities/{id}/statement.pdf`. What it is not: the sending of it.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;

use crate::access::permission::Permission;
use crate::api::download;
use crate::api::operation::Operation;
use crate::api::rest::{Fault, Rest};
use crate::db::workers::Lane;
use crate::finance::documents;
use crate::finance::{invoices, sellers, statements};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{CityId, Id};
use crate::kernel::language::Language;
use crate::kernel::money::Currency;
use crate::registry::cities;

/// What may be asked of a statement.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    from: Option<NaiveDate>,
    through: Option<NaiveDate>,
    language: Option<String>,
}

/// Hands the pages of a city's account out.
#[utoipa::path(
    get,
    path = "/api/v1/cities/{id}/statement.pdf",
    tag = "invoices",
    params(
        ("id" = String, Path, description = "The city's id."),
        ("from" = Option<String>, Query, description = "The first day; that of the year by default."),
        ("through" = Option<String>, Query, description = "The last day; today by default."),
        ("language" = Option<String>, Query, description = "da or en; by default the language of the city's country."),
        ("If-None-Match" = Option<String>, Header, description = "The ETag of what the caller has."),
    ),
    responses(
        (status = 200, body = Vec<u8>, content_type = "application/pdf", description = "The account in the seller's currency as PDF/A, as an attachment, with a strong ETag."),
        (status = 304, description = "The caller has it already."),
        (status = 400, description = "A day or language that is none, or a last day before the first."),
        (status = 404, description = "There is no such city, or the caller may not see its invoices."),
    ),
    security(("bearer" = []))
)]
pub async fn of_city(
    rest: Rest,
    id: web::Path<String>,
    wanted: web::Query<Wanted>,
) -> HttpResponse {
    let outcome = fetch(&rest, id.into_inner(), wanted.into_inner()).await;
    rest.answer(outcome)
}

async fn fetch(rest: &Rest, id: String, wanted: Wanted) -> Result<HttpResponse, Fault> {
    let language = download::language_asked(wanted.language.as_deref())?;
    let (name, content) = rest
        .run(Lane::Reading, move |operation| {
            read(operation, &id, &wanted, language)
        })
        .await?;
    let media = "application/pdf";
    Ok(download::hand_out(rest.request(), &name, media, content))
}

fn read(
    operation: &Operation,
    id: &str,
    wanted: &Wanted,
    language: Option<Language>,
) -> Result<(String, Vec<u8>)> {
    let missing = || Error::NotFound {
        kind: CityId::KIND,
        id: id.to_owned(),
    };
    let city = CityId::parse(id).map_err(|_| missing())?;
    if !operation.viewer.may_for(Permission::SeeFinance, city) {
        return Err(missing());
    }
    let days = statements::days(wanted.from, wanted.through, operation.today())?;
    operation.read(|db| {
        let city = cities::find(db, city)?.ok_or_else(missing)?;
        let seller = sellers::the_seller(db)?;
        let currency = Currency::parse(&seller.currency)
            .map_err(|_| Error::Internal(anyhow::anyhow!("the seller's currency")))?;
        let moved = statements::movements_until(db, city.id, currency, days.1)?;
        let statement = statements::statement(moved, currency, days)?;
        let language = language.unwrap_or(match city.country.as_str() {
            "DK" => Language::Da,
            _ => Language::En,
        });
        let parties = (
            invoices::seller_party(&seller, false),
            invoices::buyer_party(&city),
        );
        let letter = statements::letter(&statement, (&parties.0, &parties.1), language);
        let name = format!("statement-{}.pdf", statement.through);
        Ok((name, documents::write(&letter)?))
    })
}
