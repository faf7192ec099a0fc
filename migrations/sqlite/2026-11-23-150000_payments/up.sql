-- Unused money that is paid back. A proposal moves nothing; what is paid never changes.
CREATE TABLE refunds (
    id BLOB NOT NULL PRIMARY KEY,
    payment_id BLOB NOT NULL REFERENCES payments (id),
    city_id BLOB NOT NULL REFERENCES cities (id),
    status TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    account TEXT NOT NULL,
    reference TEXT,
    reason TEXT NOT NULL,
    paid_on TEXT,
    approved_by BLOB,
    created_at INTEGER NOT NULL,
    created_by BLOB,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT refunds_amount CHECK (amount_minor > 0),
    CONSTRAINT refunds_paid CHECK ((status = 'PAID') = (paid_on IS NOT NULL))
) STRICT;
CREATE INDEX refunds_payment_id ON refunds (payment_id, id);
CREATE INDEX refunds_city ON refunds (city_id, created_at, id);
CREATE INDEX refunds_created ON refunds (created_at, id);
CREATE INDEX refunds_updated ON refunds (updated_at, id);
CREATE TRIGGER refunds_frozen_update BEFORE UPDATE ON refunds
WHEN OLD.status <> 'PROPOSED' OR NEW.payment_id IS NOT OLD.payment_id OR NEW.amount_minor IS NOT OLD.amount_minor
    OR NEW.created_by IS NOT OLD.created_by
BEGIN
    SELECT RAISE(ABORT, 'paid: refunds');
END;
CREATE TRIGGER refunds_frozen_delete BEFORE DELETE ON refunds
WHEN OLD.status <> 'PROPOSED'
BEGIN
    SELECT RAISE(ABORT, 'paid: refunds');
END;
CREATE TRIGGER refunds_no_replace BEFORE INSERT ON refunds
WHEN EXISTS (SELECT 1 FROM refunds WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'paid: refunds');
END;

-- What is given up of a claim. A proposal changes nothing; what is written off never changes, and a
-- claim that stands again after all gets an entry below zero.
CREATE TABLE write_offs (
    id BLOB NOT NULL PRIMARY KEY,
    invoice_id BLOB NOT NULL REFERENCES invoices (id),
    city_id BLOB NOT NULL REFERENCES cities (id),
    reverses_id BLOB REFERENCES write_offs (id),
    status TEXT NOT NULL,
    kind TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    reason TEXT NOT NULL,
    -- Where the invoice stood before: there it stands again when it is reversed.
    found_status TEXT,
    written_on TEXT,
    approved_by BLOB,
    created_at INTEGER NOT NULL,
    created_by BLOB,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT write_offs_amount CHECK (amount_minor <> 0 AND (amount_minor < 0) = (reverses_id IS NOT NULL)),
    CONSTRAINT write_offs_written CHECK ((status = 'WRITTEN_OFF') = (written_on IS NOT NULL))
) STRICT;
CREATE INDEX write_offs_invoice_id ON write_offs (invoice_id, id);
CREATE INDEX write_offs_city ON write_offs (city_id, created_at, id);
CREATE INDEX write_offs_created ON write_offs (created_at, id);
CREATE INDEX write_offs_updated ON write_offs (updated_at, id);
-- A write-off is reversed once.
CREATE UNIQUE INDEX write_offs_reverses_id ON write_offs (reverses_id);
CREATE TRIGGER write_offs_frozen_update BEFORE UPDATE ON write_offs
WHEN OLD.status <> 'PROPOSED' OR NEW.invoice_id IS NOT OLD.invoice_id OR NEW.amount_minor IS NOT OLD.amount_minor
    OR NEW.created_by IS NOT OLD.created_by
BEGIN
    SELECT RAISE(ABORT, 'written off: write_offs');
END;
CREATE TRIGGER write_offs_frozen_delete BEFORE DELETE ON write_offs
WHEN OLD.status <> 'PROPOSED'
BEGIN
    SELECT RAISE(ABORT, 'written off: write_offs');
END;
CREATE TRIGGER write_offs_no_replace BEFORE INSERT ON write_offs
WHEN EXISTS (SELECT 1 FROM write_offs WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'written off: write_offs');
END;

-- What is written off an invoice is the sum of its write-offs, never anything else.
CREATE TRIGGER invoices_written_off BEFORE UPDATE OF written_off_minor ON invoices
WHEN NEW.written_off_minor <> OLD.written_off_minor AND NEW.written_off_minor <>
    (SELECT COALESCE(SUM(amount_minor), 0) FROM write_offs WHERE invoice_id = OLD.id AND status = 'WRITTEN_OFF')
BEGIN
    SELECT RAISE(ABORT, 'issued: invoices');
END;
