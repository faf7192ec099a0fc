//! The whole demonstration network as spreadsheets: what comes out goes in again and changes
//! nothing.

use intercultural_cities::workflows::demonstration;

use crate::exchange::{comes_back_unchanged, export};

crate::both_databases! {
    fn every_kind_comes_back_unchanged(app: &TestApp) {
        demonstration::load(&mut app.db(), &app.app.reference, "no password fits this").unwrap();
        for kind in ["cities", "memberships", "coordinators", "experts", "people", "partners"] {
            comes_back_unchanged(app, kind);
        }
        let rows = |kind| export(&app.finance(), kind, "").lines().count() - 1;
        let counted = |list: &str| app.finance().ask(&format!("{{ {list} {{ totalCount }} }}")).data(&format!("/{list}/totalCount")).as_u64().unwrap();
        for kind in ["invoices", "payments"] {
            assert_eq!(u64::try_from(rows(kind)).unwrap(), counted(kind), "{kind}");
        }
    }
}
