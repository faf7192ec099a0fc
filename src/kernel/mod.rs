//! The words every room shares: ids, money, time, text and errors. What it is not: a place for
//! anything that knows a table, a request or a rule of the trade.

pub mod adoption;
pub mod check_digits;
pub mod email;
pub mod error;
pub mod fold;
pub mod hash;
pub mod ids;
pub mod indicator;
pub mod instant;
pub mod invisible;
pub mod json;
pub mod language;
pub mod money;
pub mod page;
pub mod period;
pub mod phrase;
pub mod place;
pub mod policy_area;
pub mod refusal;
pub mod sql_types;
pub mod text;
pub mod text_enum;
