//! What must hold between the records of a database, checked by looking at all of them: numbers
//! without gaps, balances that add up, nobody in two places, a log as it was sealed. What it is
//! not: the constraints; those hold at each write, and these find out whether they were ever
//! circumvented. Nor a repair: each says what to do.

use crate::db::Db;
use crate::db::sql::Sql;
use crate::db::{migrate, references};
use crate::finance::{invoices, ledger, revenue};
use crate::identity::audit::checkpoints::Checkpoint;
use crate::identity::audit::problem::Problem;
use crate::identity::audit::{self, Report};
use crate::kernel::error::Result;
use crate::programme::assessments;

/// The outcome of one check.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Check {
    /// Its name.
    pub name: &'static str,
    /// What was checked.
    pub checked: String,
    /// Whether it holds.
    pub ok: bool,
    /// What was found where it does not hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub found: Vec<String>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<&'static str>,
}

impl Check {
    /// A check that holds when nothing was found.
    #[must_use]
    pub fn of(
        name: &'static str,
        checked: impl Into<String>,
        found: Vec<String>,
        remedy: &'static str,
    ) -> Self {
        let ok = found.is_empty();
        Self {
            name,
            checked: checked.into(),
            ok,
            found,
            remedy: (!ok).then_some(remedy),
        }
    }
}

/// A statement that counts what is wrong.
struct Question {
    name: &'static str,
    checked: &'static str,
    wrong: &'static str,
    remedy: &'static str,
    sql: &'static str,
}

const CIRCUMVENTED: &str =
    "somebody wrote past the service: find out who, and correct the records or restore a backup";

const QUESTIONS: &[Question] = &[
    Question {
        name: "units of packages",
        checked: "the balances of every account of units are the sums of its entries, and every consumed unit has its acceptance",
        wrong: "accounts and acceptances that do not add up",
        remedy: CIRCUMVENTED,
        sql: "SELECT (SELECT count(*) FROM entitlements e LEFT JOIN (SELECT package_id, kind, \
              sum(CASE WHEN entry IN ('GRANT', 'ADJUST') THEN units ELSE 0 END) AS granted, \
              sum(CASE WHEN entry = 'RESERVE' THEN units WHEN entry IN ('RELEASE', 'CONSUME') THEN -units ELSE 0 END) AS reserved, \
              sum(CASE WHEN entry = 'CONSUME' THEN units ELSE 0 END) AS consumed, \
              sum(CASE WHEN entry = 'EXPIRE' THEN units ELSE 0 END) AS expired \
              FROM entitlement_entries GROUP BY package_id, kind) AS told ON told.package_id = e.package_id AND told.kind = e.kind \
              WHERE e.granted <> COALESCE(told.granted, 0) OR e.reserved <> COALESCE(told.reserved, 0) \
              OR e.consumed <> COALESCE(told.consumed, 0) OR e.expired <> COALESCE(told.expired, 0)) \
              + (SELECT count(*) FROM acceptances a JOIN activities t ON t.id = a.activity_id WHERE t.package_id IS NOT NULL \
              AND (a.revoked_on IS NULL) <> (1 = (SELECT COALESCE(sum(n.units), 0) FROM entitlement_entries n WHERE n.acceptance_id = a.id)))",
    },
    Question {
        name: "invoice numbers",
        checked: "each series and year, of invoices and of credit notes, runs from 1 to its counter, without gap or double",
        wrong: "series and years with a gap, a double or a wrong counter",
        remedy: "compare invoices, credit_notes and invoice_counters by series and year with the last backup; never renumber an issued invoice",
        sql: "SELECT (SELECT count(*) FROM (SELECT c.last_number, count(i.id) AS issued, COALESCE(max(i.sequence), 0) AS highest, \
              count(DISTINCT i.sequence) AS distinct_numbers FROM invoice_counters c \
              LEFT JOIN (SELECT id, series, year, sequence FROM invoices UNION ALL SELECT id, series, year, sequence FROM credit_notes) AS i ON i.series = c.series AND i.year = c.year GROUP BY c.series, c.year, c.last_number) AS counted \
              WHERE issued <> last_number OR highest <> last_number OR distinct_numbers <> last_number) \
              + (SELECT count(*) FROM (SELECT i.series, i.year FROM (SELECT series, year, sequence FROM invoices UNION ALL SELECT series, year, sequence FROM credit_notes) AS i WHERE i.sequence IS NOT NULL AND NOT EXISTS \
              (SELECT 1 FROM invoice_counters c WHERE c.series = i.series AND c.year = i.year)) AS uncounted)",
    },
    Question {
        name: "numbers of issued invoices",
        checked: "every invoice has a number, and no draft has one",
        wrong: "invoices whose number does not fit their state",
        remedy: CIRCUMVENTED,
        sql: "SELECT count(*) FROM invoices WHERE (status = 'DRAFT') <> (number IS NULL)",
    },
    Question {
        name: "parties of invoices",
        checked: "every issued invoice says who invoices whom, and no draft does",
        wrong: "invoices whose parties do not fit their state",
        remedy: CIRCUMVENTED,
        sql: "SELECT count(*) FROM invoices WHERE (status = 'DRAFT') = EXISTS (SELECT 1 FROM invoice_parties WHERE invoice_parties.invoice_id = invoices.id)",
    },
    Question {
        name: "invoice totals",
        checked: "the lines of every invoice add up to its net amount, and net and tax to its total",
        wrong: "invoices that do not add up",
        remedy: CIRCUMVENTED,
        sql: "SELECT count(*) FROM invoices i WHERE i.net_minor <> \
              (SELECT COALESCE(sum(l.net_minor), 0) FROM invoice_lines l WHERE l.invoice_id = i.id) OR i.total_minor <> i.net_minor + i.vat_minor",
    },
    Question {
        name: "settled amounts of invoices",
        checked: "what is settled on every invoice is the sum of its allocations and write-offs, and with its credits not more than its total",
        wrong: "invoices whose settled amount is another",
        remedy: CIRCUMVENTED,
        sql: "SELECT count(*) FROM invoices i WHERE i.allocated_minor + i.credited_minor + i.written_off_minor > i.total_minor OR i.allocated_minor <> \
              (SELECT COALESCE(sum(a.amount_minor), 0) FROM allocations a WHERE a.invoice_id = i.id) OR i.written_off_minor <> \
              (SELECT COALESCE(sum(w.amount_minor), 0) FROM write_offs w WHERE w.invoice_id = i.id AND w.status = 'WRITTEN_OFF')",
    },
    Question {
        name: "credited amounts of invoices",
        checked: "what is credited of every invoice and line is the sum of its issued credit notes, and what is credited in full says so",
        wrong: "invoices and lines whose credited amount is another",
        remedy: CIRCUMVENTED,
        sql: "SELECT (SELECT count(*) FROM invoices i WHERE (i.status = 'CREDITED') <> (i.credited_minor > 0 AND i.credited_minor = i.total_minor) \
              OR i.credited_minor <> (SELECT COALESCE(sum(n.total_minor), 0) FROM credit_notes n WHERE n.invoice_id = i.id AND n.status = 'ISSUED')) \
              + (SELECT count(*) FROM invoice_lines l WHERE l.credited_minor > l.net_minor OR l.credited_minor <> \
              (SELECT COALESCE(sum(c.net_minor), 0) FROM credit_note_lines c JOIN credit_notes n ON n.id = c.credit_note_id \
              WHERE c.invoice_line_id = l.id AND n.status = 'ISSUED'))",
    },
    Question {
        name: "credit notes",
        checked: "the lines of every credit note add up to its net amount, net and tax to its total, and no proposal has a number",
        wrong: "credit notes that do not add up, or whose number does not fit their state",
        remedy: CIRCUMVENTED,
        sql: "SELECT count(*) FROM credit_notes n WHERE (n.status = 'PROPOSED') <> (n.number IS NULL) OR n.total_minor <> n.net_minor + n.vat_minor \
              OR n.net_minor <> (SELECT COALESCE(sum(c.net_minor), 0) FROM credit_note_lines c WHERE c.credit_note_id = n.id)",
    },
    Question {
        name: "used amounts of payments",
        checked: "what is used of every payment is the sum of its allocations, and what went back of it the sum of its refunds, or all of it where it is reversed",
        wrong: "payments whose used amount is another",
        remedy: CIRCUMVENTED,
        sql: "SELECT count(*) FROM payments p WHERE p.allocated_minor + p.returned_minor > p.amount_minor OR p.allocated_minor <> \
              (SELECT COALESCE(sum(a.amount_minor), 0) FROM allocations a WHERE a.payment_id = p.id) \
              OR p.returned_minor <> CASE WHEN EXISTS (SELECT 1 FROM payment_reversals r WHERE r.payment_id = p.id) THEN p.amount_minor \
              ELSE (SELECT COALESCE(sum(f.amount_minor), 0) FROM refunds f WHERE f.payment_id = p.id AND f.status = 'PAID') END",
    },
    Question {
        name: "the books",
        checked: "the lines of every transaction of the books add up to nought, to its sum, and to its day and currency",
        wrong: "transactions that do not balance, or lines without one",
        remedy: CIRCUMVENTED,
        sql: "SELECT (SELECT count(*) FROM (SELECT t.id FROM ledger_transactions t LEFT JOIN ledger_lines l ON l.transaction_id = t.id \
              GROUP BY t.id, t.total_minor HAVING count(l.position) < 2 OR COALESCE(sum(l.amount_minor), 1) <> 0 \
              OR sum(CASE WHEN l.amount_minor > 0 THEN l.amount_minor ELSE 0 END) <> t.total_minor \
              OR sum(CASE WHEN l.posted_on <> t.posted_on OR l.currency <> t.currency THEN 1 ELSE 0 END) > 0) AS unbalanced) \
              + (SELECT count(*) FROM ledger_lines l WHERE NOT EXISTS (SELECT 1 FROM ledger_transactions t WHERE t.id = l.transaction_id))",
    },
    Question {
        name: "open items in the books",
        checked: "what is open on every issued invoice is what the books say that is owed on it",
        wrong: "invoices of which the books say something else",
        remedy: CIRCUMVENTED,
        sql: "SELECT count(*) FROM invoices i LEFT JOIN (SELECT invoice_id, sum(amount_minor) AS owed FROM ledger_lines \
              WHERE account = 'RECEIVABLES' GROUP BY invoice_id) AS books ON books.invoice_id = i.id \
              WHERE COALESCE(books.owed, 0) <> CASE WHEN i.status IN ('ISSUED', 'SENT', 'PARTLY_PAID') \
              THEN i.total_minor - i.credited_minor - i.allocated_minor - i.written_off_minor ELSE 0 END",
    },
    Question {
        name: "unused payments in the books",
        checked: "what is left of all payments is what the books owe to those who paid",
        wrong: "minor units too much or too little in the books",
        remedy: CIRCUMVENTED,
        sql: "SELECT CAST(ABS((SELECT COALESCE(sum(amount_minor - allocated_minor - returned_minor), 0) FROM payments) \
              + (SELECT COALESCE(sum(amount_minor), 0) FROM ledger_lines WHERE account = 'UNAPPLIED_CREDIT')) AS BIGINT)",
    },
    Question {
        name: "used amounts of grants",
        checked: "what is used of every award is the sum of what it pays, and what a funder is invoiced is what it was to pay",
        wrong: "awards and invoices of funders whose sums differ",
        remedy: CIRCUMVENTED,
        sql: "SELECT (SELECT count(*) FROM funding_awards a WHERE a.used_minor <> \
              (SELECT COALESCE(sum(f.amount_minor), 0) FROM fundings f WHERE f.grant_id = a.grant_id)) \
              + (SELECT count(*) FROM invoices i WHERE i.grant_id IS NOT NULL AND i.kind <> 'LATE_CHARGES' AND i.net_minor <> \
              (SELECT COALESCE(sum(f.net_minor), 0) FROM fundings f WHERE f.share_invoice_id = i.id AND f.counters_id IS NULL))",
    },
    Question {
        name: "deferred revenue",
        checked: "what every line still has to earn is what the books have deferred of its invoice",
        wrong: "invoices of which the books say something else",
        remedy: CIRCUMVENTED,
        sql: "SELECT count(*) FROM (SELECT invoice_id, sum(amount_minor) AS owed FROM (SELECT invoice_id, amount_minor FROM ledger_lines WHERE account = 'DEFERRED_REVENUE' \
              UNION ALL SELECT invoice_id, amount_minor - recognised_minor FROM revenue_schedules) AS both_sides GROUP BY invoice_id HAVING sum(amount_minor) <> 0) AS wrong",
    },
    Question {
        name: "entries of the bank",
        checked: "every matched entry of the bank is of its payment's amount and currency, and what it takes back is reversed",
        wrong: "entries that do not agree with their payment",
        remedy: CIRCUMVENTED,
        sql: "SELECT count(*) FROM bank_entries e JOIN payments p ON p.id = e.payment_id WHERE e.amount_minor <> p.amount_minor OR e.currency <> p.currency \
              OR (e.direction = 'DEBIT' AND NOT EXISTS (SELECT 1 FROM payment_reversals r WHERE r.payment_id = p.id))",
    },
    Question {
        name: "expert bookings",
        checked: "no expert is booked twice at a time, the days of travel between cities included",
        wrong: "pairs of bookings that overlap",
        remedy: "cancel one visit of each pair",
        sql: "SELECT count(*) FROM expert_bookings a JOIN expert_bookings b ON a.expert_id = b.expert_id AND a.id < b.id \
              WHERE (a.starts_at < b.ends_at AND b.starts_at < a.ends_at) \
              OR (a.city_id <> b.city_id AND a.travel_from < b.travel_until AND b.travel_from < a.travel_until)",
    },
    Question {
        name: "places on study visits",
        checked: "the places taken on every study visit are those of its visitors",
        wrong: "study visits with another number",
        remedy: CIRCUMVENTED,
        sql: "SELECT count(*) FROM study_visits v WHERE v.places_taken <> \
              (SELECT COALESCE(sum(p.seats), 0) FROM study_visit_places p WHERE p.visit_id = v.id AND p.left_at IS NULL)",
    },
    Question {
        name: "appointments",
        checked: "no city has two coordinators, or two deputies, at a time",
        wrong: "pairs of appointments of one city and role that overlap",
        remedy: "end one appointment of each pair",
        sql: "SELECT count(*) FROM appointments a JOIN appointments b ON a.city_id = b.city_id AND a.role = b.role AND a.id < b.id \
              WHERE (b.ends_on IS NULL OR a.starts_on < b.ends_on) AND (a.ends_on IS NULL OR b.starts_on < a.ends_on) \
              AND (a.ends_on IS NULL OR a.starts_on < a.ends_on) AND (b.ends_on IS NULL OR b.starts_on < b.ends_on)",
    },
    Question {
        name: "working time of coordinators",
        checked: "the appointments of every person add up to at most full time on each day",
        wrong: "first days of appointments on which a person works more than full time",
        remedy: "end an appointment of the person, or give it fewer hundredths",
        sql: "SELECT count(*) FROM appointments a WHERE (a.ends_on IS NULL OR a.starts_on < a.ends_on) AND 100 < \
              (SELECT sum(b.fte_percent) FROM appointments b WHERE b.person_id = a.person_id AND b.starts_on <= a.starts_on \
              AND (b.ends_on IS NULL OR b.ends_on > a.starts_on))",
    },
    Question {
        name: "memberships",
        checked: "no two periods of a city in one network overlap",
        wrong: "pairs of periods that overlap",
        remedy: CIRCUMVENTED,
        sql: "SELECT count(*) FROM memberships a JOIN memberships b ON a.city_id = b.city_id AND a.network_id = b.network_id AND a.id < b.id \
              WHERE a.starts_on IS NOT NULL AND b.starts_on IS NOT NULL \
              AND (b.ends_on IS NULL OR a.starts_on < b.ends_on) AND (a.ends_on IS NULL OR b.starts_on < a.ends_on) \
              AND (a.ends_on IS NULL OR a.starts_on < a.ends_on) AND (b.ends_on IS NULL OR b.starts_on < b.ends_on)",
    },
    Question {
        name: "background work",
        checked: "no job was given up",
        wrong: "jobs were given up: `jobs list` says why, `jobs retry` gives them another chance",
        remedy: "mend what last_error in the table jobs names; a job that is WAITING again with attempts 0 runs again",
        sql: "SELECT count(*) FROM jobs WHERE state = 'DEAD'",
    },
];

/// Runs every check on the records; each is one statement. While migrations are pending, or a newer
/// version has changed the database, only that is told: the other checks ask for tables of this
/// version.
///
/// # Errors
/// What the database says.
pub fn records(db: &mut Db) -> Result<Vec<Check>> {
    let schema = schema(db)?;
    if !schema.ok {
        return Ok(vec![schema]);
    }
    let mut checks = vec![schema, foreign_keys(db)?];
    for question in QUESTIONS {
        let wrong = Sql::new(question.sql).number(db)?;
        let found = if wrong == 0 {
            Vec::new()
        } else {
            vec![format!("{wrong} {}", question.wrong)]
        };
        checks.push(Check::of(
            question.name,
            question.checked,
            found,
            question.remedy,
        ));
    }
    checks.push(kept_totals(db)?);
    checks.push(Check::of(
        "kept sums of the books",
        "the turnovers that the trial balance shows are those of the lines",
        ledger::differences(db)?,
        "the lines are right and the sums are not: restore a backup, or have the sums made anew",
    ));
    checks.push(Check::of(
        "kept numbers of deferred revenue",
        "how many lines still earn what is what the lines say",
        revenue::differences(db)?,
        "the lines are right and the numbers are not: restore a backup, or have them made anew",
    ));
    checks.push(Check::of(
        "scores of the index",
        "the approved scores of every assessment are what its answers earn by its questionnaire",
        assessments::differences(db)?,
        CIRCUMVENTED,
    ));
    Ok(checks)
}

/// Whether the audit log is as it was sealed and, where there are checkpoints, as it was signed.
/// `problems` are those of the file of checkpoints itself.
///
/// # Errors
/// What the database says.
pub fn audit_chain(
    db: &mut Db,
    checkpoints: Option<&[Checkpoint]>,
    mut problems: Vec<Problem>,
) -> Result<Check> {
    /// More problems than this are counted and not listed.
    const LISTED: usize = 10;

    let signed = checkpoints.unwrap_or_default();
    let Report {
        sealed,
        unsealed,
        problems: in_chain,
    } = audit::verify(db, signed)?;
    problems.extend(in_chain);
    let against = match checkpoints {
        Some(signed) => format!("held against {} signed checkpoints", signed.len()),
        None => "without a file of checkpoints, so that a cut end would not show".to_owned(),
    };
    let mut found: Vec<String> = problems
        .iter()
        .take(LISTED)
        .map(ToString::to_string)
        .collect();
    if problems.len() > LISTED {
        found.push(format!("and {} more", problems.len() - LISTED));
    }
    Ok(Check::of(
        "audit log",
        format!(
            "{sealed} sealed entries follow from each other ({unsealed} not sealed yet), {against}"
        ),
        found,
        "keep the database and the file of checkpoints as evidence; `audit verify` lists every problem",
    ))
}

fn schema(db: &mut Db) -> Result<Check> {
    let newer = migrate::newer(db)?;
    let pending = migrate::pending(db)?;
    let remedy = if newer.is_empty() {
        "run `migrate`, then `doctor` again: nothing else was checked in this database"
    } else {
        "a newer version of this program has changed the database: run that version or a later one, or restore the backup from before the change; nothing else was checked"
    };
    let unknown = newer
        .iter()
        .map(|version| format!("{version} is not known to this version"));
    let pending = pending.iter().map(|name| format!("{name} is pending"));
    Ok(Check::of(
        "migrations",
        "the tables are those of this version",
        unknown.chain(pending).collect(),
        remedy,
    ))
}

fn foreign_keys(db: &mut Db) -> Result<Check> {
    let found = references::dangling(db)?;
    Ok(Check::of(
        "foreign keys",
        format!(
            "every row that {} references name is there",
            references::count(db)?
        ),
        found
            .iter()
            .map(|one| format!("{}: {} rows lead nowhere", one.reference, one.rows))
            .collect(),
        CIRCUMVENTED,
    ))
}

fn kept_totals(db: &mut Db) -> Result<Check> {
    Ok(Check::of(
        "kept sums of invoices",
        "the sums that feeTotals shows are those of the invoices",
        invoices::differences(db)?,
        "the invoices are right and the sums are not: restore a backup, or have the sums made anew",
    ))
}
