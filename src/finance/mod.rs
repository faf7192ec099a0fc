//! What each city owes and why, and what it paid. What it is not: the bank's business.

pub mod fees;
