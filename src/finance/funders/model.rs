//! The record of a funder, and what is said of one. What it is not: its grants.

use diesel::prelude::*;

use crate::finance::invoices::Party;
use crate::kernel::ids::FunderId;
use crate::kernel::instant::Instant;
use crate::schema::funders;

/// Who pays fees in a city's stead.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = funders, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Funder {
    /// The key.
    pub id: FunderId,
    /// The name, as it stands on its invoices.
    pub name: String,
    /// By which two names are the same.
    pub name_key: String,
    /// Street and number.
    pub street: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Town.
    pub town: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Company number.
    pub cvr: Option<String>,
    /// Global location number.
    pub gln: Option<String>,
    /// What the funder wants to read on its invoices.
    pub order_reference: Option<String>,
    /// Where its invoices and reminders are mailed to.
    pub email: Option<String>,
    /// When it was registered.
    pub created_at: Instant,
    /// When it was last revised.
    pub updated_at: Instant,
    /// Grows by one with each revision.
    pub version: i32,
}

impl Funder {
    /// The buyer that stands on its invoices: the grant's own reference before the funder's general one.
    #[must_use]
    pub fn party(&self, reference: Option<&str>) -> Party {
        Party {
            name: self.name.clone(),
            street: self.street.clone(),
            postal_code: self.postal_code.clone(),
            town: self.town.clone(),
            country: self.country.clone(),
            cvr: self.cvr.clone(),
            gln: self.gln.clone(),
            order_reference: reference
                .map(str::to_owned)
                .or_else(|| self.order_reference.clone()),
            ..Party::default()
        }
    }
}

/// What is said of a funder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunderDetails {
    /// The name, as it stands on its invoices.
    pub name: String,
    /// Street and number.
    pub street: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Town.
    pub town: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Company number.
    pub cvr: Option<String>,
    /// Global location number.
    pub gln: Option<String>,
    /// What the funder wants to read on its invoices.
    pub order_reference: Option<String>,
    /// Where its invoices and reminders are mailed to.
    pub email: Option<String>,
}
