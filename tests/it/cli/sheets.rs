//! `import` and `export`: the dry run, the one that counts, and the way back. What it is not: the
//! rules of each kind (`exchange/`).

use serde_json::{Value, json};

use crate::cli::place::Place;

const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/cities.csv");

#[track_caller]
fn report(place: &Place, arguments: &[&str]) -> Value {
    let mut all = vec!["import", "cities", SHARED, "--report", "json"];
    all.extend(arguments);
    let out = place.done(&all);
    serde_json::from_str(&out).unwrap_or_else(|problem| panic!("{problem}: {out}"))
}

crate::program_on_both_databases! {
    fn a_dry_run_writes_nothing_and_what_was_written_comes_out_alike(place: &Place) {
        place.done(&["migrate"]);
        let rows = std::fs::read_to_string(SHARED).unwrap().lines().count() - 1;
        let dry = report(place, &[]);
        assert_eq!((&dry["applied"], &dry["counts"]["create"], &dry["counts"]["error"]), (&json!(false), &json!(rows), &json!(0)));
        let text = place.done(&["import", "cities", SHARED]);
        assert!(text.contains(&rows.to_string()), "{text}");
        assert_eq!(report(place, &[])["counts"], dry["counts"]);

        let applied = report(place, &["--apply"]);
        assert_eq!((&applied["applied"], &applied["counts"]), (&json!(true), &dry["counts"]));
        place.done(&["export", "cities", "first.csv"]);
        let unchanged = json!({ "create": 0, "update": 0, "unchanged": rows, "error": 0 });
        assert_eq!(report(place, &["--apply"])["counts"], unchanged);
        place.done(&["export", "cities", "second.csv"]);
        assert_eq!(place.read("first.csv"), place.read("second.csv"));

        let back = place.done(&["import", "cities", "first.csv", "--apply", "--report", "json"]);
        let back: Value = serde_json::from_str(&back).unwrap();
        assert_eq!(back["counts"], unchanged);
        place.is_sound();
    }

    fn one_bad_row_stops_the_file_and_is_named(place: &Place) {
        place.done(&["migrate"]);
        place.write("cities.csv", "by;land;tidszone;indbyggertal\nOdense;DK;Europe/Copenhagen;75.00\nAarhus;DK;Europe/Copenhagen;349.983\n".as_bytes());
        let done = place.run(&["import", "cities", "cities.csv", "--apply"]);
        assert_eq!(done.code, 1, "{done:?}");
        assert!(done.out.contains('2') && done.out.contains("75.00"), "{done:?}");
        let done = place.run(&["import", "cities", "cities.csv", "--apply", "--report", "json"]);
        let refused: Value = serde_json::from_str(&done.out).unwrap();
        assert_eq!((done.code, &refused["applied"], &refused["rows"][0]["line"]), (1, &json!(false), &json!(2)));
        place.done(&["export", "cities", "none.csv"]);
        assert_eq!(place.read("none.csv").lines().count(), 1);
        // The same file with another reading of its numbers.
        let done = place.run(&["import", "cities", "cities.csv", "--decimal", "point"]);
        assert_eq!(done.code, 1, "{done:?}");

        for (arguments, said) in [
            (&["import", "nonsense", "cities.csv"][..], "memberships"),
            (&["import", "invoices", "cities.csv"], "exported only"),
            (&["import", "cities", "missing.csv"], "missing.csv"),
            (&["export", "nonsense", "x.csv"], "memberships"),
            (&["export", "cities", "missing/x.csv"], "missing/x.csv"),
        ] {
            let refused = place.refused(arguments);
            assert!(refused.contains(said), "{arguments:?}: {refused}");
        }
    }

    fn every_kind_is_exported_with_the_columns_that_an_import_reads(place: &Place) {
        place.done(&["migrate"]);
        place.done(&["seed"]);
        for kind in ["cities", "memberships", "coordinators", "experts", "people", "partners", "invoices", "payments"] {
            place.done(&["export", kind, "out.csv"]);
            assert_eq!(place.read("out.csv").lines().count(), 1, "{kind}");
            if !matches!(kind, "invoices" | "payments") {
                place.done(&["import", kind, "out.csv", "--apply"]);
            }
        }
    }
}
