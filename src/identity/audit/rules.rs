//! The chain over the lines of the log: how a line is hashed, how a seal follows from the one
//! before, and what a walk along the chain finds. What it is not: the reading of seals, or the
//! file of checkpoints.

use serde_json::Value;

use crate::identity::audit::checkpoints::Checkpoint;
use crate::identity::audit::model::{AuditEntry, Seal};
use crate::kernel::hash::sha256_hex;
use crate::kernel::ids::{AuditEntryId, Id};
use crate::kernel::instant::Instant;

/// Seals lines behind the last seal.
#[must_use]
pub fn seal(after: Option<&Seal>, entries: &[AuditEntry], now: Instant) -> Vec<Seal> {
    let mut sequence = after.map_or(0, |seal| seal.sequence);
    let mut last = after.map_or_else(String::new, |seal| seal.chain_hash.clone());
    let mut seals = Vec::with_capacity(entries.len());
    for entry in entries {
        sequence = sequence.saturating_add(1);
        let entry_hash = entry_hash(entry);
        let chain_hash = chain_hash(&last, sequence, entry.id, &entry_hash);
        last.clone_from(&chain_hash);
        seals.push(Seal {
            sequence,
            entry_id: entry.id,
            entry_hash,
            chain_hash,
            sealed_at: now,
        });
    }
    seals
}

/// SHA-256 of everything in a line, written in one way only: a JSON array of its columns, with the
/// names of nested objects sorted, because a database may store them in another order.
#[must_use]
pub fn entry_hash(entry: &AuditEntry) -> String {
    let uuid = |id: Option<uuid::Uuid>| id.map(|id| id.to_string());
    let columns = serde_json::json!([
        entry.id.uuid().to_string(),
        entry.at.utc().timestamp_micros(),
        entry.actor_kind,
        uuid(entry.actor_id.map(Id::uuid)),
        entry.actor_name,
        entry.action,
        entry.object_kind,
        uuid(entry.object_id.map(Id::uuid)),
        uuid(entry.city_id.map(Id::uuid)),
        entry.request_id,
        sorted(&entry.details.0),
    ]);
    sha256_hex(columns.to_string().as_bytes())
}

fn chain_hash(before: &str, sequence: i64, entry: AuditEntryId, entry_hash: &str) -> String {
    sha256_hex(format!("{before}\n{sequence}\n{}\n{entry_hash}", entry.uuid()).as_bytes())
}

/// Objects as lists of pairs in the order of their names: the order of a JSON object is not
/// promised by the library.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut pairs: Vec<_> = fields.iter().collect();
            pairs.sort_by(|left, right| left.0.cmp(right.0));
            let pairs = pairs.into_iter().map(|(name, value)| {
                Value::Array(vec![Value::String(name.clone()), sorted(value)])
            });
            serde_json::json!({ "object": pairs.collect::<Vec<_>>() })
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}

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
    use crate::kernel::json::Json;
    use serde_json::json;
    use uuid::Uuid;

    fn now() -> Instant {
        Instant::parse("2026-11-22T12:00:00Z").unwrap()
    }

    fn entry(number: u128) -> AuditEntry {
        AuditEntry {
            id: AuditEntryId::of(Uuid::from_u128(number)),
            at: now(),
            actor_kind: "system".to_owned(),
            actor_id: None,
            actor_name: "test".to_owned(),
            action: "city.registered".to_owned(),
            object_kind: "City".to_owned(),
            object_id: None,
            city_id: None,
            request_id: None,
            details: Json(json!({ "number": number.to_string() })),
        }
    }

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
    fn a_chain_made_in_parts_is_sound() {
        let entries: Vec<AuditEntry> = (1..=6).map(entry).collect();
        let mut seals = seal(None, &entries[..2], now());
        let more = seal(seals.last(), &entries[2..], now());
        seals.extend(more);
        assert_eq!(seals, seal(None, &entries, now()));
        let whole = chain(6);
        assert_eq!(
            walk(&whole, &[checkpoint(&whole, 3), checkpoint(&whole, 6)]),
            []
        );
        assert_eq!(walk(&[], &[]), []);
    }

    #[test]
    fn every_column_counts_and_the_order_of_names_does_not() {
        let whole = entry(1);
        let changes: [fn(&mut AuditEntry); 11] = [
            |entry| entry.id = AuditEntryId::of(Uuid::from_u128(99)),
            |entry| entry.at = entry.at.plus(chrono::TimeDelta::microseconds(1)),
            |entry| entry.actor_kind = "user".to_owned(),
            |entry| entry.actor_id = Some(Id::of(Uuid::nil())),
            |entry| entry.actor_name = String::new(),
            |entry| entry.action = "city.revised".to_owned(),
            |entry| entry.object_kind = "Person".to_owned(),
            |entry| entry.object_id = Some(Id::of(Uuid::nil())),
            |entry| entry.city_id = Some(Id::of(Uuid::nil())),
            |entry| entry.request_id = Some(String::new()),
            |entry| entry.details = Json(json!({ "number": 1 })),
        ];
        for (index, change) in changes.iter().enumerate() {
            let mut altered = whole.clone();
            change(&mut altered);
            assert_ne!(entry_hash(&altered), entry_hash(&whole), "{index}");
        }
        let parsed = |text: &str| AuditEntry {
            details: Json(serde_json::from_str(text).unwrap()),
            ..entry(1)
        };
        assert_eq!(
            entry_hash(&parsed(r#"{"a":1,"b":{"c":[2],"d":3}}"#)),
            entry_hash(&parsed(r#"{"b":{"d":3,"c":[2]},"a":1}"#))
        );
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
