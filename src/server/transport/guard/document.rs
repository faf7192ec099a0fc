//! The way in: from the text of a request to a document that is safe to validate, price and run.
//! Not the cost, which needs the variables and the schema.

use async_graphql_parser::parse_query;
use async_graphql_parser::types::{
    DocumentOperations, ExecutableDocument, Field, OperationDefinition, OperationType,
};

use crate::kernel::hash;

use super::introspection;
use super::limits::Limits;
use super::refused::{Refused, clipped};
use super::scan::scan;
use super::shape::{self, Figures};

/// A document that has passed the guard.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The parsed document, for `Request::set_parsed_query`: nobody parses it again.
    pub document: ExecutableDocument,
    /// SHA-256 of its text.
    pub digest: [u8; 32],
    /// Kind of the operation that will run.
    pub operation: OperationKind,
    /// Name of the operation that will run, if it has one.
    pub name: Option<String>,
    /// For a mutation the keys of its root fields in the answer, in document order, fragments written
    /// out, fields under `@skip` and `@include` included. Each stands once, because a field selected
    /// twice under one key is one field; `__typename` does nothing and is left out. Empty for other
    /// operations.
    pub mutation_fields: Vec<String>,
    /// Whether the operation that will run asks for `__schema` or `__type`.
    pub introspects: bool,
    /// What was counted, for logs and metrics.
    pub figures: Figures,
}

/// The kind of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OperationKind {
    /// Reads.
    Query,
    /// Writes.
    Mutation,
    /// Listens.
    Subscription,
}

/// Scans, parses once and measures a document, and finds the operation that will run: the one
/// called `operation_name`, or the only one.
///
/// Limits hold for the whole document, also for operations that will not run and fragments that
/// are not used, because validation walks through them all.
///
/// # Errors
/// Any [`Refused`].
pub fn check_document(
    source: &str,
    operation_name: Option<&str>,
    limits: &Limits,
) -> Result<Checked, Refused> {
    let counts = scan(source, limits)?;
    let document = parse_query(source).map_err(|error| syntax(source, error))?;
    let figures = shape::measure(&document, counts, limits)?;
    let (name, operation) = select(&document, operation_name)?;
    let roots = shape::root_fields(&document, operation);
    let kind = match operation.ty {
        OperationType::Query => OperationKind::Query,
        OperationType::Mutation => OperationKind::Mutation,
        OperationType::Subscription => OperationKind::Subscription,
    };
    let mutation_fields = match kind {
        OperationKind::Mutation => doing(&roots),
        OperationKind::Query | OperationKind::Subscription => Vec::new(),
    };
    let introspects = roots
        .iter()
        .any(|field| introspection::is_entry(&field.name.node));
    let name = name.map(str::to_owned);
    Ok(Checked {
        digest: hash::sha256(source.as_bytes()),
        operation: kind,
        name,
        mutation_fields,
        introspects,
        figures,
        document,
    })
}

/// The keys of the fields that do something, each once.
fn doing(roots: &[&Field]) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for field in roots {
        let key = field.response_key().node.as_str();
        if !field.name.node.starts_with("__") && !keys.iter().any(|known| known == key) {
            keys.push(key.to_owned());
        }
    }
    keys
}

/// The operation that the executor will choose for this name, and its own name.
///
/// # Errors
/// [`Refused::UnknownOperation`] or [`Refused::OperationNameRequired`].
pub(super) fn select<'a>(
    document: &'a ExecutableDocument,
    operation_name: Option<&str>,
) -> Result<(Option<&'a str>, &'a OperationDefinition), Refused> {
    match (&document.operations, operation_name) {
        (DocumentOperations::Single(operation), None) => Ok((None, &operation.node)),
        (DocumentOperations::Single(_), Some(name)) => {
            Err(Refused::UnknownOperation(clipped(name)))
        }
        (DocumentOperations::Multiple(operations), Some(wanted)) => operations
            .iter()
            .find(|(name, _)| name.as_str() == wanted)
            .map(|(name, operation)| (Some(name.as_str()), &operation.node))
            .ok_or_else(|| Refused::UnknownOperation(clipped(wanted))),
        (DocumentOperations::Multiple(operations), None) => {
            let mut all = operations.iter();
            match (all.next(), all.next()) {
                (Some((name, operation)), None) => Ok((Some(name.as_str()), &operation.node)),
                _ => Err(Refused::OperationNameRequired),
            }
        }
    }
}

/// The parser's error in our words: its own message repeats whole lines of the document and names
/// the parser's rules.
fn syntax(source: &str, error: async_graphql_parser::Error) -> Refused {
    use async_graphql_parser::Error;
    let position = error.positions().next().unwrap_or_default();
    let message = match error {
        // The parser allows 64 levels of selection sets.
        Error::RecursionLimitExceeded => {
            let what = "levels of nested selections";
            return Refused::TooComplex {
                what,
                limit: 64,
                found: 65,
            };
        }
        Error::MissingOperation => "the document holds no operation".to_owned(),
        Error::MultipleOperations { .. } => {
            "an operation without a name must be the only one".to_owned()
        }
        Error::OperationDuplicated { operation, .. } => {
            format!("the operation \"{}\" is defined twice", clipped(&operation))
        }
        Error::FragmentDuplicated { fragment, .. } => {
            format!("the fragment \"{}\" is defined twice", clipped(&fragment))
        }
        _ => unexpected(source, position.line, position.column),
    };
    Refused::Syntax {
        message,
        line: position.line.max(1),
        column: position.column.max(1),
    }
}

/// Names what stands at a position: a whole word, or one character.
fn unexpected(source: &str, line: usize, column: usize) -> String {
    let text = source
        .split('\n')
        .nth(line.saturating_sub(1))
        .unwrap_or_default();
    let mut from = text.chars().skip(column.saturating_sub(1)).peekable();
    let in_word = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
    let found: String = match from.peek() {
        None => return "unexpected end of the line".to_owned(),
        Some(first) if in_word(first) => from.take_while(in_word).collect(),
        Some(_) => from.take(1).collect(),
    };
    format!("unexpected \"{}\"", clipped(&found))
}
