//! The cost of the operation that will run, before it runs. Not a measure of what it did cost.
//!
//! | what | cost |
//! |---|---|
//! | scalar, enum, list of them | 0 |
//! | object, interface, union | 1 + its selection |
//! | list | size × (1 + its selection) |
//! | connection | size × (1 + the selection of its items) + the rest of its selection once |
//! | `totalCount` and other aggregates | 10, beside the cost of their selection |
//! | a field at the root of a mutation | 10 + its selection |
//! | `pageInfo`, `__typename`, introspection | 0: `shape` limits them |
//!
//! The size is the larger of `first` and `last`, from the literal, the variable or its default;
//! else the number of `ids`; else the default in the SDL, or 20. It is at least 1: a page of
//! none is refused elsewhere, and what is asked below must not be free.
//!
//! The items of a connection are what `nodes` and `edges` select, each time they are selected; a
//! connection without either counts as if it selected one scalar of each item.
//!
//! Of an interface or a union the cost is that of the selections for all types, and that of the
//! concrete type whose fragments cost most. `@skip` and `@include` are ignored. The price of a
//! fragment is kept for each type it is spread in, so the work is linear.

use std::collections::{BTreeMap, HashMap};

use async_graphql_parser::types::{ExecutableDocument, Field, Selection, SelectionSet};
use async_graphql_value::{ConstValue, Name, Number, Value, Variables};

use super::document::select;
use super::field_kind::{DEFAULT_SIZE, FieldEntry, FieldKind};
use super::refused::{Refused, at_most, clipped};
use super::schema_map::SchemaMap;

const AGGREGATE: u64 = 10;
const MUTATION: u64 = 10;

/// Levels of selection sets and fragments that are priced. Twice the brackets of the guard, so
/// that a document which passed never meets it, and one which did not ends before the stack does.
const MOST_LEVELS: u64 = 300;

/// The cost of the operation called `operation_name`, or of the only one. It saturates at
/// `u64::MAX`. The caller compares it with the limit ([`Limits::admit_cost`]).
///
/// Fields and types that the schema does not have cost 1: validation refuses them.
///
/// [`Limits::admit_cost`]: super::Limits::admit_cost
///
/// # Errors
/// [`Refused::UnknownOperation`] and [`Refused::OperationNameRequired`]; for a document that has
/// not passed [`check_document`](super::check_document) also the refusals of its fragments.
pub fn cost(
    document: &ExecutableDocument,
    operation_name: Option<&str>,
    variables: &Variables,
    map: &SchemaMap,
) -> Result<u64, Refused> {
    priced(document, operation_name, variables, map).map(|(cost, _)| cost)
}

/// The cost, and the selections that were looked at to find it.
pub(super) fn priced(
    document: &ExecutableDocument,
    operation_name: Option<&str>,
    variables: &Variables,
    map: &SchemaMap,
) -> Result<(u64, u64), Refused> {
    let (_, operation) = select(document, operation_name)?;
    // Without such a root the executor refuses the operation; it costs nothing.
    let Some(root) = map.root(operation.ty) else {
        return Ok((0, 0));
    };
    let defaults = operation
        .variable_definitions
        .iter()
        .filter_map(|definition| {
            let definition = &definition.node;
            Some((
                &definition.name.node,
                &definition.default_value.as_ref()?.node,
            ))
        })
        .collect();
    let mut clerk = Clerk {
        document,
        map,
        variables,
        defaults,
        fragments: HashMap::new(),
        visits: 0,
    };
    let price = clerk.selection_set(root, &operation.selection_set.node, 0)?;
    Ok((price.total(), clerk.visits))
}

/// The price of a selection set, in the parts that its surroundings treat differently.
#[derive(Debug, Clone, Default)]
struct Price<'a> {
    /// Counted once for an object of any type.
    once: u64,
    /// For one item of the connection that the selection is made on; 0 elsewhere.
    item: u64,
    /// Of an interface or a union: what comes on top for each concrete type.
    by_type: BTreeMap<&'a str, u64>,
}

impl<'a> Price<'a> {
    fn total(&self) -> u64 {
        let dearest = self.by_type.values().copied().max().unwrap_or(0);
        // Items without their connection: a fragment for a connection inside a union.
        let items = self.item.saturating_mul(DEFAULT_SIZE);
        self.once.saturating_add(dearest).saturating_add(items)
    }

    fn add(&mut self, other: &Self) {
        self.once = self.once.saturating_add(other.once);
        self.item = self.item.saturating_add(other.item);
        for (&name, &price) in &other.by_type {
            self.add_for(name, price);
        }
    }

    fn add_for(&mut self, type_name: &'a str, price: u64) {
        let sum = self.by_type.entry(type_name).or_default();
        *sum = sum.saturating_add(price);
    }
}

struct Clerk<'a> {
    document: &'a ExecutableDocument,
    map: &'a SchemaMap,
    variables: &'a Variables,
    defaults: HashMap<&'a Name, &'a ConstValue>,
    /// By fragment and the type its fields are looked up in; `None` while it is being priced.
    fragments: HashMap<(&'a str, &'a str), Option<Price<'a>>>,
    visits: u64,
}

impl<'a> Clerk<'a> {
    fn selection_set(
        &mut self,
        scope: &'a str,
        set: &'a SelectionSet,
        level: u64,
    ) -> Result<Price<'a>, Refused> {
        at_most("levels of fields and fragments", level, MOST_LEVELS)?;
        let mut price = Price::default();
        for item in &set.items {
            self.visits += 1;
            match &item.node {
                Selection::Field(field) => self.field(scope, &field.node, level, &mut price)?,
                Selection::InlineFragment(inline) => {
                    let condition = inline.node.type_condition.as_ref();
                    let on = condition.map_or(scope, |condition| condition.node.on.node.as_str());
                    let set = &inline.node.selection_set.node;
                    let part = self.selection_set(self.narrower(scope, on), set, level + 1)?;
                    self.join(&mut price, scope, on, &part);
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    let Some(fragment) = self.document.fragments.get(name) else {
                        return Err(Refused::UnknownFragment(clipped(name)));
                    };
                    let on = fragment.node.type_condition.node.on.node.as_str();
                    let set = &fragment.node.selection_set.node;
                    let part = self.fragment(name, self.narrower(scope, on), set, level + 1)?;
                    self.join(&mut price, scope, on, &part);
                }
            }
        }
        Ok(price)
    }

    fn fragment(
        &mut self,
        name: &'a str,
        scope: &'a str,
        set: &'a SelectionSet,
        level: u64,
    ) -> Result<Price<'a>, Refused> {
        match self.fragments.get(&(name, scope)) {
            Some(Some(price)) => return Ok(price.clone()),
            Some(None) => return Err(Refused::FragmentCycle(clipped(name))),
            None => {}
        }
        self.fragments.insert((name, scope), None);
        let price = self.selection_set(scope, set, level)?;
        self.fragments.insert((name, scope), Some(price.clone()));
        Ok(price)
    }

    /// The type in which the fields of a fragment are looked up: an interface as condition tells
    /// less than the concrete type it stands in.
    fn narrower(&self, scope: &'a str, on: &'a str) -> &'a str {
        if self.map.is_abstract(on) && !self.map.is_abstract(scope) {
            scope
        } else {
            on
        }
    }

    /// Adds the price of a fragment to that of the selection set around it.
    fn join(&self, price: &mut Price<'a>, scope: &str, on: &'a str, part: &Price<'a>) {
        if self.map.is_abstract(scope) && !self.map.is_abstract(on) {
            price.add_for(on, part.total());
        } else {
            price.add(part);
        }
    }

    fn field(
        &mut self,
        scope: &'a str,
        field: &'a Field,
        level: u64,
        price: &mut Price<'a>,
    ) -> Result<(), Refused> {
        let name = field.name.node.as_str();
        // Names that begin so are reserved for introspection.
        if name.starts_with("__") {
            return Ok(());
        }
        let Some(entry) = self.map.field(scope, name) else {
            price.once = price.once.saturating_add(1);
            return Ok(());
        };
        if entry.is_aggregate {
            price.once = price.once.saturating_add(AGGREGATE);
        }
        if matches!(entry.kind, FieldKind::Leaf | FieldKind::PageInfo) {
            return Ok(());
        }
        let below = self.selection_set(&entry.type_name, &field.selection_set.node, level + 1)?;
        let each = below.total().saturating_add(1);
        let size = || self.size(field, entry);
        let (once, item) = match entry.kind {
            FieldKind::Leaf | FieldKind::PageInfo => (0, 0),
            FieldKind::Object => (each, 0),
            FieldKind::Mutation => (below.total().saturating_add(MUTATION), 0),
            FieldKind::List => (size().saturating_mul(each), 0),
            FieldKind::Connection => {
                let items = size().saturating_mul(below.item.max(1));
                (Price { item: 0, ..below }.total().saturating_add(items), 0)
            }
            FieldKind::Nodes => (0, each),
            // The edge is the item; its node brings its own 1.
            FieldKind::Edges => (0, below.total().max(1)),
        };
        price.once = price.once.saturating_add(once);
        price.item = price.item.saturating_add(item);
        Ok(())
    }

    /// How many items a list or a connection is asked for.
    fn size(&self, field: &'a Field, entry: &FieldEntry) -> u64 {
        let asked = ["first", "last"]
            .into_iter()
            .filter_map(|argument| self.count(&field.get_argument(argument)?.node))
            .max();
        let ids = || {
            field
                .get_argument("ids")
                .and_then(|ids| self.length(&ids.node))
        };
        let size = match asked {
            Some(size) => size,
            None if entry.counts_ids => ids().unwrap_or(entry.default_size),
            None => entry.default_size,
        };
        size.max(1)
    }

    fn count(&self, value: &Value) -> Option<u64> {
        match value {
            Value::Number(number) => natural(number),
            Value::Variable(name) => match self.variable(name)? {
                ConstValue::Number(number) => natural(number),
                _ => None,
            },
            _ => None,
        }
    }

    fn length(&self, value: &Value) -> Option<u64> {
        let items = match value {
            Value::List(items) => items.len(),
            Value::Variable(name) => match self.variable(name)? {
                ConstValue::List(items) => items.len(),
                ConstValue::Null => return None,
                _ => 1,
            },
            Value::Null => return None,
            // One value stands for a list of one.
            _ => 1,
        };
        Some(u64::try_from(items).unwrap_or(u64::MAX))
    }

    fn variable(&self, name: &Name) -> Option<&'a ConstValue> {
        self.variables
            .get(name)
            .or_else(|| self.defaults.get(name).copied())
    }
}

/// A number as a size: below zero is 0, beyond `u64` is the most. `None` for a fraction or a
/// float, which validation refuses.
fn natural(number: &Number) -> Option<u64> {
    if let Some(size) = number.as_u64() {
        return Some(size);
    }
    let float = number.as_f64()?;
    if float < 0.0 {
        Some(0)
    } else if float >= 1e15 {
        Some(u64::MAX)
    } else {
        None
    }
}
