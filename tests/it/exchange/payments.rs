//! Payments as spreadsheets, over REST.

use intercultural_cities::kernel::ids::Id;

use crate::exchange::export;
use crate::finance::arrange;
use crate::support::app::day;

const HEADING: &str = "id,city,country,received_on,currency,amount,allocated,unallocated,reference";

crate::both_databases! {
    fn payments_come_out_with_what_was_placed(app: &TestApp) {
        let (city, invoice, first) = arrange::copenhagen(app);
        let second = arrange::paid(app, city, 4_500_000, day(2026, 6, 1), &[(invoice, 4_000_000)]);
        let written = export(&app.finance(), "payments", "");
        let mut rows: Vec<&str> = written.lines().collect();
        assert_eq!(rows.remove(0), HEADING);
        rows.sort_unstable();
        let mut expected = [
            format!("{},København,DK,2026-05-04,DKK,20000.00,20000.00,0.00,", first.public()),
            format!("{},København,DK,2026-06-01,DKK,45000.00,40000.00,5000.00,", second.public()),
        ];
        expected.sort_unstable();
        assert_eq!(rows, expected);
        let danish = export(&app.auditor(), "payments", "?delimiter=semicolon");
        assert!(danish.contains(";45000,00;40000,00;5000,00;"), "{danish}");
    }
}
