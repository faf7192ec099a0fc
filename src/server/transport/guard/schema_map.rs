//! What the price of a field depends on, read once from the SDL: what kind of thing the field
//! gives, of which type, and how many when the client does not say. Not a schema to validate
//! against: it forgets arguments, inputs, enums and nullability.
//!
//! How a kind follows from a field's definition is in `field_kind.rs`.

use std::collections::HashMap;
use std::fmt;

use async_graphql_parser::parse_schema;
use async_graphql_parser::types::{OperationType, ServiceDocument, TypeKind, TypeSystemDefinition};

use super::field_kind::{FieldEntry, FieldKind, Names};

/// The map from type and field to what its price depends on.
#[derive(Debug, Clone)]
pub struct SchemaMap {
    query: String,
    mutation: Option<String>,
    subscription: Option<String>,
    types: HashMap<String, TypeEntry>,
}

#[derive(Debug, Clone, Default)]
struct TypeEntry {
    /// An interface or a union: an object of it has another, concrete type.
    is_abstract: bool,
    fields: HashMap<String, FieldEntry>,
}

/// Why an SDL text gives no map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemaMapError {
    /// The text does not parse; the parser's message.
    Unreadable(String),
    /// The schema has no query root.
    NoQuery,
    /// A field has a type that the SDL does not define: `Type.field` and that type.
    UnknownType(String, String),
    /// A field is a list of lists of objects, for which there is no price: `Type.field`.
    NestedList(String),
}

impl fmt::Display for SchemaMapError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(message) => write!(f, "the SDL does not parse: {message}"),
            Self::NoQuery => f.write_str("the SDL has no query root"),
            Self::UnknownType(field, name) => write!(f, "{field} has the unknown type {name}"),
            Self::NestedList(field) => write!(f, "{field} is a list of lists of objects"),
        }
    }
}

impl std::error::Error for SchemaMapError {}

impl SchemaMap {
    /// Builds the map from the SDL of the whole schema, extensions included.
    ///
    /// # Errors
    /// [`SchemaMapError`] when the SDL is unreadable or incomplete, or when a field has no price.
    pub fn from_sdl(sdl: &str) -> Result<Self, SchemaMapError> {
        let parsed =
            parse_schema(sdl).map_err(|error| SchemaMapError::Unreadable(error.to_string()))?;
        Self::of(&parsed)
    }

    /// Builds the map from the parsed SDL.
    ///
    /// # Errors
    /// [`SchemaMapError`] when the SDL is incomplete, or when a field has no price.
    pub fn of(parsed: &ServiceDocument) -> Result<Self, SchemaMapError> {
        let names = Names::of(parsed);
        let mut map = Self {
            query: names
                .root(OperationType::Query)
                .ok_or(SchemaMapError::NoQuery)?,
            mutation: names.root(OperationType::Mutation),
            subscription: names.root(OperationType::Subscription),
            types: HashMap::new(),
        };
        for definition in &parsed.definitions {
            let TypeSystemDefinition::Type(definition) = definition else {
                continue;
            };
            let name = definition.node.name.node.as_str();
            let none = Vec::new();
            let (fields, is_abstract) = match &definition.node.kind {
                TypeKind::Object(object) => (&object.fields, false),
                TypeKind::Interface(interface) => (&interface.fields, true),
                TypeKind::Union(_) => (&none, true),
                TypeKind::Scalar | TypeKind::Enum(_) | TypeKind::InputObject(_) => continue,
            };
            let entry = map.types.entry(name.to_owned()).or_default();
            entry.is_abstract |= is_abstract;
            let is_mutation = map.mutation.as_deref() == Some(name);
            for field in fields {
                let mut found = names.entry(name, &field.node)?;
                if is_mutation {
                    found.kind = FieldKind::Mutation;
                }
                entry.fields.insert(field.node.name.node.to_string(), found);
            }
        }
        Ok(map)
    }

    /// The root type of an operation; `None` when the schema has no such operations.
    pub(super) fn root(&self, operation: OperationType) -> Option<&str> {
        match operation {
            OperationType::Query => Some(&self.query),
            OperationType::Mutation => self.mutation.as_deref(),
            OperationType::Subscription => self.subscription.as_deref(),
        }
    }

    /// What is known of a field; `None` when the schema has none of that name.
    pub(super) fn field(&self, type_name: &str, field: &str) -> Option<&FieldEntry> {
        self.types.get(type_name)?.fields.get(field)
    }

    /// Whether a type is an interface or a union.
    pub(super) fn is_abstract(&self, type_name: &str) -> bool {
        self.types
            .get(type_name)
            .is_some_and(|entry| entry.is_abstract)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(sdl: &str) -> String {
        SchemaMap::from_sdl(sdl).expect_err(sdl).to_string()
    }

    #[test]
    fn kinds_follow_from_the_sdl() {
        let sdl = r#"
            "Marks an alternative." directive @oneOf on INPUT_OBJECT
            directive @include(if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
            directive @specifiedBy(url: String!) on SCALAR
            directive @deprecated(
                reason: String = "No longer supported"
            ) on FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE
            input CityFilter @oneOf { country: String search: String @deprecated(reason: "2027") }
            scalar Date @specifiedBy(url: "https://www.rfc-editor.org/rfc/rfc3339")
            enum Status { ACTIVE ENDED }
            interface Node { id: ID! }
            union Activity = City | Step
            """ A city. """
            type City implements Node { id: ID! status: Status! languages: [String!]! grid: [[Int!]!]! }
            type Step { title: String! }
            type PageInfo { hasNextPage: Boolean! }
            type CityEdge { node: City! cursor: String! }
            type CityConnection { nodes: [City!]! edges: [CityEdge!]! pageInfo: PageInfo! totalCount: Int! }
            type UserError { message: String! }
            type AdmitCityPayload { city: City userErrors: [UserError!]! }
            type Root {
                cities(first: Int = 50, after: String): CityConnection!
                nodes(ids: [ID!]!): [Node]!
                node(id: ID!): Node
                steps(on: Date): [Step!]!
                activity: Activity
                openBalance: Step!
            }
            type Writes { admitCity(id: ID!): AdmitCityPayload! }
            schema { query: Root mutation: Writes }
            extend type Root { more: [City!] }
        "#;
        let map = SchemaMap::from_sdl(sdl).expect("the SDL is sound");
        let cases = [
            ("Root", "cities", FieldKind::Connection, "CityConnection"),
            ("Root", "nodes", FieldKind::List, "Node"),
            ("Root", "node", FieldKind::Object, "Node"),
            ("Root", "steps", FieldKind::List, "Step"),
            ("Root", "activity", FieldKind::Object, "Activity"),
            ("Root", "more", FieldKind::List, "City"),
            ("CityConnection", "nodes", FieldKind::Nodes, "City"),
            ("CityConnection", "edges", FieldKind::Edges, "CityEdge"),
            (
                "CityConnection",
                "pageInfo",
                FieldKind::PageInfo,
                "PageInfo",
            ),
            ("CityEdge", "node", FieldKind::Object, "City"),
            ("City", "status", FieldKind::Leaf, "Status"),
            ("City", "languages", FieldKind::Leaf, "String"),
            ("City", "grid", FieldKind::Leaf, "Int"),
            (
                "Writes",
                "admitCity",
                FieldKind::Mutation,
                "AdmitCityPayload",
            ),
            (
                "AdmitCityPayload",
                "userErrors",
                FieldKind::Object,
                "UserError",
            ),
        ];
        for (parent, field, kind, type_name) in cases {
            let entry = map.field(parent, field).expect(field);
            assert_eq!(
                (entry.kind, entry.type_name.as_str()),
                (kind, type_name),
                "{field}"
            );
        }
        let entry = |parent, field| map.field(parent, field).expect(field);
        assert_eq!(entry("Root", "cities").default_size, 50);
        assert_eq!(entry("Root", "steps").default_size, 20);
        assert!(entry("Root", "nodes").counts_ids && !entry("Root", "node").counts_ids);
        assert!(entry("CityConnection", "totalCount").is_aggregate);
        assert!(entry("Root", "openBalance").is_aggregate && !entry("City", "id").is_aggregate);
        assert!(map.is_abstract("Node") && map.is_abstract("Activity") && !map.is_abstract("City"));
        assert_eq!(map.root(OperationType::Query), Some("Root"));
        assert_eq!(map.root(OperationType::Subscription), None);
    }

    #[test]
    fn an_sdl_without_prices_is_an_error() {
        let cases = [
            ("type Query {", "does not parse"),
            ("type City { id: ID! }", "no query root"),
            (
                "type Query { city: City }",
                "Query.city has the unknown type City",
            ),
            (
                "type Query { a: [[B]] } type B { c: Int }",
                "Query.a is a list of lists of objects",
            ),
        ];
        for (sdl, message) in cases {
            assert!(failure(sdl).contains(message), "{}", failure(sdl));
        }
    }
}
