//! The one integration binary: it links once and shares its support. What it is not: tests of pure
//! rules; those stand beside the rules.
#![cfg(test)]
#![expect(
    unreachable_pub,
    dead_code,
    reason = "support offers each file of tests more than it needs"
)]

mod exchange;
mod identity;
mod jobs;
mod programme;
mod registry;
mod support;
