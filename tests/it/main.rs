//! The one integration binary: it links once and shares its support. What it is not: tests of pure
//! rules; those stand beside the rules.
#![cfg(test)]

mod support;
