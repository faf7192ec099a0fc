//! What must hold between the records of a database, checked by looking at all of them: numbers
//! without gaps, balances that add up, nobody in two places. What it is not: the constraints; those
//! hold at each write, and these find out whether they were ever circumvented.

use crate::db::Db;
use crate::db::migrate;
use crate::db::sql::Sql;
use crate::kernel::error::Result;

/// The outcome of one check.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Check {
    /// What was checked.
    pub name: &'static str,
    /// Whether it holds.
    pub ok: bool,
    /// What was found.
    pub detail: String,
}

impl Check {
    /// A check that found `wrong` things where there should be none.
    fn none_wrong(name: &'static str, wrong: i64, what: &str) -> Self {
        Self {
            name,
            ok: wrong == 0,
            detail: if wrong == 0 {
                "ok".to_owned()
            } else {
                format!("{wrong} {what}")
            },
        }
    }
}

/// A statement that counts what is wrong.
struct Question {
    name: &'static str,
    what: &'static str,
    sql: &'static str,
}

const QUESTIONS: &[Question] = &[
    Question {
        name: "invoice numbers",
        what: "series with a gap, a double or a wrong counter",
        sql: "SELECT count(*) FROM (SELECT c.series, c.year, c.last_number, count(i.id) AS issued, COALESCE(max(i.sequence), 0) AS highest, \
              count(DISTINCT i.sequence) AS distinct_numbers FROM invoice_counters c \
              LEFT JOIN invoices i ON i.series = c.series AND i.year = c.year GROUP BY c.series, c.year, c.last_number) AS counted \
              WHERE issued <> last_number OR highest <> last_number OR distinct_numbers <> last_number",
    },
    Question {
        name: "numbers of issued invoices",
        what: "invoices whose number does not fit their state",
        sql: "SELECT count(*) FROM invoices WHERE (status = 'DRAFT') <> (number IS NULL)",
    },
    Question {
        name: "invoice totals",
        what: "invoices whose lines do not add up to their net amount",
        sql: "SELECT count(*) FROM invoices i WHERE i.net_minor <> \
              (SELECT COALESCE(sum(l.net_minor), 0) FROM invoice_lines l WHERE l.invoice_id = i.id) OR i.total_minor <> i.net_minor + i.vat_minor",
    },
    Question {
        name: "settled amounts of invoices",
        what: "invoices whose settled amount is not the sum of their allocations",
        sql: "SELECT count(*) FROM invoices i WHERE i.allocated_minor <> \
              (SELECT COALESCE(sum(a.amount_minor), 0) FROM allocations a WHERE a.invoice_id = i.id)",
    },
    Question {
        name: "used amounts of payments",
        what: "payments whose used amount is not the sum of their allocations",
        sql: "SELECT count(*) FROM payments p WHERE p.allocated_minor <> \
              (SELECT COALESCE(sum(a.amount_minor), 0) FROM allocations a WHERE a.payment_id = p.id)",
    },
    Question {
        name: "expert bookings",
        what: "pairs of bookings of one expert that overlap",
        sql: "SELECT count(*) FROM expert_bookings a JOIN expert_bookings b ON a.expert_id = b.expert_id AND a.id < b.id \
              WHERE (a.starts_at < b.ends_at AND b.starts_at < a.ends_at) \
              OR (a.city_id <> b.city_id AND a.travel_from < b.travel_until AND b.travel_from < a.travel_until)",
    },
    Question {
        name: "places on study visits",
        what: "study visits whose taken places are not the sum of their visitors",
        sql: "SELECT count(*) FROM study_visits v WHERE v.places_taken <> \
              (SELECT COALESCE(sum(p.seats), 0) FROM study_visit_places p WHERE p.visit_id = v.id AND p.left_at IS NULL)",
    },
    Question {
        name: "appointments",
        what: "pairs of appointments of one city and role that overlap",
        sql: "SELECT count(*) FROM appointments a JOIN appointments b ON a.city_id = b.city_id AND a.role = b.role AND a.id < b.id \
              WHERE (b.ends_on IS NULL OR a.starts_on < b.ends_on) AND (a.ends_on IS NULL OR b.starts_on < a.ends_on)",
    },
];

/// Runs every check on the records; each is one statement.
///
/// # Errors
/// What the database says.
pub fn records(db: &mut Db) -> Result<Vec<Check>> {
    let mut checks = vec![schema(db)?, foreign_keys(db)?];
    for question in QUESTIONS {
        let wrong = Sql::new(question.sql).number(db)?;
        checks.push(Check::none_wrong(question.name, wrong, question.what));
    }
    checks.push(waiting_jobs(db)?);
    Ok(checks)
}

fn schema(db: &mut Db) -> Result<Check> {
    let pending = i64::try_from(migrate::pending(db)?.len()).unwrap_or(i64::MAX);
    Ok(Check::none_wrong(
        "migrations",
        pending,
        "migrations are pending",
    ))
}

/// Whether every reference has its row. On PostgreSQL the constraints are asked whether they hold.
fn foreign_keys(db: &mut Db) -> Result<Check> {
    let statement = match db {
        Db::Sqlite(_) => "SELECT count(*) FROM pragma_foreign_key_check",
        Db::Postgres(_) => {
            "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND NOT convalidated"
        }
    };
    Ok(Check::none_wrong(
        "foreign keys",
        Sql::new(statement).number(db)?,
        "references without a row",
    ))
}

fn waiting_jobs(db: &mut Db) -> Result<Check> {
    let dead = Sql::new("SELECT count(*) FROM jobs WHERE state = 'DEAD'").number(db)?;
    Ok(Check::none_wrong(
        "background work",
        dead,
        "jobs were given up; see their last error",
    ))
}
