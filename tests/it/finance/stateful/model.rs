//! What the service should hold after a sequence of deeds: a few sums. What it is not: the deeds.

use std::collections::BTreeMap;

use intercultural_cities::kernel::ids::{AllocationId, InvoiceId, PaymentId, WriteOffId};

/// What each invoice is of.
pub const FEE: i64 = 7_500_000;

#[derive(Debug, Clone, Copy)]
pub struct ModelInvoice {
    pub id: InvoiceId,
    pub credited: i64,
    pub written_off: i64,
}

#[derive(Debug, Clone, Copy)]
pub struct ModelPayment {
    pub id: PaymentId,
    pub amount: i64,
    /// Paid back, or taken back by the bank.
    pub returned: i64,
}

#[derive(Debug, Clone, Copy)]
pub struct ModelUse {
    pub id: AllocationId,
    pub payment: usize,
    pub invoice: usize,
    pub minor: i64,
    pub undone: bool,
}

#[derive(Debug, Clone, Copy)]
pub struct ModelWriteOff {
    pub id: WriteOffId,
    pub invoice: usize,
    pub minor: i64,
    pub reversed: bool,
}

/// What the service should hold.
#[derive(Default)]
pub struct Model {
    pub invoices: Vec<ModelInvoice>,
    pub payments: Vec<ModelPayment>,
    pub uses: Vec<ModelUse>,
    pub write_offs: Vec<ModelWriteOff>,
    /// How much of a payment an invoice has, by their places.
    pub used: BTreeMap<(usize, usize), i64>,
}

impl Model {
    pub fn allocated(&self, invoice: usize) -> i64 {
        let of = self.used.iter().filter(|((_, one), _)| *one == invoice);
        of.map(|(_, minor)| minor).sum()
    }

    pub fn open(&self, invoice: usize) -> i64 {
        let one = self.invoices[invoice];
        FEE - one.credited - one.written_off - self.allocated(invoice)
    }

    pub fn left(&self, payment: usize) -> i64 {
        let one = self.payments[payment];
        let of = self.used.iter().filter(|((place, _), _)| *place == payment);
        one.amount - one.returned - of.map(|(_, minor)| minor).sum::<i64>()
    }
}
