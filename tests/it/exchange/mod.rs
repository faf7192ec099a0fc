//! Tests of spreadsheets in and out, a file for each kind.

mod cities;
