//! The work of a fee run in the background: some cities in each transaction, many of them in each job,
//! and the rest in a job that follows, so that every job ends well within its lease. What it is not:
//! what is done about a city (`actions`).

use crate::access::viewer::Viewer;
use crate::app::{App, Run};
use crate::db::Db;
use crate::finance::fee_runs::actions::{self, Progress, reason_of};
use crate::finance::fee_runs::model::FeeRunWork;
use crate::jobs;
use crate::kernel::error::Result;
use crate::kernel::ids::{FeeRunId, Id, JobId};

const VIEWER: Viewer = Viewer::System("finance.fee_run");

/// How many cities share a transaction: enough that its fixed cost counts little, few enough that
/// nobody waits long for the counter of numbers.
const CITIES: i64 = 50;

/// How many transactions a job makes before it hands over.
const TRANSACTIONS: usize = 20;

impl Run for FeeRunWork {
    fn run(self, app: &App, _: JobId, db: &mut Db) -> anyhow::Result<()> {
        for _ in 0..TRANSACTIONS {
            if app.is_stopping() {
                break;
            }
            if step(app, db, self.run)? == Progress::Done {
                return Ok(());
            }
        }
        db.write(&VIEWER, app.now(), |tx| jobs::enqueue(tx, &self))?;
        Ok(())
    }
}

/// Works through the next cities together; when that does not go well, one by one, so that only the one
/// that it does not go well with is set aside.
fn step(app: &App, db: &mut Db, run: FeeRunId) -> Result<Progress> {
    let together = db.write(&VIEWER, app.now(), |tx| actions::work(tx, run, CITIES));
    let Err(error) = together else {
        return together;
    };
    tracing::warn!(fee_run = %run.uuid(), fault = %error, "a part of a fee run goes city by city");
    for _ in 0..CITIES {
        let one = db.write(&VIEWER, app.now(), |tx| actions::work(tx, run, 1));
        let progress = match one {
            Ok(progress) => progress,
            Err(error) => {
                tracing::warn!(fee_run = %run.uuid(), fault = %error, "a fee run sets a city aside");
                let why = reason_of(&error);
                db.write(&VIEWER, app.now(), |tx| actions::set_aside(tx, run, &why))?
            }
        };
        if progress == Progress::Done {
            return Ok(Progress::Done);
        }
    }
    Ok(Progress::More)
}
