-- How a seller reminds of what is overdue, and what it charges for that.
CREATE TABLE reminder_policies (
    seller_id uuid NOT NULL PRIMARY KEY REFERENCES sellers (id),
    reminders boolean NOT NULL,
    first_after integer NOT NULL,
    second_after integer NOT NULL,
    third_after integer NOT NULL,
    collection_after integer,
    fee_minor bigint NOT NULL,
    compensation boolean NOT NULL,
    interest boolean NOT NULL,
    day_count text COLLATE "C" NOT NULL,
    tolerance_minor bigint NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT reminder_policies_days CHECK (first_after > 0 AND second_after > first_after AND third_after > second_after
        AND (collection_after IS NULL OR collection_after > third_after)),
    CONSTRAINT reminder_policies_amounts CHECK (fee_minor >= 0 AND tolerance_minor >= 0)
);

CREATE TABLE reminder_runs (
    id uuid NOT NULL PRIMARY KEY,
    run_on date NOT NULL,
    status text COLLATE "C" NOT NULL,
    sent bigint NOT NULL,
    held bigint NOT NULL,
    failed bigint NOT NULL,
    problems jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid,
    finished_at timestamptz,
    version integer NOT NULL
);
CREATE INDEX reminder_runs_created ON reminder_runs (created_at, id);

-- A reminder that was sent: level 1 to 3, and 4 for the notice of collection. None twice, none skipped.
CREATE TABLE reminders (
    id uuid NOT NULL PRIMARY KEY,
    invoice_id uuid NOT NULL REFERENCES invoices (id),
    city_id uuid NOT NULL REFERENCES cities (id),
    level integer NOT NULL,
    sent_on date NOT NULL,
    in_time_until date NOT NULL,
    pay_by date NOT NULL,
    open_minor bigint NOT NULL,
    currency text COLLATE "C" NOT NULL,
    day_count text COLLATE "C" NOT NULL,
    -- The other claims that it names, as they stood.
    said jsonb NOT NULL,
    charges_invoice_id uuid REFERENCES invoices (id),
    recipient text COLLATE "C",
    run_id uuid REFERENCES reminder_runs (id),
    created_at timestamptz NOT NULL,
    created_by uuid,
    CONSTRAINT reminders_level_range CHECK (level BETWEEN 1 AND 4),
    CONSTRAINT reminders_open CHECK (open_minor > 0)
);
CREATE UNIQUE INDEX reminders_level ON reminders (invoice_id, level);
CREATE INDEX reminders_city ON reminders (city_id, sent_on, id);
CREATE INDEX reminders_sent ON reminders (sent_on, id);
CREATE INDEX reminders_charges_invoice_id ON reminders (charges_invoice_id);
CREATE INDEX reminders_run_id ON reminders (run_id);
CREATE TRIGGER reminders_no_update BEFORE UPDATE ON reminders
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER reminders_no_delete BEFORE DELETE ON reminders
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE FUNCTION refuse_reminder_out_of_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.level > 1 AND NOT EXISTS (SELECT 1 FROM reminders WHERE invoice_id = NEW.invoice_id AND level = NEW.level - 1) THEN
        RAISE EXCEPTION 'out of order: reminders' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reminders_in_order BEFORE INSERT ON reminders
    FOR EACH ROW EXECUTE FUNCTION refuse_reminder_out_of_order();

-- Which invoice charges for the lateness of which, and what: the claim itself never changes.
CREATE TABLE late_charges (
    invoice_id uuid NOT NULL PRIMARY KEY REFERENCES invoices (id),
    overdue_invoice_id uuid NOT NULL REFERENCES invoices (id),
    fee_minor bigint NOT NULL,
    compensation_minor bigint NOT NULL,
    interest_minor bigint NOT NULL,
    interest_until date,
    created_at timestamptz NOT NULL,
    CONSTRAINT late_charges_amounts CHECK (fee_minor >= 0 AND compensation_minor >= 0 AND interest_minor >= 0
        AND fee_minor + compensation_minor + interest_minor > 0)
);
CREATE INDEX late_charges_overdue_invoice_id ON late_charges (overdue_invoice_id, invoice_id);
CREATE UNIQUE INDEX late_charges_compensated ON late_charges (overdue_invoice_id) WHERE compensation_minor > 0;
CREATE TRIGGER late_charges_no_update BEFORE UPDATE ON late_charges
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER late_charges_no_delete BEFORE DELETE ON late_charges
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Why an invoice is not reminded of for a while: a dispute, a promise to pay, a pause. Ended, never removed.
CREATE TABLE reminder_holds (
    id uuid NOT NULL PRIMARY KEY,
    invoice_id uuid NOT NULL REFERENCES invoices (id),
    city_id uuid NOT NULL REFERENCES cities (id),
    kind text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL,
    from_on date NOT NULL,
    until_on date,
    opened_by uuid,
    ended_on date,
    ended_by uuid,
    end_note text COLLATE "C",
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT reminder_holds_period CHECK (until_on IS NULL OR until_on >= from_on),
    CONSTRAINT reminder_holds_ended CHECK ((ended_on IS NULL) = (end_note IS NULL))
);
CREATE INDEX reminder_holds_invoice_id ON reminder_holds (invoice_id, id);
CREATE INDEX reminder_holds_city_id ON reminder_holds (city_id, id);
CREATE FUNCTION refuse_hold_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.ended_on IS NOT NULL
        OR NEW.id IS DISTINCT FROM OLD.id
        OR NEW.invoice_id IS DISTINCT FROM OLD.invoice_id
        OR NEW.city_id IS DISTINCT FROM OLD.city_id
        OR NEW.kind IS DISTINCT FROM OLD.kind
        OR NEW.reason IS DISTINCT FROM OLD.reason
        OR NEW.from_on IS DISTINCT FROM OLD.from_on
        OR NEW.until_on IS DISTINCT FROM OLD.until_on
        OR NEW.opened_by IS DISTINCT FROM OLD.opened_by
        OR NEW.created_at IS DISTINCT FROM OLD.created_at THEN
        RAISE EXCEPTION 'append only: reminder_holds' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reminder_holds_frozen_update BEFORE UPDATE ON reminder_holds
    FOR EACH ROW EXECUTE FUNCTION refuse_hold_change();
CREATE TRIGGER reminder_holds_frozen_delete BEFORE DELETE ON reminder_holds
    FOR EACH ROW EXECUTE FUNCTION refuse_hold_change();
