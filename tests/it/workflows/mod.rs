//! Tests of use cases that span rooms, a file for each.

mod attention;
mod attention_pages;
mod demonstration;
mod generation;
mod leave_network;
mod vacancies;
