//! Tests of use cases that span rooms, a file for each.

mod attention;
mod demonstration;
mod generation;
