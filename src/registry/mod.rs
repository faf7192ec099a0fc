//! Who is in the network: cities and their memberships, the people who coordinate, the experts
//! and partners who help. What it is not: what cities buy, pay or plan.

pub mod cities;
pub mod coordinators;
pub mod experts;
pub mod memberships;
pub mod networks;
pub mod partners;
pub mod people;
