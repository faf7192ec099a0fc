//! The file with the seller's profile and the prices it begins with. What it is not: an import;
//! what is in the database already is left alone.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::db::Tx;
use crate::finance::sellers::model::Seller;
use crate::finance::sellers::reminder_policy::{self, ProfileReminders};
use crate::finance::sellers::{accounts, rules, store};
use crate::kernel::error::{Error, Result};
use crate::kernel::ids::{Id, SellerId};

/// The profile that is compiled in.
const COMPILED_IN: &str = include_str!("../../../data/seller.toml");

/// The namespace of ids that are made from names, so that every installation has the same ones.
const NAMESPACE: Uuid = Uuid::from_u128(0x8f0c_5d5e_52b4_4f0b_9d1a_2f6f_3c0d_7a11);

/// The seller as the file has it.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SellerProfile {
    code: String,
    name: String,
    street: String,
    postal_code: String,
    town: String,
    country: String,
    cvr: String,
    email: String,
    bank_registration: String,
    bank_account: String,
    fik_creditor: Option<String>,
    iban: Option<String>,
    bic: Option<String>,
    time_zone: String,
    currency: String,
    rule_set: String,
    fee_year: String,
    first_year: String,
    last_year: String,
    recognition: String,
    payment_days: i32,
    einvoicing: String,
    four_eyes_above: i64,
    reminders: ProfileReminders,
    /// The prices it begins with.
    pub prices: Vec<ProfilePrice>,
}

/// A price as the file has it.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfilePrice {
    /// The product's word.
    pub product: String,
    /// The net amount, such as `75000.00`.
    pub amount: String,
    /// ISO 4217.
    pub currency: String,
    /// The first day.
    pub valid_from: NaiveDate,
    /// The tax category's word.
    pub vat_category: String,
    /// The rate in basis points.
    pub vat_rate_bp: i32,
    /// Why no tax is charged.
    pub exemption_reason: Option<String>,
    /// Where the price comes from.
    pub note: Option<String>,
}

impl SellerProfile {
    /// The profile that is compiled in.
    ///
    /// # Errors
    /// A fault of ours: the file was made unsound before the build.
    pub fn compiled_in() -> Result<Self> {
        Self::parse(COMPILED_IN)
    }

    /// Reads a profile.
    ///
    /// # Errors
    /// A fault that names what is wrong with the file.
    pub fn parse(text: &str) -> Result<Self> {
        toml::from_str(text)
            .map_err(|error| Error::Internal(anyhow::anyhow!("the seller's profile: {error}")))
    }
}

/// The id that belongs to a name in every installation.
#[must_use]
pub fn id_of_name<I: Id>(name: &str) -> I {
    let name = format!("{}:{name}", I::KIND);
    I::of(Uuid::new_v5(&NAMESPACE, name.as_bytes()))
}

/// Stores the seller unless it is there, with the same id everywhere.
///
/// # Errors
/// A fault of ours for settings that name no policy.
pub fn ensure(tx: &mut Tx<'_>, profile: &SellerProfile) -> Result<SellerId> {
    let profile = profile.clone();
    let seller = Seller {
        id: id_of_name(&profile.code),
        code: profile.code,
        name: profile.name,
        street: profile.street,
        postal_code: profile.postal_code,
        town: profile.town,
        country: profile.country,
        cvr: profile.cvr,
        email: profile.email,
        bank_registration: profile.bank_registration,
        bank_account: profile.bank_account,
        fik_creditor: profile.fik_creditor,
        iban: profile.iban,
        bic: profile.bic,
        time_zone: profile.time_zone,
        currency: profile.currency,
        rule_set: profile.rule_set,
        fee_year: profile.fee_year,
        first_year: profile.first_year,
        last_year: profile.last_year,
        recognition: profile.recognition,
        payment_days: profile.payment_days,
        einvoicing: profile.einvoicing,
        four_eyes_above: profile.four_eyes_above,
        created_at: tx.now,
        updated_at: tx.now,
        version: 1,
    };
    rules::fee_policy(&seller)
        .map_err(|refusal| Error::Internal(anyhow::anyhow!("the seller's profile: {refusal}")))?;
    rules::einvoicing(&seller)?;
    rules::recognition(&seller)?;
    accounts::check(&seller)?;
    store::insert_if_missing(tx, &seller)?;
    let id = store::the_seller(tx.db)?.id;
    reminder_policy::ensure(tx, id, &profile.reminders)?;
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::check_digits;

    #[test]
    fn the_profile_that_is_compiled_in_is_sound() {
        let profile = SellerProfile::compiled_in().unwrap();
        assert_eq!(profile.code, store::CODE);
        assert_eq!(profile.time_zone, "Europe/Copenhagen");
        assert_eq!(profile.payment_days, 30);
        assert_eq!(profile.einvoicing, "when-possible");
        assert_eq!(profile.four_eyes_above, 10_000_000);
        assert!(check_digits::check_cvr(&profile.cvr).is_ok());
        let prices: Vec<_> = profile
            .prices
            .iter()
            .map(|price| (price.product.as_str(), price.amount.as_str()))
            .collect();
        assert_eq!(
            prices,
            [("ANNUAL_FEE", "75000.00"), ("PACKAGE", "375000.00")]
        );
    }

    #[test]
    fn ids_come_from_names() {
        let one: SellerId = id_of_name("network");
        assert_eq!(one, id_of_name("network"));
        assert_ne!(one, id_of_name("other"));
    }
}
