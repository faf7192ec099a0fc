//! The seller is the one who invoices: its name and address, its bank, and the settings by which
//! fees are computed. There is one; invoices name it, so that a second one can come later.

mod model;
mod profile;
mod rules;
mod store;

pub use model::Seller;
pub use profile::{ProfilePrice, SellerProfile, ensure, id_of_name};
pub use rules::{Einvoicing, einvoicing, fee_policy, four_eyes_limit, recognition};
pub use store::{find, get, the_seller};
