//! Tests of the registry, a file for each slice.

mod cities;
mod coordinators;
mod experts;
mod partners;
mod people;
