//! What the service matches by itself: each entry in a transaction of its own, so that a refusal stops one
//! only, and a process that ends in between goes on with the next. What it is not: what is proposed.

use crate::access::viewer::Viewer;
use crate::app::{App, Run};
use crate::db::Db;
use crate::finance::bank::model::{BankEntry, MatchEntries};
use crate::finance::bank::{deciding, proposing, store};
use crate::finance::sellers;
use crate::jobs;
use crate::kernel::error::Error;
use crate::kernel::ids::{Id, JobId};

const VIEWER: Viewer = Viewer::System("finance.match_entries");

/// How many entries a job matches before it hands over.
const ENTRIES: usize = 500;

impl Run for MatchEntries {
    fn run(self, app: &App, _: JobId, db: &mut Db) -> anyhow::Result<()> {
        let seller = sellers::the_seller(db)?;
        let mut refused: Option<BankEntry> = None;
        for _ in 0..ENTRIES {
            if app.is_stopping() {
                break;
            }
            let policy = store::policy(db, seller.id, app.now())?;
            let next = store::next_automatic(db, policy.automatic_from, refused.as_ref())?;
            let Some(entry) = next else {
                // What is settled now is not offered to the rest.
                db.write(&VIEWER, app.now(), |tx| proposing::propose_all(tx, &seller))?;
                return Ok(());
            };
            let matched = db.write(&VIEWER, app.now(), |tx| {
                deciding::match_automatically(tx, &entry)
            });
            match matched {
                Ok(()) => {}
                Err(Error::Refused(why)) => {
                    tracing::info!(entry = %entry.id.uuid(), ?why, "an entry of the bank is left for finance");
                    refused = Some(entry);
                }
                // Somebody else decided about it meanwhile.
                Err(Error::Stale { .. }) => refused = Some(entry),
                Err(other) => return Err(other.into()),
            }
        }
        db.write(&VIEWER, app.now(), |tx| jobs::enqueue(tx, &self))?;
        Ok(())
    }
}
