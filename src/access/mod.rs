//! Who acts, and who may do what. What it is not: users, sessions or tokens (`identity`); this
//! room has no tables, so that every room can ask it.

pub mod permission;
pub mod policy;
pub mod viewer;

pub use permission::Permission;
pub use policy::Reach;
pub use viewer::{Grant, Role, Scope, UserViewer, Viewer};
