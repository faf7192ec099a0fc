//! What the network offers a city and what came of it. What it is not: money.

pub mod reference;
