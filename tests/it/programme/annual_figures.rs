//! The year's figures, through the public door.

use intercultural_cities::kernel::ids::Id;
use serde_json::{Value, json};

use crate::programme::index::published as published_assessment;
use crate::programme::practice_proposals::{published, words};
use crate::programme::{member, with_price_list};
use crate::support::app::TestApp;

const FIGURES: &str = "query ($year: Int!) { annualFigures(year: $year) { year members joined { count cities { name } } left { count cities { name } } assessments { count assessments { city { name } } } expertVisits { count } studyVisits { count visits { theme } } practices { count practices { slug } } trainings { count } } }";

fn figures(app: &TestApp, year: i32) -> Value {
    app.secretariat()
        .ask_with(FIGURES, json!({ "year": year }))
        .data("/annualFigures")
        .clone()
}

crate::both_databases! {
    fn each_number_has_its_list(app: &TestApp) {
        with_price_list(app);
        let oslo = member(app, "Oslo", "NO", (2025, 3, 1));
        let vic = member(app, "Vic", "ES", (2026, 2, 1));
        published(app, vic, &words());
        published_assessment(app, oslo, "COMMITMENT_STATEMENT=YES", false);
        let visit = "mutation ($input: ScheduleStudyVisitInput!) { scheduleStudyVisit(input: $input) { studyVisit { id } userErrors { code field message } } }";
        let input = json!({ "hostCityId": oslo.public(), "theme": "Libraries", "startsOn": "2026-12-07", "endsOn": "2026-12-08", "capacity": 3 });
        app.secretariat().tell(visit, json!({ "input": input }));

        let seen = figures(app, 2026);
        assert_eq!((&seen["members"], &seen["joined"]), (&json!(2), &json!({ "count": 1, "cities": [{ "name": "Vic" }] })));
        assert_eq!(seen["left"], json!({ "count": 0, "cities": [] }));
        assert_eq!(seen["assessments"], json!({ "count": 1, "assessments": [{ "city": { "name": "Oslo" } }] }));
        assert_eq!(seen["practices"], json!({ "count": 1, "practices": [{ "slug": "vic-velkomstvaerter-i-gellerup" }] }));
        // Nothing of tomorrow is reported.
        assert_eq!(seen["studyVisits"]["count"], 0);
        let before = figures(app, 2025);
        assert_eq!((&before["members"], &before["joined"]["count"]), (&json!(1), &json!(1)));
        assert_eq!(figures(app, 2024)["members"], 0);
        let secretariat = app.secretariat();
        assert_eq!(secretariat.ask_with(FIGURES, json!({ "year": 2027 })).code(), "BAD_REQUEST");
        assert_eq!(app.coordinator_of(oslo).ask_with(FIGURES, json!({ "year": 2026 })).code(), "FORBIDDEN");
        assert_eq!(app.anonymous().ask_with(FIGURES, json!({ "year": 2026 })).code(), "UNAUTHENTICATED");

        app.set_today(2026, 12, 31);
        assert_eq!(figures(app, 2026)["studyVisits"], json!({ "count": 1, "visits": [{ "theme": "Libraries" }] }));
    }
}
