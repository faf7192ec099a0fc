//! What a page of a list costs, at its beginning and far down, on SQLite: by keyset the two cost the
//! same. Not a test: it asserts nothing about time.

#[path = "network/mod.rs"]
mod network;

use divan::Bencher;
use intercultural_cities::access::viewer::Scope;
use intercultural_cities::db::Db;
use intercultural_cities::db::listing::Listed;
use intercultural_cities::kernel::page::Page;
use intercultural_cities::registry::cities::{self, City, CityFilter};
use network::{CITIES, NETWORK};

fn main() {
    divan::main();
}

const SIZE: u32 = 50;

fn page_of(db: &mut Db, page: &Page) -> Listed<City> {
    let today = NETWORK.app.now().date_in(chrono_tz::Europe::Copenhagen);
    cities::list(db, &Scope::All, today, &CityFilter::default(), &[], page)
        .unwrap_or_else(|error| panic!("{error}"))
}

/// The page after so many others.
#[divan::bench(args = [0, CITIES / SIZE / 2, CITIES / SIZE - 1])]
fn cities_page(bencher: Bencher, after: u32) {
    let mut db = NETWORK.open();
    let order = cities::order(&[]);
    let mut page = Page::first(i64::from(SIZE));
    for _ in 0..after {
        let rows = page_of(&mut db, &page).rows;
        page.after = rows.last().map(|city| order.cursor(city));
    }
    bencher.bench_local(|| page_of(&mut db, &page));
}
