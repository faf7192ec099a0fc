//! What is owed to the network, looked at as a whole: how old the claims are, and when money is to be
//! expected. What it is not: the items of a single city; those are with the invoices.

pub mod graphql;
pub mod rules;
