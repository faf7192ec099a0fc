//! Assessments: a city takes the index. It answers the questions of a questionnaire, with evidence, and
//! submits them; the network looks at them, gives them back or approves their scores; and with the city's
//! consent they are published. Any city may take the index, and take it again. What it is not: the questions
//! themselves (`questionnaires`), nor the activity of a package that an assessment may be.
//!
//! Invariants: scores are exact fractions and follow from answers and questionnaire alone; whoever submitted
//! does not approve; what is approved never changes, which the database holds; a city has one assessment at a
//! time that is not finished; nothing of one is seen by others before it is published, and the answers only
//! where the city let them be.

mod actions;
pub mod benchmarks;
pub mod charts;
pub mod comparison;
pub mod graphql;
pub mod improvement;
mod lists;
mod model;
pub mod recommending;
pub mod rest;
mod reviewing;
pub mod rules;
pub mod scoring;
mod store;
mod tallies;

pub use actions::{answer, begin, discard, revise, submit};
pub use lists::{
    Of, count, count_of, count_waiting, list, list_of, order, published_between, waiting,
};
pub use model::{
    About, Answer, AnswerState, Assessment, AssessmentFilter, AssessmentStatus, NewAnswer,
    NewAssessment, Said,
};
pub use reviewing::{annotate, approve, consent, give_back, publish, withdraw};
pub use store::{answers_of_many, find_many, get};
pub use tallies::{differences, peers, said, tallies_of_many};
