//! Partner organisations.

mod model;

pub use model::PartnerKind;
