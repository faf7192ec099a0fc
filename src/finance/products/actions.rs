//! What is done with the price list: a price is set; the memo's prices are loaded. What it is not:
//! a change of prices; there is none.

use serde_json::json;

use crate::access::permission::Permission;
use crate::db::Tx;
use crate::finance::products::model::{NewPrice, PriceVersion};
use crate::finance::products::{rules, store};
use crate::finance::sellers::{self, ProfilePrice, SellerProfile};
use crate::identity::audit;
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::PriceId;
use crate::kernel::money::{Currency, Money};

/// Sets what a product costs from a day on. Invoices that are drafted later follow it where they
/// concern that day or a later one.
///
/// # Errors
/// Refused with all problems of the input, or because a price begins on that day already.
pub fn set_price(tx: &mut Tx<'_>, new: &NewPrice) -> Result<PriceId> {
    tx.viewer.permit(Permission::SetPrices)?;

    let known = store::all(tx.db)?;
    let before = rules::in_force(
        &known,
        new.product,
        new.amount.currency.code(),
        new.valid_from,
    );
    let (new, tax) = rules::check_new(new, before).map_err(Error::Refused)?;

    let price = PriceVersion {
        id: tx.new_id(),
        product: new.product,
        currency: new.amount.currency.code().to_owned(),
        amount_minor: new.amount.minor,
        valid_from: new.valid_from,
        vat_category: tax.category,
        vat_rate_bp: tax.rate_bp,
        exemption_reason: tax.exemption_reason,
        note: new.note,
        created_at: tx.now,
        created_by: tx.viewer.user_id(),
    };
    store::insert(tx, &price)?;

    audit::record(
        tx,
        "price.set",
        price.id,
        None,
        json!({ "product": price.product, "amount": new.amount.amount(), "currency": price.currency, "validFrom": price.valid_from }),
    )?;
    Ok(price.id)
}

/// Loads the seller's profile and the memo's prices that are compiled in. Doing it again changes
/// nothing.
///
/// # Errors
/// A fault of ours when the file is not sound.
pub fn ensure_reference(tx: &mut Tx<'_>) -> Result<()> {
    let profile = SellerProfile::compiled_in()?;
    sellers::ensure(tx, &profile)?;
    for price in &profile.prices {
        let price = of_profile(tx, price)?;
        store::insert_if_missing(tx, &price)?;
    }
    Ok(())
}

fn of_profile(tx: &Tx<'_>, price: &ProfilePrice) -> Result<PriceVersion> {
    let unsound = |what: String| Error::Internal(anyhow::anyhow!("the seller's profile: {what}"));
    let currency = Currency::parse(&price.currency)
        .map_err(|_| unsound(format!("no currency {}", price.currency)))?;
    let amount =
        Money::parse(&price.amount, currency).map_err(|refusal| unsound(format!("{refusal}")))?;
    let name = format!("{} {} {}", price.product, price.currency, price.valid_from);
    Ok(PriceVersion {
        id: sellers::id_of_name(&name),
        product: price
            .product
            .parse()
            .map_err(|error| unsound(format!("{error}")))?,
        currency: price.currency.clone(),
        amount_minor: amount.minor,
        valid_from: price.valid_from,
        vat_category: price
            .vat_category
            .parse()
            .map_err(|error| unsound(format!("{error}")))?,
        vat_rate_bp: price.vat_rate_bp,
        exemption_reason: price.exemption_reason.clone(),
        note: price.note.clone(),
        created_at: tx.now,
        created_by: None,
    })
}
