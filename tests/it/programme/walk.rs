//! Runs the walk through a package of `docs/PROGRAMME.md` on the demonstration.

use intercultural_cities::workflows::demonstration;

use crate::finance::walk::walk;

const PAGE: &str = include_str!("../../../docs/PROGRAMME.md");

crate::both_databases! {
    fn the_page_shows_what_comes(app: &TestApp) {
        demonstration::load(&mut app.db(), &app.app.reference, "no password fits this").unwrap();
        assert_eq!(walk(PAGE, &app.secretariat()), 4);
    }
}
