//! The steps, the policy table and the offer through the public door.

use serde_json::json;

crate::both_databases! {
    fn the_ten_steps_are_public_in_both_languages(app: &TestApp) {
        let answer = app.anonymous().ask("{ steps { number da: name(language: \"da\") en: name(language: \"en-GB\") other: name(language: \"fr\") text(language: \"da\") } }");
        let steps = answer.data("/steps").as_array().unwrap();
        let numbers: Vec<_> = steps.iter().map(|step| step["number"].as_i64().unwrap()).collect();
        assert_eq!(numbers, (1..=10).collect::<Vec<_>>());
        assert_eq!(steps[8]["en"], steps[8]["other"]);
        assert_eq!(steps[3]["text"], "Invester i sprog træning.");
        assert!(steps.iter().all(|step| step["da"] != step["en"]));
    }

    fn texts_are_in_the_language_of_the_request(app: &TestApp) {
        let body = json!({ "query": "{ steps { text } }" }).to_string();
        let ask = |language: &str| {
            let headers = [("content-type", "application/json"), ("accept-language", language)];
            app.anonymous().send("POST", "/graphql", &headers, body.as_bytes()).json()
        };
        assert_eq!(ask("da-DK, en;q=0.5")["data"]["steps"][3]["text"], "Invester i sprog træning.");
        assert_ne!(ask("en")["data"]["steps"][3]["text"], "Invester i sprog træning.");
    }

    fn the_policy_table_has_24_cells(app: &TestApp) {
        let answer = app.anonymous().ask("{ policyTable { models { model name } areas { area name(language: \"da\") cells { area model text(language: \"da\") } police: cells(model: INTERCULTURAL) { text(language: \"da\") } } } }");
        let models = answer.data("/policyTable/models").as_array().unwrap();
        let models: Vec<_> = models.iter().map(|column| column["model"].clone()).collect();
        assert_eq!(models, ["INTERCULTURAL", "MULTICULTURAL", "ASSIMILATION"]);
        let rows = answer.data("/policyTable/areas").as_array().unwrap();
        assert_eq!(rows.len(), 8);
        for row in rows {
            let cells = row["cells"].as_array().unwrap();
            let columns: Vec<_> = cells.iter().map(|cell| cell["model"].clone()).collect();
            assert_eq!(columns, models, "{row}");
            assert!(cells.iter().all(|cell| cell["area"] == row["area"]), "{row}");
        }
        assert_eq!(rows[4]["area"], "POLICE");
        assert_eq!(rows[4]["police"], json!([{ "text": "Politiet udøver interetnisk konflikthåndtering" }]));
    }

    fn the_offer_has_seven_kinds_nine_units_and_four_single_activities(app: &TestApp) {
        let answer = app.anonymous().ask("{ packageDeliverables { kind units name description } singleActivities { kind name description } partnerKinds { kind name description } }");
        let units: Vec<_> = answer.data("/packageDeliverables").as_array().unwrap()
            .iter().map(|row| (row["kind"].as_str().unwrap(), row["units"].as_i64().unwrap())).collect();
        assert_eq!(units, [
            ("INDEX", 1), ("EXPERT_VISIT", 1), ("SWOT_REPORT", 1), ("POLICY_ANALYSIS", 2),
            ("VISION_WORKSHOP", 1), ("STUDY_VISIT", 2), ("STRATEGY_ASSISTANCE", 1),
        ]);
        assert_eq!(answer.data("/singleActivities").as_array().unwrap().len(), 4);
        assert_eq!(answer.data("/partnerKinds").as_array().unwrap().len(), 3);
    }
}
