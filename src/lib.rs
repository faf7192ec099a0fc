//! The backend of a network of intercultural cities. This page is the map; each room's own page
//! tells its part of the trade.
//!
//! Rooms import only rooms to their left:
//!
//! ```text
//! kernel → access → db → jobs → files → notifications → identity → registry → programme
//!        → { finance | scheduling | mentoring } → exchange → workflows          the core
//! config → app → api → every graphql.rs, rest.rs, jobs.rs → server → cli → main   the edge
//! ```

pub mod access;
pub mod api;
pub mod app;
pub mod cli;
pub mod config;
pub mod db;
pub mod exchange;
pub mod files;
pub mod finance;
pub mod identity;
pub mod jobs;
pub mod kernel;
pub mod mentoring;
pub mod notifications;
pub mod programme;
pub mod registry;
pub mod scheduling;
#[expect(missing_docs, reason = "expanded by diesel's macro")]
#[cfg_attr(
    not(test),
    expect(clippy::wildcard_imports, reason = "as diesel's macro wants it")
)]
pub mod schema;
pub mod server;
pub mod workflows;
