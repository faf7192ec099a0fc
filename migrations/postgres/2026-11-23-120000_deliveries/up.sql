CREATE TABLE deliveries (
    id uuid NOT NULL PRIMARY KEY,
    invoice_id uuid REFERENCES invoices (id),
    credit_note_id uuid REFERENCES credit_notes (id),
    city_id uuid NOT NULL REFERENCES cities (id),
    number text COLLATE "C" NOT NULL,
    channel text COLLATE "C" NOT NULL,
    transport text COLLATE "C",
    state text COLLATE "C" NOT NULL,
    message text COLLATE "C",
    queued_at timestamptz NOT NULL,
    sent_at timestamptz,
    answered_at timestamptz,
    created_at timestamptz NOT NULL,
    created_by uuid,
    updated_at timestamptz NOT NULL,
    CONSTRAINT deliveries_document CHECK ((invoice_id IS NULL) <> (credit_note_id IS NULL)),
    CONSTRAINT deliveries_state CHECK (state IN ('QUEUED', 'SENT', 'DELIVERED', 'ACCEPTED', 'REJECTED'))
);
-- A document is delivered under one id, however often it is sent.
CREATE UNIQUE INDEX deliveries_invoice_id ON deliveries (invoice_id);
CREATE UNIQUE INDEX deliveries_credit_note_id ON deliveries (credit_note_id);
CREATE UNIQUE INDEX deliveries_number ON deliveries (number);
CREATE INDEX deliveries_city_id ON deliveries (city_id);
CREATE INDEX deliveries_rejected ON deliveries (updated_at, id) WHERE state = 'REJECTED';
CREATE TRIGGER deliveries_fixed BEFORE UPDATE OF id, invoice_id, credit_note_id, city_id, number, created_at, created_by ON deliveries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER deliveries_no_delete BEFORE DELETE ON deliveries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
