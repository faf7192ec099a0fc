-- A run over the fees of a year: what was asked for and how far it is. It works through the cities by
-- their keys; after_city_id is the last one that is done.
CREATE TABLE fee_runs (
    id uuid NOT NULL PRIMARY KEY,
    fee_year integer NOT NULL,
    issued_on date NOT NULL,
    step text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    drafted integer NOT NULL,
    invoiced integer NOT NULL,
    skipped integer NOT NULL,
    failed integer NOT NULL,
    net_minor bigint NOT NULL,
    total_minor bigint NOT NULL,
    after_city_id uuid,
    requested_by uuid,
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    finished_at timestamptz,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT fee_runs_counts CHECK (drafted >= 0 AND invoiced >= 0 AND skipped >= 0 AND failed >= 0)
);
CREATE INDEX fee_runs_created ON fee_runs (created_at, id);

-- What became of each membership: written once, with the invoice, in one transaction.
CREATE TABLE fee_run_rows (
    id uuid NOT NULL PRIMARY KEY,
    run_id uuid NOT NULL REFERENCES fee_runs (id),
    city_id uuid NOT NULL REFERENCES cities (id),
    membership_id uuid NOT NULL REFERENCES memberships (id),
    outcome text COLLATE "C" NOT NULL,
    reason_code text COLLATE "C",
    reason_en text COLLATE "C",
    reason_da text COLLATE "C",
    invoice_id uuid,
    currency text COLLATE "C" NOT NULL,
    net_minor bigint NOT NULL,
    total_minor bigint NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT fee_run_rows_reason CHECK ((outcome IN ('SKIPPED', 'FAILED')) = (reason_code IS NOT NULL))
);
CREATE UNIQUE INDEX fee_run_rows_membership ON fee_run_rows (run_id, membership_id);
CREATE INDEX fee_run_rows_order ON fee_run_rows (run_id, id);
CREATE INDEX fee_run_rows_city_id ON fee_run_rows (city_id);
CREATE INDEX fee_run_rows_membership_id ON fee_run_rows (membership_id);
CREATE TRIGGER fee_run_rows_no_change BEFORE UPDATE OR DELETE ON fee_run_rows
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Which days a credit note of a fee gives back: they are free to be charged again. The rows of a
-- proposal go with it.
CREATE TABLE fee_refunds (
    credit_note_id uuid NOT NULL REFERENCES credit_notes (id) ON DELETE CASCADE,
    invoice_line_id uuid NOT NULL REFERENCES invoice_lines (id),
    reason text COLLATE "C" NOT NULL,
    period_from date NOT NULL,
    period_until date NOT NULL,
    net_minor bigint NOT NULL,
    formula_en text COLLATE "C" NOT NULL,
    formula_da text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (credit_note_id, invoice_line_id, period_from),
    CONSTRAINT fee_refunds_period CHECK (period_until > period_from),
    CONSTRAINT fee_refunds_net CHECK (net_minor > 0)
);
CREATE INDEX fee_refunds_invoice_line_id ON fee_refunds (invoice_line_id);
CREATE FUNCTION refuse_fee_refund_loss() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' OR EXISTS (SELECT 1 FROM credit_notes WHERE id = OLD.credit_note_id AND status <> 'PROPOSED') THEN
        RAISE EXCEPTION 'append only: fee_refunds' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER fee_refunds_frozen BEFORE UPDATE OR DELETE ON fee_refunds
    FOR EACH ROW EXECUTE FUNCTION refuse_fee_refund_loss();
