//! What can be wrong with the log, in words for the one who asked. What it is not: the search for it
//! (`walk`).

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
    /// A line was not written by the service when it says.
    #[error("{place}: its entry {entry} was inserted: {why}")]
    EntryInserted {
        /// Where it is: a seal, or not sealed yet.
        place: Place,
        /// The line's id.
        entry: uuid::Uuid,
        /// What gives it away.
        why: &'static str,
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

/// Where a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the chain, at this seal.
    Seal(i64),
    /// Behind the chain: the sealer has not come to it.
    Unsealed,
}

impl std::fmt::Display for Place {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Seal(sequence) => write!(formatter, "seal {sequence}"),
            Self::Unsealed => formatter.write_str("not sealed yet"),
        }
    }
}
