-- What the bank told, as it told it: statements never change, and of an entry only what was decided about
-- it does.
CREATE TABLE bank_statements (
    id uuid NOT NULL PRIMARY KEY,
    seller_id uuid NOT NULL REFERENCES sellers (id),
    format text COLLATE "C" NOT NULL,
    account text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    bank_id text COLLATE "C",
    sequence bigint,
    from_on date,
    through_on date,
    opening_minor bigint,
    closing_minor bigint,
    entry_count integer NOT NULL,
    pending_count integer NOT NULL,
    content_hash text COLLATE "C" NOT NULL,
    position integer NOT NULL,
    created_by uuid,
    created_at timestamptz NOT NULL
);
-- A file is imported once.
CREATE UNIQUE INDEX bank_statements_content ON bank_statements (content_hash, position);
CREATE INDEX bank_statements_seller_id ON bank_statements (seller_id);
CREATE INDEX bank_statements_account ON bank_statements (account, through_on, id);
CREATE TRIGGER bank_statements_append_only BEFORE UPDATE OR DELETE ON bank_statements
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TABLE bank_entries (
    id uuid NOT NULL PRIMARY KEY,
    statement_id uuid NOT NULL REFERENCES bank_statements (id),
    account text COLLATE "C" NOT NULL,
    -- By which the bank's entry, and its part, is known again in another file.
    entry_identity text COLLATE "C" NOT NULL,
    identity text COLLATE "C" NOT NULL,
    position integer NOT NULL,
    part integer NOT NULL,
    direction text COLLATE "C" NOT NULL,
    reversal boolean NOT NULL,
    currency text COLLATE "C" NOT NULL,
    amount_minor bigint NOT NULL,
    charges_minor bigint NOT NULL,
    booked_on date NOT NULL,
    value_on date NOT NULL,
    bank_reference text COLLATE "C",
    end_to_end_id text COLLATE "C",
    creditor_reference text COLLATE "C",
    counterparty_name text COLLATE "C",
    counterparty_account text COLLATE "C",
    remittance text COLLATE "C",
    state text COLLATE "C" NOT NULL,
    payment_id uuid REFERENCES payments (id),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT bank_entries_amount CHECK (amount_minor > 0 AND charges_minor >= 0),
    CONSTRAINT bank_entries_matched CHECK ((state = 'MATCHED') = (payment_id IS NOT NULL))
);
CREATE UNIQUE INDEX bank_entries_identity ON bank_entries (account, identity);
CREATE INDEX bank_entries_entry_identity ON bank_entries (account, entry_identity);
CREATE INDEX bank_entries_statement_id ON bank_entries (statement_id, id);
-- A payment is made by one entry, and taken back by one.
CREATE UNIQUE INDEX bank_entries_payment_id ON bank_entries (payment_id, direction);
CREATE INDEX bank_entries_booked ON bank_entries (booked_on, id);
CREATE INDEX bank_entries_amount ON bank_entries (amount_minor, id);
CREATE INDEX bank_entries_undecided ON bank_entries (account, booked_on, id)
    WHERE state IN ('UNMATCHED', 'PROPOSED');
CREATE INDEX bank_entries_counterparty ON bank_entries (counterparty_account)
    WHERE state = 'MATCHED';
CREATE FUNCTION refuse_bank_entry_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.id IS DISTINCT FROM OLD.id
        OR NEW.statement_id IS DISTINCT FROM OLD.statement_id
        OR NEW.account IS DISTINCT FROM OLD.account
        OR NEW.entry_identity IS DISTINCT FROM OLD.entry_identity
        OR NEW.identity IS DISTINCT FROM OLD.identity
        OR NEW.position IS DISTINCT FROM OLD.position
        OR NEW.part IS DISTINCT FROM OLD.part
        OR NEW.direction IS DISTINCT FROM OLD.direction
        OR NEW.reversal IS DISTINCT FROM OLD.reversal
        OR NEW.currency IS DISTINCT FROM OLD.currency
        OR NEW.amount_minor IS DISTINCT FROM OLD.amount_minor
        OR NEW.charges_minor IS DISTINCT FROM OLD.charges_minor
        OR NEW.booked_on IS DISTINCT FROM OLD.booked_on
        OR NEW.value_on IS DISTINCT FROM OLD.value_on
        OR NEW.bank_reference IS DISTINCT FROM OLD.bank_reference
        OR NEW.end_to_end_id IS DISTINCT FROM OLD.end_to_end_id
        OR NEW.creditor_reference IS DISTINCT FROM OLD.creditor_reference
        OR NEW.counterparty_name IS DISTINCT FROM OLD.counterparty_name
        OR NEW.counterparty_account IS DISTINCT FROM OLD.counterparty_account
        OR NEW.remittance IS DISTINCT FROM OLD.remittance
        OR NEW.created_at IS DISTINCT FROM OLD.created_at THEN
        RAISE EXCEPTION 'append only: bank_entries' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bank_entries_frozen BEFORE UPDATE OR DELETE ON bank_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_bank_entry_change();

-- What an undecided entry may be for; made anew when more is known.
CREATE TABLE bank_proposals (
    id uuid NOT NULL PRIMARY KEY,
    entry_id uuid NOT NULL REFERENCES bank_entries (id),
    position integer NOT NULL,
    kind text COLLATE "C" NOT NULL,
    confidence integer NOT NULL,
    reason_en text COLLATE "C" NOT NULL,
    reason_da text COLLATE "C" NOT NULL,
    city_id uuid REFERENCES cities (id),
    payment_id uuid REFERENCES payments (id),
    shares jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT bank_proposals_confidence CHECK (confidence BETWEEN 0 AND 100),
    CONSTRAINT bank_proposals_kind CHECK ((kind = 'PAYMENT') = (city_id IS NOT NULL)
        AND (kind <> 'PAYMENT') = (payment_id IS NOT NULL))
);
CREATE UNIQUE INDEX bank_proposals_entry_id ON bank_proposals (entry_id, position);
CREATE INDEX bank_proposals_city_id ON bank_proposals (city_id);
CREATE INDEX bank_proposals_payment_id ON bank_proposals (payment_id);

-- What was decided about each entry, and undone again.
CREATE TABLE bank_decisions (
    id uuid NOT NULL PRIMARY KEY,
    entry_id uuid NOT NULL REFERENCES bank_entries (id),
    position integer NOT NULL,
    kind text COLLATE "C" NOT NULL,
    made text COLLATE "C" NOT NULL,
    payment_id uuid REFERENCES payments (id),
    confidence integer,
    reason_en text COLLATE "C" NOT NULL,
    reason_da text COLLATE "C" NOT NULL,
    decided_by uuid,
    created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX bank_decisions_entry_id ON bank_decisions (entry_id, position);
CREATE INDEX bank_decisions_payment_id ON bank_decisions (payment_id);
CREATE TRIGGER bank_decisions_append_only BEFORE UPDATE OR DELETE ON bank_decisions
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- From which confidence on an entry is matched without asking finance; 100 where a seller has said nothing.
CREATE TABLE bank_policies (
    seller_id uuid NOT NULL PRIMARY KEY REFERENCES sellers (id),
    automatic_from integer NOT NULL,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    -- 101 is never.
    CONSTRAINT bank_policies_automatic CHECK (automatic_from BETWEEN 50 AND 101)
);
