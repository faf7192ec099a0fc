//! What every test needs: a running service on either database, actors, an HTTP client. What it is
//! not: tests.

pub mod actor;
pub mod app;
pub mod databases;
pub mod http;
pub mod postgres;
