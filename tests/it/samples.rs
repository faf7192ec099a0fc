//! A valid document for any root field, made from the schema alone: for tests that walk through all
//! of them. What it is not: documents that mean something; objects they name need not exist.

use std::collections::HashMap;

use async_graphql_parser::types::{
    BaseType, FieldDefinition, InputValueDefinition, Type, TypeKind, TypeSystemDefinition,
};
use async_graphql_parser::{Positioned, parse_schema};
use intercultural_cities::kernel::ids::public_id;
use intercultural_cities::server::graphql;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// The types of the published schema.
pub struct Schema {
    types: HashMap<String, TypeKind>,
}

/// A root field with a document that asks for it.
pub struct Sample {
    /// The root field.
    pub field: String,
    /// The document, with a variable for each argument.
    pub document: String,
    /// Values that fit.
    pub variables: Value,
}

impl Schema {
    pub fn published() -> Self {
        let document = parse_schema(graphql::published()).unwrap();
        let types = document
            .definitions
            .into_iter()
            .filter_map(|definition| match definition {
                TypeSystemDefinition::Type(definition) => {
                    Some((definition.node.name.node.to_string(), definition.node.kind))
                }
                _ => None,
            })
            .collect();
        Self { types }
    }

    /// A document for every field of `Query` or `Mutation`; `city` stands wherever a city's id does.
    pub fn samples(&self, root: &str, city: &str) -> Vec<Sample> {
        let TypeKind::Object(object) = &self.types[root] else {
            panic!("{root} is no object");
        };
        object
            .fields
            .iter()
            .map(|field| self.sample(root, &field.node, city))
            .collect()
    }

    fn sample(&self, root: &str, field: &FieldDefinition, city: &str) -> Sample {
        let name = field.name.node.to_string();
        let mut variables = Map::new();
        let (mut declared, mut passed) = (Vec::new(), Vec::new());
        for argument in &field.arguments {
            let argument = &argument.node;
            let name = argument.name.node.as_str();
            if argument.ty.node.nullable || argument.default_value.is_some() {
                continue;
            }
            declared.push(format!("${name}: {}", argument.ty.node));
            passed.push(format!("{name}: ${name}"));
            variables.insert(
                name.to_owned(),
                self.value(field.name.node.as_str(), name, &argument.ty.node, city),
            );
        }
        let list = |parts: &[String]| {
            if parts.is_empty() {
                String::new()
            } else {
                format!("({})", parts.join(", "))
            }
        };
        let keyword = if root == "Mutation" {
            "mutation"
        } else {
            "query"
        };
        let selection = self.selection(&field.ty.node);
        let document = format!(
            "{keyword} Sample{} {{ {name}{}{selection} }}",
            list(&declared),
            list(&passed)
        );
        Sample {
            field: name,
            document,
            variables: Value::Object(variables),
        }
    }

    /// Enough of an answer to see whether there is one.
    fn selection(&self, ty: &Type) -> String {
        let name = base(ty);
        let Some(TypeKind::Object(object)) = self.types.get(name) else {
            let composite = matches!(
                self.types.get(name),
                Some(TypeKind::Interface(_) | TypeKind::Union(_))
            );
            return if composite {
                " { __typename }".to_owned()
            } else {
                String::new()
            };
        };
        let has = |field: &str| object.fields.iter().any(|one| one.node.name.node == field);
        if has("pageInfo") {
            " { nodes { __typename } }".to_owned()
        } else if has("userErrors") {
            " { __typename userErrors { code field message } }".to_owned()
        } else {
            " { __typename }".to_owned()
        }
    }

    fn value(&self, field: &str, name: &str, ty: &Type, city: &str) -> Value {
        match &ty.base {
            BaseType::List(inner) => json!([self.value(field, name, inner, city)]),
            BaseType::Named(kind) => self.named(field, name, kind, city),
        }
    }

    fn named(&self, field: &str, name: &str, kind: &str, city: &str) -> Value {
        match kind {
            "ID" => json!(id_for(field, name, city)),
            "Int" => json!(1),
            "Float" => json!(1.0),
            "Boolean" => json!(true),
            "Date" => json!(if name.starts_with("ends") {
                "2027-03-12"
            } else {
                "2027-03-10"
            }),
            "DateTime" => json!("2027-03-10T10:00:00Z"),
            "Decimal" => json!("1.00"),
            "EmailAddress" => json!("somebody@example.org"),
            "CountryCode" => json!("DK"),
            "CurrencyCode" => json!("DKK"),
            "LanguageTag" => json!("en"),
            "TimeZone" => json!("Europe/Copenhagen"),
            "URL" => json!("https://example.org/"),
            "IBAN" => json!("DK5000400440116243"),
            "String" => json!(if name == "idempotencyKey" {
                "key"
            } else {
                "Something"
            }),
            _ => match self.types.get(kind) {
                Some(TypeKind::Enum(values)) => json!(values.values[0].node.value.node.as_str()),
                Some(TypeKind::InputObject(input)) => self.input(field, &input.fields, city),
                _ => json!("something"),
            },
        }
    }

    /// The fields that must be there; where none must, as in a choice of one, the first.
    fn input(&self, field: &str, fields: &[Positioned<InputValueDefinition>], city: &str) -> Value {
        let needed: Vec<_> = fields
            .iter()
            .filter(|one| !one.node.ty.node.nullable && one.node.default_value.is_none())
            .collect();
        let chosen = if needed.is_empty() {
            fields.iter().take(1).collect()
        } else {
            needed
        };
        let entries = chosen.into_iter().map(|one| {
            let name = one.node.name.node.to_string();
            // `person: { id }` means a person, whatever the mutation is about.
            let about = match &one.node.ty.node.base {
                BaseType::Named(kind)
                    if matches!(
                        self.types.get(kind.as_str()),
                        Some(TypeKind::InputObject(_))
                    ) =>
                {
                    name.as_str()
                }
                _ => field,
            };
            let value = self.value(about, &name, &one.node.ty.node, city);
            (name, value)
        });
        Value::Object(entries.collect())
    }

    /// The inputs of a sample's variables that hold texts or ids: JSON pointers.
    pub fn texts(value: &Value) -> Vec<String> {
        fn walk(value: &Value, at: &str, found: &mut Vec<String>) {
            match value {
                Value::String(_) => found.push(at.to_owned()),
                Value::Array(items) => {
                    for (index, item) in items.iter().enumerate() {
                        walk(item, &format!("{at}/{index}"), found);
                    }
                }
                Value::Object(fields) => {
                    for (name, field) in fields {
                        walk(field, &format!("{at}/{name}"), found);
                    }
                }
                _ => {}
            }
        }
        let mut found = Vec::new();
        walk(value, "", &mut found);
        found
    }
}

fn base(ty: &Type) -> &str {
    match &ty.base {
        BaseType::List(inner) => base(inner),
        BaseType::Named(name) => name,
    }
}

/// The public id that an argument of this name takes in this field.
fn id_for(field: &str, name: &str, city: &str) -> String {
    const KINDS: [(&str, &str); 26] = [
        ("holdid", "ReminderHold"),
        ("creditnote", "CreditNote"),
        ("lineid", "InvoiceLine"),
        ("user", "User"),
        ("grant", "Grant"),
        ("person", "Person"),
        ("people", "Person"),
        ("partner", "Partner"),
        ("round", "Round"),
        ("expertvisit", "ExpertVisit"),
        ("studyvisit", "StudyVisit"),
        ("pairing", "MentorPairing"),
        ("expert", "Expert"),
        ("appointment", "Coordinator"),
        ("coordinator", "Coordinator"),
        ("place", "StudyVisitPlace"),
        ("network", "Network"),
        ("membership", "Membership"),
        ("package", "Package"),
        ("practice", "Practice"),
        ("payment", "Payment"),
        ("allocation", "Allocation"),
        ("invoice", "Invoice"),
        ("activity", "Activity"),
        ("price", "Price"),
        ("file", "File"),
    ];
    let kind_of = |text: &str| {
        let text = text.to_ascii_lowercase();
        KINDS
            .iter()
            .find(|(part, _)| text.contains(part))
            .map(|(_, kind)| *kind)
    };
    if name.to_ascii_lowercase().contains("city") {
        return city.to_owned();
    }
    let kind = kind_of(name).or_else(|| {
        (name == "id" || name == "ids")
            .then(|| kind_of(field))
            .flatten()
    });
    kind.map_or_else(
        || city.to_owned(),
        |kind| public_id(kind, Uuid::from_u128(7)),
    )
}
