//! What the network offers a city and what came of it: the ten steps and the policy table, the
//! offer, packages and the activities in them, the index, good practices. What it is not: money, and
//! the planning of visits.

pub mod activities;
pub mod assessments;
pub mod documents;
pub mod entitlements;
pub mod offer;
pub mod packages;
pub mod policy_profiles;
pub mod policy_table;
pub mod practice_adoptions;
pub mod practice_proposals;
pub mod practices;
pub mod questionnaires;
pub mod reference;
pub mod search;
pub mod search_feed;
pub mod steps;
