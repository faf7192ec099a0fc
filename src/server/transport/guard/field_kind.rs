//! What a field of the SDL is to the price: its kind, its type, and its size by default. The rules
//! follow the conventions of the API, so no list of fields is kept:
//! a connection is an object with `pageInfo` and `nodes` or `edges`; an aggregate is called
//! `totalCount` or ends in `Count`, `Totals` or `Balance`; a list that counts its ids has an
//! argument `ids`. Not the prices themselves, which are in `cost.rs`.

use std::collections::{HashMap, HashSet};

use async_graphql_parser::types::{
    BaseType, FieldDefinition, OperationType, ServiceDocument, Type, TypeKind, TypeSystemDefinition,
};
use async_graphql_value::ConstValue;

use super::schema_map::SchemaMapError;

/// Items of a list or connection for which neither the client nor the SDL gives a number. Also
/// taken for the lists that are short by nature (steps, the policy table, the lines of an invoice):
/// their length is data that the guard does not read, and 20 is the right order for all of them.
pub(super) const DEFAULT_SIZE: u64 = 20;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FieldEntry {
    pub kind: FieldKind,
    /// The named type under all lists.
    pub type_name: String,
    /// Whether the database must add up many rows for it.
    pub is_aggregate: bool,
    /// Items without `first`, `last` and `ids`.
    pub default_size: u64,
    /// Whether the items are asked for by an argument `ids`.
    pub counts_ids: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldKind {
    /// A scalar or an enum, or a list of them.
    Leaf,
    /// One object, interface or union; also `userErrors`, a list that no row is read for.
    Object,
    /// A list of objects.
    List,
    /// A connection: one page of a list.
    Connection,
    /// `nodes` of a connection: its items.
    Nodes,
    /// `edges` of a connection: its items, wrapped.
    Edges,
    /// `pageInfo` of a connection.
    PageInfo,
    /// A field at the root of a mutation.
    Mutation,
}

/// The types of an SDL by what a field of them is.
pub(super) struct Names<'a> {
    leaves: HashSet<&'a str>,
    composites: HashSet<&'a str>,
    connections: HashSet<&'a str>,
    roots: HashMap<&'static str, &'a str>,
}

impl<'a> Names<'a> {
    pub(super) fn of(parsed: &'a ServiceDocument) -> Self {
        let mut names = Self {
            leaves: HashSet::from(["Int", "Float", "String", "Boolean", "ID"]),
            composites: HashSet::new(),
            connections: HashSet::new(),
            roots: HashMap::new(),
        };
        for definition in &parsed.definitions {
            match definition {
                TypeSystemDefinition::Schema(schema) => {
                    let schema = &schema.node;
                    for (operation, root) in [
                        ("Query", &schema.query),
                        ("Mutation", &schema.mutation),
                        ("Subscription", &schema.subscription),
                    ] {
                        if let Some(root) = root {
                            names.roots.insert(operation, &root.node);
                        }
                    }
                }
                TypeSystemDefinition::Type(definition) => {
                    let name = definition.node.name.node.as_str();
                    let fields = match &definition.node.kind {
                        TypeKind::Scalar | TypeKind::Enum(_) => {
                            names.leaves.insert(name);
                            continue;
                        }
                        TypeKind::InputObject(_) => continue,
                        TypeKind::Union(_) => &[],
                        TypeKind::Object(object) => object.fields.as_slice(),
                        TypeKind::Interface(interface) => interface.fields.as_slice(),
                    };
                    names.composites.insert(name);
                    let has = |wanted: &str| fields.iter().any(|f| f.node.name.node == wanted);
                    if has("pageInfo") && (has("nodes") || has("edges")) {
                        names.connections.insert(name);
                    }
                }
                TypeSystemDefinition::Directive(_) => {}
            }
        }
        names
    }

    /// The root type: the one the `schema` definition names, else the one of the usual name.
    pub(super) fn root(&self, operation: OperationType) -> Option<String> {
        let usual = match operation {
            OperationType::Query => "Query",
            OperationType::Mutation => "Mutation",
            OperationType::Subscription => "Subscription",
        };
        match self.roots.get(usual) {
            Some(root) => Some(*root),
            None if self.roots.is_empty() => self.composites.get(usual).copied(),
            None => None,
        }
        .map(str::to_owned)
    }

    pub(super) fn entry(
        &self,
        parent: &str,
        field: &FieldDefinition,
    ) -> Result<FieldEntry, SchemaMapError> {
        let name = field.name.node.as_str();
        let (type_name, lists) = unwrapped(&field.ty.node);
        let kind = if self.leaves.contains(type_name) {
            FieldKind::Leaf
        } else if !self.composites.contains(type_name) {
            let field = format!("{parent}.{name}");
            return Err(SchemaMapError::UnknownType(field, type_name.to_owned()));
        } else if lists > 1 {
            return Err(SchemaMapError::NestedList(format!("{parent}.{name}")));
        } else {
            match (self.connections.contains(parent), name) {
                (true, "nodes") => FieldKind::Nodes,
                (true, "edges") => FieldKind::Edges,
                (true, "pageInfo") => FieldKind::PageInfo,
                _ if self.connections.contains(type_name) => FieldKind::Connection,
                _ if lists == 0 || type_name == "UserError" => FieldKind::Object,
                _ => FieldKind::List,
            }
        };
        Ok(FieldEntry {
            kind,
            type_name: type_name.to_owned(),
            is_aggregate: is_aggregate(name),
            default_size: default_size(field),
            counts_ids: lists == 1 && field.arguments.iter().any(|a| a.node.name.node == "ids"),
        })
    }
}

/// The named type under all lists, and how many lists there are.
fn unwrapped(mut ty: &Type) -> (&str, u32) {
    let mut lists = 0;
    loop {
        match &ty.base {
            BaseType::Named(name) => return (name, lists),
            BaseType::List(item) => {
                lists += 1;
                ty = item;
            }
        }
    }
}

fn is_aggregate(field: &str) -> bool {
    field == "totalCount"
        || ["Count", "Totals", "Balance"]
            .iter()
            .any(|end| field.ends_with(end))
}

/// The default of `first` in the SDL, else [`DEFAULT_SIZE`].
fn default_size(field: &FieldDefinition) -> u64 {
    field
        .arguments
        .iter()
        .find(|argument| argument.node.name.node == "first")
        .and_then(|first| first.node.default_value.as_ref())
        .and_then(|value| match &value.node {
            ConstValue::Number(number) => number.as_u64(),
            _ => None,
        })
        .unwrap_or(DEFAULT_SIZE)
}
