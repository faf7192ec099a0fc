CREATE TABLE sellers (
    id uuid NOT NULL PRIMARY KEY,
    code text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    street text COLLATE "C" NOT NULL,
    postal_code text COLLATE "C" NOT NULL,
    town text COLLATE "C" NOT NULL,
    country text COLLATE "C" NOT NULL,
    cvr text COLLATE "C" NOT NULL,
    email text COLLATE "C" NOT NULL,
    bank_registration text COLLATE "C" NOT NULL,
    bank_account text COLLATE "C" NOT NULL,
    -- How payers use payment slips and pay from abroad; without them an invoice names the account alone.
    fik_creditor text COLLATE "C",
    iban text COLLATE "C",
    bic text COLLATE "C",
    time_zone text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    rule_set text COLLATE "C" NOT NULL,
    fee_year text COLLATE "C" NOT NULL,
    first_year text COLLATE "C" NOT NULL,
    last_year text COLLATE "C" NOT NULL,
    recognition text COLLATE "C" NOT NULL,
    payment_days integer NOT NULL,
    einvoicing text NOT NULL,
    four_eyes_above bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT sellers_four_eyes_above CHECK (four_eyes_above >= 0)
);
CREATE UNIQUE INDEX sellers_code ON sellers (code);

CREATE TABLE prices (
    id uuid NOT NULL PRIMARY KEY,
    product text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    amount_minor bigint NOT NULL,
    valid_from date NOT NULL,
    vat_category text COLLATE "C" NOT NULL,
    vat_rate_bp integer NOT NULL,
    exemption_reason text COLLATE "C",
    note text COLLATE "C",
    created_at timestamptz NOT NULL,
    created_by uuid,
    CONSTRAINT prices_amount CHECK (amount_minor >= 0)
);
CREATE UNIQUE INDEX prices_valid_from ON prices (product, currency, valid_from);
-- Invoices point at the price they were computed from, so an entry of the list never changes.
CREATE TRIGGER prices_no_update BEFORE UPDATE ON prices
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER prices_no_delete BEFORE DELETE ON prices
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE invoice_counters (
    series text COLLATE "C" NOT NULL,
    year integer NOT NULL,
    last_number bigint NOT NULL,
    last_issued_on date,
    PRIMARY KEY (series, year)
);

CREATE TABLE invoices (
    id uuid NOT NULL PRIMARY KEY,
    kind text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    city_id uuid NOT NULL REFERENCES cities (id),
    membership_id uuid REFERENCES memberships (id),
    package_id uuid REFERENCES packages (id),
    -- The grant whose funder is invoiced in the city's stead; none when the city is.
    grant_id uuid REFERENCES funding_grants (id),
    seller_id uuid NOT NULL REFERENCES sellers (id),
    fee_year integer NOT NULL,
    instalment integer,
    series text COLLATE "C",
    year integer,
    sequence bigint,
    number text COLLATE "C",
    currency text COLLATE "C" NOT NULL,
    net_minor bigint NOT NULL,
    vat_minor bigint NOT NULL,
    total_minor bigint NOT NULL,
    allocated_minor bigint NOT NULL,
    credited_minor bigint NOT NULL,
    written_off_minor bigint NOT NULL,
    issued_on date,
    due_on date,
    settled_on date,
    content_hash text COLLATE "C",
    created_at timestamptz NOT NULL,
    created_by uuid,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT invoices_numbered CHECK ((status = 'DRAFT') = (number IS NULL)),
    CONSTRAINT invoices_total CHECK (total_minor >= 0 AND net_minor >= 0 AND vat_minor >= 0),
    CONSTRAINT invoices_settled CHECK (allocated_minor >= 0 AND credited_minor >= 0 AND written_off_minor >= 0
        AND allocated_minor + credited_minor + written_off_minor <= total_minor)
);
CREATE UNIQUE INDEX invoices_number ON invoices (series, year, sequence);
-- What is taken over from an older system keeps its number; no two invoices have the same.
CREATE UNIQUE INDEX invoices_written_number ON invoices (number);
CREATE INDEX invoices_city ON invoices (city_id, created_at, id);
CREATE INDEX invoices_city_open ON invoices (city_id, due_on, id)
    WHERE status IN ('ISSUED', 'SENT', 'PARTLY_PAID');
CREATE INDEX invoices_created ON invoices (created_at, id);
CREATE INDEX invoices_issued ON invoices ((issued_on IS NULL), issued_on, id);
CREATE INDEX invoices_updated ON invoices (updated_at, id);
CREATE INDEX invoices_due ON invoices (due_on, id);
CREATE INDEX invoices_of_year ON invoices (fee_year, created_at, id);
CREATE INDEX invoices_membership_id ON invoices (membership_id);
CREATE INDEX invoices_package_id ON invoices (package_id);
CREATE INDEX invoices_grant_id ON invoices (grant_id);
CREATE INDEX invoices_seller_id ON invoices (seller_id);

-- Both sides as they were on the day of issue, apart from the invoice: lists of invoices need them not.
CREATE TABLE invoice_parties (
    invoice_id uuid NOT NULL PRIMARY KEY REFERENCES invoices (id),
    seller jsonb NOT NULL,
    buyer jsonb NOT NULL
);
CREATE TRIGGER invoice_parties_no_update BEFORE UPDATE ON invoice_parties
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER invoice_parties_no_delete BEFORE DELETE ON invoice_parties
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE invoice_lines (
    id uuid NOT NULL PRIMARY KEY,
    invoice_id uuid NOT NULL REFERENCES invoices (id),
    position integer NOT NULL,
    product text COLLATE "C" NOT NULL,
    description_en text COLLATE "C" NOT NULL,
    description_da text COLLATE "C" NOT NULL,
    formula_en text COLLATE "C" NOT NULL,
    formula_da text COLLATE "C" NOT NULL,
    period_from date,
    period_until date,
    quantity integer NOT NULL,
    unit_minor bigint NOT NULL,
    net_minor bigint NOT NULL,
    credited_minor bigint NOT NULL,
    vat_category text COLLATE "C" NOT NULL,
    vat_rate_bp integer NOT NULL,
    exemption_reason text COLLATE "C",
    price_id uuid REFERENCES prices (id),
    CONSTRAINT invoice_lines_credited CHECK (credited_minor >= 0 AND credited_minor <= net_minor)
);
CREATE UNIQUE INDEX invoice_lines_position ON invoice_lines (invoice_id, position);
CREATE INDEX invoice_lines_price_id ON invoice_lines (price_id);

-- The sums of invoices, kept in the transactions that change them, so that totals cost the same
-- however many invoices there are. A row is split into slots, so that two cities' payments seldom
-- wait for each other. issue_year is 0 for drafts.
CREATE TABLE invoice_totals (
    fee_year integer NOT NULL,
    issue_year integer NOT NULL,
    status text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    slot integer NOT NULL,
    invoices bigint NOT NULL,
    total_minor bigint NOT NULL,
    credited_minor bigint NOT NULL,
    open_minor bigint NOT NULL,
    PRIMARY KEY (fee_year, issue_year, status, currency, slot)
);

-- What takes an invoice back, or a part of it: a document of its own series. A proposal has no number
-- and changes nothing; what is issued never changes.
CREATE TABLE credit_notes (
    id uuid NOT NULL PRIMARY KEY,
    invoice_id uuid NOT NULL REFERENCES invoices (id),
    city_id uuid NOT NULL REFERENCES cities (id),
    status text COLLATE "C" NOT NULL,
    reason_code text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL,
    series text COLLATE "C",
    year integer,
    sequence bigint,
    number text COLLATE "C",
    currency text COLLATE "C" NOT NULL,
    net_minor bigint NOT NULL,
    vat_minor bigint NOT NULL,
    total_minor bigint NOT NULL,
    taxes jsonb NOT NULL,
    seller jsonb NOT NULL,
    buyer jsonb NOT NULL,
    issued_on date,
    issued_by uuid,
    content_hash text COLLATE "C",
    created_at timestamptz NOT NULL,
    created_by uuid,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT credit_notes_total CHECK (net_minor > 0 AND vat_minor >= 0 AND total_minor = net_minor + vat_minor),
    CONSTRAINT credit_notes_numbered CHECK ((status = 'ISSUED') = (number IS NOT NULL))
);
CREATE UNIQUE INDEX credit_notes_number ON credit_notes (series, year, sequence);
CREATE INDEX credit_notes_invoice_id ON credit_notes (invoice_id, id);
CREATE INDEX credit_notes_city ON credit_notes (city_id, created_at, id);
CREATE INDEX credit_notes_created ON credit_notes (created_at, id);
CREATE INDEX credit_notes_issued ON credit_notes ((issued_on IS NULL), issued_on, id);
CREATE INDEX credit_notes_updated ON credit_notes (updated_at, id);

CREATE TABLE credit_note_lines (
    id uuid NOT NULL PRIMARY KEY,
    credit_note_id uuid NOT NULL REFERENCES credit_notes (id),
    invoice_line_id uuid NOT NULL REFERENCES invoice_lines (id),
    position integer NOT NULL,
    product text COLLATE "C" NOT NULL,
    description_en text COLLATE "C" NOT NULL,
    description_da text COLLATE "C" NOT NULL,
    net_minor bigint NOT NULL,
    vat_category text COLLATE "C" NOT NULL,
    vat_rate_bp integer NOT NULL,
    exemption_reason text COLLATE "C",
    CONSTRAINT credit_note_lines_net CHECK (net_minor > 0)
);
CREATE UNIQUE INDEX credit_note_lines_position ON credit_note_lines (credit_note_id, position);
CREATE INDEX credit_note_lines_invoice_line_id ON credit_note_lines (invoice_line_id);

CREATE TABLE payments (
    id uuid NOT NULL PRIMARY KEY,
    city_id uuid NOT NULL REFERENCES cities (id),
    currency text COLLATE "C" NOT NULL,
    amount_minor bigint NOT NULL,
    allocated_minor bigint NOT NULL,
    -- What the bank took back, or was paid back.
    returned_minor bigint NOT NULL,
    received_on date NOT NULL,
    reference text COLLATE "C",
    payer_name text COLLATE "C",
    note text COLLATE "C",
    recorded_by uuid,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT payments_amount CHECK (amount_minor > 0),
    CONSTRAINT payments_allocated CHECK (allocated_minor >= 0 AND returned_minor >= 0
        AND allocated_minor + returned_minor <= amount_minor)
);
CREATE INDEX payments_city ON payments (city_id, received_on, id);
CREATE INDEX payments_received ON payments (received_on, id);
CREATE INDEX payments_updated ON payments (updated_at, id);

-- A payment that the bank took back, or that was recorded wrongly: the payment stays, and counts no more.
CREATE TABLE payment_reversals (
    payment_id uuid NOT NULL PRIMARY KEY REFERENCES payments (id),
    reversed_on date NOT NULL,
    reason text COLLATE "C" NOT NULL,
    reversed_by uuid,
    created_at timestamptz NOT NULL
);
CREATE TRIGGER payment_reversals_no_update BEFORE UPDATE ON payment_reversals
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER payment_reversals_no_delete BEFORE DELETE ON payment_reversals
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE allocations (
    id uuid NOT NULL PRIMARY KEY,
    payment_id uuid NOT NULL REFERENCES payments (id),
    invoice_id uuid NOT NULL REFERENCES invoices (id),
    credit_note_id uuid REFERENCES credit_notes (id),
    reversal_id uuid REFERENCES payment_reversals (payment_id),
    released_id uuid REFERENCES allocations (id),
    amount_minor bigint NOT NULL,
    allocated_on date NOT NULL,
    reason text COLLATE "C",
    -- Where the invoice stood before: there it stands again when all money is taken off it.
    found_status text COLLATE "C",
    allocated_by uuid,
    created_at timestamptz NOT NULL,
    -- Below zero is money that goes back to its payment: by a credit note, because the payment was
    -- reversed, or because the use is undone.
    CONSTRAINT allocations_amount CHECK (amount_minor <> 0 AND (amount_minor < 0)::integer
        = num_nonnulls(credit_note_id, reversal_id, released_id)),
    CONSTRAINT allocations_reversal CHECK (reversal_id = payment_id),
    CONSTRAINT allocations_reason CHECK ((released_id IS NULL) = (reason IS NULL)),
    CONSTRAINT allocations_found CHECK ((amount_minor > 0) = (found_status IS NOT NULL))
);
CREATE INDEX allocations_payment_id ON allocations (payment_id, id);
CREATE INDEX allocations_invoice_id ON allocations (invoice_id, id);
CREATE INDEX allocations_credit_note_id ON allocations (credit_note_id);
CREATE INDEX allocations_reversal_id ON allocations (reversal_id);
-- A use is undone once.
CREATE UNIQUE INDEX allocations_released_id ON allocations (released_id);
CREATE TRIGGER allocations_no_update BEFORE UPDATE ON allocations
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER allocations_no_delete BEFORE DELETE ON allocations
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE UNIQUE INDEX invoices_fee_year ON invoices (membership_id, fee_year)
    WHERE kind = 'ANNUAL_FEE' AND status <> 'CREDITED' AND grant_id IS NULL;
CREATE UNIQUE INDEX invoices_fee_year_share ON invoices (membership_id, fee_year, grant_id)
    WHERE kind = 'ANNUAL_FEE' AND status <> 'CREDITED' AND grant_id IS NOT NULL;
CREATE UNIQUE INDEX invoices_instalment ON invoices (package_id, instalment)
    WHERE kind = 'PACKAGE' AND status <> 'CREDITED' AND grant_id IS NULL;
CREATE UNIQUE INDEX invoices_instalment_share ON invoices (package_id, instalment, grant_id)
    WHERE kind = 'PACKAGE' AND status <> 'CREDITED' AND grant_id IS NOT NULL;
CREATE INDEX invoices_overdue ON invoices (due_on, id)
    WHERE status IN ('ISSUED', 'SENT', 'PARTLY_PAID');

-- What stands on an issued invoice never changes; only its settlement moves: what is credited stays so,
-- and money leaves it only down to the sum of its allocations, after an entry that took it back.
CREATE FUNCTION refuse_issued_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'DRAFT' AND (TG_OP = 'DELETE' OR NEW.status = 'DRAFT'
        OR NEW.credited_minor < OLD.credited_minor
        OR (NEW.allocated_minor < OLD.allocated_minor AND NEW.allocated_minor <>
            (SELECT COALESCE(SUM(amount_minor), 0) FROM allocations WHERE invoice_id = OLD.id))
        OR (NEW.kind IS DISTINCT FROM OLD.kind
        OR NEW.id IS DISTINCT FROM OLD.id
        OR NEW.created_at IS DISTINCT FROM OLD.created_at
        OR NEW.created_by IS DISTINCT FROM OLD.created_by
        OR NEW.city_id IS DISTINCT FROM OLD.city_id
        OR NEW.membership_id IS DISTINCT FROM OLD.membership_id
        OR NEW.package_id IS DISTINCT FROM OLD.package_id
        OR NEW.grant_id IS DISTINCT FROM OLD.grant_id
        OR NEW.seller_id IS DISTINCT FROM OLD.seller_id
        OR NEW.fee_year IS DISTINCT FROM OLD.fee_year
        OR NEW.instalment IS DISTINCT FROM OLD.instalment
        OR NEW.series IS DISTINCT FROM OLD.series
        OR NEW.year IS DISTINCT FROM OLD.year
        OR NEW.sequence IS DISTINCT FROM OLD.sequence
        OR NEW.number IS DISTINCT FROM OLD.number
        OR NEW.currency IS DISTINCT FROM OLD.currency
        OR NEW.net_minor IS DISTINCT FROM OLD.net_minor
        OR NEW.vat_minor IS DISTINCT FROM OLD.vat_minor
        OR NEW.total_minor IS DISTINCT FROM OLD.total_minor
        OR NEW.issued_on IS DISTINCT FROM OLD.issued_on
        OR NEW.due_on IS DISTINCT FROM OLD.due_on
        OR NEW.content_hash IS DISTINCT FROM OLD.content_hash)) THEN
        RAISE EXCEPTION 'issued: invoices' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER invoices_frozen BEFORE UPDATE OR DELETE ON invoices
    FOR EACH ROW EXECUTE FUNCTION refuse_issued_change();

-- Only how much of a line is credited grows.
CREATE FUNCTION refuse_issued_line_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before uuid := CASE WHEN TG_OP <> 'INSERT' THEN OLD.invoice_id END;
    after uuid := CASE WHEN TG_OP <> 'DELETE' THEN NEW.invoice_id END;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.credited_minor > OLD.credited_minor
            AND to_jsonb(NEW) - 'credited_minor' = to_jsonb(OLD) - 'credited_minor' THEN
            RETURN NEW;
        END IF;
    END IF;
    IF EXISTS (SELECT 1 FROM invoices WHERE id IN (before, after) AND status <> 'DRAFT') THEN
        RAISE EXCEPTION 'issued: invoice_lines' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER invoice_lines_frozen BEFORE INSERT OR UPDATE OR DELETE ON invoice_lines
    FOR EACH ROW EXECUTE FUNCTION refuse_issued_line_change();

CREATE FUNCTION refuse_credit_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'PROPOSED' THEN
        RAISE EXCEPTION 'issued: credit_notes' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF NEW.invoice_id IS DISTINCT FROM OLD.invoice_id OR NEW.created_by IS DISTINCT FROM OLD.created_by THEN
            RAISE EXCEPTION 'issued: credit_notes' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER credit_notes_frozen BEFORE UPDATE OR DELETE ON credit_notes
    FOR EACH ROW EXECUTE FUNCTION refuse_credit_note_change();

CREATE FUNCTION refuse_credit_note_line_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    note uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.credit_note_id ELSE NEW.credit_note_id END;
BEGIN
    IF TG_OP = 'UPDATE' OR EXISTS (SELECT 1 FROM credit_notes WHERE id = note AND status <> 'PROPOSED') THEN
        RAISE EXCEPTION 'issued: credit_note_lines' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER credit_note_lines_frozen BEFORE INSERT OR UPDATE OR DELETE ON credit_note_lines
    FOR EACH ROW EXECUTE FUNCTION refuse_credit_note_line_change();

-- What is recorded of a payment never changes; a correction is a new entry. What is used of it grows,
-- and shrinks only to the sum of its allocations, after an entry that gave money back.
CREATE FUNCTION refuse_payment_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.allocated_minor < OLD.allocated_minor AND NEW.allocated_minor <>
            (SELECT COALESCE(SUM(amount_minor), 0) FROM allocations WHERE payment_id = OLD.id))
        OR NEW.returned_minor < OLD.returned_minor
        OR NEW.id IS DISTINCT FROM OLD.id
        OR NEW.city_id IS DISTINCT FROM OLD.city_id
        OR NEW.currency IS DISTINCT FROM OLD.currency
        OR NEW.amount_minor IS DISTINCT FROM OLD.amount_minor
        OR NEW.received_on IS DISTINCT FROM OLD.received_on
        OR NEW.reference IS DISTINCT FROM OLD.reference
        OR NEW.payer_name IS DISTINCT FROM OLD.payer_name
        OR NEW.note IS DISTINCT FROM OLD.note
        OR NEW.recorded_by IS DISTINCT FROM OLD.recorded_by
        OR NEW.created_at IS DISTINCT FROM OLD.created_at THEN
        RAISE EXCEPTION 'append only: payments' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_frozen BEFORE UPDATE OR DELETE ON payments
    FOR EACH ROW EXECUTE FUNCTION refuse_payment_change();
