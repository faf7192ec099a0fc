CREATE TABLE deliveries (
    id BLOB NOT NULL PRIMARY KEY,
    invoice_id BLOB REFERENCES invoices (id),
    credit_note_id BLOB REFERENCES credit_notes (id),
    city_id BLOB NOT NULL REFERENCES cities (id),
    number TEXT NOT NULL,
    channel TEXT NOT NULL,
    transport TEXT,
    state TEXT NOT NULL,
    message TEXT,
    queued_at INTEGER NOT NULL,
    sent_at INTEGER,
    answered_at INTEGER,
    created_at INTEGER NOT NULL,
    created_by BLOB,
    updated_at INTEGER NOT NULL,
    CONSTRAINT deliveries_document CHECK ((invoice_id IS NULL) <> (credit_note_id IS NULL)),
    CONSTRAINT deliveries_state CHECK (state IN ('QUEUED', 'SENT', 'DELIVERED', 'ACCEPTED', 'REJECTED'))
) STRICT;
-- A document is delivered under one id, however often it is sent.
CREATE UNIQUE INDEX deliveries_invoice_id ON deliveries (invoice_id);
CREATE UNIQUE INDEX deliveries_credit_note_id ON deliveries (credit_note_id);
CREATE UNIQUE INDEX deliveries_number ON deliveries (number);
CREATE INDEX deliveries_city_id ON deliveries (city_id);
CREATE INDEX deliveries_rejected ON deliveries (updated_at, id) WHERE state = 'REJECTED';
CREATE TRIGGER deliveries_fixed BEFORE UPDATE OF id, invoice_id, credit_note_id, city_id, number, created_at, created_by ON deliveries
BEGIN
    SELECT RAISE(ABORT, 'append only: deliveries');
END;
CREATE TRIGGER deliveries_no_delete BEFORE DELETE ON deliveries
BEGIN
    SELECT RAISE(ABORT, 'append only: deliveries');
END;
-- INSERT OR REPLACE removes the row in its way without firing the trigger against deletion.
CREATE TRIGGER deliveries_no_replace BEFORE INSERT ON deliveries
WHEN EXISTS (SELECT 1 FROM deliveries WHERE id = NEW.id OR invoice_id = NEW.invoice_id
    OR credit_note_id = NEW.credit_note_id OR number = NEW.number)
BEGIN
    SELECT RAISE(ABORT, 'append only: deliveries');
END;
