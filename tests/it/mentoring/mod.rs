//! Tests of mentoring, a file for each slice.

mod pairings;
