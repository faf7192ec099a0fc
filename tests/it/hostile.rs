//! Every text that a client may send, in every root field, holding what texts should not hold: an
//! answer always comes and never tells of a fault of ours. What it is not: what valid texts do.

use intercultural_cities::kernel::ids::Id;
use serde_json::{Value, json};

use crate::samples::Schema;

const HOSTILE: [&str; 9] = [
    "",
    " ",
    "\u{0}",
    "a\u{0}b",
    "'; DROP TABLE cities; --",
    "\u{feff}\u{202e}\u{fffe}",
    "%_\\",
    "9999999999999999999999999999",
    "Q2l0eTowMTliMDAwMC0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDE",
];

crate::both_databases! {
    fn no_text_makes_a_fault(app: &TestApp) {
        let city = app.city("Bergen", "NO").public();
        let schema = Schema::published();
        let admin = app.admin();
        let mut problems = Vec::new();
        let mut sent = 0;
        for root in ["Query", "Mutation"] {
            for sample in schema.samples(root, &city) {
                let mut variables = vec![sample.variables.clone()];
                for pointer in Schema::texts(&sample.variables) {
                    for text in HOSTILE.iter().map(|text| (*text).to_owned()).chain(["å".repeat(5_000)]) {
                        let mut hostile = sample.variables.clone();
                        *hostile.pointer_mut(&pointer).unwrap() = Value::String(text);
                        variables.push(hostile);
                    }
                }
                for variables in variables {
                    sent += 1;
                    let key = format!("hostile-{sent}");
                    let answer = admin.ask_keyed(&sample.document, variables.clone(), Some(&key));
                    let told = answer.body.to_string();
                    if answer.status >= 500 || told.contains("\"INTERNAL\"") {
                        let shown: String = json!(variables).to_string().chars().take(200).collect();
                        problems.push(format!("{}: {shown}: {} {told}", sample.field, answer.status));
                    }
                }
            }
        }
        assert!(sent > 20, "{sent}");
        assert!(problems.is_empty(), "{} of {sent}\n{}\n", problems.len(), problems.join("\n"));
    }
}
