//! What the guard knows of the introspection types of the GraphQL specification (section 4.2).
//! Not whether a viewer may introspect: the transport decides that.

/// Whether a root field is an entry to introspection.
pub(super) fn is_entry(field: &str) -> bool {
    matches!(field, "__schema" | "__type")
}

/// Whether a field of an introspection type is a list as long as the schema or a type makes it.
pub(super) fn is_list(field: &str) -> bool {
    matches!(
        field,
        "fields" | "inputFields" | "interfaces" | "possibleTypes"
    )
}

/// How often the selection below a field of an introspection type is answered, for a schema of the
/// size of ours. Only the order of magnitude matters: nested lists multiply.
pub(super) fn items(field: &str) -> u64 {
    match field {
        "types" => 100,
        "args" => 2,
        "directives" | "enumValues" => 10,
        _ if is_list(field) => 10,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_multiply_and_names_do_not() {
        let cases = [
            ("types", 100),
            ("fields", 10),
            ("possibleTypes", 10),
            ("args", 2),
            ("ofType", 1),
        ];
        for (field, expected) in cases {
            assert_eq!(items(field), expected, "{field}");
        }
        assert!(is_entry("__schema") && is_entry("__type") && !is_entry("__typename"));
        assert!(is_list("interfaces") && !is_list("types"));
    }
}
