//! Use cases that span rooms, one file each. What it is not: rules of one room.

pub mod amend_package;
pub mod annual_figures;
pub mod attention;
pub mod checks;
pub mod demonstration;
pub mod enrol_in_package;
pub mod follow_calendar;
pub mod generation;
pub mod leave_network;
pub mod reference;
pub mod store_file;
pub mod upgrade_to_package;
