//! Every number of the guard, in one place. Not the rules that use them.

use super::refused::{Refused, at_most};

/// What a request may be at most. All counts are inclusive: the limit itself is still allowed.
///
/// [`Limits::new`] gives the values of the contract; they are public so that a test can lower one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Cost of the operation that runs, see [`cost`](super::cost()). Set by `QUERY_COST_LIMIT`.
    pub cost_limit: u64,
    /// Bytes of a request body. The HTTP side reads no further.
    pub body_bytes: u64,
    /// Bytes of an answer. The HTTP side ends a longer one as `TOO_COMPLEX`.
    pub answer_bytes: u64,
    /// Bytes of a document, comments included.
    pub document_bytes: u64,
    /// Opening brackets `{`, `[` and `(` of a document, wherever they stand. The parser recurses
    /// once or more per bracket, so this bounds its stack.
    pub brackets: u64,
    /// Directives (`@`) of a document.
    pub directives: u64,
    /// Fields with all fragments written out: of all operations together, because validation
    /// visits them all, and of each fragment alone.
    pub expanded_fields: u64,
    /// Spreads and inline fragments with all fragments written out, counted like the fields.
    /// Without it, a chain of fragments makes a few fields expensive to reach.
    pub expanded_fragments: u64,
    /// Fields and arguments that the validation rule on overlapping fields looks at: for every
    /// selection set the fields that fragments bring into it. The rule reports every conflict once
    /// per enclosing selection set, so this also bounds the number of its errors.
    pub overlap_checks: u64,
    /// Fields at the root of one operation, fragments written out, repetitions counted.
    pub root_fields: u64,
    /// Aliases of one field under one object of the answer, fragments and repeated
    /// parents taken together.
    pub aliases: u64,
    /// Fields on a path from the root to a leaf, both included.
    pub depth: u64,
    /// Fields with a selection, spreads and inline fragments on a path. async-graphql refuses more
    /// than 32 itself; refusing here gives one code for all limits.
    pub nesting: u64,
    /// `__schema` in one operation.
    pub schema_fields: u64,
    /// `__type` in one operation.
    pub type_fields: u64,
    /// `fields`, `inputFields`, `interfaces` and `possibleTypes` together on a path below
    /// `__schema` or `__type`: each multiplies the answer by the size of the schema.
    pub introspection_lists: u64,
    /// Fields that introspection would answer in one operation, in a schema of about a hundred
    /// types. Introspection costs nothing in [`cost`](super::cost()), and aliases of nested lists
    /// would multiply; the query of graphql-js takes 204,000.
    pub introspected_fields: u64,
}

impl Limits {
    /// The limits of the API contract, with the given limit on the cost.
    #[must_use]
    pub const fn new(cost_limit: u64) -> Self {
        Self {
            cost_limit,
            body_bytes: 256 * 1024,
            answer_bytes: 16 * 1024 * 1024,
            document_bytes: 16 * 1024,
            brackets: 150,
            directives: 40,
            expanded_fields: 1_000,
            expanded_fragments: 1_000,
            overlap_checks: 5_000,
            root_fields: 30,
            aliases: 30,
            depth: 16,
            nesting: 32,
            schema_fields: 1,
            type_fields: 10,
            introspection_lists: 2,
            introspected_fields: 300_000,
        }
    }

    /// Refuses a cost above the limit.
    ///
    /// # Errors
    /// [`Refused::TooComplex`] with the cost and the limit.
    pub const fn admit_cost(&self, cost: u64) -> Result<(), Refused> {
        at_most("cost", cost, self.cost_limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cost_limit_itself_is_admitted() {
        let limits = Limits::new(10_000);
        assert_eq!(limits.admit_cost(10_000), Ok(()));
        assert_eq!(
            limits.admit_cost(10_001),
            Err(Refused::TooComplex {
                what: "cost",
                limit: 10_000,
                found: 10_001
            })
        );
    }
}
