//! Exports that are longer than a page and than the pieces they travel in. What it is not: what
//! stands in a row.

use crate::exchange::{applied, comes_back_unchanged, export};

/// Rows `0..count`, sorted by name.
fn rows(count: usize, row: impl Fn(usize) -> String) -> String {
    (0..count).map(row).collect()
}

crate::both_databases! {
    fn a_long_list_comes_out_whole_and_in_order(app: &TestApp) {
        let secretariat = app.secretariat();
        let names = |csv: &str, place: usize| -> Vec<String> {
            let cells = |line: &str| line.split(',').nth(place).unwrap().to_owned();
            csv.lines().skip(1).map(cells).collect()
        };
        // More than two pages of rows; the pieces together are more than the queue holds.
        let path = "a".repeat(150);
        let partners = rows(2100, |number| format!("Partner {number:04},think_tank_or_other,DK,https://example.org/{path}/{number}\n"));
        applied(&secretariat, "partners", "partners", &format!("name,kind,country,website\n{partners}"));
        let reply = secretariat.get("/api/v1/exports/partners.csv");
        assert_eq!((reply.status, reply.header("content-length"), reply.header("transfer-encoding")), (200, None, Some("chunked")));
        assert!(reply.body.len() > 5 * 64 * 1024, "{}", reply.body.len());
        let expected: Vec<String> = (0..2100).map(|number| format!("Partner {number:04}")).collect();
        assert_eq!(names(reply.text(), 0), expected);

        let cities = rows(1001, |number| format!("City {number:04},DK,Europe/Copenhagen\n"));
        applied(&secretariat, "cities", "cities", &format!("name,country,time_zone\n{cities}"));
        let expected: Vec<String> = (0..1001).map(|number| format!("City {number:04}")).collect();
        assert_eq!(names(&export(&secretariat, "cities", ""), 1), expected);
        comes_back_unchanged(app, "cities");
    }
}
