-- Double entry, append only. The lines of a transaction are stored before it; the transaction is let in
-- only when they balance, and from then on nothing is added to it.
CREATE TABLE ledger_transactions (
    id uuid NOT NULL PRIMARY KEY,
    kind text COLLATE "C" NOT NULL,
    subject_id uuid NOT NULL,
    document text COLLATE "C",
    city_id uuid REFERENCES cities (id),
    currency text COLLATE "C" NOT NULL,
    posted_on date NOT NULL,
    documented_on date NOT NULL,
    total_minor bigint NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid,
    CONSTRAINT ledger_transactions_total CHECK (total_minor > 0)
);
-- What happens once to a document is posted once.
CREATE UNIQUE INDEX ledger_transactions_once ON ledger_transactions (kind, subject_id)
    WHERE kind <> 'REVENUE_RECOGNISED';
CREATE INDEX ledger_transactions_subject ON ledger_transactions (subject_id);
CREATE INDEX ledger_transactions_posted ON ledger_transactions (posted_on, id);
CREATE INDEX ledger_transactions_city ON ledger_transactions (city_id, posted_on, id);

CREATE TABLE ledger_lines (
    transaction_id uuid NOT NULL REFERENCES ledger_transactions (id) DEFERRABLE INITIALLY DEFERRED,
    position integer NOT NULL,
    account text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    posted_on date NOT NULL,
    -- Debit above zero, credit below.
    amount_minor bigint NOT NULL,
    invoice_id uuid REFERENCES invoices (id),
    PRIMARY KEY (transaction_id, position),
    CONSTRAINT ledger_lines_amount CHECK (amount_minor <> 0)
);
CREATE INDEX ledger_lines_posted ON ledger_lines (posted_on, account, currency, amount_minor);
CREATE INDEX ledger_lines_invoice_id ON ledger_lines (invoice_id, account);

-- Turnover by month, kept in the transactions that post, so that a trial balance costs the same however
-- much is posted. Split into slots by city, so that two cities' postings seldom wait for each other.
CREATE TABLE ledger_balances (
    month integer NOT NULL,
    account text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    slot integer NOT NULL,
    debit_minor bigint NOT NULL,
    credit_minor bigint NOT NULL,
    PRIMARY KEY (month, account, currency, slot)
);

-- Up to which days the books are closed: softly to everything but the work of closing, hard to all.
CREATE TABLE ledger_locks (
    id integer NOT NULL PRIMARY KEY,
    soft_through date,
    hard_through date,
    updated_at timestamptz NOT NULL,
    version integer NOT NULL,
    CONSTRAINT ledger_locks_one CHECK (id = 1)
);
INSERT INTO ledger_locks (id, soft_through, hard_through, updated_at, version)
    VALUES (1, NULL, NULL, 'epoch', 1);

CREATE FUNCTION refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) < 2 OR COALESCE(sum(amount_minor), 1) <> 0
            OR bool_or(posted_on IS DISTINCT FROM NEW.posted_on OR currency IS DISTINCT FROM NEW.currency)
            OR sum(amount_minor) FILTER (WHERE amount_minor > 0) <> NEW.total_minor
        FROM ledger_lines WHERE transaction_id = NEW.id) THEN
        RAISE EXCEPTION 'unbalanced: ledger_transactions' USING ERRCODE = 'restrict_violation';
    END IF;
    -- Whoever closes a period takes this lock alone: it waits for what is being posted, and what
    -- waited for it reads the new day here.
    PERFORM pg_advisory_xact_lock_shared(20261123);
    IF EXISTS (SELECT 1 FROM ledger_locks WHERE hard_through >= NEW.posted_on) THEN
        RAISE EXCEPTION 'closed: ledger_transactions' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_transactions_balanced BEFORE INSERT ON ledger_transactions
    FOR EACH ROW EXECUTE FUNCTION refuse_unbalanced();
CREATE TRIGGER ledger_transactions_no_update BEFORE UPDATE ON ledger_transactions
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_transactions_no_delete BEFORE DELETE ON ledger_transactions
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION refuse_late_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM ledger_transactions WHERE id = NEW.transaction_id) THEN
        RAISE EXCEPTION 'append only: ledger_lines' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_lines_before_header BEFORE INSERT ON ledger_lines
    FOR EACH ROW EXECUTE FUNCTION refuse_late_line();
CREATE TRIGGER ledger_lines_no_update BEFORE UPDATE ON ledger_lines
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_lines_no_delete BEFORE DELETE ON ledger_lines
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- What is closed hard stays closed.
CREATE FUNCTION refuse_reopening() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.hard_through IS NOT NULL AND (NEW.hard_through IS NULL OR NEW.hard_through < OLD.hard_through) THEN
        RAISE EXCEPTION 'append only: ledger_locks' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_locks_forward BEFORE UPDATE ON ledger_locks
    FOR EACH ROW EXECUTE FUNCTION refuse_reopening();
CREATE TRIGGER ledger_locks_no_delete BEFORE DELETE ON ledger_locks
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Over which days the revenue of an invoice's line is earned, and how much of it is in the books as such.
CREATE TABLE revenue_schedules (
    line_id uuid NOT NULL PRIMARY KEY REFERENCES invoice_lines (id),
    invoice_id uuid NOT NULL REFERENCES invoices (id),
    city_id uuid NOT NULL REFERENCES cities (id),
    document text COLLATE "C" NOT NULL,
    account text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    issued_on date NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    amount_minor bigint NOT NULL,
    recognised_minor bigint NOT NULL,
    recognised_through date,
    is_done boolean NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT revenue_schedules_amount CHECK (amount_minor >= 0 AND recognised_minor >= 0 AND recognised_minor <= amount_minor),
    CONSTRAINT revenue_schedules_days CHECK (starts_on < ends_on)
);
CREATE INDEX revenue_schedules_invoice_id ON revenue_schedules (invoice_id);
CREATE INDEX revenue_schedules_city_id ON revenue_schedules (city_id);
CREATE INDEX revenue_schedules_running ON revenue_schedules (line_id) WHERE NOT is_done;

-- How many lines that are alike still earn, kept in the transactions that move them: what will be earned
-- when costs the same however many lines there are. Split into slots by city.
CREATE TABLE revenue_groups (
    account text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    amount_minor bigint NOT NULL,
    recognised_minor bigint NOT NULL,
    slot integer NOT NULL,
    lines bigint NOT NULL,
    PRIMARY KEY (account, currency, starts_on, ends_on, amount_minor, recognised_minor, slot)
);
CREATE INDEX revenue_groups_empty ON revenue_groups (lines) WHERE lines = 0;

-- What was asked to be recognised, and how far that came.
CREATE TABLE revenue_runs (
    id uuid NOT NULL PRIMARY KEY,
    through date NOT NULL,
    state text COLLATE "C" NOT NULL,
    postings bigint NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid,
    updated_at timestamptz NOT NULL
);
CREATE INDEX revenue_runs_created ON revenue_runs (created_at, id);

-- What is open by the day it is due, kept in the transactions that change an invoice: how old the claims
-- are, and what is expected when, cost the same however many invoices there are.
CREATE TABLE invoice_dues (
    due_on date NOT NULL,
    currency text COLLATE "C" NOT NULL,
    slot integer NOT NULL,
    invoices bigint NOT NULL,
    open_minor bigint NOT NULL,
    PRIMARY KEY (due_on, currency, slot)
);
CREATE INDEX invoice_dues_open ON invoice_dues (due_on, currency, invoices, open_minor) WHERE invoices <> 0;
