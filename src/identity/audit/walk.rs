//! A walk along the chain of seals and what it finds: lines that were changed or deleted, seals that
//! do not follow, a tail that was cut. What it is not: the chain itself (`rules`), or the reading of
//! seals.

use crate::identity::audit::checkpoints::Checkpoint;
use crate::identity::audit::model::{AuditEntry, Seal};
use crate::identity::audit::problem::{Place, Problem};
use crate::identity::audit::rules::{chain_hash, entry_hash, made_at};
use crate::kernel::ids::{AuditEntryId, Id};

/// How much later than its id was made a line may be sealed while others are, in milliseconds: the
/// sealer looks back as far for what was committed late.
const LATEST: u64 = 15 * 60 * 1000;

/// A walk along the chain, seal by seal.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    /// The machine's time, in milliseconds.
    now: u64,
    /// When the youngest id so far was made.
    youngest: u64,
    sequence: i64,
    last: String,
    /// Checkpoints that lie ahead, by count.
    ahead: std::iter::Peekable<std::slice::Iter<'a, Checkpoint>>,
    problems: Vec<Problem>,
}

impl<'a> Walk<'a> {
    /// A walk that also looks at checkpoints, which are ordered by count; `now` is the machine's time
    /// in milliseconds.
    #[must_use]
    pub(super) fn new(checkpoints: &'a [Checkpoint], now: u64) -> Self {
        Self {
            now,
            youngest: 0,
            sequence: 0,
            last: String::new(),
            ahead: checkpoints.iter().peekable(),
            problems: Vec::new(),
        }
    }

    /// The next seal that is there, with its line if that is there.
    pub(super) fn step(&mut self, seal: &Seal, entry: Option<&AuditEntry>) {
        let (sequence, id) = (seal.sequence, seal.entry_id.uuid());
        let expected = self.sequence.saturating_add(1);
        if sequence > expected {
            self.problems.push(Problem::SealsMissing {
                first: expected,
                last: sequence.saturating_sub(1),
            });
        }
        match entry {
            None => self.problems.push(Problem::EntryDeleted {
                sequence,
                entry: id,
            }),
            Some(entry) if entry_hash(entry) != seal.entry_hash => {
                self.problems.push(Problem::EntryChanged {
                    sequence,
                    entry: id,
                });
            }
            Some(_) => {}
        }
        self.look_at_id(Place::Seal(sequence), seal.entry_id);
        let follows = chain_hash(&self.last, seal);
        // Behind a gap nothing can follow; the gap is named already.
        if sequence == expected && follows != seal.chain_hash {
            self.problems.push(Problem::SealWrong {
                sequence,
                entry: id,
            });
        }
        while let Some(checkpoint) = self.ahead.next_if(|ahead| ahead.count <= sequence) {
            if checkpoint.count == sequence && checkpoint.chain_hash != seal.chain_hash {
                self.problems.push(Problem::Rewritten {
                    at: checkpoint.at.rfc3339(),
                    count: sequence,
                });
            }
        }
        self.sequence = sequence;
        // Going on from what is stored, so that one change is one problem.
        self.last.clone_from(&seal.chain_hash);
    }

    /// A line behind the chain.
    pub(super) fn unsealed(&mut self, entry: AuditEntryId) {
        self.look_at_id(Place::Unsealed, entry);
    }

    /// Ids carry the time at which the service made them, and lines are sealed in that order but for
    /// those that were committed late.
    fn look_at_id(&mut self, place: Place, id: AuditEntryId) {
        let why = match made_at(id) {
            None => "the service did not make its id",
            Some(made) if made > self.now.saturating_add(LATEST) => "its id is of the future",
            Some(made) if made.saturating_add(LATEST) < self.youngest => {
                "its id is older than those of lines sealed long before it"
            }
            Some(made) => {
                self.youngest = self.youngest.max(made);
                return;
            }
        };
        self.problems.push(Problem::EntryInserted {
            place,
            entry: id.uuid(),
            why,
        });
    }

    /// How far the walk came, and everything it found.
    #[must_use]
    pub(super) fn end(mut self) -> (i64, Vec<Problem>) {
        if let Some(checkpoint) = self.ahead.last() {
            self.problems.push(Problem::TailCut {
                at: checkpoint.at.rfc3339(),
                count: checkpoint.count,
                left: self.sequence,
            });
        }
        (self.sequence, self.problems)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::audit::rules::seal;
    use crate::identity::audit::rules::tests::{entry, id, now};
    use uuid::Uuid;

    fn chain(length: u64) -> Vec<(Seal, Option<AuditEntry>)> {
        let entries: Vec<AuditEntry> = (1..=length).map(entry).collect();
        let seals = seal(None, &entries, now());
        seals
            .into_iter()
            .zip(entries.into_iter().map(Some))
            .collect()
    }

    fn walk(chain: &[(Seal, Option<AuditEntry>)], checkpoints: &[Checkpoint]) -> Vec<Problem> {
        let mut walk = Walk::new(checkpoints, 2_000_000);
        for (seal, entry) in chain {
            walk.step(seal, entry.as_ref());
        }
        walk.end().1
    }

    fn checkpoint(chain: &[(Seal, Option<AuditEntry>)], count: usize) -> Checkpoint {
        Checkpoint {
            count: i64::try_from(count).unwrap(),
            chain_hash: chain[count - 1].0.chain_hash.clone(),
            at: now(),
        }
    }

    #[test]
    fn a_sound_chain_has_no_problem() {
        let whole = chain(6);
        assert_eq!(
            walk(&whole, &[checkpoint(&whole, 3), checkpoint(&whole, 6)]),
            []
        );
        assert_eq!(walk(&[], &[]), []);
    }

    #[test]
    fn tampering_is_found_and_named() {
        let sound = chain(5);
        let signed = [checkpoint(&sound, 2), checkpoint(&sound, 5)];

        let mut changed = sound.clone();
        changed[2].1.as_mut().unwrap().actor_name = "nobody".to_owned();
        assert_eq!(
            walk(&changed, &signed),
            [Problem::EntryChanged {
                sequence: 3,
                entry: id(3)
            }]
        );

        let mut deleted = sound.clone();
        deleted[2].1 = None;
        assert_eq!(
            walk(&deleted, &signed),
            [Problem::EntryDeleted {
                sequence: 3,
                entry: id(3)
            }]
        );

        let mut both_deleted = sound.clone();
        both_deleted.remove(2);
        assert_eq!(
            walk(&both_deleted, &signed),
            [Problem::SealsMissing { first: 3, last: 3 }]
        );

        let mut swapped = sound.clone();
        let (one, two) = (swapped[1].1.clone(), swapped[2].1.clone());
        (swapped[1].1, swapped[2].1) = (two, one);
        assert_eq!(
            walk(&swapped, &signed),
            [
                Problem::EntryChanged {
                    sequence: 2,
                    entry: id(2)
                },
                Problem::EntryChanged {
                    sequence: 3,
                    entry: id(3)
                }
            ]
        );

        // Seals swapped with their entries, numbers put right.
        let mut seals_swapped = sound.clone();
        seals_swapped.swap(1, 2);
        (seals_swapped[1].0.sequence, seals_swapped[2].0.sequence) = (2, 3);
        assert!(walk(&seals_swapped, &[]).contains(&Problem::SealWrong {
            sequence: 2,
            entry: id(3)
        }));

        let mut inserted = sound.clone();
        let forged = seal(Some(&sound[1].0), &[entry(77)], now()).remove(0);
        inserted.insert(2, (forged, Some(entry(77))));
        for (place, (seal, _)) in inserted.iter_mut().enumerate() {
            seal.sequence = i64::try_from(place).unwrap() + 1;
        }
        assert!(walk(&inserted, &[]).contains(&Problem::SealWrong {
            sequence: 4,
            entry: id(3)
        }));

        // A chain made anew from a changed line is sound in itself; a signature remembers it.
        let entries: Vec<AuditEntry> = [1, 2, 33, 4, 5].map(entry).to_vec();
        let anew: Vec<_> = seal(None, &entries, now())
            .into_iter()
            .zip(entries.into_iter().map(Some))
            .collect();
        assert_eq!(walk(&anew, &[]), []);
        assert_eq!(
            walk(&anew, &signed),
            [Problem::Rewritten {
                at: now().rfc3339(),
                count: 5
            }]
        );

        let mut sealed_at_another_time = sound.clone();
        sealed_at_another_time[2].0.sealed_at = now().plus(chrono::TimeDelta::microseconds(1));
        assert_eq!(
            walk(&sealed_at_another_time, &[]),
            [Problem::SealWrong {
                sequence: 3,
                entry: id(3)
            }]
        );

        assert_eq!(walk(&sound[..3], &[]), []);
        assert_eq!(
            walk(&sound[..3], &signed),
            [Problem::TailCut {
                at: now().rfc3339(),
                count: 5,
                left: 3
            }]
        );
    }

    #[test]
    fn lines_that_were_inserted_are_found_also_when_they_were_sealed() {
        let minute = 60;
        for (made, why) in [
            (100 * minute, None),
            (86 * minute, None),
            (
                84 * minute,
                Some("its id is older than those of lines sealed long before it"),
            ),
            (200 * minute, Some("its id is of the future")),
        ] {
            let lines = [1, 100 * minute, made].map(entry);
            let problem = |place| {
                let entry = id(made);
                why.map(|why| Problem::EntryInserted { place, entry, why })
            };
            let sealed = lines.clone().map(Some);
            let whole: Vec<_> = seal(None, &lines, now()).into_iter().zip(sealed).collect();
            let now = 1_000_000 + 101 * minute * 1000;
            for (length, place) in [(3, Place::Seal(3)), (2, Place::Unsealed)] {
                let mut walk = Walk::new(&[], now);
                for (seal, entry) in &whole[..length] {
                    walk.step(seal, entry.as_ref());
                }
                if place == Place::Unsealed {
                    walk.unsealed(lines[2].id);
                }
                assert_eq!(
                    walk.end().1,
                    Vec::from_iter(problem(place)),
                    "{made} {place}"
                );
            }
        }
        let mut walk = Walk::new(&[], 2_000_000);
        walk.unsealed(Id::of(Uuid::from_u128(5)));
        let found = walk.end().1.remove(0).to_string();
        assert_eq!(
            found,
            "not sealed yet: its entry 00000000-0000-0000-0000-000000000005 was inserted: the service did not make its id"
        );
    }
}
