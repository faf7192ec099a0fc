//! The columns of money: opening items are only read, the others only written. Not those of the registry
//! (that is `columns`).

use crate::exchange::columns::{Column, ColumnSpec, optional, required, undanish};

pub(super) const INVOICES: &[ColumnSpec] = &[
    undanish(Column::Id),
    optional(Column::Number, "nummer"),
    optional(Column::Kind, "type"),
    undanish(Column::Status),
    optional(Column::City, "by"),
    optional(Column::Country, "land"),
    optional(Column::IssuedOn, "udstedt"),
    optional(Column::DueOn, "forfalder"),
    optional(Column::Currency, "valuta"),
    optional(Column::Total, "i_alt"),
    optional(Column::Credited, "krediteret"),
    optional(Column::OpenAmount, "restbeloeb"),
    optional(Column::OrderReference, "ordre_reference"),
];

pub(super) const PAYMENTS: &[ColumnSpec] = &[
    undanish(Column::Id),
    optional(Column::City, "by"),
    optional(Column::Country, "land"),
    optional(Column::ReceivedOn, "modtaget"),
    optional(Column::Currency, "valuta"),
    optional(Column::Amount, "beloeb"),
    optional(Column::Allocated, "fordelt"),
    optional(Column::Unallocated, "ufordelt"),
    undanish(Column::Reference),
];

pub(super) const JOURNAL: &[ColumnSpec] = &[
    undanish(Column::Id),
    optional(Column::PostedOn, "bogfoert"),
    optional(Column::DocumentedOn, "bilagsdato"),
    optional(Column::Kind, "type"),
    optional(Column::Number, "bilag"),
    optional(Column::City, "by"),
    optional(Column::Country, "land"),
    optional(Column::Account, "konto"),
    optional(Column::AccountName, "kontonavn"),
    optional(Column::Currency, "valuta"),
    optional(Column::Debit, "debet"),
    optional(Column::Credit, "kredit"),
    optional(Column::Invoice, "faktura"),
];

pub(super) const OPENING_ITEMS: &[ColumnSpec] = &[
    required(Column::City, "by"),
    required(Column::Country, "land"),
    required(Column::Number, "nummer"),
    required(Column::IssuedOn, "udstedt"),
    required(Column::DueOn, "forfalder"),
    optional(Column::Currency, "valuta"),
    optional(Column::Total, "i_alt"),
    required(Column::OpenAmount, "restbeloeb"),
];
