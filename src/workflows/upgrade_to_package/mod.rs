//! A city moves from the annual fee to a package that covers it, in one deed: what its fees charge for
//! the days of the package is given back, and the city is enrolled. What it is not: the rules of
//! packages (`programme/packages`) or of what is given back (`finance/fee_refunds`).
//!
//! Whoever may enrol a city may do it: the credits follow from the enrolment by rule, and the limit of
//! what one person credits alone holds for them too.

mod actions;
pub mod graphql;

pub use actions::upgrade_to_package;
