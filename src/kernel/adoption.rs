//! What an import asks of a record, field by field, and what came of it. What it is not: the
//! reading of a spreadsheet; that is `exchange`.

/// What a row asks of one field of its record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given<T> {
    /// Leave it as it is.
    Leave,
    /// Take the value away.
    Clear,
    /// Give it this value.
    Set(T),
}

impl<T: Clone> Given<T> {
    /// The value of the field afterwards.
    #[must_use]
    pub fn onto(&self, current: Option<T>) -> Option<T> {
        match self {
            Self::Leave => current,
            Self::Clear => None,
            Self::Set(value) => Some(value.clone()),
        }
    }

    /// The value that is set, if one is.
    #[must_use]
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Leave | Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }
}

/// What became of a row. The same row a second time is `Unchanged`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adopted<I> {
    /// A record was made.
    Created(I),
    /// The record was there and differed.
    Updated(I),
    /// The record was there and says the same.
    Unchanged(I),
}

impl<I: Copy> Adopted<I> {
    /// The record.
    #[must_use]
    pub const fn id(self) -> I {
        match self {
            Self::Created(id) | Self::Updated(id) | Self::Unchanged(id) => id,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Given::{Clear, Leave, Set};

    #[test]
    fn a_field_is_left_cleared_or_set() {
        for (given, current, after) in [
            (Leave, None, None),
            (Leave, Some(1), Some(1)),
            (Clear, Some(1), None),
            (Set(2), Some(1), Some(2)),
            (Set(2), None, Some(2)),
        ] {
            assert_eq!(given.onto(current), after, "{given:?} onto {current:?}");
        }
    }
}
