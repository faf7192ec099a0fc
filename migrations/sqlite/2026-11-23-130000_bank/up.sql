-- What the bank told, as it told it: statements never change, and of an entry only what was decided about
-- it does.
CREATE TABLE bank_statements (
    id BLOB NOT NULL PRIMARY KEY,
    seller_id BLOB NOT NULL REFERENCES sellers (id),
    format TEXT NOT NULL,
    account TEXT NOT NULL,
    currency TEXT NOT NULL,
    bank_id TEXT,
    sequence INTEGER,
    from_on TEXT,
    through_on TEXT,
    opening_minor INTEGER,
    closing_minor INTEGER,
    entry_count INTEGER NOT NULL,
    pending_count INTEGER NOT NULL,
    content_hash TEXT NOT NULL,
    position INTEGER NOT NULL,
    created_by BLOB,
    created_at INTEGER NOT NULL
) STRICT;
-- A file is imported once.
CREATE UNIQUE INDEX bank_statements_content ON bank_statements (content_hash, position);
CREATE INDEX bank_statements_seller_id ON bank_statements (seller_id);
CREATE INDEX bank_statements_account ON bank_statements (account, through_on, id);
CREATE TRIGGER bank_statements_no_update BEFORE UPDATE ON bank_statements
BEGIN
    SELECT RAISE(ABORT, 'append only: bank_statements');
END;
CREATE TRIGGER bank_statements_no_delete BEFORE DELETE ON bank_statements
BEGIN
    SELECT RAISE(ABORT, 'append only: bank_statements');
END;
CREATE TRIGGER bank_statements_no_replace BEFORE INSERT ON bank_statements
WHEN EXISTS (SELECT 1 FROM bank_statements WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'append only: bank_statements');
END;

CREATE TABLE bank_entries (
    id BLOB NOT NULL PRIMARY KEY,
    statement_id BLOB NOT NULL REFERENCES bank_statements (id),
    account TEXT NOT NULL,
    -- By which the bank's entry, and its part, is known again in another file.
    entry_identity TEXT NOT NULL,
    identity TEXT NOT NULL,
    position INTEGER NOT NULL,
    part INTEGER NOT NULL,
    direction TEXT NOT NULL,
    reversal INTEGER NOT NULL CHECK (reversal IN (0, 1)),
    currency TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    charges_minor INTEGER NOT NULL,
    booked_on TEXT NOT NULL,
    value_on TEXT NOT NULL,
    bank_reference TEXT,
    end_to_end_id TEXT,
    creditor_reference TEXT,
    counterparty_name TEXT,
    counterparty_account TEXT,
    remittance TEXT,
    state TEXT NOT NULL,
    payment_id BLOB REFERENCES payments (id),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT bank_entries_amount CHECK (amount_minor > 0 AND charges_minor >= 0),
    CONSTRAINT bank_entries_matched CHECK ((state = 'MATCHED') = (payment_id IS NOT NULL))
) STRICT;
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
CREATE TRIGGER bank_entries_frozen_update BEFORE UPDATE ON bank_entries
WHEN NEW.id IS NOT OLD.id
    OR NEW.statement_id IS NOT OLD.statement_id
    OR NEW.account IS NOT OLD.account
    OR NEW.entry_identity IS NOT OLD.entry_identity
    OR NEW.identity IS NOT OLD.identity
    OR NEW.position IS NOT OLD.position
    OR NEW.part IS NOT OLD.part
    OR NEW.direction IS NOT OLD.direction
    OR NEW.reversal IS NOT OLD.reversal
    OR NEW.currency IS NOT OLD.currency
    OR NEW.amount_minor IS NOT OLD.amount_minor
    OR NEW.charges_minor IS NOT OLD.charges_minor
    OR NEW.booked_on IS NOT OLD.booked_on
    OR NEW.value_on IS NOT OLD.value_on
    OR NEW.bank_reference IS NOT OLD.bank_reference
    OR NEW.end_to_end_id IS NOT OLD.end_to_end_id
    OR NEW.creditor_reference IS NOT OLD.creditor_reference
    OR NEW.counterparty_name IS NOT OLD.counterparty_name
    OR NEW.counterparty_account IS NOT OLD.counterparty_account
    OR NEW.remittance IS NOT OLD.remittance
    OR NEW.created_at IS NOT OLD.created_at
BEGIN
    SELECT RAISE(ABORT, 'append only: bank_entries');
END;
CREATE TRIGGER bank_entries_no_delete BEFORE DELETE ON bank_entries
BEGIN
    SELECT RAISE(ABORT, 'append only: bank_entries');
END;
CREATE TRIGGER bank_entries_no_replace BEFORE INSERT ON bank_entries
WHEN EXISTS (SELECT 1 FROM bank_entries WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'append only: bank_entries');
END;

-- What an undecided entry may be for; made anew when more is known.
CREATE TABLE bank_proposals (
    id BLOB NOT NULL PRIMARY KEY,
    entry_id BLOB NOT NULL REFERENCES bank_entries (id),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    confidence INTEGER NOT NULL,
    reason_en TEXT NOT NULL,
    reason_da TEXT NOT NULL,
    city_id BLOB REFERENCES cities (id),
    payment_id BLOB REFERENCES payments (id),
    shares TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    CONSTRAINT bank_proposals_confidence CHECK (confidence BETWEEN 0 AND 100),
    CONSTRAINT bank_proposals_kind CHECK ((kind = 'PAYMENT') = (city_id IS NOT NULL)
        AND (kind <> 'PAYMENT') = (payment_id IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX bank_proposals_entry_id ON bank_proposals (entry_id, position);
CREATE INDEX bank_proposals_city_id ON bank_proposals (city_id);
CREATE INDEX bank_proposals_payment_id ON bank_proposals (payment_id);

-- What was decided about each entry, and undone again.
CREATE TABLE bank_decisions (
    id BLOB NOT NULL PRIMARY KEY,
    entry_id BLOB NOT NULL REFERENCES bank_entries (id),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    made TEXT NOT NULL,
    payment_id BLOB REFERENCES payments (id),
    confidence INTEGER,
    reason_en TEXT NOT NULL,
    reason_da TEXT NOT NULL,
    decided_by BLOB,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX bank_decisions_entry_id ON bank_decisions (entry_id, position);
CREATE INDEX bank_decisions_payment_id ON bank_decisions (payment_id);
CREATE TRIGGER bank_decisions_no_update BEFORE UPDATE ON bank_decisions
BEGIN
    SELECT RAISE(ABORT, 'append only: bank_decisions');
END;
CREATE TRIGGER bank_decisions_no_delete BEFORE DELETE ON bank_decisions
BEGIN
    SELECT RAISE(ABORT, 'append only: bank_decisions');
END;
CREATE TRIGGER bank_decisions_no_replace BEFORE INSERT ON bank_decisions
WHEN EXISTS (SELECT 1 FROM bank_decisions WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'append only: bank_decisions');
END;

-- From which confidence on an entry is matched without asking finance; 100 where a seller has said nothing.
CREATE TABLE bank_policies (
    seller_id BLOB NOT NULL PRIMARY KEY REFERENCES sellers (id),
    automatic_from INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    -- 101 is never.
    CONSTRAINT bank_policies_automatic CHECK (automatic_from BETWEEN 50 AND 101)
) STRICT;
