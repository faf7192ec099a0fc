//! Tests of the registry, a file for each slice.

mod adopted_memberships;
mod cities;
mod coordinators;
mod experts;
mod leaving;
mod lists_of_city;
pub mod memberships;
pub mod networks;
mod partners;
mod people;
