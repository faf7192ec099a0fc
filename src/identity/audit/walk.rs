//! A walk along the chain of seals and what it finds: lines that were changed or deleted, seals that
//! do not follow, a tail that was cut. What it is not: the chain itself (`rules`), or the reading of
//! seals.

use crate::identity::audit::checkpoints::Checkpoint;
use crate::identity::audit::model::{AuditEntry, Seal};
use crate::identity::audit::rules::{chain_hash, entry_hash};
use crate::kernel::ids::Id;

/// Something that is not as it was sealed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Seals are gone from the middle.
    #[error("seal {first} to {last} are missing: they were deleted")]
    SealsMissing {
        /// The first one.
        first: i64,
        /// The last one.
        last: i64,
    },
    /// The line of a seal is gone.
    #[error("seal {sequence}: its entry {entry} was deleted")]
    EntryDeleted {
        /// The seal.
        sequence: i64,
        /// The line's id.
        entry: uuid::Uuid,
    },
    /// A line differs from what was sealed.
    #[error("seal {sequence}: its entry {entry} was changed after it was sealed")]
    EntryChanged {
        /// The seal.
        sequence: i64,
        /// The line's id.
        entry: uuid::Uuid,
    },
    /// A seal does not follow from the one before it.
    #[error(
        "seal {sequence} of entry {entry} does not follow from the one before: seals were changed, swapped or inserted"
    )]
    SealWrong {
        /// The seal.
        sequence: i64,
        /// The line's id.
        entry: uuid::Uuid,
    },
    /// A line of the file of checkpoints is no checkpoint, or not signed by a known key.
    #[error("checkpoint in line {line}: {why}")]
    CheckpointWrong {
        /// The line of the file, from 1.
        line: usize,
        /// What is wrong.
        why: String,
    },
    /// The chain is shorter than it was.
    #[error("the checkpoint of {at} saw {count} seals, and only {left} are left: the tail was cut")]
    TailCut {
        /// When the checkpoint was signed.
        at: String,
        /// How many seals there were.
        count: i64,
        /// How many there are.
        left: i64,
    },
    /// The chain is sound in itself, but another one than was signed.
    #[error(
        "the checkpoint of {at} signed another seal {count}: the chain was made anew before it"
    )]
    Rewritten {
        /// When the checkpoint was signed.
        at: String,
        /// The seal.
        count: i64,
    },
}

/// A walk along the chain, seal by seal.
#[derive(Debug)]
pub struct Walk<'a> {
    sequence: i64,
    last: String,
    /// Checkpoints that lie ahead, by count.
    ahead: std::iter::Peekable<std::slice::Iter<'a, Checkpoint>>,
    problems: Vec<Problem>,
}

impl<'a> Walk<'a> {
    /// A walk that also looks at checkpoints, which are ordered by count.
    #[must_use]
    pub fn new(checkpoints: &'a [Checkpoint]) -> Self {
        Self {
            sequence: 0,
            last: String::new(),
            ahead: checkpoints.iter().peekable(),
            problems: Vec::new(),
        }
    }

    /// The next seal that is there, with its line if that is there.
    pub fn step(&mut self, seal: &Seal, entry: Option<&AuditEntry>) {
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
        let follows = chain_hash(&self.last, sequence, seal.entry_id, &seal.entry_hash);
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

    /// How far the walk came, and everything it found.
    #[must_use]
    pub fn end(mut self) -> (i64, Vec<Problem>) {
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
    use crate::identity::audit::rules::tests::{entry, now};
    use uuid::Uuid;

    fn chain(length: u128) -> Vec<(Seal, Option<AuditEntry>)> {
        let entries: Vec<AuditEntry> = (1..=length).map(entry).collect();
        let seals = seal(None, &entries, now());
        seals
            .into_iter()
            .zip(entries.into_iter().map(Some))
            .collect()
    }

    fn walk(chain: &[(Seal, Option<AuditEntry>)], checkpoints: &[Checkpoint]) -> Vec<Problem> {
        let mut walk = Walk::new(checkpoints);
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
        let id = |number: u128| Uuid::from_u128(number);
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
}
