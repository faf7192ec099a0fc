//! A grant gives a user a role, from an administrator's word until it is taken back. A
//! coordinator's role is for one city, an expert's for one expert's record. A coordinator's role
//! that came with an appointment holds only while the appointment lasts (`viewers`), and one that was
//! given otherwise follows the posts of its holder and the membership of the city (`posts`).
//!
//! Invariants: a role for the same city or expert is given to a user once at a time. What was
//! taken back stays on record. There is always an administrator who can sign in.

mod actions;
pub mod graphql;
mod model;
pub mod posts;
pub mod rules;
mod store;

pub use actions::{give, grant, revoke};
pub use model::{Holder, NewGrant, RoleGrant};
pub use store::{get, in_force_of_many, keep_an_administrator, lock_administrators};
