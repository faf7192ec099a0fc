-- A run over the fees of a year: what was asked for and how far it is. It works through the cities by
-- their keys; after_city_id is the last one that is done.
CREATE TABLE fee_runs (
    id BLOB NOT NULL PRIMARY KEY,
    fee_year INTEGER NOT NULL,
    issued_on TEXT NOT NULL,
    step TEXT NOT NULL,
    state TEXT NOT NULL,
    currency TEXT NOT NULL,
    drafted INTEGER NOT NULL,
    invoiced INTEGER NOT NULL,
    skipped INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    net_minor INTEGER NOT NULL,
    total_minor INTEGER NOT NULL,
    after_city_id BLOB,
    requested_by BLOB,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    finished_at INTEGER,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT fee_runs_counts CHECK (drafted >= 0 AND invoiced >= 0 AND skipped >= 0 AND failed >= 0)
) STRICT;
CREATE INDEX fee_runs_created ON fee_runs (created_at, id);

-- What became of each membership: written once, with the invoice, in one transaction.
CREATE TABLE fee_run_rows (
    id BLOB NOT NULL PRIMARY KEY,
    run_id BLOB NOT NULL REFERENCES fee_runs (id),
    city_id BLOB NOT NULL REFERENCES cities (id),
    membership_id BLOB NOT NULL REFERENCES memberships (id),
    outcome TEXT NOT NULL,
    reason_code TEXT,
    reason_en TEXT,
    reason_da TEXT,
    invoice_id BLOB,
    currency TEXT NOT NULL,
    net_minor INTEGER NOT NULL,
    total_minor INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    CONSTRAINT fee_run_rows_reason CHECK ((outcome IN ('SKIPPED', 'FAILED')) = (reason_code IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX fee_run_rows_membership ON fee_run_rows (run_id, membership_id);
CREATE INDEX fee_run_rows_order ON fee_run_rows (run_id, id);
CREATE INDEX fee_run_rows_city_id ON fee_run_rows (city_id);
CREATE INDEX fee_run_rows_membership_id ON fee_run_rows (membership_id);
CREATE TRIGGER fee_run_rows_no_update BEFORE UPDATE ON fee_run_rows
BEGIN
    SELECT RAISE(ABORT, 'append only: fee_run_rows');
END;
CREATE TRIGGER fee_run_rows_no_delete BEFORE DELETE ON fee_run_rows
BEGIN
    SELECT RAISE(ABORT, 'append only: fee_run_rows');
END;
CREATE TRIGGER fee_run_rows_no_replace BEFORE INSERT ON fee_run_rows
WHEN EXISTS (SELECT 1 FROM fee_run_rows WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'append only: fee_run_rows');
END;

-- Which days a credit note of a fee gives back: they are free to be charged again. The rows of a
-- proposal go with it.
CREATE TABLE fee_refunds (
    credit_note_id BLOB NOT NULL REFERENCES credit_notes (id) ON DELETE CASCADE,
    invoice_line_id BLOB NOT NULL REFERENCES invoice_lines (id),
    reason TEXT NOT NULL,
    period_from TEXT NOT NULL,
    period_until TEXT NOT NULL,
    net_minor INTEGER NOT NULL,
    formula_en TEXT NOT NULL,
    formula_da TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (credit_note_id, invoice_line_id, period_from),
    CONSTRAINT fee_refunds_period CHECK (period_until > period_from),
    CONSTRAINT fee_refunds_net CHECK (net_minor > 0)
) STRICT;
CREATE INDEX fee_refunds_invoice_line_id ON fee_refunds (invoice_line_id);
CREATE TRIGGER fee_refunds_no_update BEFORE UPDATE ON fee_refunds
BEGIN
    SELECT RAISE(ABORT, 'append only: fee_refunds');
END;
CREATE TRIGGER fee_refunds_no_delete BEFORE DELETE ON fee_refunds
WHEN EXISTS (SELECT 1 FROM credit_notes WHERE id = OLD.credit_note_id AND status <> 'PROPOSED')
BEGIN
    SELECT RAISE(ABORT, 'append only: fee_refunds');
END;
CREATE TRIGGER fee_refunds_no_replace BEFORE INSERT ON fee_refunds
WHEN EXISTS (SELECT 1 FROM fee_refunds WHERE credit_note_id = NEW.credit_note_id AND invoice_line_id = NEW.invoice_line_id AND period_from = NEW.period_from)
BEGIN
    SELECT RAISE(ABORT, 'append only: fee_refunds');
END;
