//! Who goes where and when: experts who visit a city, and cities that visit another city. A visit
//! is planned in days, and its days are those of the host's zone. What it is not: what a visit
//! delivers of a package (`programme`) or costs (`finance`).

pub mod days;
pub mod expert_visits;
pub mod held;
pub mod study_visits;
