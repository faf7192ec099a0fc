-- Double entry, append only. The lines of a transaction are stored before it; the transaction is let in
-- only when they balance, and from then on nothing is added to it.
CREATE TABLE ledger_transactions (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    subject_id BLOB NOT NULL,
    document TEXT,
    city_id BLOB REFERENCES cities (id),
    currency TEXT NOT NULL,
    posted_on TEXT NOT NULL,
    documented_on TEXT NOT NULL,
    total_minor INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by BLOB,
    CONSTRAINT ledger_transactions_total CHECK (total_minor > 0)
) STRICT;
-- What happens once to a document is posted once.
CREATE UNIQUE INDEX ledger_transactions_once ON ledger_transactions (kind, subject_id)
    WHERE kind <> 'REVENUE_RECOGNISED';
CREATE INDEX ledger_transactions_subject ON ledger_transactions (subject_id);
CREATE INDEX ledger_transactions_posted ON ledger_transactions (posted_on, id);
CREATE INDEX ledger_transactions_city ON ledger_transactions (city_id, posted_on, id);

CREATE TABLE ledger_lines (
    transaction_id BLOB NOT NULL REFERENCES ledger_transactions (id) DEFERRABLE INITIALLY DEFERRED,
    position INTEGER NOT NULL,
    account TEXT NOT NULL,
    currency TEXT NOT NULL,
    posted_on TEXT NOT NULL,
    -- Debit above zero, credit below.
    amount_minor INTEGER NOT NULL,
    invoice_id BLOB REFERENCES invoices (id),
    PRIMARY KEY (transaction_id, position),
    CONSTRAINT ledger_lines_amount CHECK (amount_minor <> 0)
) STRICT;
CREATE INDEX ledger_lines_posted ON ledger_lines (posted_on, account, currency, amount_minor);
CREATE INDEX ledger_lines_invoice_id ON ledger_lines (invoice_id, account);

-- Turnover by month, kept in the transactions that post, so that a trial balance costs the same however
-- much is posted. Split into slots by city, so that two cities' postings seldom wait for each other.
CREATE TABLE ledger_balances (
    month INTEGER NOT NULL,
    account TEXT NOT NULL,
    currency TEXT NOT NULL,
    slot INTEGER NOT NULL,
    debit_minor INTEGER NOT NULL,
    credit_minor INTEGER NOT NULL,
    PRIMARY KEY (month, account, currency, slot)
) STRICT;

-- Up to which days the books are closed: softly to everything but the work of closing, hard to all.
CREATE TABLE ledger_locks (
    id INTEGER NOT NULL PRIMARY KEY,
    soft_through TEXT,
    hard_through TEXT,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT ledger_locks_one CHECK (id = 1)
) STRICT;
INSERT INTO ledger_locks (id, soft_through, hard_through, updated_at, version) VALUES (1, NULL, NULL, 0, 1);

CREATE TRIGGER ledger_transactions_balanced BEFORE INSERT ON ledger_transactions
BEGIN
    SELECT RAISE(ABORT, 'append only: ledger_transactions')
    WHERE EXISTS (SELECT 1 FROM ledger_transactions WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'unbalanced: ledger_transactions')
    WHERE (SELECT count(*) < 2 OR COALESCE(sum(amount_minor), 1) <> 0
            OR sum(posted_on IS NOT NEW.posted_on OR currency IS NOT NEW.currency) > 0
            OR sum(CASE WHEN amount_minor > 0 THEN amount_minor ELSE 0 END) <> NEW.total_minor
        FROM ledger_lines WHERE transaction_id = NEW.id);
    SELECT RAISE(ABORT, 'closed: ledger_transactions')
    WHERE EXISTS (SELECT 1 FROM ledger_locks WHERE hard_through >= NEW.posted_on);
END;
CREATE TRIGGER ledger_transactions_no_update BEFORE UPDATE ON ledger_transactions
BEGIN
    SELECT RAISE(ABORT, 'append only: ledger_transactions');
END;
CREATE TRIGGER ledger_transactions_no_delete BEFORE DELETE ON ledger_transactions
BEGIN
    SELECT RAISE(ABORT, 'append only: ledger_transactions');
END;
CREATE TRIGGER ledger_lines_before_header BEFORE INSERT ON ledger_lines
WHEN EXISTS (SELECT 1 FROM ledger_transactions WHERE id = NEW.transaction_id)
    OR EXISTS (SELECT 1 FROM ledger_lines WHERE transaction_id = NEW.transaction_id AND position = NEW.position)
BEGIN
    SELECT RAISE(ABORT, 'append only: ledger_lines');
END;
CREATE TRIGGER ledger_lines_no_update BEFORE UPDATE ON ledger_lines
BEGIN
    SELECT RAISE(ABORT, 'append only: ledger_lines');
END;
CREATE TRIGGER ledger_lines_no_delete BEFORE DELETE ON ledger_lines
BEGIN
    SELECT RAISE(ABORT, 'append only: ledger_lines');
END;
-- What is closed hard stays closed.
CREATE TRIGGER ledger_locks_forward BEFORE UPDATE ON ledger_locks
WHEN OLD.hard_through IS NOT NULL AND (NEW.hard_through IS NULL OR NEW.hard_through < OLD.hard_through)
BEGIN
    SELECT RAISE(ABORT, 'append only: ledger_locks');
END;
CREATE TRIGGER ledger_locks_no_delete BEFORE DELETE ON ledger_locks
BEGIN
    SELECT RAISE(ABORT, 'append only: ledger_locks');
END;

-- Over which days the revenue of an invoice's line is earned, and how much of it is in the books as such.
CREATE TABLE revenue_schedules (
    line_id BLOB NOT NULL PRIMARY KEY REFERENCES invoice_lines (id),
    invoice_id BLOB NOT NULL REFERENCES invoices (id),
    city_id BLOB NOT NULL REFERENCES cities (id),
    document TEXT NOT NULL,
    account TEXT NOT NULL,
    currency TEXT NOT NULL,
    issued_on TEXT NOT NULL,
    starts_on TEXT NOT NULL,
    ends_on TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    recognised_minor INTEGER NOT NULL,
    recognised_through TEXT,
    is_done INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT revenue_schedules_amount CHECK (amount_minor >= 0 AND recognised_minor >= 0 AND recognised_minor <= amount_minor),
    CONSTRAINT revenue_schedules_days CHECK (starts_on < ends_on),
    CONSTRAINT revenue_schedules_done CHECK (is_done IN (0, 1))
) STRICT;
CREATE INDEX revenue_schedules_invoice_id ON revenue_schedules (invoice_id);
CREATE INDEX revenue_schedules_city_id ON revenue_schedules (city_id);
CREATE INDEX revenue_schedules_running ON revenue_schedules (line_id) WHERE NOT is_done;

-- How many lines that are alike still earn, kept in the transactions that move them: what will be earned
-- when costs the same however many lines there are. Split into slots by city.
CREATE TABLE revenue_groups (
    account TEXT NOT NULL,
    currency TEXT NOT NULL,
    starts_on TEXT NOT NULL,
    ends_on TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    recognised_minor INTEGER NOT NULL,
    slot INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    PRIMARY KEY (account, currency, starts_on, ends_on, amount_minor, recognised_minor, slot)
) STRICT;
CREATE INDEX revenue_groups_empty ON revenue_groups (lines) WHERE lines = 0;

-- What was asked to be recognised, and how far that came.
CREATE TABLE revenue_runs (
    id BLOB NOT NULL PRIMARY KEY,
    through TEXT NOT NULL,
    state TEXT NOT NULL,
    postings INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by BLOB,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX revenue_runs_created ON revenue_runs (created_at, id);

-- What is open by the day it is due, kept in the transactions that change an invoice: how old the claims
-- are, and what is expected when, cost the same however many invoices there are.
CREATE TABLE invoice_dues (
    due_on TEXT NOT NULL,
    currency TEXT NOT NULL,
    slot INTEGER NOT NULL,
    invoices INTEGER NOT NULL,
    open_minor INTEGER NOT NULL,
    PRIMARY KEY (due_on, currency, slot)
) STRICT;
CREATE INDEX invoice_dues_open ON invoice_dues (due_on, currency, invoices, open_minor) WHERE invoices <> 0;
