//! Documents made to hurt, and the documents that must pass beside them. The work is asserted in
//! visits, never in time. Random documents are in `random.rs`.

use async_graphql_parser::parse_query;

use super::refused::Refused;
use super::shape::Ruler;
use super::{Limits, OperationKind, check_document};

/// The introspection query of graphql-js 16.15 with every option on but the experimental one.
const INTROSPECTION: &str = include_str!("introspection.graphql");

/// Documents by a figure, the most of it that passes, and what is refused above.
type Family<'a> = (&'a dyn Fn(usize) -> String, usize, &'static str);

fn refusal(source: &str) -> String {
    match check_document(source, None, &Limits::new(1)) {
        Ok(checked) => format!("passed: {:?}", checked.figures),
        Err(Refused::TooComplex { what, .. }) => what.to_owned(),
        Err(other) => other.to_string(),
    }
}

/// Refuses a parsed document and gives what was counted and how many selections it took.
fn refused_after(source: &str) -> (String, u64) {
    let document = parse_query(source).expect("it parses");
    let limits = Limits::new(1);
    let mut ruler = Ruler::new(&document, &limits);
    let refused = ruler.measure_document().expect_err("it is refused");
    (refused.to_string(), ruler.figures.visits)
}

fn repeated(times: usize, piece: impl Fn(usize) -> String) -> String {
    (0..times).map(piece).collect()
}

#[test]
fn the_introspection_query_passes() {
    let checked = check_document(INTROSPECTION, None, &Limits::new(1)).expect("it passes");
    assert_eq!(checked.name.as_deref(), Some("IntrospectionQuery"));
    assert!(checked.introspects);
    assert_eq!(checked.figures.depth, 15);
    assert_eq!(checked.figures.fields, 230);
    assert_eq!(checked.figures.introspected, 203_762);

    let experimental = INTROSPECTION
        .replace("directives {", "directives(includeDeprecated: true) {")
        .replace(
            "isRepeatable",
            "isRepeatable isDeprecated deprecationReason",
        );
    let checked = check_document(&experimental, None, &Limits::new(1)).expect("it passes");
    assert_eq!(checked.figures.fields, 232);
}

#[test]
fn each_limit_lets_its_figure_pass_and_no_more() {
    let fields = |n| format!("{{ {} }}", repeated(n, |_| "a { b } ".into()));
    let inside = |n| format!("{{ r {{ {} }} }}", repeated(n, |_| "a ".into()));
    let deep = |n: usize| format!("{}{}", "{a".repeat(n), "}".repeat(n));
    let inline = |n: usize| format!("{}a{}", "{...".repeat(n), "}".repeat(n)).replace("...a", "a");
    let aliases = |n| format!("{{ r {{ {} }} }}", repeated(n, |i| format!("x{i}: a ")));
    let spreads = |n| {
        format!(
            "{{ r {{ {} }} }} fragment F on T {{ a }}",
            "...F ".repeat(n)
        )
    };
    let types = |n| {
        format!(
            "{{ {} }}",
            repeated(n, |i| format!("x{i}: __type {{ name }} "))
        )
    };
    let lists = |n: usize| {
        let path = ["fields", "inputFields", "interfaces", "possibleTypes"];
        let open = repeated(n, |i| format!("{{ {} {{ type ", path[i % path.len()]));
        format!("{{ __type {open} {{ name }} {} }}", "}}".repeat(n))
    };
    let arguments = |n| format!("{{ a({}) }}", repeated(n, |_| "a:1 ".into()));
    let cases: [Family; 8] = [
        (&fields, 30, "fields at the root"),
        (&inside, 999, "fields with fragments expanded"),
        (&deep, 16, "levels of fields"),
        (&inline, 33, "levels of fields and fragments"),
        (&aliases, 30, "aliases of one field"),
        (&types, 10, "__type fields"),
        (
            &lists,
            2,
            "nested fields, inputFields, interfaces and possibleTypes",
        ),
        (&spreads, 999, "fields with fragments expanded"),
    ];
    for (document, most, what) in cases {
        let last = refusal(&document(most));
        assert!(last.starts_with("passed"), "{what}: {last}");
        assert_eq!(refusal(&document(most + 1)), what);
    }
    assert_eq!(
        refusal("{ a: __schema { description } __schema { description } }"),
        "__schema fields"
    );
    assert!(refusal(&arguments(3_000)).starts_with("passed"));
}

#[test]
fn hiding_behind_fragments_and_repeated_parents_gains_nothing() {
    let half = |from: usize| repeated(16, |i| format!("x{}: name ", from + i));
    let merged = format!(
        "{{ v: city {{ {} }} ...F }} fragment F on Q {{ v: city {{ {} }} }}",
        half(0),
        half(16)
    );
    let conditions = format!(
        "{{ node {{ ... on A {{ {} }} ... on B {{ {} }} }} }}",
        half(0),
        half(16)
    );
    let apart = format!("{{ v: city {{ {} }} w: city {{ {} }} }}", half(0), half(16));
    let root = format!("{{ ...F ...F }} fragment F on Q {{ {} }}", "a ".repeat(16));
    let lists = "{ __schema { types { ...F } } } fragment F on __Type { fields { type { ...G } } } \
                 fragment G on __Type { interfaces { possibleTypes { name } } }";
    let schemas = "{ ...F ...F } fragment F on Q { __schema { description } }";
    let deep = format!(
        "{{ {} ...F }} fragment F on Q {{ {}a{} }}",
        "a",
        "a{".repeat(16),
        "}".repeat(16)
    );
    let cases = [
        (merged.as_str(), "aliases of one field"),
        (conditions.as_str(), "aliases of one field"),
        (apart.as_str(), "passed"),
        (root.as_str(), "fields at the root"),
        (
            lists,
            "nested fields, inputFields, interfaces and possibleTypes",
        ),
        (schemas, "__schema fields"),
        (deep.as_str(), "levels of fields"),
        ("{ fields { fields { fields { fields } } } }", "passed"),
    ];
    for (source, expected) in cases {
        let found = refusal(source);
        assert!(found.starts_with(expected), "{source}: {found}");
    }
}

#[test]
fn fragment_cycles_are_refused_used_or_not() {
    let cases = [
        ("{ ...A } fragment A on T { ...A }", "\"A\""),
        (
            "{ ...A } fragment A on T { b { ...B } } fragment B on T { ... { ...A } }",
            "\"A\"",
        ),
        (
            "{ a } fragment A on T { ...B } fragment B on T { ...C } fragment C on T { ...B }",
            "\"B\"",
        ),
    ];
    for (source, name) in cases {
        let found = refusal(source);
        assert_eq!(
            found,
            format!("The fragment {name} contains itself."),
            "{source}"
        );
    }
    assert_eq!(refusal("{ a { ...Nope } }"), "Unknown fragment \"Nope\".");
}

#[test]
fn exponential_documents_are_refused_in_linear_work() {
    let chain = |end: &str| {
        let links = repeated(60, |i| {
            format!("fragment f{i} on T {{ ...f{n} ...f{n} }} ", n = i + 1)
        });
        format!("{{ ...f0 }} {links} fragment f60 on T {{ {end} }}")
    };
    let nested = repeated(25, |i| {
        format!(
            "fragment f{i} on T {{ a{{...f{n}}} b{{...f{n}}} }} ",
            n = i + 1
        )
    });
    let long = format!(
        "{{ {} }} {} fragment f20 on T {{ a }}",
        "...f0 ".repeat(900),
        repeated(20, |i| format!("fragment f{i} on T {{ ...f{} }} ", i + 1)),
    );
    let conflicts = format!(
        "{{ ...f0 }} {} fragment f20 on T {{ {} }}",
        repeated(20, |i| format!("fragment f{i} on T {{ ...f{} }} ", i + 1)),
        "x:a x:b ".repeat(400),
    );
    let cases = [
        (chain("a"), "expanded", 200),
        (chain("...f60"), "contains itself", 200),
        (chain("...gone"), "Unknown fragment", 200),
        (
            format!("{{ ...f0 }} {nested} fragment f25 on T {{ a }}"),
            "expanded",
            200,
        ),
        (long, "expanded fragments", 1_100),
        (conflicts, "to compare", 1_000),
    ];
    for (source, reason, most) in cases {
        let (message, visits) = refused_after(&source);
        assert!(message.contains(reason), "{message}");
        assert!(visits <= most, "{visits} visits: {message}");
    }
}

#[test]
fn introspection_cannot_be_multiplied() {
    let lists = |n| {
        repeated(n, |i| {
            format!("l{i}: fields {{ type {{ f{i}: fields {{ name }} }} }} ")
        })
    };
    let names = repeated(30, |i| format!("n{i}: name "));
    let square = format!("{{ __schema {{ types {{ {} }} }} }}", lists(30));
    let leaves = format!(
        "{{ __schema {{ types {{ fields {{ type {{ fields {{ {names} }} }} }} fields {{ type {{ fields {{ {names} }} }} }} }} }} }}"
    );
    let entries = format!(
        "{{ {} }}",
        repeated(10, |i| {
            format!(
                "t{i}: __type(name: \"T\") {{ fields {{ name type {{ name }} }} inputFields {{ name }} }} "
            )
        })
    );
    let what = "fields answered by introspection";
    assert_eq!(refusal(&square), what);
    assert_eq!(refusal(&leaves), what);
    assert!(refusal(&entries).starts_with("passed"));
}

#[test]
fn the_work_on_a_full_document_is_bounded() {
    // One field under as many fragments as the limits allow: the most visits a field can cost.
    let source = format!(
        "{{ {} }} {} fragment f30 on T {{ a }}",
        "...f0 ".repeat(30),
        repeated(30, |i| format!("fragment f{i} on T {{ ...f{} }} ", i + 1)),
    );
    let checked = check_document(&source, None, &Limits::new(1)).expect("it passes");
    assert_eq!(
        (checked.figures.fields, checked.figures.fragments),
        (30, 930)
    );
    assert_eq!(checked.figures.visits, 61 + 960);
}

#[test]
fn brackets_to_the_limit_do_not_overflow_a_small_stack() {
    // 2 MiB is the stack of a server thread; the parser recurses before it checks its own limit.
    let shapes = [
        "{a".repeat(150),
        "{...".repeat(150),
        format!("{{a(b:{}", "[".repeat(148)),
        format!("{{a(b:{}", "{c:".repeat(148)),
        format!("query($a:{}", "[".repeat(149)),
        format!("{}{}", "{a".repeat(150), "}".repeat(150)),
        format!("{{a(b:{}{})}}", "[".repeat(148), "]".repeat(148)),
        format!("query($a:{}A{}){{a}}", "[".repeat(148), "]".repeat(148)),
    ];
    let thread = std::thread::Builder::new()
        .stack_size(2 * 1024 * 1024)
        .spawn(move || {
            shapes
                .iter()
                .filter(|shape| check_document(shape, None, &Limits::new(1)).is_ok())
                .count()
        });
    let passed = thread.expect("a thread").join().expect("no overflow");
    assert_eq!(
        passed, 2,
        "only the deep list and the deep list type are within the limits"
    );
    let deep = format!("{}{}", "{a".repeat(66), "}".repeat(66));
    assert_eq!(refusal(&deep), "levels of nested selections");
    for flood in ["{", "[", "(", "{a", "{...", "{a(b:[", "{a(b:{c:"] {
        assert_eq!(
            refusal(&flood.repeat(16 * 1024 / flood.len())),
            "opening brackets"
        );
    }
}

#[test]
fn the_operation_to_run_is_the_one_the_executor_will_choose() {
    let source = "query A { a } mutation B { b } subscription C { c }";
    let cases = [
        (source, Some("A"), Ok((OperationKind::Query, Some("A")))),
        (source, Some("B"), Ok((OperationKind::Mutation, Some("B")))),
        (
            source,
            Some("C"),
            Ok((OperationKind::Subscription, Some("C"))),
        ),
        (
            source,
            Some("D"),
            Err(Refused::UnknownOperation("D".into())),
        ),
        (source, None, Err(Refused::OperationNameRequired)),
        ("{ a }", None, Ok((OperationKind::Query, None))),
        (
            "{ a }",
            Some("A"),
            Err(Refused::UnknownOperation("A".into())),
        ),
        (
            "mutation B { b }",
            None,
            Ok((OperationKind::Mutation, Some("B"))),
        ),
    ];
    for (source, name, expected) in cases {
        let found = check_document(source, name, &Limits::new(1));
        let found = found.map(|checked| (checked.operation, checked.name));
        assert_eq!(
            found,
            expected.map(|(kind, name)| (kind, name.map(str::to_owned))),
            "{name:?}"
        );
    }
}

#[test]
fn syntax_errors_say_where_and_what() {
    let cases = [
        ("{ a\n  b(! }", (2, 5), "unexpected \"!\""),
        (
            "{ a } frogment F on T { b }",
            (1, 7),
            "unexpected \"frogment\"",
        ),
        ("", (1, 1), "unexpected end of the line"),
        (
            "fragment F on T { a }",
            (1, 1),
            "the document holds no operation",
        ),
        (
            "query A { a } query A { b }",
            (1, 15),
            "the operation \"A\" is defined twice",
        ),
        (
            "{ a } { b }",
            (1, 7),
            "an operation without a name must be the only one",
        ),
    ];
    for (source, position, message) in cases {
        let refused = check_document(source, None, &Limits::new(1)).expect_err(source);
        assert_eq!(refused.position(), Some(position), "{source}");
        assert!(refused.to_string().contains(message), "{refused}");
    }
    let long = format!("{{ a }} {}", "x".repeat(10_000));
    let refused = check_document(&long, None, &Limits::new(1)).expect_err("no document");
    assert!(refused.to_string().len() < 120, "{refused}");
}
