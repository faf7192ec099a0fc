//! The chain over the lines of the log: how a line is hashed, and how a seal follows from the one
//! before. What it is not: the search for what was changed (`walk`), or the file of checkpoints.

use serde_json::Value;

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
        let mut seal = Seal {
            sequence,
            entry_id: entry.id,
            entry_hash,
            chain_hash: String::new(),
            sealed_at: now,
        };
        seal.chain_hash = chain_hash(&last, &seal);
        last.clone_from(&seal.chain_hash);
        seals.push(seal);
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

/// SHA-256 of the chain hash before, and of everything else that a seal says.
#[must_use]
pub fn chain_hash(before: &str, seal: &Seal) -> String {
    let Seal {
        sequence,
        entry_id,
        entry_hash,
        chain_hash: _,
        sealed_at,
    } = seal;
    let (entry, at) = (entry_id.uuid(), sealed_at.utc().timestamp_micros());
    sha256_hex(format!("{before}\n{sequence}\n{entry}\n{entry_hash}\n{at}").as_bytes())
}

/// The millisecond in which a line's id was made; none for an id that the service did not make.
#[must_use]
pub fn made_at(entry: AuditEntryId) -> Option<u64> {
    let uuid = entry.uuid();
    // A version 7 UUID begins with 48 bits of milliseconds (RFC 9562, section 5.7).
    (uuid.get_version_num() == 7).then(|| uuid.as_u64_pair().0 >> 16)
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

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::kernel::json::Json;
    use serde_json::json;
    use uuid::Uuid;

    pub(in crate::identity::audit) fn now() -> Instant {
        Instant::parse("2026-11-22T12:00:00Z").unwrap()
    }

    /// An id that was made so many seconds after the first.
    pub(in crate::identity::audit) fn id(number: u64) -> Uuid {
        uuid::Builder::from_unix_timestamp_millis(1_000_000 + number * 1000, &[7; 10]).into_uuid()
    }

    pub(in crate::identity::audit) fn entry(number: u64) -> AuditEntry {
        AuditEntry {
            id: AuditEntryId::of(id(number)),
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

    #[test]
    fn a_chain_made_in_parts_is_the_same() {
        let entries: Vec<AuditEntry> = (1..=6).map(entry).collect();
        let mut seals = seal(None, &entries[..2], now());
        let more = seal(seals.last(), &entries[2..], now());
        seals.extend(more);
        assert_eq!(seals, seal(None, &entries, now()));
    }

    #[test]
    fn every_column_counts_and_the_order_of_names_does_not() {
        let whole = entry(1);
        let changes: [fn(&mut AuditEntry); 11] = [
            |entry| entry.id = AuditEntryId::of(id(99)),
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
}
