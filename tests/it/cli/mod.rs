//! The real program as an operator and a client use it: commands with their exit codes and texts, and
//! a service that is started, killed and stopped. What it is not: what the fields and rules do;
//! those tests run the service in their own process (`support/app.rs`).

mod backup;
mod commands;
mod compose;
mod crash;
mod demonstration;
mod doctor;
mod fee_run;
mod load;
mod one_process;
mod place;
mod sealing;
mod service;
mod settings;
mod sheets;

/// Declares tests that run on both databases. Each takes a [`Place`](place::Place) with an empty
/// database.
#[macro_export]
macro_rules! program_on_both_databases {
    ($(fn $name:ident($place:ident: &Place) $body:block)*) => {
        $(fn $name($place: &$crate::cli::place::Place) $body)*

        mod sqlite {
            $(#[test]
            fn $name() {
                super::$name(&$crate::cli::place::Place::sqlite());
            })*
        }

        mod postgres {
            $(#[test]
            fn $name() {
                if let Some(place) = $crate::cli::place::Place::postgres() {
                    super::$name(&place);
                }
            })*
        }
    };
}
