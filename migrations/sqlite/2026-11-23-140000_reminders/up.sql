-- How a seller reminds of what is overdue, and what it charges for that.
CREATE TABLE reminder_policies (
    seller_id BLOB NOT NULL PRIMARY KEY REFERENCES sellers (id),
    reminders INTEGER NOT NULL,
    first_after INTEGER NOT NULL,
    second_after INTEGER NOT NULL,
    third_after INTEGER NOT NULL,
    collection_after INTEGER,
    fee_minor INTEGER NOT NULL,
    compensation INTEGER NOT NULL,
    interest INTEGER NOT NULL,
    day_count TEXT NOT NULL,
    tolerance_minor INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT reminder_policies_days CHECK (first_after > 0 AND second_after > first_after AND third_after > second_after
        AND (collection_after IS NULL OR collection_after > third_after)),
    CONSTRAINT reminder_policies_amounts CHECK (fee_minor >= 0 AND tolerance_minor >= 0)
) STRICT;

CREATE TABLE reminder_runs (
    id BLOB NOT NULL PRIMARY KEY,
    run_on TEXT NOT NULL,
    status TEXT NOT NULL,
    sent INTEGER NOT NULL,
    held INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    problems TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by BLOB,
    finished_at INTEGER,
    version INTEGER NOT NULL
) STRICT;
CREATE INDEX reminder_runs_created ON reminder_runs (created_at, id);

-- A reminder that was sent: level 1 to 3, and 4 for the notice of collection. None twice, none skipped.
CREATE TABLE reminders (
    id BLOB NOT NULL PRIMARY KEY,
    invoice_id BLOB NOT NULL REFERENCES invoices (id),
    city_id BLOB NOT NULL REFERENCES cities (id),
    level INTEGER NOT NULL,
    sent_on TEXT NOT NULL,
    in_time_until TEXT NOT NULL,
    pay_by TEXT NOT NULL,
    open_minor INTEGER NOT NULL,
    currency TEXT NOT NULL,
    day_count TEXT NOT NULL,
    -- The other claims that it names, as they stood.
    said TEXT NOT NULL,
    charges_invoice_id BLOB REFERENCES invoices (id),
    recipient TEXT,
    run_id BLOB REFERENCES reminder_runs (id),
    created_at INTEGER NOT NULL,
    created_by BLOB,
    CONSTRAINT reminders_level_range CHECK (level BETWEEN 1 AND 4),
    CONSTRAINT reminders_open CHECK (open_minor > 0)
) STRICT;
CREATE UNIQUE INDEX reminders_level ON reminders (invoice_id, level);
CREATE INDEX reminders_city ON reminders (city_id, sent_on, id);
CREATE INDEX reminders_sent ON reminders (sent_on, id);
CREATE INDEX reminders_charges_invoice_id ON reminders (charges_invoice_id);
CREATE INDEX reminders_run_id ON reminders (run_id);
CREATE TRIGGER reminders_no_update BEFORE UPDATE ON reminders
BEGIN
    SELECT RAISE(ABORT, 'append only: reminders');
END;
CREATE TRIGGER reminders_no_delete BEFORE DELETE ON reminders
BEGIN
    SELECT RAISE(ABORT, 'append only: reminders');
END;
CREATE TRIGGER reminders_no_replace BEFORE INSERT ON reminders
WHEN EXISTS (SELECT 1 FROM reminders WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'append only: reminders');
END;
CREATE TRIGGER reminders_in_order BEFORE INSERT ON reminders
WHEN NEW.level > 1 AND NOT EXISTS (SELECT 1 FROM reminders WHERE invoice_id = NEW.invoice_id AND level = NEW.level - 1)
BEGIN
    SELECT RAISE(ABORT, 'out of order: reminders');
END;

-- Which invoice charges for the lateness of which, and what: the claim itself never changes.
CREATE TABLE late_charges (
    invoice_id BLOB NOT NULL PRIMARY KEY REFERENCES invoices (id),
    overdue_invoice_id BLOB NOT NULL REFERENCES invoices (id),
    fee_minor INTEGER NOT NULL,
    compensation_minor INTEGER NOT NULL,
    interest_minor INTEGER NOT NULL,
    interest_until TEXT,
    created_at INTEGER NOT NULL,
    CONSTRAINT late_charges_amounts CHECK (fee_minor >= 0 AND compensation_minor >= 0 AND interest_minor >= 0
        AND fee_minor + compensation_minor + interest_minor > 0)
) STRICT;
CREATE INDEX late_charges_overdue_invoice_id ON late_charges (overdue_invoice_id, invoice_id);
CREATE UNIQUE INDEX late_charges_compensated ON late_charges (overdue_invoice_id) WHERE compensation_minor > 0;
CREATE TRIGGER late_charges_no_update BEFORE UPDATE ON late_charges
BEGIN
    SELECT RAISE(ABORT, 'append only: late_charges');
END;
CREATE TRIGGER late_charges_no_delete BEFORE DELETE ON late_charges
BEGIN
    SELECT RAISE(ABORT, 'append only: late_charges');
END;
CREATE TRIGGER late_charges_no_replace BEFORE INSERT ON late_charges
WHEN EXISTS (SELECT 1 FROM late_charges WHERE invoice_id = NEW.invoice_id)
BEGIN
    SELECT RAISE(ABORT, 'append only: late_charges');
END;

-- Why an invoice is not reminded of for a while: a dispute, a promise to pay, a pause. Ended, never removed.
CREATE TABLE reminder_holds (
    id BLOB NOT NULL PRIMARY KEY,
    invoice_id BLOB NOT NULL REFERENCES invoices (id),
    city_id BLOB NOT NULL REFERENCES cities (id),
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    from_on TEXT NOT NULL,
    until_on TEXT,
    opened_by BLOB,
    ended_on TEXT,
    ended_by BLOB,
    end_note TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT reminder_holds_period CHECK (until_on IS NULL OR until_on >= from_on),
    CONSTRAINT reminder_holds_ended CHECK ((ended_on IS NULL) = (end_note IS NULL))
) STRICT;
CREATE INDEX reminder_holds_invoice_id ON reminder_holds (invoice_id, id);
CREATE INDEX reminder_holds_city_id ON reminder_holds (city_id, id);
CREATE TRIGGER reminder_holds_frozen_update BEFORE UPDATE ON reminder_holds
WHEN OLD.ended_on IS NOT NULL
    OR NEW.id IS NOT OLD.id
    OR NEW.invoice_id IS NOT OLD.invoice_id
    OR NEW.city_id IS NOT OLD.city_id
    OR NEW.kind IS NOT OLD.kind
    OR NEW.reason IS NOT OLD.reason
    OR NEW.from_on IS NOT OLD.from_on
    OR NEW.until_on IS NOT OLD.until_on
    OR NEW.opened_by IS NOT OLD.opened_by
    OR NEW.created_at IS NOT OLD.created_at
BEGIN
    SELECT RAISE(ABORT, 'append only: reminder_holds');
END;
CREATE TRIGGER reminder_holds_no_delete BEFORE DELETE ON reminder_holds
BEGIN
    SELECT RAISE(ABORT, 'append only: reminder_holds');
END;
CREATE TRIGGER reminder_holds_no_replace BEFORE INSERT ON reminder_holds
WHEN EXISTS (SELECT 1 FROM reminder_holds WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'append only: reminder_holds');
END;
