//! A payment is money that came in from a city, or for it; an allocation uses a part of it for an
//! invoice. What is not allocated is kept for the payer.
//!
//! Invariants: a payment's amount, payer and day never change, and an allocation is never changed
//! or removed; a correction is a new entry. What a credit note leaves above an invoice's new total goes
//! back to its payment by an entry below zero. No more is allocated than was paid, nor more than is
//! open on the invoice; money settles invoices in its own currency only, and those of its own city
//! unless the one who allocates says otherwise.
//!
//! A payment that the bank took back, or that was recorded wrongly, is reversed as a whole, and a single
//! use can be undone: the entry below zero says which, and the invoice is open again.
//!
//! An allocation counts from the day the money came, or from the invoice's date if that is later:
//! so a city that paid in time has paid in time, whenever finance says what for.

mod actions;
mod bookkeeping;
pub mod graphql;
mod lists;
mod model;
pub mod rules;
mod store;
mod taking_back;

pub use actions::{allocate, lock_with_invoice, record, release};
pub use bookkeeping::refunded;
pub use lists::{
    count, count_allocations, count_of_cities, list, list_allocations, list_of_cities, order,
    order_of_allocations,
};
pub use model::{
    Allocation, AllocationsOf, NewAllocation, NewPayment, NewRelease, NewReversal, Payment,
    PaymentFilter, PaymentOrder, PaymentReversal, Share,
};
pub use store::{find_many, find_many_allocations, get, get_allocation, lock, reversals_of};
pub use taking_back::{give_back, release_allocation, reverse};
