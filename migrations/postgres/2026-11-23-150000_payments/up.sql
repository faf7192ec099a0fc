-- Unused money that is paid back. A proposal moves nothing; what is paid never changes.
CREATE TABLE refunds (
    id uuid NOT NULL PRIMARY KEY,
    payment_id uuid NOT NULL REFERENCES payments (id),
    city_id uuid NOT NULL REFERENCES cities (id),
    status text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    amount_minor bigint NOT NULL,
    account text COLLATE "C" NOT NULL,
    reference text COLLATE "C",
    reason text COLLATE "C" NOT NULL,
    paid_on date,
    approved_by uuid,
    created_at timestamptz NOT NULL,
    created_by uuid,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT refunds_amount CHECK (amount_minor > 0),
    CONSTRAINT refunds_paid CHECK ((status = 'PAID') = (paid_on IS NOT NULL))
);
CREATE INDEX refunds_payment_id ON refunds (payment_id, id);
CREATE INDEX refunds_city ON refunds (city_id, created_at, id);
CREATE INDEX refunds_created ON refunds (created_at, id);
CREATE INDEX refunds_updated ON refunds (updated_at, id);
CREATE FUNCTION refuse_refund_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'PROPOSED' OR (TG_OP = 'UPDATE' AND (NEW.payment_id IS DISTINCT FROM OLD.payment_id
        OR NEW.amount_minor IS DISTINCT FROM OLD.amount_minor OR NEW.created_by IS DISTINCT FROM OLD.created_by)) THEN
        RAISE EXCEPTION 'paid: refunds' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER refunds_frozen BEFORE UPDATE OR DELETE ON refunds
    FOR EACH ROW EXECUTE FUNCTION refuse_refund_change();

-- What is given up of a claim. A proposal changes nothing; what is written off never changes, and a
-- claim that stands again after all gets an entry below zero.
CREATE TABLE write_offs (
    id uuid NOT NULL PRIMARY KEY,
    invoice_id uuid NOT NULL REFERENCES invoices (id),
    city_id uuid NOT NULL REFERENCES cities (id),
    reverses_id uuid REFERENCES write_offs (id),
    status text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    amount_minor bigint NOT NULL,
    reason text COLLATE "C" NOT NULL,
    -- Where the invoice stood before: there it stands again when it is reversed.
    found_status text COLLATE "C",
    written_on date,
    approved_by uuid,
    created_at timestamptz NOT NULL,
    created_by uuid,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT write_offs_amount CHECK (amount_minor <> 0 AND (amount_minor < 0) = (reverses_id IS NOT NULL)),
    CONSTRAINT write_offs_written CHECK ((status = 'WRITTEN_OFF') = (written_on IS NOT NULL))
);
CREATE INDEX write_offs_invoice_id ON write_offs (invoice_id, id);
CREATE INDEX write_offs_city ON write_offs (city_id, created_at, id);
CREATE INDEX write_offs_created ON write_offs (created_at, id);
CREATE INDEX write_offs_updated ON write_offs (updated_at, id);
-- A write-off is reversed once.
CREATE UNIQUE INDEX write_offs_reverses_id ON write_offs (reverses_id);
CREATE FUNCTION refuse_write_off_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'PROPOSED' OR (TG_OP = 'UPDATE' AND (NEW.invoice_id IS DISTINCT FROM OLD.invoice_id
        OR NEW.amount_minor IS DISTINCT FROM OLD.amount_minor OR NEW.created_by IS DISTINCT FROM OLD.created_by)) THEN
        RAISE EXCEPTION 'written off: write_offs' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER write_offs_frozen BEFORE UPDATE OR DELETE ON write_offs
    FOR EACH ROW EXECUTE FUNCTION refuse_write_off_change();

-- What is written off an invoice is the sum of its write-offs, never anything else.
CREATE FUNCTION refuse_unfounded_write_off() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.written_off_minor <> OLD.written_off_minor AND NEW.written_off_minor <>
        (SELECT COALESCE(SUM(amount_minor), 0) FROM write_offs WHERE invoice_id = OLD.id AND status = 'WRITTEN_OFF') THEN
        RAISE EXCEPTION 'issued: invoices' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER invoices_written_off BEFORE UPDATE OF written_off_minor ON invoices
    FOR EACH ROW EXECUTE FUNCTION refuse_unfounded_write_off();
