//! The questionnaires of the index: questions with their options and points, sorted by indicator, with a
//! weight for each indicator. What it is not: a city's answers; those are in `assessments`.
//!
//! Invariants: an edition never changes once it is loaded, so a score can be computed again; a changed
//! questionnaire is a new edition, and only a declared mapping makes questions of two editions comparable.
//!
//! The service ships a questionnaire of its own; another is loaded from a file (`format`).

mod actions;
mod format;
pub mod graphql;
mod model;
mod store;

pub use actions::{ensure_own, load};
pub use format::read;
pub use model::{Content, Earlier, Question, QuestionOption, Questionnaire, Read};
pub use store::{all, find_many, get};
