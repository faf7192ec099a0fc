//! Any sequence of payments and allocations against a model of three lines: what is left and what
//! is open never goes below zero, and the service says yes exactly when the model does.

use intercultural_cities::finance::invoices;
use intercultural_cities::finance::payments::{self, NewAllocation};
use intercultural_cities::kernel::error::Error;
use intercultural_cities::kernel::ids::{InvoiceId, PaymentId};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::finance::arrange::{issued, member, paid, prices};
use crate::support::app::{TestApp, day};

#[derive(Debug, Clone)]
enum Step {
    Pay(i64),
    Allocate {
        payment: usize,
        invoice: usize,
        minor: i64,
    },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (1..10_000_000_i64).prop_map(Step::Pay),
        (0..6_usize, 0..3_usize, 0..9_000_000_i64).prop_map(|(payment, invoice, minor)| {
            Step::Allocate {
                payment,
                invoice,
                minor,
            }
        }),
    ]
}

#[derive(Default)]
struct Model {
    payments: Vec<(PaymentId, i64)>,
    invoices: Vec<(InvoiceId, i64)>,
}

fn run(app: &TestApp, name: &str, steps: &[Step]) {
    let (city, membership) = member(app, name, day(2020, 1, 1));
    let mut model = Model::default();
    for year in 2020..2023 {
        model
            .invoices
            .push((issued(app, membership, year, day(2026, 4, 1)), 7_500_000));
    }
    for step in steps {
        match *step {
            Step::Pay(minor) => {
                let id = paid(app, city, minor, day(2026, 5, 1), &[]);
                model.payments.push((id, minor));
            }
            Step::Allocate {
                payment,
                invoice,
                minor,
            } => {
                let Some((payment_id, left)) = model.payments.get(payment).copied() else {
                    continue;
                };
                let (invoice_id, open) = model.invoices[invoice];
                let new = NewAllocation {
                    payment: payment_id,
                    invoice: invoice_id,
                    amount: format!("{}.{:02}", minor / 100, minor % 100),
                    other_city: false,
                };
                let done = app.try_arrange(|tx| payments::allocate(tx, &new));
                if minor > 0 && minor <= left && minor <= open {
                    done.unwrap();
                    model.payments[payment].1 -= minor;
                    model.invoices[invoice].1 -= minor;
                } else {
                    assert!(matches!(done, Err(Error::Refused(_))), "{step:?}: {done:?}");
                }
            }
        }
    }
    let mut db = app.db();
    for (id, open) in model.invoices {
        let invoice = invoices::get(&mut db, id).unwrap();
        assert_eq!(invoice.open_minor(), open);
        assert_eq!(invoice.settled_on.is_some(), open == 0);
    }
    for (id, left) in model.payments {
        assert_eq!(
            payments::get(&mut db, id).unwrap().unallocated_minor(),
            left
        );
    }
    assert!(invoices::differences(&mut db).unwrap().is_empty());
}

crate::both_databases! {
    fn any_sequence_of_allocations_keeps_the_books(app: &TestApp) {
        prices(app);
        let config = Config { cases: 12, failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha));
        let next = std::sync::atomic::AtomicUsize::new(0);
        runner
            .run(&proptest::collection::vec(step(), 1..25), |steps| {
                let index = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                run(app, &format!("City {index}"), &steps);
                Ok(())
            })
            .unwrap();
    }
}
