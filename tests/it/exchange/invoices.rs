//! Invoices as spreadsheets, over REST.

use intercultural_cities::kernel::ids::Id;

use crate::exchange::export;
use crate::finance::arrange;
use crate::support::app::day;

const HEADING: &str = "id,number,kind,status,city,country,issued_on,due_on,currency,total,credited,open_amount,order_reference";

crate::both_databases! {
    fn invoices_come_out_with_their_open_amounts(app: &TestApp) {
        let (_, invoice, _) = arrange::copenhagen(app);
        let (_, membership) = arrange::member(app, "Odense", day(2020, 1, 1));
        let draft = arrange::draft(app, membership, 2027);
        let known = app.finance().ask_with(
            "query ($id: ID!) { node(id: $id) { ... on Invoice { number dueOn } } }",
            serde_json::json!({ "id": invoice.public() }),
        );
        let (number, due_on) = (known.text("/node/number"), known.text("/node/dueOn"));
        for (query, mark, delimiter, comma) in [("", "", ",", "."), ("?delimiter=semicolon&bom=true", "\u{feff}", ";", ",")] {
            let written = export(&app.finance(), "invoices", query);
            let (mark_found, written) = written.split_at(mark.len());
            assert_eq!(mark_found, mark);
            let mut rows: Vec<&str> = written.lines().collect();
            assert_eq!(rows.remove(0), HEADING.replace(',', delimiter));
            rows.sort_unstable();
            let mut expected = [
                format!("{};{number};annual_fee;partly_paid;København;DK;2026-04-01;{due_on};DKK;60000{comma}00;0{comma}00;40000{comma}00;", invoice.public()),
                format!("{};;annual_fee;draft;Odense;DK;;;DKK;75000{comma}00;0{comma}00;0{comma}00;", draft.public()),
            ]
            .map(|row| row.replace(';', delimiter));
            expected.sort_unstable();
            assert_eq!(rows, expected);
        }
    }

    fn the_reference_that_the_city_asked_for_is_there(app: &TestApp) {
        arrange::prices(app);
        let (city, membership) = arrange::member(app, "Odense", day(2020, 1, 1));
        let secretariat = app.secretariat();
        let id = city.public();
        let csv = format!("id,name,country,invoice_name,order_reference\n{id},Odense,DK,Odense Kommune,=PO-7\n");
        crate::exchange::applied(&secretariat, "cities", "first", &csv);
        arrange::issued(app, membership, 2026, day(2026, 1, 15));
        let written = export(&app.auditor(), "invoices", "");
        assert!(written.trim_end().ends_with(",75000.00,0.00,75000.00,'=PO-7"), "{written}");
    }
}
