//! The shape of a parsed document: fragment cycles, and what stands in it once every fragment is
//! written out at every place that spreads it. Not validation: it knows no schema, so a field of
//! any type counts alike.
//!
//! Nothing is really written out before its size is known: every fragment is measured once and its
//! measure added wherever it is spread, so the work is linear in the document although the
//! expansion may be exponential. Only after the sizes are within the limits does the second step,
//! the count of aliases, walk the expansion itself.
//!
//! **Aliases.** All selections that meet in one object of the answer are taken together: those of
//! the selection set, of its fragments under any type condition, and of every field with the same
//! response key at the same place. Among them the distinct response keys of one field, other than
//! its own name, are its aliases. So spreading the aliases over fragments or repeating the parent
//! gains nothing, while two parents may use the same aliases.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use async_graphql_parser::types::{
    ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet,
};

use super::introspection;
use super::limits::Limits;
use super::refused::{Refused, at_most, clipped};
use super::scan::Counts;

/// What the guard counted in a document that it let through.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Opening brackets.
    pub brackets: u64,
    /// Directives.
    pub directives: u64,
    /// Fields of all operations, fragments written out.
    pub fields: u64,
    /// Spreads and inline fragments of all operations, fragments written out.
    pub fragments: u64,
    /// Fields on the longest path from a root to a leaf.
    pub depth: u64,
    /// Fields that introspection would answer in a schema of about a hundred types.
    pub introspected: u64,
    /// Selections the guard itself looked at: the measure of its work.
    pub visits: u64,
}

/// Measures a document against the limits.
///
/// # Errors
/// [`Refused::FragmentCycle`], [`Refused::UnknownFragment`] or [`Refused::TooComplex`].
pub(super) fn measure(
    document: &ExecutableDocument,
    counts: Counts,
    limits: &Limits,
) -> Result<Figures, Refused> {
    let mut ruler = Ruler::new(document, limits);
    ruler.measure_document()?;
    ruler.figures.brackets = counts.brackets;
    ruler.figures.directives = counts.directives;
    Ok(ruler.figures)
}

/// An operation's root fields in document order, fragments written out. The document must have been
/// measured.
pub(super) fn root_fields<'a>(
    document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
) -> Vec<&'a Field> {
    let mut fields = Vec::new();
    write_out(document, &operation.selection_set.node, &mut fields, &mut 0);
    fields
}

/// The size of a selection set with all fragments written out.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    fields: u64,
    fragments: u64,
    /// Fields, and their arguments, that end up in the same object.
    overlap: u64,
    depth: u64,
    nesting: u64,
    schema_fields: u64,
    type_fields: u64,
    /// The most introspection lists on one path.
    lists: u64,
    /// Fields of the answer if this selection is one on introspection types.
    answer: u64,
    /// Fields of the answer that introspection gives.
    introspected: u64,
}

impl Size {
    fn add(&mut self, other: Self) {
        self.fields = self.fields.saturating_add(other.fields);
        self.fragments = self.fragments.saturating_add(other.fragments);
        self.overlap = self.overlap.saturating_add(other.overlap);
        self.schema_fields = self.schema_fields.saturating_add(other.schema_fields);
        self.type_fields = self.type_fields.saturating_add(other.type_fields);
        self.depth = self.depth.max(other.depth);
        self.nesting = self.nesting.max(other.nesting);
        self.lists = self.lists.max(other.lists);
        self.answer = self.answer.saturating_add(other.answer);
        self.introspected = self.introspected.saturating_add(other.introspected);
    }

    /// The size of a fragment seen from the place that holds it.
    fn in_fragment(mut self) -> Self {
        self.fragments = self.fragments.saturating_add(1);
        self.nesting = self.nesting.saturating_add(1);
        self
    }
}

/// Where the measuring of a fragment stands.
enum Progress {
    Begun,
    Done(Size),
}

pub(super) struct Ruler<'a> {
    document: &'a ExecutableDocument,
    limits: &'a Limits,
    fragments: HashMap<&'a str, Progress>,
    overlap: u64,
    pub(super) figures: Figures,
}

impl<'a> Ruler<'a> {
    pub(super) fn new(document: &'a ExecutableDocument, limits: &'a Limits) -> Self {
        let figures = Figures::default();
        Self {
            document,
            limits,
            fragments: HashMap::new(),
            overlap: 0,
            figures,
        }
    }

    pub(super) fn measure_document(&mut self) -> Result<(), Refused> {
        // The parser keeps hash maps; by position, the same document is refused in the same words.
        let mut fragments: Vec<_> = self.document.fragments.iter().collect();
        fragments.sort_by_key(|(_, fragment)| fragment.pos);
        for (name, _) in fragments {
            let size = self.fragment(name)?;
            self.admit(&size)?;
        }
        let mut operations: Vec<_> = self.document.operations.iter().collect();
        operations.sort_by_key(|(_, operation)| operation.pos);
        let mut all = Size::default();
        for (_, operation) in &operations {
            let size = self.selection_set(&operation.node.selection_set.node)?;
            self.admit(&size)?;
            all.add(size);
        }
        at_most(
            "fields with fragments expanded",
            all.fields,
            self.limits.expanded_fields,
        )?;
        at_most(
            "expanded fragments",
            all.fragments,
            self.limits.expanded_fragments,
        )?;
        self.figures.fields = all.fields;
        self.figures.fragments = all.fragments;
        self.figures.depth = all.depth;
        self.figures.introspected = all.introspected;
        for (_, operation) in operations {
            self.aliases(&operation.node.selection_set.node)?;
        }
        Ok(())
    }

    /// The limits that hold for each operation, and for a fragment as if it were one.
    fn admit(&self, size: &Size) -> Result<(), Refused> {
        let limits = self.limits;
        at_most("levels of fields", size.depth, limits.depth)?;
        at_most(
            "levels of fields and fragments",
            size.nesting,
            limits.nesting,
        )?;
        at_most("__schema fields", size.schema_fields, limits.schema_fields)?;
        at_most("__type fields", size.type_fields, limits.type_fields)?;
        at_most(
            "fields answered by introspection",
            size.introspected,
            limits.introspected_fields,
        )
    }

    fn fragment(&mut self, name: &'a str) -> Result<Size, Refused> {
        match self.fragments.get(name) {
            Some(Progress::Done(size)) => return Ok(*size),
            Some(Progress::Begun) => return Err(Refused::FragmentCycle(clipped(name))),
            None => {}
        }
        let Some(fragment) = self.document.fragments.get(name) else {
            return Err(Refused::UnknownFragment(clipped(name)));
        };
        self.fragments.insert(name, Progress::Begun);
        let size = self.selection_set(&fragment.node.selection_set.node)?;
        self.fragments.insert(name, Progress::Done(size));
        Ok(size)
    }

    /// Recursion is bounded by the brackets of the document: each level is a bracket, or the
    /// first spread of a fragment that has one.
    fn selection_set(&mut self, set: &'a SelectionSet) -> Result<Size, Refused> {
        let mut size = Size::default();
        for item in &set.items {
            self.figures.visits += 1;
            let part = match &item.node {
                Selection::Field(field) => self.field(&field.node)?,
                Selection::FragmentSpread(spread) => self
                    .fragment(&spread.node.fragment_name.node)?
                    .in_fragment(),
                Selection::InlineFragment(inline) => self
                    .selection_set(&inline.node.selection_set.node)?
                    .in_fragment(),
            };
            size.add(part);
            at_most(
                "fields with fragments expanded",
                size.fields,
                self.limits.expanded_fields,
            )?;
            at_most(
                "expanded fragments",
                size.fragments,
                self.limits.expanded_fragments,
            )?;
        }
        self.overlap = self.overlap.saturating_add(size.overlap);
        at_most(
            "fields and arguments to compare",
            self.overlap,
            self.limits.overlap_checks,
        )?;
        Ok(size)
    }

    fn field(&mut self, field: &'a Field) -> Result<Size, Refused> {
        let name = field.name.node.as_str();
        let set = &field.selection_set.node;
        let below = self.selection_set(set)?;
        let is_entry = introspection::is_entry(name);
        if is_entry {
            let lists = "nested fields, inputFields, interfaces and possibleTypes";
            at_most(lists, below.lists, self.limits.introspection_lists)?;
        }
        let arguments = u64::try_from(field.arguments.len()).unwrap_or(u64::MAX);
        Ok(Size {
            fields: below.fields.saturating_add(1),
            fragments: below.fragments,
            overlap: arguments.saturating_add(1),
            depth: below.depth.saturating_add(1),
            nesting: below
                .nesting
                .saturating_add(u64::from(!set.items.is_empty())),
            schema_fields: below
                .schema_fields
                .saturating_add(u64::from(name == "__schema")),
            type_fields: below
                .type_fields
                .saturating_add(u64::from(name == "__type")),
            lists: below
                .lists
                .saturating_add(u64::from(introspection::is_list(name))),
            answer: below
                .answer
                .saturating_mul(introspection::items(name))
                .saturating_add(1),
            introspected: if is_entry {
                below.answer
            } else {
                below.introspected
            },
        })
    }

    /// Root fields and aliases of a measured operation, by walking its expansion object by object.
    fn aliases(&mut self, root: &'a SelectionSet) -> Result<(), Refused> {
        let mut objects = vec![vec![root]];
        let mut at_root = true;
        while let Some(sets) = objects.pop() {
            let mut fields = Vec::new();
            for set in sets {
                write_out(self.document, set, &mut fields, &mut self.figures.visits);
            }
            if at_root {
                let found = u64::try_from(fields.len()).unwrap_or(u64::MAX);
                at_most("fields at the root", found, self.limits.root_fields)?;
                at_root = false;
            }
            let mut aliases: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
            let mut below: BTreeMap<&str, Vec<&SelectionSet>> = BTreeMap::new();
            for field in fields {
                let (name, key) = (&field.name.node, &field.response_key().node);
                if key != name {
                    let keys = aliases.entry(name).or_default();
                    keys.insert(key);
                    let found = u64::try_from(keys.len()).unwrap_or(u64::MAX);
                    at_most("aliases of one field", found, self.limits.aliases)?;
                }
                if !field.selection_set.node.items.is_empty() {
                    below
                        .entry(key)
                        .or_default()
                        .push(&field.selection_set.node);
                }
            }
            objects.extend(below.into_values());
        }
        Ok(())
    }
}

/// The fields of a selection set in document order, fragments written out. Only for measured
/// documents: their fragments exist, have no cycle, and are small and shallow when written out.
fn write_out<'a>(
    document: &'a ExecutableDocument,
    set: &'a SelectionSet,
    fields: &mut Vec<&'a Field>,
    visits: &mut u64,
) {
    for item in &set.items {
        *visits += 1;
        match &item.node {
            Selection::Field(field) => fields.push(&field.node),
            Selection::InlineFragment(inline) => {
                write_out(document, &inline.node.selection_set.node, fields, visits);
            }
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name.node;
                if let Some(fragment) = document.fragments.get(name) {
                    write_out(document, &fragment.node.selection_set.node, fields, visits);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::transport::guard::check_document;

    fn figures(source: &str) -> Figures {
        check_document(source, None, &Limits::new(1))
            .expect(source)
            .figures
    }

    #[test]
    fn fragments_count_where_they_are_spread() {
        let cases = [
            ("{ a }", (1, 0, 1)),
            ("{ a { b c { d } } }", (4, 0, 3)),
            ("{ a { ... { b } ... on T { c { d } } } }", (4, 2, 3)),
            ("{ ...F x { ...F } } fragment F on T { a { b } }", (5, 2, 3)),
            (
                "{ ...F } fragment F on T { a ...G ...G } fragment G on T { b }",
                (3, 3, 1),
            ),
            ("{ a } fragment Unused on T { a { b { c } } }", (1, 0, 1)),
        ];
        for (source, expected) in cases {
            let found = figures(source);
            assert_eq!(
                (found.fields, found.fragments, found.depth),
                expected,
                "{source}"
            );
        }
    }

    #[test]
    fn mutation_fields_are_keys_of_the_answer_in_document_order() {
        let source = "mutation { x: a __typename ...F @skip(if: true) ... { c } a x: a b } \
                      fragment F on M { b ... on M { y: d } }";
        let checked = check_document(source, None, &Limits::new(1)).expect(source);
        assert_eq!(checked.mutation_fields, ["x", "b", "y", "c", "a"]);
    }
}
