//! The recognising of revenue in the background: month by month, some lines in each transaction, so
//! that nobody waits for it and a run that is cut off goes on where it was. What it is not: the
//! rules.

use crate::access::viewer::Viewer;
use crate::app::{App, Run};
use crate::db::Db;
use crate::finance::revenue::actions::recognise_some;
use crate::finance::revenue::model::{RecogniseRevenue, RunState};
use crate::finance::revenue::{rules, store};
use crate::finance::{ledger, sellers};
use crate::kernel::ids::JobId;

const VIEWER: Viewer = Viewer::System("finance.recognise_revenue");

impl Run for RecogniseRevenue {
    fn run(self, app: &App, _: JobId, db: &mut Db) -> anyhow::Result<()> {
        let found = store::find_many_runs(db, &[self.run])?;
        let Some(run) = found.first() else {
            anyhow::bail!("the run is not there");
        };
        let seller = sellers::the_seller(db)?;
        let by = sellers::recognition(&seller)?;
        let (locks, _) = ledger::locks(db)?;
        // Months that are closed hard are caught up with in the first open one.
        let open = locks.hard_through.and_then(|day| day.succ_opt());
        if let Some(first) = store::first_issue(db)?.max(open) {
            for month in rules::month_ends(first, run.through) {
                loop {
                    let (seen, posted) = db.write(&VIEWER, app.now(), |tx| {
                        let (seen, posted) = recognise_some(tx, month, by)?;
                        let count = i64::try_from(posted).unwrap_or(i64::MAX);
                        store::move_run(tx, self.run, RunState::Running, count)?;
                        Ok((seen, posted))
                    })?;
                    if seen == 0 {
                        break;
                    }
                    tracing::debug!(%month, seen, posted, "revenue recognised");
                }
            }
        }
        db.write(&VIEWER, app.now(), |tx| {
            store::move_run(tx, self.run, RunState::Done, 0)
        })?;
        Ok(())
    }
}
