//! Failed sign-ins, counted per account. What it is not: the rate of requests (`server/rates.rs`).

pub mod rules;
