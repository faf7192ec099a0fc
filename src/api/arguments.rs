//! What the arguments of a mutation say: one text for all spellings that mean the same, so that a
//! request repeated by another client, or with variables instead of literals, is recognised. What
//! it is not: their check; validation and the resolvers do that.

use std::collections::HashMap;

use anyhow::Context;
use async_graphql::{Name, Value};
use async_graphql_parser::Positioned;
use async_graphql_parser::parse_schema;
use async_graphql_parser::types::{
    BaseType, InputValueDefinition, ServiceDocument, Type, TypeKind, TypeSystemDefinition,
};

use crate::kernel::instant::Instant;

/// The field of an input that may hold the idempotency key.
pub const KEY_FIELD: &str = "idempotencyKey";

/// The inputs of the mutations, from the schema.
#[derive(Debug)]
pub struct InputTypes {
    mutations: HashMap<String, Vec<Field>>,
    inputs: HashMap<String, Vec<Field>>,
}

#[derive(Debug)]
struct Field {
    name: String,
    ty: Type,
    default: Option<Value>,
}

/// The digest of a mutation's arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    /// SHA-256 of what the arguments say, as hexadecimal text.
    pub sha256: String,
    /// The idempotency key that stood in the input; it is not part of what it protects.
    pub key: Option<String>,
}

impl InputTypes {
    /// Reads the inputs from the text of the schema.
    ///
    /// # Errors
    /// The text is no schema.
    pub fn from_sdl(sdl: &str) -> anyhow::Result<Self> {
        let document = parse_schema(sdl).context("the SDL does not parse")?;
        Ok(Self::of(document))
    }

    /// Reads the inputs from the parsed text of the schema.
    #[must_use]
    pub fn of(document: ServiceDocument) -> Self {
        let mut found = Self {
            mutations: HashMap::new(),
            inputs: HashMap::new(),
        };
        for definition in document.definitions {
            let TypeSystemDefinition::Type(definition) = definition else {
                continue;
            };
            let name = definition.node.name.node.to_string();
            match definition.node.kind {
                TypeKind::InputObject(input) => {
                    found.inputs.insert(name, fields_of(input.fields));
                }
                TypeKind::Object(object) if name == "Mutation" => {
                    found.mutations = object
                        .fields
                        .into_iter()
                        .map(|field| {
                            let name = field.node.name.node.to_string();
                            (name, fields_of(field.node.arguments))
                        })
                        .collect();
                }
                _ => {}
            }
        }
        found
    }

    /// The digest of the arguments of a mutation. Left out, null and the default of the schema are
    /// one, so are an enum value and its name as a text, `1` and `"1"` as an id, a list of one and
    /// the item alone, one moment in two offsets, and decimals with more or fewer zeros.
    #[must_use]
    pub fn digest(&self, mutation: &str, arguments: &[(Name, Value)]) -> Digest {
        let mut text = String::new();
        let given = |name: &str| {
            let mut all = arguments.iter();
            all.find(|(argument, _)| argument == name)
                .map(|(_, value)| value)
        };
        if let Some(fields) = self.mutations.get(mutation) {
            self.write_fields(fields, given, &mut text);
        }
        let key = match given("input") {
            Some(Value::Object(input)) => match input.get(KEY_FIELD) {
                Some(Value::String(key)) => Some(key.clone()),
                _ => None,
            },
            _ => None,
        };
        Digest {
            sha256: crate::kernel::hash::sha256_hex(text.as_bytes()),
            key,
        }
    }

    fn write_fields<'a>(
        &'a self,
        fields: &'a [Field],
        given: impl Fn(&str) -> Option<&'a Value>,
        text: &mut String,
    ) {
        text.push('{');
        for field in fields.iter().filter(|field| field.name != KEY_FIELD) {
            match given(&field.name).or(field.default.as_ref()) {
                None | Some(Value::Null) => {}
                Some(value) => {
                    text.push_str(&field.name);
                    text.push(':');
                    self.write(value, &field.ty, text);
                    text.push(',');
                }
            }
        }
        text.push('}');
    }

    fn write(&self, value: &Value, ty: &Type, text: &mut String) {
        let kind = match (&ty.base, value) {
            (_, Value::Null) => return text.push_str("null"),
            (BaseType::List(inner), value) => {
                text.push('[');
                let one = std::slice::from_ref(value);
                let items = match value {
                    Value::List(items) => items.as_slice(),
                    _ => one,
                };
                for item in items {
                    self.write(item, inner, text);
                    text.push(',');
                }
                return text.push(']');
            }
            (BaseType::Named(kind), _) => kind.as_str(),
        };
        match (kind, value, self.inputs.get(kind)) {
            (_, Value::Object(given), Some(fields)) => {
                self.write_fields(fields, |name| given.get(name), text);
            }
            ("ID", Value::Number(number), _) => write_text(&number.to_string(), text),
            ("Float", Value::Number(number), _) => match number.as_f64() {
                Some(float) => text.push_str(&float.to_string()),
                None => text.push_str(&number.to_string()),
            },
            ("DateTime", Value::String(given), _) => match Instant::parse(given) {
                Some(instant) => write_text(&instant.rfc3339(), text),
                None => write_text(given, text),
            },
            ("Decimal", Value::String(given), _) if given.contains('.') => {
                write_text(given.trim_end_matches('0').trim_end_matches('.'), text);
            }
            (_, Value::String(given), _) => write_text(given, text),
            (_, Value::Enum(name), _) => write_text(name, text),
            (_, other, _) => text.push_str(&other.to_string()),
        }
    }
}

/// In the order of their names.
fn fields_of(definitions: Vec<Positioned<InputValueDefinition>>) -> Vec<Field> {
    let mut fields: Vec<Field> = definitions
        .into_iter()
        .map(|definition| Field {
            name: definition.node.name.node.to_string(),
            ty: definition.node.ty.node,
            default: definition.node.default_value.map(|value| value.node),
        })
        .collect();
    fields.sort_by(|left, right| left.name.cmp(&right.name));
    fields
}

/// Quoted, so that no text can look like two values.
fn write_text(given: &str, text: &mut String) {
    text.push_str(&serde_json::Value::from(given).to_string());
}

#[cfg(test)]
mod tests {
    use super::*;

    const SDL: &str = "
        type Query { a: Int }
        type Mutation { pair(input: PairInput!): Int, drop(input: PairInput!): Int }
        scalar DateTime scalar Decimal
        enum Area { HOUSING WORK }
        input Who { id: ID!, share: Float }
        input PairInput {
            area: Area!, mutual: Boolean! = true, who: [Who!], at: DateTime, price: Decimal
            note: String, idempotencyKey: String
        }";

    fn digest(input: serde_json::Value) -> Digest {
        let types = InputTypes::from_sdl(SDL).unwrap();
        types.digest(
            "pair",
            &[(Name::new("input"), Value::from_json(input).unwrap())],
        )
    }

    #[test]
    fn spellings_of_one_meaning_have_one_digest() {
        let types = InputTypes::from_sdl(SDL).unwrap();
        let literal = async_graphql_parser::parse_query(
            "{ a(input: { price: \"1.50\", at: \"2026-03-15T10:00:00+01:00\", note: null, area: HOUSING, who: { share: 1, id: 7 } }) }",
        );
        let literal = literal.unwrap();
        let (_, operation) = literal.operations.iter().next().unwrap();
        let async_graphql_parser::types::Selection::Field(field) =
            &operation.node.selection_set.node.items[0].node
        else {
            panic!("no field")
        };
        let value = field.node.arguments[0].1.node.clone().into_const().unwrap();
        let literal = types.digest("pair", &[(Name::new("input"), value)]);
        let variable = digest(serde_json::json!({
            "area": "HOUSING", "mutual": true, "who": [{ "id": "7", "share": 1.0 }],
            "at": "2026-03-15T09:00:00Z", "price": "1.5", "idempotencyKey": "k",
        }));
        assert_eq!(literal.sha256, variable.sha256);
        assert_eq!((literal.key, variable.key), (None, Some("k".to_owned())));
    }

    #[test]
    fn another_meaning_has_another_digest() {
        let whole = serde_json::json!({ "area": "HOUSING", "who": [{ "id": "7" }], "note": "a" });
        let first = digest(whole.clone()).sha256;
        for (name, value) in [
            ("area", serde_json::json!("WORK")),
            ("mutual", serde_json::json!(false)),
            ("who", serde_json::json!([{ "id": "8" }])),
            ("who", serde_json::json!([{ "id": "7" }, { "id": "7" }])),
            ("note", serde_json::json!("a\",\"price\":\"1")),
            ("note", serde_json::json!(null)),
            ("price", serde_json::json!("10")),
        ] {
            let mut other = whole.clone();
            other[name] = value;
            assert_ne!(digest(other.clone()).sha256, first, "{other}");
        }
        assert_ne!(
            digest(serde_json::json!({ "area": "WORK", "price": "1" })).sha256,
            digest(serde_json::json!({ "area": "WORK", "price": "10" })).sha256
        );
    }
}
