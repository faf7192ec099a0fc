//! The one integration binary: it links once and shares its support. What it is not: tests of pure
//! rules; those stand beside the rules.
#![cfg(test)]
#![expect(
    unreachable_pub,
    dead_code,
    reason = "support offers each file of tests more than it needs"
)]
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::format_collect,
    clippy::format_push_string,
    clippy::type_complexity,
    clippy::match_same_arms,
    reason = "tests reach for the system and write texts as it is shortest"
)]

mod authorisation;
mod checks;
mod cli;
mod contract;
mod deeds;
mod exchange;
mod files;
mod finance;
mod hostile;
mod identity;
mod jobs;
mod locks;
mod mail;
mod mentoring;
mod migrations;
mod openapi;
mod programme;
mod queries;
mod registry;
mod roles;
mod samples;
mod scheduling;
mod support;
mod tidy;
mod transport;
mod versions;
mod workflows;
