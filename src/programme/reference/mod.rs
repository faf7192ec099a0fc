//! Reference data: what the network's own memo says about its programme. It holds the ten steps, the
//! policy table, what the package delivers, the single activities, the kinds of partner, the examples of
//! good practice, the indicators of the index and the networks, each in Danish and English.
//!
//! Reference data is read once at start, checked as a whole, and never changed while the service runs. It
//! is not the programme of a city: which step a city has taken, what it has booked and what has been
//! delivered are rows in the database. Prices are not here either; they are dated and stand in the price
//! list.
//!
//! The files are in `data/reference`; `data/README.md` says where their texts come from.

mod checks;
mod codes;
mod error;
mod load;
mod model;
mod read_indicators;
mod read_networks;
mod read_offer;
mod read_policy;
mod read_practices;

pub use crate::kernel::policy_area::PolicyArea;
pub use crate::registry::partners::PartnerKind;
pub use codes::{DeliverableKind, FigureQualifier, NetworkLevel, PolicyModel, SingleActivityKind};
pub use error::ReferenceError;
pub use load::Reference;
pub use model::{
    Deliverable, Figure, FigureValue, IndicatorName, Network, NetworkRound, PartnerKindEntry,
    PolicyAreaName, PolicyCell, PolicyModelName, PolicyTable, Practice, PracticeLinks,
    SingleActivity, Source, Step,
};
pub use read_indicators::parse_indicators;
pub use read_networks::parse_networks;
pub use read_offer::{
    PACKAGE_UNITS, parse_deliverables, parse_partner_kinds, parse_single_activities,
};
pub use read_policy::{parse_policy_table, parse_steps};
pub use read_practices::parse_practices;
