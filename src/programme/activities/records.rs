//! What is kept of an activity beside its dates: who took part, its documents, and whether the city
//! accepted it. What it is not: deeds.

pub(super) mod model;
pub(super) mod store;
