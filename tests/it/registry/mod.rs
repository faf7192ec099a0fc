//! Tests of the registry, a file for each slice.

mod cities;
