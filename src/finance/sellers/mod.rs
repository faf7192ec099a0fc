//! The seller is the one who invoices: its name and address, its bank, and the settings by which
//! fees are computed. There is one; invoices name it, so that a second one can come later.

mod accounts;
mod model;
mod profile;
mod reminder_policy;
mod rules;
mod store;

pub use model::{DayCount, ReminderPolicy, Seller};
pub use profile::{ProfilePrice, SellerProfile, ensure, id_of_name};
pub use reminder_policy::revise_reminder_policy;
pub use rules::{Einvoicing, einvoicing, fee_policy, four_eyes_limit, recognition};
pub use store::{find, get, reminder_policy, the_seller};
