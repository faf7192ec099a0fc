//! Any sequence of what finance does with issued invoices and with money, against a model of a few
//! sums: the service says yes exactly when the model does, nothing goes below zero, and afterwards the
//! books, the kept sums and the records agree. Ten thousand steps on each database.

mod model;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use intercultural_cities::finance::credit_notes::{self, AskedLine, CreditReason, NewCredit};
use intercultural_cities::finance::invoices;
use intercultural_cities::finance::payments::{self, NewAllocation, NewRelease, NewReversal};
use intercultural_cities::finance::refunds::{self, NewRefund};
use intercultural_cities::finance::write_offs::{self, NewWriteOff, WriteOffKind};
use intercultural_cities::kernel::error::{Error, Result};
use intercultural_cities::kernel::ids::{CityId, InvoiceId, MembershipId, PaymentId};
use intercultural_cities::schema::allocations;
use model::{FEE, Model, ModelInvoice, ModelPayment, ModelUse, ModelWriteOff};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::finance::arrange::{issued, limit, member, paid, prices};
use crate::finance::ledger::books_are_sound;
use crate::support::app::{TestApp, day};

const CASES: usize = 20;
const STEPS: usize = 500;
/// A city with so many invoices gets no further one.
const INVOICES: usize = 12;

/// What is done; the places are taken modulo what there is.
#[derive(Debug, Clone)]
enum Step {
    Issue,
    Pay(i64),
    Allocate {
        payment: usize,
        invoice: usize,
        minor: i64,
    },
    Release(usize),
    Reverse(usize),
    Refund {
        payment: usize,
        minor: i64,
    },
    WriteOff {
        invoice: usize,
        minor: i64,
    },
    ReverseWriteOff(usize),
    Credit {
        invoice: usize,
        minor: i64,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let place = || any::<usize>();
    prop_oneof![
        1 => Just(Step::Issue),
        4 => (1..3_000_000_i64).prop_map(Step::Pay),
        8 => (place(), place(), 0..2_500_000_i64)
            .prop_map(|(payment, invoice, minor)| Step::Allocate { payment, invoice, minor }),
        2 => place().prop_map(Step::Release),
        1 => place().prop_map(Step::Reverse),
        2 => (place(), 0..900_000_i64).prop_map(|(payment, minor)| Step::Refund { payment, minor }),
        2 => (place(), 0..1_200_000_i64)
            .prop_map(|(invoice, minor)| Step::WriteOff { invoice, minor }),
        1 => place().prop_map(Step::ReverseWriteOff),
        2 => (place(), 0..1_500_000_i64)
            .prop_map(|(invoice, minor)| Step::Credit { invoice, minor }),
    ]
}

struct Run<'a> {
    app: &'a TestApp,
    city: CityId,
    membership: MembershipId,
    model: Model,
}

impl Run<'_> {
    fn take(&mut self, step: &Step) {
        let done = match *step {
            Step::Issue => return self.issue(),
            Step::Pay(minor) => return self.pay(minor),
            Step::Allocate {
                payment,
                invoice,
                minor,
            } => self.allocate(payment, invoice, minor),
            Step::Release(place) => self.release(place),
            Step::Reverse(payment) => self.reverse(payment),
            Step::Refund { payment, minor } => self.refund(payment, minor),
            Step::WriteOff { invoice, minor } => self.write_off(invoice, minor),
            Step::ReverseWriteOff(place) => self.reverse_write_off(place),
            Step::Credit { invoice, minor } => self.credit(invoice, minor),
        };
        match done {
            None | Some((true, Ok(())) | (false, Err(Error::Refused(_)))) => {}
            Some((expected, answer)) => panic!("{step:?}: {answer:?}, and {expected} is expected"),
        }
    }

    fn issue(&mut self) {
        let place = self.model.invoices.len();
        if place == INVOICES {
            return;
        }
        let year = 2020 + i32::try_from(place).unwrap();
        let id = issued(self.app, self.membership, year, day(2026, 4, 1));
        self.model.invoices.push(ModelInvoice {
            id,
            credited: 0,
            written_off: 0,
        });
    }

    fn pay(&mut self, minor: i64) {
        let id = paid(self.app, self.city, minor, day(2026, 5, 1), &[]);
        self.model.payments.push(ModelPayment {
            id,
            amount: minor,
            returned: 0,
        });
    }

    fn allocate(
        &mut self,
        payment: usize,
        invoice: usize,
        minor: i64,
    ) -> Option<(bool, Result<()>)> {
        let payment = payment.checked_rem(self.model.payments.len())?;
        let invoice = invoice.checked_rem(self.model.invoices.len())?;
        let fits =
            minor > 0 && minor <= self.model.left(payment) && minor <= self.model.open(invoice);
        let new = NewAllocation {
            payment: self.model.payments[payment].id,
            invoice: self.model.invoices[invoice].id,
            amount: written(minor),
            other_city: false,
        };
        let done = self.app.try_arrange(|tx| payments::allocate(tx, &new));
        if let Ok(id) = done {
            *self.model.used.entry((payment, invoice)).or_default() += minor;
            self.model.uses.push(ModelUse {
                id,
                payment,
                invoice,
                minor,
                undone: false,
            });
        }
        Some((fits, done.map(drop)))
    }

    fn release(&mut self, place: usize) -> Option<(bool, Result<()>)> {
        let place = place.checked_rem(self.model.uses.len())?;
        let one = self.model.uses[place];
        let has = self.model.used.get_mut(&(one.payment, one.invoice))?;
        let fits = !one.undone && *has > 0;
        let new = NewRelease {
            allocation: one.id,
            reason: "Meant for another invoice".to_owned(),
        };
        let done = self
            .app
            .try_arrange(|tx| payments::release_allocation(tx, &new));
        if done.is_ok() {
            *has -= one.minor.min(*has);
            self.model.uses[place].undone = true;
        }
        Some((fits, done.map(drop)))
    }

    fn reverse(&mut self, payment: usize) -> Option<(bool, Result<()>)> {
        let payment = payment.checked_rem(self.model.payments.len())?;
        let one = self.model.payments[payment];
        let new = NewReversal {
            payment: one.id,
            version: payments::get(&mut self.app.db(), one.id).unwrap().version,
            on: day(2026, 6, 1),
            reason: "Returned by the bank".to_owned(),
        };
        let done = self.app.try_arrange(|tx| payments::reverse(tx, &new));
        if done.is_ok() {
            self.model.used.retain(|(place, _), _| *place != payment);
            self.model.payments[payment].returned = one.amount;
        }
        Some((one.returned == 0, done.map(drop)))
    }

    fn refund(&mut self, payment: usize, minor: i64) -> Option<(bool, Result<()>)> {
        let payment = payment.checked_rem(self.model.payments.len())?;
        let fits = minor > 0 && minor <= self.model.left(payment);
        let id = self.model.payments[payment].id;
        let new = NewRefund {
            payment: id,
            version: payments::get(&mut self.app.db(), id).unwrap().version,
            amount: Some(written(minor)),
            account: "1234 0123456789".to_owned(),
            reference: None,
            reason: "Paid twice".to_owned(),
            paid_on: None,
        };
        let done = self.app.try_arrange(|tx| refunds::refund(tx, &new));
        if done.is_ok() {
            self.model.payments[payment].returned += minor;
        }
        Some((fits, done.map(drop)))
    }

    fn write_off(&mut self, invoice: usize, minor: i64) -> Option<(bool, Result<()>)> {
        let invoice = invoice.checked_rem(self.model.invoices.len())?;
        let fits = minor > 0 && minor <= self.model.open(invoice);
        let id = self.model.invoices[invoice].id;
        let new = NewWriteOff {
            invoice: id,
            version: self.version(id),
            amount: Some(written(minor)),
            kind: WriteOffKind::BadDebt,
            reason: "Nobody answers".to_owned(),
        };
        let done = self.app.try_arrange(|tx| write_offs::write_off(tx, &new));
        if let Ok(id) = done {
            self.model.invoices[invoice].written_off += minor;
            self.model.write_offs.push(ModelWriteOff {
                id,
                invoice,
                minor,
                reversed: false,
            });
        }
        Some((fits, done.map(drop)))
    }

    fn reverse_write_off(&mut self, place: usize) -> Option<(bool, Result<()>)> {
        let place = place.checked_rem(self.model.write_offs.len())?;
        let one = self.model.write_offs[place];
        let version = write_offs::get(&mut self.app.db(), one.id).unwrap().version;
        let done = self
            .app
            .try_arrange(|tx| write_offs::reverse(tx, one.id, version, "The money came"));
        if done.is_ok() {
            self.model.invoices[one.invoice].written_off -= one.minor;
            self.model.write_offs[place].reversed = true;
        }
        Some((!one.reversed, done.map(drop)))
    }

    fn credit(&mut self, invoice: usize, minor: i64) -> Option<(bool, Result<()>)> {
        let invoice = invoice.checked_rem(self.model.invoices.len())?;
        let one = self.model.invoices[invoice];
        let left = FEE - one.credited - minor;
        let given_back = (self.model.allocated(invoice) + one.written_off - left).max(0);
        let fits = minor > 0 && left >= 0 && given_back <= self.model.allocated(invoice);
        let lines = invoices::lines_of_many(&mut self.app.db(), &[one.id]).unwrap();
        let line = lines[&one.id][0].id;
        let new = NewCredit {
            invoice: one.id,
            version: self.version(one.id),
            lines: Some(vec![AskedLine {
                line,
                amount: written(minor),
            }]),
            reason_code: CreditReason::Goodwill,
            reason: "A favour".to_owned(),
        };
        let done = self.app.try_arrange(|tx| credit_notes::credit(tx, &new));
        if done.is_ok() {
            self.model.invoices[invoice].credited += minor;
            self.read_given_back(invoice, given_back);
        }
        Some((fits, done.map(drop)))
    }

    /// Which payments a credit gave money back to is the service's choice; how much, is not.
    fn read_given_back(&mut self, invoice: usize, given_back: i64) {
        let before = self.model.allocated(invoice);
        let stored = self.used_of(self.model.invoices[invoice].id);
        for (place, payment) in self.model.payments.iter().enumerate() {
            let now = stored.get(&payment.id).copied().unwrap_or(0);
            if let Some(had) = self.model.used.get_mut(&(place, invoice)) {
                assert!((0..=*had).contains(&now), "{now} of {had}");
                *had = now;
            }
        }
        assert_eq!(self.model.allocated(invoice), before - given_back);
    }

    /// How much of each payment an invoice has.
    fn used_of(&self, invoice: InvoiceId) -> BTreeMap<PaymentId, i64> {
        use diesel::prelude::*;
        let entries: Vec<(PaymentId, i64)> = allocations::table
            .filter(allocations::invoice_id.eq(invoice))
            .select((allocations::payment_id, allocations::amount_minor))
            .load(&mut self.app.db())
            .unwrap();
        let mut sums = BTreeMap::new();
        for (payment, minor) in entries {
            *sums.entry(payment).or_default() += minor;
        }
        sums
    }

    fn version(&self, id: InvoiceId) -> i32 {
        invoices::get(&mut self.app.db(), id).unwrap().version
    }

    fn compare(&self) {
        let mut db = self.app.db();
        for (place, one) in self.model.invoices.iter().enumerate() {
            let invoice = invoices::get(&mut db, one.id).unwrap();
            let open = self.model.open(place);
            assert!(open >= 0);
            assert_eq!(invoice.open_minor(), open, "{one:?}");
            assert_eq!(invoice.allocated_minor, self.model.allocated(place));
            assert_eq!(invoice.credited_minor, one.credited);
            assert_eq!(invoice.written_off_minor, one.written_off);
            assert_eq!(invoice.settled_on.is_some(), open == 0, "{one:?}");
        }
        for (place, one) in self.model.payments.iter().enumerate() {
            let payment = payments::get(&mut db, one.id).unwrap();
            let left = self.model.left(place);
            assert!(left >= 0);
            assert_eq!(payment.unallocated_minor(), left, "{one:?}");
            assert_eq!(payment.returned_minor, one.returned);
        }
    }
}

fn written(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

crate::both_databases! {
    fn any_sequence_of_deeds_keeps_the_books(app: &TestApp) {
        prices(app);
        limit(app, i64::MAX);
        let config = Config { cases: u32::try_from(CASES).unwrap(), failure_persistence: None, max_shrink_iters: 0, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
        let next = AtomicUsize::new(0);
        runner
            .run(&proptest::collection::vec(step(), STEPS), |steps| {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let (city, membership) = member(app, &format!("City {index}"), day(2020, 1, 1));
                let mut run = Run { app, city, membership, model: Model::default() };
                run.issue();
                for step in &steps {
                    run.take(step);
                }
                run.compare();
                // The books hold the cities before it too.
                if index % 5 == 4 {
                    books_are_sound(app);
                }
                Ok(())
            })
            .unwrap();
    }
}
