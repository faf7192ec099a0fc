//! Who may import and who may export, kind by kind.

use intercultural_cities::access::viewer::Role;

use crate::exchange::dry_run;

const REGISTRY: [&str; 6] = [
    "cities",
    "memberships",
    "coordinators",
    "experts",
    "people",
    "partners",
];
const FINANCE: [&str; 2] = ["invoices", "payments"];

crate::both_databases! {
    fn exports_and_imports_are_for_those_who_see_everything(app: &TestApp) {
        let city = app.city("Oslo", "NO");
                // Actor, exports of the registry, exports of money, imports.
        for (name, actor, registry, money, imports) in [
            ("anonymous", app.anonymous(), 401, 401, 401),
            ("coordinator", app.coordinator_of(city), 403, 403, 403),
            ("expert", app.user_with(Role::Expert, None, None), 403, 403, 403),
            ("finance", app.finance(), 200, 200, 403),
            ("auditor", app.auditor(), 200, 200, 403),
            ("secretariat", app.secretariat(), 200, 200, 200),
            ("admin", app.admin(), 200, 200, 200),
        ] {
            for kind in REGISTRY {
                assert_eq!(actor.get(&format!("/api/v1/exports/{kind}.csv")).status, registry, "{name} {kind}");
                // A file that nobody could read shows that the question comes before the reading.
                let (status, _) = dry_run(&actor, kind, "nonsense\n");
                assert_eq!(status, if imports == 200 { 422 } else { imports }, "{name} {kind}");
            }
            let opening = match name {
                "anonymous" => 401,
                "finance" | "admin" => 422,
                _ => 403,
            };
            assert_eq!(dry_run(&actor, "opening-items", "nonsense\n").0, opening, "{name}");
            assert_eq!(actor.get("/api/v1/exports/opening-items.csv").status, 404, "{name}");
            for kind in FINANCE {
                assert_eq!(actor.get(&format!("/api/v1/exports/{kind}.csv")).status, money, "{name} {kind}");
                assert_eq!(dry_run(&actor, kind, "id\n").0, 404, "{kind} are written only");
            }
        }
    }
}
